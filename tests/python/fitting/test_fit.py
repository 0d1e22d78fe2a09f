"""fit: known exponents, Datasets, statistics, what a law says of itself, messages."""

import json
import subprocess
import sys

import numpy as np
import pytest
import xarray as xr

import ltens
from ltens.fitting.fit_losses import fit_table
from ltens.fitting.loss_table import from_arrays, tables_of

SIZES = np.array([1.0, 2.0, 5.0, 10.0, 50.0, 200.0])


def noisy(exponent, seeds=40, sigma=0.5, rng=0, floor=0.0):
    noise = np.random.default_rng(rng).lognormal(sigma=sigma, size=(len(SIZES), seeds))
    return (3.0 * SIZES[:, None] ** -exponent + floor) * noise


def dataset(losses, status=None):
    dims = ("activation", "width", "seed")
    status = np.zeros(losses.shape, np.int8) if status is None else status
    names = ["relu", "silu"][: len(losses)]
    coords = {"activation": names, "width": SIZES.astype(int)}
    return xr.Dataset({"loss": (dims, losses), "status": (dims, status)}, coords)


@pytest.mark.parametrize("exponent", [-0.5, 1.0, 4.0])
def test_exact_laws_are_recovered(exponent):
    law = ltens.fit(SIZES, 3.0 * SIZES**-exponent)
    # Logarithms are exact to a few eps of up to 30, and a floor of 0 is held: a line through them.
    assert law.exponent == pytest.approx(exponent, abs=1e-13)
    assert law.amplitude == pytest.approx(3.0, rel=1e-12)
    np.testing.assert_allclose(law.predict(SIZES), 3.0 * SIZES**-exponent, rtol=1e-12)
    assert law.scatter < 1e-10
    assert law.converged


@pytest.mark.parametrize("floor", [1e-4, 0.01, 1.0])
def test_exact_floors_are_recovered(floor):
    law = ltens.fit(SIZES, 3.0 * SIZES**-1.3 + floor)
    assert law.model == "power_law_floor"
    # Conditioning: the exponent moves by at most 10 times the relative rounding of the losses,
    # the smallest floor is 3 % of the smallest loss.
    assert law.exponent == pytest.approx(1.3, abs=1e-11)
    assert law.floor == pytest.approx(floor, rel=1e-9, abs=0)


def test_a_floor_ruins_the_line_but_not_the_law():
    sizes = np.geomspace(1, 200, 12)
    noise = np.random.default_rng(0).lognormal(sigma=0.5, size=(12, 200))
    losses = (3 / sizes[:, None] + 0.05) * noise
    line = ltens.fit(sizes, losses, model="power_law")
    law = ltens.fit(sizes, losses, model="power_law_floor")
    assert line.interval()[1] < 1.0  # sure, and wrong
    assert any("A floor is preferred" in warning for warning in line.warnings)
    assert any("bend upwards (flattening)" in warning for warning in line.warnings)
    low, high = law.interval()
    assert low < 1.0 < high
    assert not law.warnings


def test_sizes_in_any_order_and_in_long_form():
    losses = noisy(1.0)
    law = ltens.fit(SIZES, losses)
    order = [3, 0, 5, 1, 4, 2]
    assert ltens.fit(SIZES[order], losses[order]).exponent == law.exponent
    long = ltens.fit(np.repeat(SIZES, 40), losses.ravel())
    assert long.exponent == law.exponent
    np.testing.assert_array_equal(long.samples, 40)


def test_units_of_size_and_loss_change_nothing_but_the_amplitude():
    losses = noisy(1.0, floor=0.05)
    model = "power_law_floor"
    law = ltens.fit(SIZES, losses, model=model)
    scaled = ltens.fit(1e6 * SIZES, 1e-9 * losses, model=model)
    # The fit sees u = log(N / N0) and log L: only rounding differs, and the steps, which end at a
    # cosine of 1e-9, end elsewhere; measured 5e-12, 3e-15 and 2e-11.
    assert scaled.exponent == pytest.approx(law.exponent, rel=1e-9)
    assert scaled.interval() == pytest.approx(law.interval(), rel=1e-6)
    assert scaled.floor == pytest.approx(1e-9 * law.floor, rel=1e-8, abs=0)


def test_seed_order_does_not_change_the_exponent():
    losses = noisy(1.0)
    assert ltens.fit(SIZES, losses).exponent == ltens.fit(SIZES, losses[:, ::-1]).exponent


def test_dataset_gives_one_law_per_activation():
    losses = np.stack([noisy(1.0), noisy(2.0)])
    laws = ltens.fit(dataset(losses))
    assert list(laws) == ["relu", "silu"]
    one = ltens.fit(dataset(losses).sel(activation="silu"))
    assert isinstance(one, ltens.Law)
    assert one.exponent == laws["silu"].exponent
    assert isinstance(ltens.fit(dataset(losses[:1])), ltens.Law)


