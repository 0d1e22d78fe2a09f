"""The model on real data: loaders, the problem made of a table, theory against regression."""

import numpy as np
import pytest

from ltens.solvable import DataProblem, digits, photo_patches


def test_gaussian_data_obey_the_theory():
    rng = np.random.default_rng(0)
    X = rng.standard_normal((20_000, 30)) * np.arange(1, 31.0) ** -0.8
    y = X @ rng.standard_normal((30, 5)) + 0.3 * rng.standard_normal((20_000, 5))
    problem = DataProblem.of(X, y)
    # 100,000 numbers: 1 / sqrt(2e5) = 0.2 %, and 30 directions fitted.
    assert problem.noise == pytest.approx(0.3, rel=0.02)
    run = problem.simulate(N=15, T=60, ridge=1e-2, draws=24)
    predicted = float(problem.predicted(15, 60, 1e-2))
    # four standard errors and 1/N of finite size
    assert abs(run.test_loss - predicted) < 4 * run.standard_error + predicted / 15


def test_digits():
    """Measured: the theory is 1 % to 10 % low on digits, whose inputs are far from Gaussian."""
    problem = DataProblem.of(*digits())
    assert (problem.spectrum.M, problem.spectrum.rank) == (64, 61)
    for N, T, ridge in ((20, 1000, 1.0), (60, 1000, 10.0)):
        run = problem.simulate(N=N, T=T, ridge=ridge, draws=8)
        # Measured: 3.6 % at most; it is a property of the digits and no error that could vanish.
        assert run.test_loss == pytest.approx(problem.predicted(N, T, ridge), rel=0.08)


def test_photo_patches():
    """Measured: far from Gaussian (half of the patches are sky), the theory is low by up to 3."""
    X = photo_patches(2000, size=8)
    assert X.shape == (2000, 192)
    assert X.min() >= 0
    assert X.max() <= 1
    np.testing.assert_array_equal(X[:10], photo_patches(2000, size=8)[:10])
    problem = DataProblem.isotropic(X, outputs=50)
    run = problem.simulate(N=20, T=1200, ridge=0.0, draws=6)
    assert 0.7 < run.test_loss / float(problem.predicted(20, 1200, 0.0)) < 4


def test_isotropic_teachers_leave_no_noise():
    problem = DataProblem.isotropic(np.random.default_rng(0).standard_normal((300, 7)), outputs=400)
    assert problem.noise < 1e-6  # a difference of variances: sqrt(eps)
    # The mean over 400 teachers of w^2 errs by sqrt(2/400) = 7 %: four of them, for 7 modes.
    ratio = problem.spectrum.v_squared / problem.spectrum.eigenvalues
    np.testing.assert_allclose(ratio * 7, 1, rtol=0, atol=0.29)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda p: p.simulate(N=5, T=1797, ridge=0), "T is 1797, but must be below the 1797 rows"),
        (lambda p: p.simulate(N=0, T=5, ridge=0), "N is 0, but must be an integer of at least 1"),
        (lambda p: photo_patches(3, size=401), "size is 401, but must be at most 400"),
        (lambda p: DataProblem.of(p.X, p.y[:5]), "y has 5 samples, but must have 1797 as X has"),
    ],
)
def test_bad_arguments(call, message):
    problem = DataProblem.of(*digits())
    with pytest.raises(ValueError, match=message):
        call(problem)


def test_without_scikit_learn(monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "sklearn", None)
    with pytest.raises(ModuleNotFoundError, match=r"pip install 'ltens\[data\]'"):
        digits()
