"""alpha_K, the exponent of a spectrum: planted ones, the interval, messages."""

import numpy as np
import pytest

from ltens.regimes import (
    kernel_exponent,
    spectrum_exponent,
)


@pytest.mark.parametrize("alpha", [0.5, 1.0])
def test_exponent_of_a_planted_spectrum(alpha):
    """Gaussian features of known spectrum: within the interval, and 1/n off at most."""
    rng = np.random.default_rng(1)
    F = rng.normal(size=(500, 1200)) * np.arange(1, 1201.0) ** (-(1 + alpha) / 2)
    found = kernel_exponent(F @ F.T, ranks=(4, 40))
    low, high = found.interval
    assert low - abs(found.drift) < alpha < high + abs(found.drift)
    assert high - low < 0.3
    assert found.eigenvalues.shape == (40,)
    assert str(found).count(",") == 1


def test_the_interval_covers():
    """Coverage over 40 data sets of 95 % intervals, about the mean of the estimates."""
    values, intervals = [], []
    for seed in range(40):
        F = np.random.default_rng(seed).normal(size=(160, 300)) * np.arange(1, 301.0) ** -0.75
        found = kernel_exponent(F @ F.T, ranks=(2, 20), halves=8)
        values.append(found.exponent)
        intervals.append(found.interval)
    low, high = np.array(intervals).T
    covered = ((low < np.mean(values)) & (np.mean(values) < high)).mean()
    assert covered > 0.8  # 95 % less 4 standard deviations of 40 trials, sqrt(.95 * .05 / 40)


@pytest.mark.parametrize(
    ("gram", "options", "error", "message"),
    [
        (np.eye(40), {"ranks": (2, 11)}, ValueError, "at most a quarter of the 40 samples, 10"),
        (np.eye(40), {"ranks": (6, 10)}, ValueError, "the last must be at least twice the first"),
        (np.eye(40), {"ranks": 3}, TypeError, "ranks is 3, but must be a pair"),
        (np.eye(40), {"ranks": (2, 8), "halves": 2}, ValueError, "halves is 2"),
        (np.eye(40), {"ranks": (2, 8), "level": 1}, ValueError, "level is 1, but must be above 0"),
        (np.ones((40, 40)), {"ranks": (2, 8)}, ValueError, "lower the last rank"),
        (np.ones((2, 3)), {"ranks": (2, 8)}, ValueError, "must be a symmetric matrix"),
    ],
)
def test_bad_arguments_of_the_exponent(gram, options, error, message):
    with pytest.raises(error, match=message):
        kernel_exponent(gram, **options)


def test_bad_spectra():
    with pytest.raises(ValueError, match="at most the number of eigenvalues, 3"):
        spectrum_exponent([3.0, 2.0, 1.0], ranks=(1, 4))
    with pytest.raises(ValueError, match=r"eigenvalues holds 0.0 within the ranks"):
        spectrum_exponent([3.0, 2.0, 0.0], ranks=(1, 3))
