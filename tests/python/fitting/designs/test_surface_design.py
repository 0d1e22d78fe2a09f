"""`ltens.design` on surfaces: which combinations of sizes next."""

import numpy as np
import pytest

import ltens

N, D = (a.ravel() for a in np.meshgrid(np.geomspace(1e6, 1e9, 5), np.geomspace(1e8, 1e11, 5)))


@pytest.fixture(scope="module")
def law():
    noise = np.exp(0.01 * np.random.default_rng(0).normal(size=25))
    losses = (2 + 90 / N**0.3 + 800 / D**0.3) * noise
    return ltens.fit_surface({"N": N, "D": D}, losses, huber=None)


@pytest.mark.parametrize("target", ["alpha_N", "alpha_D", "allocation"])
def test_what_is_known_now_is_what_the_profile_says(law, target):
    low, high = law.interval(target)
    found = ltens.design(law, budget=1e20, target=target, most=2)
    assert found.now == pytest.approx(high - low, rel=0.15)  # the profile is no parabola
    assert found.length < found.now
    assert found.cost <= 1e20
    assert max(row.runs for row in found.rows) <= 2


def test_a_prediction(law):
    place = {"N": 1e10, "D": 1e12}
    found = ltens.design(law, budget=1e20, target=place, most=2)
    ends = law.predict(place, interval=0.95)
    assert found.now == pytest.approx(float(np.log10(ends.high / ends.low)), rel=0.15)
    assert found.unit == "decades of loss"
    assert "the loss at N 1e+10, D 1e+12" in str(found)


def test_the_exponent_is_that_of_the_first_size_and_costs_are_products(law):
    found = ltens.design(law, budget=1e20)
    assert found.target == "alpha_N"
    for row in found.rows:
        assert row.cost == pytest.approx(row.runs * row.sizes["N"] * row.sizes["D"])
    linear = ltens.design(law, budget=1e10, cost=lambda sizes: sizes["N"], most=3)
    assert all(row.cost == pytest.approx(row.runs * row.sizes["N"]) for row in linear.rows)


def test_candidates_are_given_by_name(law):
    found = ltens.design(law, budget=1e21, sizes={"N": (1e6, 1e10), "D": [1e9, 3e9, 1e10]})
    assert {row.sizes["D"] for row in found.rows} <= {1e9, 3e9, 1e10}


def test_a_length(law):
    now = ltens.design(law, budget=1e20, most=1).now
    found = ltens.design(law, length=now / 2)
    assert found.length <= now / 2


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"target": "A_N"}, "target is 'A_N', but must be one of alpha_N, alpha_D, allocation"),
        ({"sizes": {"M": (1, 2)}}, "sizes has 'M', which is no size of the law"),
        ({"sizes": (1, 2)}, "must be a mapping of names to sizes"),
        ({"target": {"N": 1e9}}, "must be a mapping"),
        ({"sizes": {"N": range(1, 50), "D": range(1, 50)}}, "2401 combinations"),
        ({"cost": "seconds"}, "cost is 'seconds'"),
    ],
)
def test_errors(law, options, message):
    with pytest.raises((TypeError, ValueError), match=message):
        ltens.design(law, budget=1e20, **options)


def test_groups_and_checkpoints_are_refused():
    losses = 2 + 90 / N**0.3 + 800 / D**0.3
    losses *= np.exp(0.01 * np.random.default_rng(0).normal(size=25))
    groups = np.random.default_rng(1).permutation(["a", "b"] * 12 + ["a"])
    law = ltens.fit_surface({"N": N, "D": D}, losses, groups=groups, bootstrap=0)
    with pytest.raises(ValueError, match="law has the groups a, b"):
        ltens.design(law, budget=1e20)
    law = ltens.fit_surface({"N": N, "D": D}, losses, runs=N, bootstrap=0)
    with pytest.raises(ValueError, match="law has checkpoints of trainings"):
        ltens.design(law, budget=1e20)
