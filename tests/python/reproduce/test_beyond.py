"""What the figures beyond the papers compute from the losses that they train for."""

import numpy as np
import pytest

from ltens.reproduce.beyond.coordinates import measured
from ltens.reproduce.beyond.transfer import BASE, Scan
from ltens.reproduce.effort import Effort


def scan(noise: float = 0.0) -> Scan:
    """Losses with a minimum at lr = 1/2, 1/4 and 1/8 of N = 8, 32 and 128; one that diverged."""
    rates = 2.0 ** np.arange(-4, 1)
    best = np.array([0.5, 0.25, 0.125])
    losses = 1 + np.log2(rates[None, :] / best[:, None]) ** 2
    drawn = np.random.default_rng(0).normal(size=(3, 5, 12)) * noise
    losses = losses[:, :, None] * np.exp(drawn)
    losses[2, -1] = np.inf
    return Scan(np.array([8, 32, 128]), rates, losses)


def test_the_best_rate_of_each_width_and_what_that_of_the_base_costs():
    found = scan()
    assert found.widths[1] == BASE
    assert found.rates[found.best].tolist() == [0.5, 0.25, 0.125]
    assert found.price().tolist() == [2.0, 1.0, 2.0]
    assert np.isinf(found.medians[2, -1])


def test_the_interval_is_that_of_other_seeds():
    for low, high in zip(*scan().interval(), strict=True):
        assert low == high  # all seeds agree
    low, high = scan(noise=1.5).interval()
    assert np.all(low <= high)
    assert np.any(low < high)
    assert set(low) | set(high) <= set(scan().rates)


@pytest.mark.parametrize(("parametrization", "slope"), [("standard", 1.0), ("mup", 0.0)])
def test_the_first_step_is_that_of_the_parametrisation(parametrization, slope):
    """Quick: 4 seeds, N = 32 to 512, where the parts that fall with N still count."""
    found = measured(Effort(quick=True), parametrization)
    assert found.slopes["output_change"][0] == pytest.approx(slope, abs=0.15)
