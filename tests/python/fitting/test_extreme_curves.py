"""Curves at the edges of what floats and data can say: a right number, or one plain sentence."""

import numpy as np
import pytest
import xarray as xr

import ltens
from ltens.fitting.headline import headline
from ltens.fitting.headline_coverage import _leaves

SIZES = np.geomspace(1, 100, 8)


def noisy(curve, seeds=20, sigma=0.1):
    noise = np.random.default_rng(0).lognormal(sigma=sigma, size=(len(curve), seeds))
    return curve[:, None] * noise


def test_a_steep_law_over_many_decades_is_a_power_law():
    sizes = np.geomspace(1, 1e18, 12)
    law = ltens.fit(sizes, noisy(sizes**-15.0))
    assert (law.model, law.range) == ("power_law", (1.0, 1e18))
    assert law.interval()[0] <= 15 <= law.interval()[1]
    low, high = law.coefficient_intervals()["amplitude"]
    assert 0.8 < low <= law.amplitude <= high < 1.2
    with pytest.raises(ValueError, match="the losses span 270 decades, beside which no limit"):
        ltens.fit(sizes, noisy(sizes**-15.0), model="power_law_floor")


def test_losses_that_underflow_are_named():
    sizes = np.geomspace(1, 1e30, 12)
    with pytest.raises(ValueError, match=r"losses holds 0\.0 at size .*, but every loss must be"):
        ltens.fit(sizes, sizes**-15.0)


def test_the_amplitude_is_bounded_beside_a_floor_of_nothing():
    sizes = np.geomspace(1e10, 1e40, 12)
    law = ltens.fit(sizes, noisy((sizes / 1e10) ** -2.0))
    low, high = law.coefficient_intervals()["amplitude"]
    assert 0.8e20 < low <= law.amplitude <= high < 1.2e20


@pytest.mark.parametrize("seeds", [1, 20])
def test_sizes_over_600_decades(seeds):
    sizes = np.geomspace(1e-300, 1e300, 12)
    law = ltens.fit(sizes, noisy(sizes**-0.5, seeds, 1e-3))
    assert abs(law.exponent - 0.5) < 1e-4
    assert law.range == (sizes[0], sizes[-1])
    assert np.isfinite(law.local_exponents().sizes).all()
    assert 0.9 < law.predict([1.0])[0] < 1.1
    assert law.predict([1e305], interval=0.95).decades.round(6) == [5.0]


@pytest.mark.parametrize("unit", [1e-300, 1e-20, 1e290])
def test_the_unit_of_the_loss_is_nothing(unit):
    losses = noisy(SIZES**-1.0 + 0.1)
    given, scaled = (ltens.fit(SIZES, u * losses, model="power_law_floor") for u in (1.0, unit))
    assert scaled.exponent == pytest.approx(given.exponent, rel=1e-6)
    assert scaled.interval() == pytest.approx(given.interval(), rel=1e-4)
    assert scaled.floor == pytest.approx(unit * given.floor, rel=1e-6)


@pytest.mark.parametrize("losses", [np.ones((8, 1)), noisy(np.ones(8))], ids=["exact", "noisy"])
def test_a_floor_law_of_flat_losses_has_no_exponent(losses):
    law = ltens.fit(SIZES, losses, model="power_law_floor")
    assert law.is_arbitrary
    assert not law.converged
    assert law.warnings[0].startswith("The losses do not fall: any exponent fits as well")
    falling = ltens.fit(SIZES, noisy(SIZES**-1.0), model="power_law_floor")
    assert falling.converged
    assert not falling.is_arbitrary


CURVES = {
    "1 / log N": lambda n: 1 / np.log(n),
    "log N / N": lambda n: np.log(n) / n,
    "exp(-sqrt N)": lambda n: np.exp(-np.sqrt(n)),
}


@pytest.mark.parametrize("count", [6, 8, 12, 20])
@pytest.mark.parametrize("ends", [(3, 300), (10, 1e4), (1e6, 1e12)])
@pytest.mark.parametrize("name", CURVES)
def test_other_shapes_without_noise_are_laws_within_tolerance_only(name, ends, count):
    sizes = np.geomspace(*ends, count)
    if (losses := CURVES[name](sizes))[-1] == 0:
        with pytest.raises(ValueError, match="every loss must be positive"):
            ltens.fit(sizes, losses)
        return
    law = ltens.fit(sizes, losses)
    if not law.holds:
        assert headline(law)[1].startswith("no power law")
        return
    about = law.sizes[law.start :]
    assert not _leaves(law, CURVES[name])  # the exponents between neighbours agree to a fifth
    assert np.abs(np.log(CURVES[name](about) / law.predict(about))).max() < 0.05
    assert "within tolerance" in headline(law)[1]


