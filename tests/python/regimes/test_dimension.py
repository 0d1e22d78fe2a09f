"""Dimension, approximation exponents and the table that sets 4/alpha beside dimension."""

import math
from collections.abc import Callable

import numpy as np
import pytest

import ltens
from ltens.regimes import (
    Dimension,
    approximation,
    dimension_table,
    knn_dimension,
    manifold,
    mle_dimension,
    two_nn,
)
from ltens.regimes.dimension.neighbours import neighbour_distances, spatial_groups

Estimator = Callable[..., Dimension]
ESTIMATORS: list[Estimator] = [two_nn, knn_dimension, mle_dimension]
WITH_SPREAD: list[Estimator] = [two_nn, mle_dimension]


def cube(d, n=2500, seed=0):
    return np.random.default_rng(seed).random((n, d))


@pytest.mark.parametrize("estimate", ESTIMATORS)
@pytest.mark.parametrize("d", [1, 2])
def test_low_dimensions_of_a_torus(estimate, d):
    found = estimate(manifold("torus", d).draw(2500, np.random.default_rng(d)))
    # No faces: what bias is left is the circles' curvature, below 1 % at this density; the
    # standard error is at most 2.5 %, so 4 of them.
    assert found.estimate == pytest.approx(d, rel=0.11)
    assert found.interval[0] < found.estimate < found.interval[1]


@pytest.mark.parametrize(
    ("d", "mle", "twonn"), [(2, 1.95, 2.01), (4, 3.80, 4.02), (8, 6.81, 6.99), (16, 12.5, 13.4)]
)
def test_published_values_of_uniform_cubes(d, mle, twonn):
    # Independent computations at the same n (another draw and, for MLE, another k: 2 % in the
    # standard errors of both and 3 % between k = 10 and 20).
    assert mle_dimension(cube(d)).estimate == pytest.approx(mle, rel=0.05)
    # Two standard errors of 2.7 % and of the other draw: 4 in all.
    assert two_nn(cube(d)).estimate == pytest.approx(twonn, rel=0.11)


def wrong_mle(points, k):
    """A formula in circulation: no factor k - 1, and the sum over points instead of neighbours."""
    r = neighbour_distances(points, k)
    mu = np.log(r / r[:, :1])
    return float(np.mean((k - 2) / (mu[:, -1] - mu[:, 1:-1].sum())))


@pytest.mark.parametrize("d", [2, 4, 8])
def test_the_formula_without_its_factor_is_no_dimension(d):
    assert -0.05 < wrong_mle(cube(d), 10) < 0  # negative, and nowhere near d
    assert mle_dimension(cube(d)).estimate > 0.8 * d


def test_mle_is_the_formula():
    x, k = cube(3, 200), 7
    r = neighbour_distances(x, k)
    expected = np.mean([(k - 2) / sum(np.log(row[-1] / row[j]) for j in range(k - 1)) for row in r])
    # Means over the points of sums of k logarithms, in another order: a few dozen eps.
    assert mle_dimension(x, k).estimate == pytest.approx(expected, rel=1e-13)
    mu = np.log(r / r[:, :1])
    ratios = np.mean((k - 2) / ((k - 1) * mu[:, -1] - mu[:, 1:-1].sum(axis=1)))
    assert ratios == pytest.approx(expected, rel=1e-12)  # the same sum, from differences


def test_mle_is_unbiased_for_exact_ratios():
    # (r_j / r_k)^d of k - 1 uniform points, sorted: the law the formula rests on.
    rng, d, k = np.random.default_rng(0), 5.0, 10
    logs = np.log(rng.random((40_000, k - 1))).sum(axis=1) / d
    # Inverse gamma: relative standard deviation 1 / sqrt(k - 3) per point; 5 standard errors.
    assert np.mean((k - 2) / -logs) == pytest.approx(d, rel=5 / math.sqrt((k - 3) * 40_000))