def test_diverged_networks_are_left_out_and_counted():
    losses = noisy(1.0)[None]
    status = np.zeros(losses.shape, np.int8)
    losses[0, 2, 3], status[0, 2, 3] = np.nan, 1
    losses[0, 1, 0], status[0, 1, 0] = 1e30, 1
    law = ltens.fit(dataset(losses, status))
    assert (law.excluded, law.diverged) == (2, 2)
    np.testing.assert_array_equal(law.samples, [40, 39, 39, 40, 40, 40])
    assert "2 network(s) left out" in law.summary()


def test_diverged_networks_can_count_as_infinite():
    losses = noisy(1.0)[None]
    status = np.zeros(losses.shape, np.int8)
    worst = np.argsort(losses[0, 3])[:12]  # the best ones diverge: leaving them out flatters
    status[0, 3, worst] = 1
    out = ltens.fit(dataset(losses, status))
    counted = ltens.fit(dataset(losses, status), diverged="infinite")
    assert (counted.excluded, counted.diverged) == (0, 12)
    assert counted.losses[3] == np.sort(losses[0, 3][status[0, 3] == 0])[[19, 20]][1]
    assert counted.losses[3] > out.losses[3]
    assert any("12 networks diverged" in warning for warning in out.warnings)
    assert all(np.isfinite(counted.interval(method="bootstrap")))
    status[0, 3] = 1
    with pytest.raises(ValueError, match="the median at size 10 is infinite"):
        ltens.fit(dataset(losses, status), diverged="infinite")
    with pytest.raises(ValueError, match="the mean of an infinite loss is infinite"):
        ltens.fit(dataset(losses, status), diverged="infinite", statistic="mean")


@pytest.mark.parametrize(
    ("statistic", "expected"),
    [
        ("median", np.median),
        ("mean", lambda row: row.mean()),
        ("geometric_mean", lambda row: np.exp(np.log(row).mean())),
        (0.9, lambda row: np.quantile(row, 0.9)),
    ],
)
def test_statistics(statistic, expected):
    losses = noisy(1.0)
    law = ltens.fit(SIZES, losses, statistic=statistic)
    # Statistics of 40 values above 0: random walks of eps, below 40 * eps = 9e-15.
    np.testing.assert_allclose(law.losses, [expected(row) for row in losses], rtol=1e-14)
    assert law.statistic == ("quantile 0.9" if statistic == 0.9 else statistic)
    # The spread of the statistic over fresh data, 400 sets: a standard deviation is known to
    # 1 / sqrt(800) = 3.5 %, one estimate of it from 40 seeds (moderated over 6 sizes) to ~30 %.
    fresh = [expected(np.exp(0.5 * np.random.default_rng(i).normal(size=40))) for i in range(400)]
    assert np.median(law.standard_errors) == pytest.approx(np.std(np.log(fresh)), rel=0.4)


def test_the_statistic_matters_when_the_shape_changes_with_size():
    wider = np.linspace(0.1, 1.5, len(SIZES))[:, None]
    losses = np.exp(wider * np.random.default_rng(0).normal(size=(len(SIZES), 400)))
    losses /= SIZES[:, None]
    law = ltens.fit(SIZES, losses)
    assert any("Mean and median" in warning for warning in law.warnings)
    assert not any("Mean and median" in w for w in ltens.fit(SIZES, noisy(1.0)).warnings)


def test_what_a_law_says_is_plain_and_complete():
    law = ltens.fit(SIZES, noisy(1.0), model="power_law_floor")
    content = json.loads(json.dumps(law.to_dict(), allow_nan=False))
    assert content["model"] == law.model
    assert content["exponent"] == law.exponent  # full precision
    assert content["intervals"]["bootstrap"] == list(law.interval(method="bootstrap"))
    assert {row["model"] for row in content["alternatives"]} == {"power_law", "power_law_floor"}
    text, html = law.summary(), law._repr_html_()
    for word in ("median loss = E + A N^(-alpha)", "95 %, profile likelihood", "bootstrap"):
        assert word in text
    assert html.count("<table>") == html.count("</table>") == 2
    assert f"{law.exponent:.4g}" in text
    assert f"{law.exponent:.4g}" in html
    assert repr(law).startswith("<Law median loss = ")


def test_open_intervals_survive_json():
    law = ltens.fit([1, 2, 3, 4, 5], np.exp(np.random.default_rng(3).normal(size=(5, 3))))
    content = json.loads(json.dumps(law.to_dict(), allow_nan=False))
    assert content["warnings"]