def test_an_exact_power_law_is_not_within_tolerance_only():
    sentence = headline(ltens.fit(SIZES, 2 / SIZES))[1]
    assert "within tolerance" not in sentence


@pytest.mark.parametrize("status", [True, False], ids=["status", "no status"])
def test_an_infinite_loss_counts_as_infinite_whatever_its_status(status):
    losses = noisy(SIZES**-1.0)[None]
    losses[0, 3, :3], losses[0, 4, 0] = np.inf, np.nan
    dims = ("activation", "width", "seed")
    ds = xr.Dataset({"loss": (dims, losses)}, {"activation": ["silu"], "width": SIZES})
    if status:
        ds["status"] = (dims, np.zeros(losses.shape, np.int8))
    left_out, counted = (ltens.fit(ds, diverged=each) for each in ("exclude", "infinite"))
    assert (left_out.diverged, left_out.excluded) == (3, 4)
    assert (counted.diverged, counted.excluded) == (3, 1)
    assert counted.losses[3] > left_out.losses[3]


MASKED = np.ma.masked_greater(np.array([4.0, 2.0, 1.0]), 3.0)


@pytest.mark.parametrize(
    ("sizes", "losses", "error", "message"),
    [
        ([1, 2, 4], MASKED, ValueError, r"losses has 1 masked value\(s\)"),
        (MASKED, [4, 2, 1], ValueError, r"sizes has 1 masked value\(s\)"),
        (np.array(["2020", "2021", "2022"], "M8[Y]"), [4, 2, 1], TypeError, "array of numbers"),
        (np.array([1, 2, 4], "m8[s]"), [4, 2, 1], TypeError, "sizes is .*, but must be an array"),
        ([1, 2, 4], np.array([4, "2", 1], object), TypeError, "losses is .*, but must be an array"),
        ([1, 2, 4], [4, 2, 1j], TypeError, "losses is .*, but must be an array of numbers"),
        ([1, 2, 4], np.array([4, 2, 1j], object), TypeError, "losses is .*, but must be"),
        ([1, 2, np.nan], [4, 2, 1], ValueError, "sizes holds nan, but every size must be positive"),
        ([1, 2, 4], [[4, 2], [2, np.nan], [1, 1]], ValueError, "losses holds nan at size 2, but"),
    ],
)
def test_what_is_no_number_is_refused(sizes, losses, error, message):
    with pytest.raises(error, match=message):
        ltens.fit(sizes, losses)
    with pytest.raises((error, ValueError)):
        ltens.fit(ltens.fitting.RunTable(np.ravel(sizes), np.ravel(losses)))


def test_a_width_that_is_no_number_is_named():
    ds = xr.Dataset({"loss": (("width", "seed"), noisy(SIZES**-1.0))}, {"width": SIZES.copy()})
    ds = ds.assign_coords(width=np.where(SIZES == 1, np.nan, SIZES))
    with pytest.raises(ValueError, match="sizes holds nan, but every size must be positive"):
        ltens.fit(ds)


def test_levels_and_sizes_are_checked_before_anything_is_computed():
    law = ltens.fit(SIZES, noisy(SIZES**-1.0))
    for ask in (law.local_exponents, law.interval, law.coefficient_intervals, law.summary):
        for level in (-1, 2, 0, np.nan):
            with pytest.raises(ValueError, match="level is"):
                ask(level)
    with pytest.raises(ValueError, match="level is 2"):
        ltens.fitting.measure_coverage(ltens.fitting.Experiment(), trials=1, level=2)
    for sizes in ([-4], [1, 0], [np.nan]):
        with pytest.raises(ValueError, match=r"sizes holds .*, but every size must be positive"):
            law.predict(sizes)
    with pytest.raises(TypeError, match="sizes is"):
        law.predict(["4"])


def test_runs_of_a_table_are_called_runs():
    table = ltens.fitting.RunTable([1, 2, 4, 8], [8.0, 4.0, 2.0, 1.0], [0, 0, 0, 1])
    law = ltens.fit(table)
    assert "1 run(s) left out" in law.summary()
    assert any(text.startswith("1 runs diverged") for text in law.warnings)
    with pytest.raises(ValueError, match=r"with a finished run, but a fit needs at least 3"):
        ltens.fit([1, 2], [2.0, 1.0])


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"sizes": -5}, "sizes is -5, but must be an integer of at least 3"),
        ({"seeds": 1}, "seeds is 1, but must be an integer of at least 2"),
        ({"floor": 2.0}, "floor is 2.0, but must be at most 1"),
        ({"span": 1.0}, "span is 1.0, but must be above 1"),
        ({"noise": "normal"}, "noise is 'normal', which is not known"),
    ],
)
def test_experiments_are_checked_where_they_are_made(values, message):
    with pytest.raises(ValueError, match=message):
        ltens.fitting.Experiment(**values)