@pytest.mark.parametrize("estimate", ESTIMATORS)
def test_laws(estimate):
    x = cube(3, 300)
    rng = np.random.default_rng(1)
    frame = np.linalg.qr(rng.normal(size=(8, 8)))[0][:3]
    found = estimate(x).estimate
    # Coordinates of up to 10 round; distances of 0.1 or more lose two digits: 100 * eps = 2e-14 of
    # each, or some times as much.
    assert estimate(7.0 * x @ frame + 2.0).estimate == pytest.approx(found, rel=1e-12)
    # The same distances in another order: sums of 300 terms, 300 * eps = 7e-14.
    assert estimate(x[rng.permutation(300)]).estimate == pytest.approx(found, rel=1e-13)


@pytest.mark.parametrize("estimate", WITH_SPREAD)
def test_the_standard_error_is_that_of_repetitions(estimate):
    space, rng = manifold("torus", 2), np.random.default_rng(3)
    found = [estimate(space.draw(400, rng)) for _ in range(300)]
    true = np.std([each.estimate for each in found], ddof=1)
    # 300 repetitions know a deviation to 4 %; 600 of three sizes gave ratios of 0.93 to 1.01 for
    # TwoNN and 1.11 to 1.18 for MLE, whose neighbourhoods overlap. Three errors to either side.
    assert 0.8 < np.mean([each.standard_error for each in found]) / true < 1.35
    held = np.mean([each.interval[0] < 2 < each.interval[1] for each in found])
    assert held > 0.9  # 95 % less 4 binomial errors of 1.3 %


@pytest.mark.parametrize(("name", "d"), [("cube", 16), ("sphere", 16)])
def test_high_dimensions_are_underestimated(name, d):
    for estimate in ESTIMATORS:
        found = estimate(manifold(name, d).draw(800, np.random.default_rng(0)))
        assert found.interval[1] < d


def test_groups_are_equal_and_compact():
    x = cube(2, 640)
    label = spatial_groups(x, 16)
    assert set(np.bincount(label)) == {40}
    spread = [np.ptp(x[label == g], axis=0).max() for g in range(16)]
    assert max(spread) < 0.5  # quarters of the square's sides


