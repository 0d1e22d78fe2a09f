"""fit: known exponents, intervals and their coverage, Datasets, messages."""

import numpy as np
import pytest
import xarray as xr

import ltens

SIZES = np.array([1.0, 2.0, 5.0, 10.0, 50.0])


def noisy(exponent, seeds=40, sigma=0.5, rng=0):
    noise = np.random.default_rng(rng).lognormal(sigma=sigma, size=(len(SIZES), seeds))
    return 3.0 * SIZES[:, None] ** -exponent * noise


def dataset(losses, status=None):
    dims = ("activation", "width", "seed")
    status = np.zeros(losses.shape, np.int8) if status is None else status
    names = ["relu", "silu"][: len(losses)]
    coords = {"activation": names, "width": SIZES.astype(int)}
    return xr.Dataset({"loss": (dims, losses), "status": (dims, status)}, coords)


@pytest.mark.parametrize("exponent", [-0.5, 0.0, 1.0, 4.0])
def test_exact_laws_are_recovered(exponent):
    law = ltens.fit(SIZES, 3.0 * SIZES**-exponent)
    # A least-squares slope of exact logarithms: a few eps times a condition of order 1.
    assert law.exponent == pytest.approx(exponent, abs=1e-13)
    assert law.amplitude == pytest.approx(3.0, rel=1e-13)
    np.testing.assert_allclose(law.predict(SIZES), 3.0 * SIZES**-exponent, rtol=1e-12)
    assert law.scatter < 1e-13


def test_interval_covers_as_often_as_it_says():
    trials = 200
    inside = 0
    for trial in range(trials):
        low, high = ltens.fit(SIZES, noisy(1.0, rng=trial), bootstrap=300).interval(0.9)
        inside += low <= 1.0 <= high
    # 0.9 with a binomial standard error of 0.021; the percentile bootstrap of a median is close
    # to nominal for 40 seeds, so four standard errors on either side.
    assert abs(inside / trials - 0.9) < 0.085


def test_intervals_are_reproducible_and_nested():
    laws = [ltens.fit(SIZES, noisy(1.0)) for _ in range(2)]
    assert laws[0].interval() == laws[1].interval()
    narrow, wide = laws[0].interval(0.5), laws[0].interval(0.99)
    assert wide[0] < narrow[0] < laws[0].exponent < narrow[1] < wide[1]


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
    assert law.excluded == 2
    np.testing.assert_array_equal(law.samples, [40, 39, 39, 40, 40])
    assert "2 network(s) left out" in law.summary()


def test_to_dict_is_plain():
    import json

    content = json.loads(json.dumps(ltens.fit(SIZES, noisy(1.0)).to_dict()))
    assert content["model"] == "power_law"
    assert len(content["interval"]) == 2
    assert ltens.fit(SIZES, 1 / SIZES).to_dict()["interval"] is None


def test_mean_statistic():
    assert ltens.fit(SIZES, noisy(1.0), statistic="mean").losses[0] == noisy(1.0)[0].mean()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([1, 2], [1.0, 0.5]), r"data has 2 width\(s\) .* at least 3"),
        (([1, 2, 4], [1.0, 0.0, 1.0]), "losses holds 0.0 at size 2"),
        (([0, 2, 4], [1.0, 1.0, 1.0]), "sizes holds 0.0, but every size must be positive"),
        (([1, 2, 4], [1.0, np.nan, 1.0]), "losses contains nan"),
        (([1, 2, 4], [1.0, 1.0]), r"losses has shape \(2,\), but must have shape \(3,\)"),
        (([[1, 2, 4]], [1.0]), r"sizes has shape \(1, 3\)"),
    ],
)
def test_bad_values(arguments, message):
    with pytest.raises(ValueError, match=message):
        ltens.fit(*arguments)


def test_bad_calls():
    with pytest.raises(TypeError, match="losses is missing"):
        ltens.fit(SIZES)
    with pytest.raises(TypeError, match="losses is given, but data is a Dataset"):
        ltens.fit(dataset(noisy(1.0)[None]), SIZES)
    with pytest.raises(ValueError, match="did you mean 'median'"):
        ltens.fit(SIZES, 1 / SIZES, statistic="medium")
    with pytest.raises(ValueError, match="data has the variables"):
        ltens.fit(xr.Dataset())


def test_no_interval_from_one_seed():
    with pytest.raises(ValueError, match="there is a size with 1 loss: fit losses of several"):
        ltens.fit(SIZES, 1 / SIZES).interval()
    with pytest.raises(ValueError, match="bootstrap=0"):
        ltens.fit(SIZES, noisy(1.0), bootstrap=0).interval()
    with pytest.raises(ValueError, match="level is 95"):
        ltens.fit(SIZES, noisy(1.0)).interval(95)
