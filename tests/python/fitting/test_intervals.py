"""Intervals: resampling, profile, moderation; their identities."""

import numpy as np
import pytest
from scipy import stats

import ltens
from ltens.fitting.moderation import moderated
from ltens.fitting.statistic import GeometricMean, Mean, Quantile

SIZES = np.geomspace(1, 100, 6)


def noisy(seeds=40, sigma=0.5, rng=0, floor=0.0):
    noise = np.random.default_rng(rng).lognormal(sigma=sigma, size=(len(SIZES), seeds))
    return (3.0 / SIZES[:, None] + floor) * noise


@pytest.mark.parametrize("q", [0.5, 0.1, 0.9, 0.25])
@pytest.mark.parametrize("seeds", [1, 2, 7, 10, 51])
def test_quantiles_are_resampled_as_if_drawn(q, seeds):
    losses = np.random.default_rng(1).lognormal(size=seeds)
    rng = np.random.default_rng(2)
    fast = Quantile(q).resample(losses, 20_000, rng)
    slow = np.quantile(losses[rng.integers(0, seeds, (20_000, seeds))], q, axis=1)
    # Two samples of 20,000: Kolmogorov-Smirnov distances above 0.0195 have probability 0.001.
    # Rounded, because the two interpolate equal losses to different last digits.
    assert stats.ks_2samp(fast.round(12), slow.round(12)).statistic < 0.0195


@pytest.mark.parametrize("statistic", [Mean(), GeometricMean()])
def test_means_are_resampled_as_if_drawn(statistic):
    losses = np.random.default_rng(1).lognormal(size=30)
    drawn = np.log(statistic.resample(losses, 20_000, np.random.default_rng(2)))
    # The variance of 20,000 draws is known to 1 %; ddof makes 30 / 29 of it; the delta method of
    # the mean's logarithm is right to 1 / S of the skewness, 10 %.
    assert drawn.var() == pytest.approx(statistic.log_variance(losses) * 29 / 30, rel=0.15)


@pytest.mark.parametrize("statistic", [Quantile(0.5), Quantile(0.8), Mean(), GeometricMean()])
def test_influence_adds_up_to_the_variance(statistic):
    losses = np.random.default_rng(3).lognormal(size=200)
    influence = statistic.influence(losses)
    # 200 roundings of numbers below 10: 4e-13.
    assert influence.sum() == pytest.approx(0, abs=1e-12)
    variance = (influence**2).sum() / 200**2
    assert variance == pytest.approx(statistic.log_variance(losses), rel=0.01)  # 200 / 199


def test_variances_are_shrunk_as_far_as_the_data_ask():
    rng = np.random.default_rng(4)
    equal = rng.chisquare(5, size=(500, 8)) / 5
    shrunk = moderated(equal, np.full(equal.shape, 5.0))
    # Equal true variances: the scatter (relative variance 0.4) is noise, and most of it goes; what
    # stays is that of their mean, 1/8, and of the degrees of freedom found from 8 values.
    assert shrunk.var() < 0.25 * equal.var()
    different = np.geomspace(1, 1e4, 8) * rng.chisquare(200, size=(500, 8)) / 200
    kept = moderated(different, np.full(equal.shape, 200.0))
    # 200 degrees against a prior of about one, at values ten times away.
    np.testing.assert_allclose(kept, different, rtol=0.1)
    np.testing.assert_array_equal(moderated(np.zeros((1, 3)), np.ones((1, 3))), 0.0)


def test_intervals_are_reproducible_nested_and_hold_the_exponent():
    laws = [ltens.fit(SIZES, noisy(), model="power_law_floor") for _ in range(2)]
    for method in ("profile", "bootstrap", "residuals"):
        assert laws[0].interval(method=method) == laws[1].interval(method=method)
    for method in ("profile", "bootstrap"):
        narrow, wide = (laws[0].interval(level, method) for level in (0.5, 0.99))
        assert wide[0] < narrow[0] <= laws[0].exponent <= narrow[1] < wide[1]
    other = ltens.fit(SIZES, noisy(), rng=1, model="power_law_floor")
    assert other.interval() == laws[0].interval()
    assert other.interval(method="bootstrap") != laws[0].interval(method="bootstrap")