def test_digits():
    pytest.importorskip("sklearn")
    x = ltens.solvable.digits()[0]
    # Nothing is drawn: the digest's values to their printed digits.
    assert two_nn(x).estimate == pytest.approx(8.9, abs=0.05)
    assert mle_dimension(x).estimate == pytest.approx(7.8, abs=0.05)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: two_nn(np.zeros((30, 2))), ValueError, r"points holds 29 duplicate\(s\)"),
        (
            lambda: two_nn(np.arange(10.0)[:, None]),
            ValueError,
            "has 10 different point.*at least 20",
        ),
        (lambda: mle_dimension(cube(2, 25), 40), ValueError, "more than the 40 neighbours"),
        (lambda: mle_dimension(cube(2, 25), 3), ValueError, "k is 3, .* at least 4"),
        (lambda: knn_dimension(cube(2, 25), 1), ValueError, "k is 1, .* at least 2"),
        (lambda: two_nn(cube(2, 25), fraction=1.0), ValueError, "fraction is 1.0, .* below 1"),
        (lambda: two_nn(cube(2, 25), level=0), ValueError, "level is 0, .* above 0"),
        (lambda: two_nn(cube(2, 25), duplicates="keep"), ValueError, "duplicates is 'keep'"),
        (lambda: two_nn([1.0, 2.0]), ValueError, r"points has shape \(2,\)"),
        (lambda: two_nn(np.full((30, 2), np.nan)), ValueError, r"points\[0, 0\] is nan"),
        (lambda: manifold("klein", 2), ValueError, "name is 'klein'"),
        (lambda: manifold("cube", 2, 5), ValueError, "ambient is 5, but goes with name='embedded'"),
        (lambda: manifold("embedded", 3, 2), ValueError, "ambient is 2, .* at least 3"),
    ],
)
def test_errors(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_duplicates_can_be_dropped():
    x = cube(2, 100)
    twice = np.concatenate([x, x[:10]])
    assert two_nn(twice, duplicates="drop") == two_nn(x)


def test_points_too_close_for_rounding():
    x = np.concatenate([1e100 * cube(2, 30), [[0.0, 0.0], [1e-200, 0.0]]])
    with pytest.raises(ValueError, match="distance is 0 in float64"):
        two_nn(x)


@pytest.mark.parametrize(
    ("method", "d", "expected"),
    [
        ("distance", 1, 1.0),
        ("distance", 2, 0.5),
        ("nearest", 1, 2.0),
        ("nearest", 2, 1.0),
        ("linear", 1, 4.0),
        ("linear", 2, 2.0),
    ],
)
def test_approximation_exponents(method, d, expected):
    found = approximation(method, d, sizes=[128, 256, 512, 1024, 2048], draws=12, tests=1000)
    assert found.predicted == expected
    low, high = found.interval
    assert low < found.exponent < high
    # Corrections of relative order D^(-1/d) bend the law by a few per cent at these sizes.
    assert found.exponent == pytest.approx(expected, rel=0.08)


def test_a_linear_target_is_interpolated_exactly():
    from ltens.regimes.dimension.approximants import _linear_error

    rng = np.random.default_rng(0)

    def plane(x):
        return 1.0 + x @ np.arange(1.0, x.shape[1] + 1)

    for d in (1, 2, 3):
        error = _linear_error(rng.random((50, d)), 0.3 + 0.4 * rng.random((100, d)), plane)
        assert error < 1e-24  # rounding of values of order 1, squared, times a hundred


def test_errors_by_the_samples_are_repeatable():
    same = [approximation("nearest", 1, sizes=[20, 40, 80], draws=2, rng=5) for _ in range(2)]
    np.testing.assert_array_equal(same[0].errors, same[1].errors)
    part = approximation("nearest", 1, sizes=[40, 80, 160], draws=2, rng=5)
    np.testing.assert_array_equal(part.errors[:2], same[0].errors[1:])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"method": "cubic"}, "method is 'cubic'"),
        ({"method": "linear", "on": 4}, "on is the cube of 4 .* at most 3"),
        ({"method": "linear", "on": manifold("torus", 2)}, "on is the torus"),
        ({"sizes": [3, 100, 200]}, r"sizes\[0\] is 3, .* at least 4"),
        ({"draws": 1}, "draws is 1, .* at least 2"),
        ({"on": 0}, "on is 0"),
    ],
)
def test_approximation_errors(arguments, message):
    with pytest.raises(ValueError, match=message):
        approximation(**arguments)


D = np.array([16, 32, 64, 128, 256])


def curve(alpha, seed=0):
    noise = np.random.default_rng(seed).lognormal(sigma=0.1, size=(5, 30))
    return D, noise * D[:, None] ** -alpha


def test_table():
    table = dimension_table(
        {"two": curve(2.0), "steep": curve(2.0), "shallow": curve(0.2), "known": curve(2.0)},
        {"two": cube(2, 500), "steep": 8, "shallow": mle_dimension(cube(2, 500)), "known": 2},
    )
    assert [(row.verdict, row.bound_verdict) for row in table.rows] == [
        ("undecided", "undecided"),  # 500 points know d, and so 4/d, to 14 % only
        ("contradicted", "holds"),
        ("contradicted", "contradicted"),
        ("holds", "holds"),
    ]
    assert (table.rows[3].predicted, table.rows[3].tolerance) == (2.0, 0.2)
    first = table.rows[0]
    assert first.inverse == 4 / first.exponent
    assert first.inverse_interval[0] == 4 / first.exponent_interval[1]
    assert table.rows[1].dimension_interval == (8.0, 8.0)
    assert table.markdown().count("\n") == 5
    assert "| 4/d | within | p(4/d) | verdict on 4/d | on at least 4/d |" in table.markdown()
    assert "| 0.5 | 0.1 | 0 | contradicted | holds |" in table.markdown()
    assert table.to_dict()[2]["bound_verdict"] == "contradicted"
    assert str(table) == table.markdown()


