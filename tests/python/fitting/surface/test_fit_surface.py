"""fit_surface: planted coefficients come back, whatever the units, the order or the doubling."""

import numpy as np
import pytest

import ltens
from ltens.fitting.surface.layout import arrange
from ltens.fitting.surface.model import Surface
from ltens.fitting.surface.starts import non_negative
from support.surfaces import CHINCHILLA, budgets, chinchilla, noise

SIZES = budgets()
EXACT = chinchilla(**SIZES)
NOISY = EXACT * noise(243)


@pytest.mark.parametrize("huber", [1e-3, None])
def test_published_coefficients_are_recovered(huber):
    law = ltens.fit_surface(SIZES, EXACT, huber=huber, bootstrap=0)
    assert law.converged
    assert law.coefficients.keys() == CHINCHILLA.keys()
    for name, value in CHINCHILLA.items():
        # The slopes have a condition of 2e3: 2e3 * eps = 4e-13 of the logarithms of A and B, 8.
        assert law.coefficients[name] == pytest.approx(value, rel=1e-11)
    assert law.allocation == pytest.approx(0.3672 / (0.3473 + 0.3672), rel=1e-11)


@pytest.mark.parametrize("huber", [1e-3, None])
@pytest.mark.parametrize("rng", range(4))
def test_two_variables_are_the_case_of_two(huber, rng):
    losses = EXACT * noise(243, rng=rng)
    law = ltens.fit_surface(SIZES, losses, huber=huber, bootstrap=0)
    n, d = SIZES["params"], SIZES["tokens"]
    pair = ltens.fit_two_variables(n, d, losses, huber=huber, bootstrap=0)
    # Exponents err by the standard error 0.015 times the square root of a cost's rounding, at
    # which the other solver stops: 1e-14, so 2e-9; measured 1e-9.
    assert law.exponents["params"] == pytest.approx(pair.alpha, abs=5e-9)
    assert law.exponents["tokens"] == pytest.approx(pair.beta, abs=5e-9)
    assert law.objective <= pair.objective * (1 + 1e-12)


def same(law, other):
    """Exponents of two fits, equal to the 1e-9 that is promised."""
    for name, value in law.exponents.items():
        assert other.exponents[name] == pytest.approx(value, abs=1e-9)


@pytest.mark.parametrize("huber", [1e-3, None])
@pytest.mark.parametrize(("first", "unit"), [(1e-6, 1e3), (1e9, 1e-20), (1e-6, 1e20), (7.0, 1e-3)])
def test_units_change_no_exponent(huber, first, unit):
    law = ltens.fit_surface(SIZES, NOISY, huber=huber, bootstrap=0)
    scaled = {"params": SIZES["params"] * first, "tokens": SIZES["tokens"]}
    other = ltens.fit_surface(scaled, NOISY * unit, huber=huber, bootstrap=0)
    same(law, other)
    assert other.coefficients["E"] == pytest.approx(law.coefficients["E"] * unit, rel=1e-8)
    for name in ("alpha_params", "allocation"):
        np.testing.assert_allclose(other.interval(name), law.interval(name), rtol=1e-4)


@pytest.mark.parametrize("huber", [1e-3, None])
def test_order_changes_no_bit(huber):
    law = ltens.fit_surface(SIZES, NOISY, huber=huber, bootstrap=0)
    order = np.random.default_rng(0).permutation(243)
    mixed = {name: column[order] for name, column in SIZES.items()}
    other = ltens.fit_surface(mixed, NOISY[order], huber=huber, bootstrap=0)
    assert other.coefficients == law.coefficients
    assert other.intervals() == law.intervals()
    np.testing.assert_array_equal(other.residuals, law.residuals[order])


@pytest.mark.parametrize("huber", [1e-3, None])
def test_doubling_every_row_changes_no_exponent(huber):
    law = ltens.fit_surface(SIZES, NOISY, huber=huber, bootstrap=0)
    twice = {name: np.tile(column, 2) for name, column in SIZES.items()}
    other = ltens.fit_surface(twice, np.tile(NOISY, 2), huber=huber, bootstrap=0)
    same(law, other)
    assert any("243 row(s) are exact copies" in warning for warning in other.warnings)