def test_one_loss_per_size():
    losses = 3 / SIZES * np.exp(0.1 * np.random.default_rng(0).normal(size=len(SIZES)))
    law = ltens.fit(SIZES, losses, model="power_law_floor")
    assert not law.has_interval
    with pytest.raises(ValueError, match="there is a size with 1 loss: fit losses of several"):
        law.interval()
    with pytest.raises(ValueError, match="method='residuals'"):
        law.interval(method="bootstrap")
    low, high = law.interval(method="residuals")
    assert low < law.exponent < high
    assert law.p_value(1.0, method="residuals") > 0.01
    assert any("one loss only" in warning for warning in law.warnings)
    assert "scatter about the law only" in law.summary()
    content = law.to_dict()
    assert content["interval"] is None
    assert content["intervals"]["residuals"] == [low, high]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([1, 2], [1.0, 0.5]), r"data has 2 different size\(s\) .* at least 3"),
        (([4, 4, 4], [1.0, 0.5, 0.4]), r"data has 1 different size\(s\) .* at least 3"),
        (([1, 2, 4], [1.0, 0.0, 1.0]), "losses holds 0.0 at size 2"),
        (([1, 2, 4], [1.0, -2.0, 1.0]), "losses holds -2.0 at size 2"),
        (([0, 2, 4], [1.0, 1.0, 1.0]), "sizes holds 0.0, but every size must be positive"),
        (([1, np.inf, 4], [1.0, 1.0, 1.0]), "sizes holds inf, but every size must be positive"),
        (([1, 2, 4], [1.0, np.nan, 1.0]), "losses holds nan at size 2, but"),
        (([1, 2, 4], [1.0, 1.0]), r"losses has shape \(2,\), but must have shape \(3,\)"),
        (([[1, 2, 4]], [1.0]), r"sizes has shape \(1, 3\)"),
    ],
)
def test_bad_values(arguments, message):
    with pytest.raises(ValueError, match=message):
        ltens.fit(*arguments)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"statistic": "medium"}, "did you mean 'median'"),
        ({"statistic": 1.5}, "statistic is 1.5, but a quantile must be above 0 and below 1"),
        ({"model": "power"}, "did you mean 'power_law'"),
        ({"model": "fixed_exponent"}, "exponent is missing, but must be given with"),
        ({"model": "known_limit"}, "limit is missing, but must be given with"),
        ({"exponent": 1.0}, "model 'auto' has no use for it: it goes with model='fixed_exponent'"),
        ({"limit": 1.0}, "it goes with model='known_limit'"),
        ({"model": "known_limit", "limit": -1.0}, "limit is -1.0, but must be at least 0"),
        ({"model": "known_limit", "limit": 5.0}, "most of the losses are not above it"),
        ({"model": "twice_broken_power_law"}, "which has 9 parameters, but data has 6"),
        ({"huber": 0.0}, "huber is 0.0, but must be above 0"),
        ({"diverged": "ignore"}, "diverged is 'ignore', which is not known"),
        ({"bootstrap": -1}, "bootstrap is -1, but must be an integer of at least 0"),
    ],
)
def test_bad_options(options, message):
    with pytest.raises(ValueError, match=message):
        ltens.fit(SIZES, noisy(1.0), **options)


def test_bad_calls():
    with pytest.raises(TypeError, match="losses is missing"):
        ltens.fit(SIZES)
    with pytest.raises(TypeError, match="losses is given, but data is a Dataset"):
        ltens.fit(dataset(noisy(1.0)[None]), SIZES)
    with pytest.raises(TypeError, match="sizes is 'abc', but must be an array of numbers"):
        ltens.fit("abc", SIZES)
    with pytest.raises(ValueError, match="data has the variables"):
        ltens.fit(xr.Dataset())
    with pytest.raises(ValueError, match="data is empty, but must hold at least one activation"):
        ltens.fit(dataset(noisy(1.0)[None]).isel(activation=[]))


def test_a_table_is_fitted_as_its_arrays_are():
    table = from_arrays(SIZES, noisy(1.0))
    assert fit_table(table).to_dict() == ltens.fit(SIZES, noisy(1.0)).to_dict()
    (part,) = tables_of(SIZES, noisy(1.0), call="sizes", between=SIZES[[1, 4]]).values()
    assert fit_table(part).exponent == ltens.fit(SIZES[1:5], noisy(1.0)[1:5]).exponent


def test_bad_questions():
    law = ltens.fit(SIZES, noisy(1.0), model="power_law", bootstrap=0)
    with pytest.raises(ValueError, match="bootstrap=0"):
        law.interval(method="bootstrap")
    with pytest.raises(ValueError, match="level is 95"):
        law.interval(95)
    with pytest.raises(ValueError, match="did you mean 'profile'"):
        law.interval(method="profil")
    given = ltens.fit(SIZES, noisy(1.0), model="fixed_exponent", exponent=1.0)
    with pytest.raises(ValueError, match="the exponent was given as 1, so it has no interval"):
        given.interval()
    same = ltens.fit(SIZES, np.repeat(1 / SIZES[:, None], 4, axis=1))
    with pytest.raises(ValueError, match="all losses of each size are equal"):
        same.interval()
    three = ltens.fit([1, 2, 4], noisy(1.0)[:3], model="power_law_floor")
    with pytest.raises(ValueError, match="an interval needs more sizes than parameters"):
        three.interval()


def test_fitting_does_not_load_an_optimiser():
    code = (
        "import sys, ltens.fitting; before = 'scipy' in sys.modules;"
        "law = ltens.fitting.fit([1, 2, 4, 8, 16], [[1, 2], [3, 4], [1, 1.5], [1, 2], [0.5, 1]]);"
        "law.interval(), law.summary(); print(before, 'scipy.optimize' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]