def test_a_wide_interval_is_undecided():
    noise = np.random.default_rng(2).lognormal(sigma=1.5, size=(5, 4))
    row = dimension_table({"a": (D, noise * D[:, None] ** -1.0)}, {"a": 4.0}).rows[0]
    low, high = row.inverse_interval
    assert high / low > 2
    assert row.verdict == "undecided"
    assert row.tolerance == 0.1


def test_table_takes_laws():
    law = ltens.fit(*curve(1.0), model="power_law")
    row = dimension_table({"a": law}, {"a": 4.0}).rows[0]
    assert row.exponent == law.exponent
    assert row.exponent_interval == law.interval()


@pytest.mark.parametrize(
    ("curves", "samples", "error", "message"),
    [
        ({"a": curve(1.0)}, {"b": 2.0}, ValueError, "curves has the names a, but samples has b"),
        ({"a": 3}, {"a": 2.0}, TypeError, "is a int, but must be a Law or"),
        ({"a": curve(-1.0)}, {"a": 2.0}, ValueError, "exponent -1.*must fall"),
        ({"a": curve(1.0)}, {"a": -2.0}, ValueError, "is -2.0, but must be above 0"),
    ],
)
def test_table_errors(curves, samples, error, message):
    with pytest.raises(error, match=message):
        dimension_table(curves, samples)
    with pytest.raises(ValueError, match="method is 'two'"):
        dimension_table(curves, samples, method="two")


@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_a_lattice_is_refused(estimator):
    lattice = np.stack(np.meshgrid(np.arange(20.0), np.arange(20.0)), -1).reshape(-1, 2)
    for points in (lattice, lattice / 255, np.float32(lattice) / np.float32(255)):
        with pytest.raises(ValueError, match="100% whose two nearest neighbours are equally far"):
            estimator(points)
    noisy = lattice + np.random.default_rng(0).uniform(-0.5, 0.5, lattice.shape)
    assert 1 < estimator(noisy).estimate < 3


def test_digits_are_no_lattice():
    digits = pytest.importorskip("sklearn.datasets").load_digits().data[:600]
    for estimator in (two_nn, mle_dimension):
        assert 5 < estimator(digits).estimate < 12  # 7.8 to 8.9 of all of them


def test_distances_that_overflow_are_refused():
    points = 1e300 * np.random.default_rng(0).random((50, 3))
    with pytest.raises(ValueError, match="overflow float64"):
        two_nn(points)


def test_the_level_of_an_interval_is_not_taken_for_another():
    sizes = np.array([16, 32, 64, 128])
    losses = np.random.default_rng(0).lognormal(sigma=0.05, size=(4, 20)) / sizes[:, None] ** 2
    points = np.random.default_rng(1).random((200, 2))
    given = [
        dimension_table({"a": (sizes, losses)}, {"a": two_nn(points, level=level)}).rows[0]
        for level in (0.5, 0.95)
    ]
    assert given[0] == given[1]
    assert given[0].dimension_interval == two_nn(points).interval
    rows = [
        dimension_table({"a": (sizes, losses)}, {"a": two_nn(points, level=level)}, level=level)
        for level in (0.5, 0.95)
    ]
    # the error of 4/alpha comes from intervals of either level, hence not quite the same
    assert rows[0].rows[0].p_value == pytest.approx(rows[1].rows[0].p_value, abs=0.1)
    whole = dimension_table({"a": (sizes, losses)}, {"a": np.int64(2)})
    assert whole.rows[0].dimension == 2.0
    with pytest.raises(TypeError, match=r"samples\['a'\] is True, but must be a number"):
        dimension_table({"a": (sizes, losses)}, {"a": True})


@pytest.mark.parametrize("level", [0, 1, 2])
def test_levels_are_checked(level):
    with pytest.raises(ValueError, match=f"level is {level}.*above 0 and below 1"):
        two_nn(cube(2, 50)).at_level(level)