def test_no_other_minimiser_does_better():
    from scipy.optimize import minimize

    law = ltens.fit_surface(SIZES, NOISY, bootstrap=0)

    def objective(theta):
        a, alpha, b, beta, e = theta
        loss = np.exp(a) / SIZES["params"] ** alpha + np.exp(b) / SIZES["tokens"] ** beta + e
        size = np.abs(np.log(NOISY / loss))
        return np.where(size > 1e-3, 1e-3 * (size - 5e-4), size**2 / 2).sum()

    ours = [np.log(law.coefficients["A_params"]), law.exponents["params"]]
    ours += [np.log(law.coefficients["A_tokens"]), law.exponents["tokens"], law.coefficients["E"]]
    # 243 terms, residuals of 5e-3 of logarithms of order 1: 200 * eps = 4e-14.
    assert objective(ours) == pytest.approx(law.objective, rel=1e-12)
    options = {"maxiter": 20_000, "xatol": 1e-10, "fatol": 1e-16}
    theirs = minimize(objective, ours, method="Nelder-Mead", options=options)
    assert law.objective <= theirs.fun * (1 + 1e-9)


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_any_number_of_variables(count):
    rng = np.random.default_rng(count)
    names, exponents = "abcd"[:count], (0.4, 0.3, 0.5, 0.7)
    sizes = {name: 1e3 * np.exp(rng.uniform(0, 7, 150)) for name in names}
    losses = 1.0 + sum(
        30 / sizes[name] ** exponent for name, exponent in zip(names, exponents, strict=False)
    )
    law = ltens.fit_surface(sizes, losses, bootstrap=0)
    for name, exponent in zip(names, exponents, strict=False):
        # Exact data: rounding times a condition of some 1e3.
        assert law.exponents[name] == pytest.approx(exponent, rel=1e-9)
    assert law.coefficients["E"] == pytest.approx(1.0, rel=1e-9)
    np.testing.assert_allclose(law.predict(sizes), losses, rtol=1e-11)


def test_groups_share_exponents_and_have_the_rest_of_their_own():
    data = np.where(np.arange(243) % 2, "web", "code")
    losses = np.where(data == "web", EXACT, 0.5 * EXACT + 0.3)
    law = ltens.fit_surface({**SIZES, "data": data}, losses, groups="data", bootstrap=0)
    assert law.exponents["params"] == pytest.approx(0.3473, rel=1e-10)
    assert law.coefficients["E[web]"] == pytest.approx(1.8172, rel=1e-10)
    assert law.coefficients["E[code]"] == pytest.approx(1.8172 / 2 + 0.3, rel=1e-10)
    assert law.coefficients["A_params[code]"] == pytest.approx(477.8 / 2, rel=1e-9)
    np.testing.assert_allclose(law.predict(SIZES, group="web"), EXACT, rtol=1e-11)
    with pytest.raises(ValueError, match=r"group is missing, but must be one of: code, web"):
        law.predict(SIZES)
    same(law, ltens.fit_surface(SIZES, losses, groups=data, bootstrap=0))


def test_what_groups_share_is_chosen():
    data = np.where(np.arange(243) % 2, "web", "code")
    own = np.where(data == "web", EXACT, 1.8172 + 900 / SIZES["params"] ** 0.41)
    own = np.where(data == "web", own, own + 700 / SIZES["tokens"] ** 0.3)
    law = ltens.fit_surface(SIZES, own, groups=data, shared=["floor"], bootstrap=0)
    assert law.coefficients["alpha_params[code]"] == pytest.approx(0.41, rel=1e-8)
    assert law.coefficients["alpha_params[web]"] == pytest.approx(0.3473, rel=1e-8)
    assert law.coefficients["E"] == pytest.approx(1.8172, rel=1e-8)
    assert "allocation[code]" in law.intervals()


def test_a_known_limit_is_kept():
    law = ltens.fit_surface(SIZES, NOISY, limit=1.8172, bootstrap=0)
    free = ltens.fit_surface(SIZES, NOISY, bootstrap=0)
    assert "E" not in law.coefficients
    assert np.isclose(law.predict({"params": np.inf, "tokens": np.inf}), 1.8172, rtol=1e-12)
    lengths = [np.diff(each.interval("alpha_params"))[0] for each in (law, free)]
    assert lengths[0] < lengths[1]
    assert law.exponents["params"] == pytest.approx(0.3473, abs=0.02)


@pytest.mark.parametrize("planted", [-3e4, 0.0, 3e5])
def test_a_product_of_two_parts(planted):
    losses = EXACT + planted / (SIZES["params"] ** 0.3473 * SIZES["tokens"] ** 0.3672)
    law = ltens.fit_surface(SIZES, losses, product=True, bootstrap=0)
    # Exact data; C is small beside the parts it stands with: 1e-11 of their product, 1e6.
    assert law.coefficients["C"] == pytest.approx(planted, abs=1.0)
    assert law.exponents["params"] == pytest.approx(0.3473, rel=1e-7)
    noisy = ltens.fit_surface(SIZES, losses * noise(243), product=True, bootstrap=0)
    low, high = noisy.interval("C")
    assert low < planted < high


