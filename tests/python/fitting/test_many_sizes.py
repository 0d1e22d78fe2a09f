"""Very many sizes are pooled with their neighbours, and the output says so."""

import numpy as np
import pytest

import ltens
from ltens.fitting.loss_table import LossTable, from_arrays
from ltens.fitting.pooling import MOST_SIZES, POOLED_SIZES, pooled
from ltens.regimes import classify


def losses(sizes, seeds, rng=0):
    noise = np.random.default_rng(rng).normal(scale=0.3, size=(len(sizes), seeds))
    return (sizes**-0.5 + 0.01)[:, None] * np.exp(noise)


@pytest.mark.parametrize(("count", "seeds"), [(1000, 5), (100_000, 1)])
def test_a_law_of_many_sizes_is_found_and_said_to_be_pooled(count, seeds):
    sizes = np.arange(1.0, count + 1)
    law = ltens.fit(sizes, losses(sizes, seeds), bootstrap=0)
    assert len(law.sizes) <= POOLED_SIZES
    assert law.holds
    low, high = law.interval()
    assert low < 0.5 < high < 1.2 * low
    assert f"sizes pooled from {count}, " in str(law)
    assert any(text.startswith(f"{count} sizes were pooled to ") for text in law.warnings)
    assert classify(sizes, losses(sizes, seeds)).verdict != "neither"


def test_few_sizes_are_left_alone():
    sizes = np.arange(1.0, MOST_SIZES + 1)
    table = from_arrays(sizes, losses(sizes, 2))
    assert pooled(table) is table
    assert table.pooled == 0


@pytest.mark.parametrize(
    "sizes",
    [
        np.arange(1.0, 5001),
        np.geomspace(1e-300, 1e300, 700),
        np.append(np.linspace(1, 1.01, 1000), [50.0, 100.0]),
    ],
    ids=["dense", "600 decades", "a cluster"],
)
def test_losses_keep_their_distance_to_the_curve(sizes):
    noise = np.random.default_rng(0).normal(scale=0.2, size=len(sizes))
    table = LossTable(sizes, tuple((np.exp(noise) * sizes**-0.5)[:, None]))
    few = pooled(table)
    assert 3 <= len(few.sizes) <= POOLED_SIZES
    assert (np.diff(few.sizes) > 0).all()
    assert sum(map(len, few.losses)) == len(sizes)
    carried = np.concatenate([row * n**0.5 for row, n in zip(few.losses, few.sizes, strict=True)])
    assert np.abs(np.log(carried) - noise).max() < 0.1
    alone = [n for row, n in zip(few.losses, few.sizes, strict=True) if len(row) == 1]
    assert set(alone) <= set(sizes)


def test_infinite_losses_stay_infinite():
    sizes = np.arange(1.0, 1001)
    values = losses(sizes, 3)
    values[::7, 0] = np.inf
    few = pooled(LossTable(sizes, tuple(values)))
    assert sum(int(np.isinf(row).sum()) for row in few.losses) == len(values[::7])


def test_a_loss_that_is_not_positive_is_named():
    sizes = np.arange(1.0, 1001)
    values = losses(sizes, 1)
    values[700] = 0.0
    with pytest.raises(ValueError, match=r"losses holds 0\.0 at size 701"):
        ltens.fit(sizes, values)