def test_targets_are_checked():
    with pytest.raises(TypeError, match="target is 'a', but must be a function"):
        approximation("nearest", 1, target="a", sizes=[20, 40, 80])
    with pytest.raises(ValueError, match=r"target gives the shape \(.*, 1\)"):
        approximation("nearest", 1, target=lambda x: x[:, :1], sizes=[20, 40, 80])


def with_twins(d, share, distance, seed=0, n=1000):
    """Points on a cube and copies of the first of them, a distance away in a random direction."""
    rng = np.random.default_rng([seed, d])
    x, few = rng.random((n, d)), round(share * n)
    shift = rng.standard_normal((few, d))
    shift *= distance / np.maximum(np.linalg.norm(shift, axis=1, keepdims=True), 1e-300)
    return x, np.concatenate([x, x[:few] + shift])


@pytest.mark.parametrize("estimate", ESTIMATORS)
@pytest.mark.parametrize("twins", [35, 60])
def test_copies_at_the_distance_of_rounding_change_nothing(estimate, twins):
    x, both = with_twins(2, twins / 1000, 1e-9)
    clean, found = estimate(x), estimate(both)
    assert set(found.twins) >= {(1000 + i, i) for i in range(twins)}
    assert len(found.twins) <= 1.1 * twins + 6  # of which this draw of points has five itself
    assert found.estimate == pytest.approx(clean.estimate, abs=clean.standard_error)
    assert f"({len(found.twins)} near-twins left out)" in str(found)


@pytest.mark.parametrize("d", [1, 2, 3, 4, 5, 6])
@pytest.mark.parametrize("share", [0.0, 0.02, 0.05, 0.1])
def test_random_plantings(d, share):
    distances = 10 ** np.random.default_rng([d, round(100 * share)]).uniform(-12, -3, 4)
    for seed, distance in enumerate(distances):
        if d == 1 and distance > 1e-7:
            continue  # 1000 points on a line are a thousandth apart: such pairs are no twins yet
        x, both = with_twins(d, share, distance, seed)
        clean = two_nn(x)
        # 5 % of false twins, of ratios in the tail, move it by about a standard error of 4 %.
        assert two_nn(both).estimate == pytest.approx(
            clean.estimate, abs=2.5 * clean.standard_error
        )


def test_without_twins_few_are_called_so():
    called = [len(two_nn(cube(d, 400, seed)).twins) for d in (1, 2, 4) for seed in range(20)]
    assert np.mean(np.array(called) > 0) < 0.35
    assert max(called) < 8  # 2 % of the points


def test_three_copies_are_one_point():
    x = cube(2, 500)
    rng = np.random.default_rng(5)
    many = np.concatenate([x, *(x[:40] + 1e-8 * rng.random((40, 2)) for _ in range(2))])
    found = two_nn(many)
    assert 80 <= len(found.twins) <= 96  # as above
    assert found.estimate == pytest.approx(two_nn(x).estimate, rel=0.05)


def test_too_many_twins_are_named():
    _, both = with_twins(2, 0.5, 1e-9)
    with pytest.raises(ValueError, match=r"near-twins of 1500 \(indices .*at distances 1.0e-09"):
        two_nn(both)


def test_one_hot_rows_and_coarse_integers_are_refused():
    with pytest.raises(ValueError, match="100% whose two nearest neighbours are equally far"):
        two_nn(np.eye(30))
    coarse = np.random.default_rng(0).integers(0, 30, (1000, 2)).astype(float)
    with pytest.raises(ValueError, match=r"points holds \d+ duplicate\(s\) \(indices"):
        two_nn(coarse)
    with pytest.raises(ValueError, match=r"equally far \(data on a grid"):
        two_nn(coarse, duplicates="drop")
    # Integers fine enough that few are tied: as good as real numbers.
    fine = np.random.default_rng(0).integers(0, 1000, (1000, 2)).astype(float)
    found = two_nn(fine, duplicates="drop")
    assert found.interval[0] < 2 < found.interval[1]