def test_a_part_that_is_not_there_is_found_to_be_nothing():
    losses = 480 / SIZES["params"] ** 0.35 + 1.8
    law = ltens.fit_surface(SIZES, losses, bootstrap=0)
    assert law.exponents["params"] == pytest.approx(0.35, rel=1e-9)
    found = law.predict({"params": np.inf, "tokens": SIZES["tokens"]})
    np.testing.assert_allclose(found, 1.8, rtol=1e-9)


@pytest.mark.parametrize("pair", [None, (0, 1)])
@pytest.mark.parametrize("known", [False, True])
def test_derivatives(pair, known):
    rng = np.random.default_rng(0)
    logs, groups = rng.uniform(0, 5, (2, 12)), np.repeat([0, 1], 6)
    layout = arrange(("a", "b"), ("x", "y"), known=known, pair=pair)
    surface = Surface(layout, logs, groups, np.array([0.5, 0.7]) if known else None)
    theta = rng.uniform(0.2, 0.9, (3, layout.size))
    slopes = surface.curve(logs, theta)[1]
    for j in range(layout.size):
        step = np.where(np.arange(layout.size) == j, 1e-6, 0.0)
        ends = [surface.curve(logs, theta + sign * step)[0] for sign in (1, -1)]
        # h^2 of truncation, eps / h = 2e-10 of rounding
        np.testing.assert_allclose(slopes[..., j], (ends[0] - ends[1]) / 2e-6, rtol=0, atol=1e-8)


def test_non_negative_least_squares_are_those_of_scipy():
    from scipy.optimize import nnls

    rng = np.random.default_rng(1)
    columns, weights = rng.normal(size=(200, 9, 4)), rng.uniform(0.1, 2, 9)
    target = rng.normal(size=9)
    for matrix, ours in zip(columns, non_negative(columns, weights, target), strict=True):
        root = np.sqrt(weights)
        theirs, _ = nnls(matrix * root[:, None], root * target)
        # Normal equations square the condition; coefficients below 10.
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-8)


def test_a_data_frame_is_a_table_of_columns():
    import pandas as pd

    frame = pd.DataFrame({**SIZES, "loss": NOISY})
    law = ltens.fit_surface(frame, "loss", bootstrap=0)
    assert law.coefficients == ltens.fit_surface(SIZES, NOISY, bootstrap=0).coefficients


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"losses": "lost"}, "losses is 'lost', which is no column: did you mean"),
        ({"losses": np.ones(4)}, r"sizes\['params'\] has shape \(243,\), but must have shape"),
        ({"losses": -NOISY}, r"losses\[\d+\] is -3.5.*, but every value must be positive"),
        ({"losses": NOISY * np.nan}, r"losses\[0\] is nan"),
        ({"sizes": {"params": np.ones(243)}}, "has 1 different value.s., but needs at least 3"),
        ({"sizes": {"params": [1, 2, 3]}, "losses": [3, 2, 1]}, "the law has 3 coefficients"),
        ({"huber": -1}, "huber is -1.0, but must be above 0"),
        ({"limit": -1}, "limit is -1.0, but must be at least 0"),
        ({"limit": 9.0}, "limit is 9, but most of the losses are not above it"),
        ({"limit": {"web": 1.0}}, "limit has the groups web, but must have those of groups"),
        ({"groups": [1, 2]}, r"groups has shape \(2,\), but must have shape \(243,\)"),
        ({"shared": ["floor"]}, "there are no groups to share it"),
        ({"groups": np.ones(243), "shared": ["flor"]}, "did you mean 'floor'"),
        ({"product": ("params", "tokes")}, "did you mean 'tokens'"),
        ({"product": ("params", "params")}, "must name two different variables"),
        ({"product": True, "sizes": {"params": SIZES["params"]}}, "there are 1 variables"),
        ({"runs": "training"}, "runs is 'training', which is no column"),
    ],
)
def test_bad_input(change, message):
    with pytest.raises(ValueError, match=message):
        ltens.fit_surface(**{"sizes": SIZES, "losses": NOISY, **change})


def test_sizes_are_a_mapping():
    with pytest.raises(TypeError, match="sizes is a list, but must be a mapping of names"):
        ltens.fit_surface([1, 2, 3], [1, 2, 3])