def test_the_profile_interval_of_a_line_is_the_textbook_one():
    losses = noisy().mean(axis=1)
    law = ltens.fit(SIZES, losses, model="power_law")
    line = stats.linregress(np.log(SIZES), np.log(losses))
    half = stats.t.ppf(0.975, len(SIZES) - 2) * line.stderr
    # The profile of a line is exactly quadratic, and so is what finds its ends; measured 6e-16.
    expected = (-line.slope - half, -line.slope + half)
    assert law.interval(method="residuals") == pytest.approx(expected, rel=1e-9)
    p = law.p_value(1.0, method="residuals")
    t = abs(-line.slope - 1.0) / line.stderr
    # The same tail of a statistic that is rounded; measured 4e-15.
    assert p == pytest.approx(2 * stats.t.sf(t, len(SIZES) - 2), rel=1e-9)


def test_p_values_and_intervals_agree():
    law = ltens.fit(SIZES, noisy(floor=0.05), model="power_law_floor")
    low, high = law.interval(0.9)
    # Ends are found to 1e-4 of the interval's length, along which p falls from 1 to 0.1.
    assert law.p_value(low) == pytest.approx(0.1, abs=1e-3)
    assert law.p_value(high) == pytest.approx(0.1, abs=1e-3)
    assert law.p_value(law.exponent) == pytest.approx(1.0, abs=1e-3)


def test_open_intervals_are_infinite():
    # The loss has reached its floor at the second size: any steep law will do.
    rng = np.random.default_rng(5)
    losses = np.array([2.0, 1.0, 1.0, 1.0, 1.0])[:, None] * rng.lognormal(sigma=0.1, size=(5, 30))
    law = ltens.fit([1, 10, 100, 1000, 10000], losses, model="power_law_floor")
    low, high = law.interval()
    assert low > 0
    assert high == np.inf
    assert law.to_dict()["interval"][1] is None
    assert any("do not bound the exponent" in warning for warning in law.warnings)


def test_other_seeds_move_less_than_an_unfit_law_allows():
    rng = np.random.default_rng(6)
    sizes = np.geomspace(1, 100, 10)
    bent = sizes ** -(1 + 0.1 * np.log10(sizes)) * np.exp(0.2 * rng.normal(size=10))
    losses = bent[:, None] * rng.lognormal(sigma=0.3, size=(10, 2000))
    law = ltens.fit(sizes, losses, model="power_law")
    assert law.resampling.widened
    assert len(law.resampling.by_size) == 10
    low, high = law.interval(method="bootstrap")
    seeds_only = np.ptp(np.quantile(law.resampling.exponents, [0.025, 0.975]))
    assert high - low > 3 * seeds_only  # the misfit is 30 times the medians' standard errors


def test_local_exponents():
    law = ltens.fit(SIZES, noisy(seeds=2000, sigma=0.1))
    local = law.local_exponents()
    np.testing.assert_allclose(local.sizes, np.sqrt(SIZES[1:] * SIZES[:-1]), rtol=1e-14)  # some eps
    # Medians are known to 0.1 * 1.25 / sqrt(2000) = 0.0028 in log, slopes over log 2.5 to 0.0043.
    np.testing.assert_allclose(local.exponents, 1.0, rtol=0, atol=4 * 0.0043)
    assert (local.low < local.exponents).all()
    # The width of an interval from 2000 seeds is known to the density at the median, 10 % or so.
    np.testing.assert_allclose(local.high - local.low, 2 * 1.96 * 0.0043, rtol=0.3)
    alone = ltens.fit(SIZES, 1 / SIZES).local_exponents()
    assert np.isnan(alone.low).all()
    # Logarithms of up to 9 in a difference of 0.9: 10 * eps = 2e-15.
    np.testing.assert_allclose(alone.exponents, 1.0, rtol=0, atol=1e-13)
