"""Intervals of a squared mean hold near zero, and elsewhere are those of the jackknife or wider."""

import numpy as np
import pytest

import ltens
from ltens.tickets import bias_variance
from ltens.tickets.squared_mean import squared_mean
from support.planted import permuted, with_errors


def planted(count, squared, *, rng, directions=30):
    """Return inner products of vectors whose spread of 1 falls as a power of the direction."""
    draw = np.random.default_rng(rng)
    spread = np.arange(1, directions + 1) ** -2.0
    r = draw.normal(size=(count, directions)) * np.sqrt(spread / spread.sum())
    r[:, 0] += np.sqrt(squared)  # along the widest: the hardest case
    return r @ r.T


def test_a_mean_that_may_be_none_has_zero_as_its_low_end():
    lows = [squared_mean(planted(60, 0.0, rng=k))["squared"][0] for k in range(200)]
    # One-sided at 2.5 %: 5 of 200 are expected, 3 standard errors more are 12.
    assert sum(low > 0 for low in lows) <= 12
    low, high = squared_mean(planted(60, 1.0, rng=0))["squared"]
    assert 0 < low < 1 < high


def test_ends_scale_with_the_vectors_and_the_share_does_not():
    products = planted(40, 0.05, rng=3)
    one, other = squared_mean(products), squared_mean(1e-12 * products)
    # The halving ends at 2^-50 of the range; sums differ in rounding.
    assert other["squared"] == pytest.approx([1e-12 * end for end in one["squared"]], rel=1e-9)
    assert other["share"] == pytest.approx(one["share"], rel=1e-9)


def test_more_seeds_make_it_shorter():
    def length(count):
        ends = [squared_mean(planted(count, 0.05, rng=k))["share"] for k in range(20)]
        return np.mean([high - low for low, high in ends])

    assert length(480) < 0.6 * length(60)  # 1/sqrt(8) = 0.35 where the estimate is normal


def test_vectors_without_spread_are_their_own_mean():
    assert squared_mean(np.full((5, 5), 0.25)) == {"squared": (0.25, 0.25), "share": (1.0, 1.0)}


def test_vectors_whose_mean_is_zero_have_an_upper_end():
    r = np.array([[1.0], [-1.0], [1.0], [-1.0]])
    low, high = squared_mean(r @ r.T)["squared"]
    assert low == 0
    assert 0 < high < 10


def test_order_of_seeds_changes_no_interval():
    nets, task = with_errors(30, 0.3, 0.2)
    mixed = permuted(nets[np.random.default_rng(0).permutation(30)], [2, 0, 1])
    first, second = bias_variance(nets, task), bias_variance(mixed, task)
    for name, ends in first.intervals.items():
        assert second.intervals[name] == pytest.approx(ends, rel=1e-9), name  # sums reordered


def test_ends_stay_where_the_quantity_can_be():
    task = ltens.Task.from_function("square", samples=50)
    for n in (1, 3):
        ends = bias_variance(ltens.Networks.init(n, 8), task, exclude="none").intervals
        assert 0 <= ends["share"][0] <= ends["share"][1] <= 1
        assert 0 <= ends["correlation"][0] <= ends["correlation"][1] <= 1
        assert ends["bias2"][0] >= 0
