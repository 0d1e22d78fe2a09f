"""The best ridge, the best split, and the power laws they follow for M to infinity."""

import math

import numpy as np
import pytest

from ltens.solvable import Asymptotics, Rates, Spectrum, optimal_ridge, optimal_split, theory
from support.solvable_table import NOISY_OPTIMUM, OPTIMUM

M = 100_000


@pytest.mark.parametrize("row", OPTIMUM)
def test_rows_of_the_optimum(row):
    alpha, N, T, ridge, closed, numeric = row
    law = Asymptotics(alpha, M)
    assert law.optimal_ridge(N, T) * M == pytest.approx(ridge, rel=5e-4)  # four digits
    assert law.optimal_loss(N, T) * 2 * M == pytest.approx(closed, rel=5.1e-5)  # five digits
    best = optimal_ridge(Spectrum.power_law(alpha, M), N=N, T=T)
    assert best.test_loss * 2 * M == pytest.approx(numeric, rel=5.1e-5)  # five digits
    assert best.ridge < law.optimal_ridge(N, T)  # the modes beyond M are missing


@pytest.mark.parametrize(("N", "T", "variance", "numeric", "rule"), NOISY_OPTIMUM)
def test_rows_of_the_noisy_optimum(N, T, variance, numeric, rule):
    spectrum, law = Spectrum.power_law(1.0, 5000), Asymptotics(1.0, 5000)
    best = optimal_ridge(spectrum, N=N, T=T, noise=variance**0.5)
    assert best.ridge * 5000 == pytest.approx(numeric, rel=0.025)  # the table's grid in the ridge
    ruled = law.optimal_ridge(N, T, noise=variance**0.5)
    assert ruled * 5000 == pytest.approx(rule, rel=0.005)  # three digits
    loss = theory(spectrum, N=N, T=T, ridge=ruled, noise=variance**0.5).test_loss
    assert 1 <= loss / best.test_loss < 1.0001  # what the table says of the rule


def test_no_other_ridge_is_better():
    spectrum = Spectrum.source_capacity(1.5, 2.5, 400)
    N, T, noise = np.array([10, 50, 200, 600]), np.array([[30], [300], [900]]), 0.05
    best = optimal_ridge(spectrum, N=N, T=T, noise=noise)
    assert best.ridge.shape == (3, 4)
    here = theory(spectrum, N=N, T=T, ridge=best.ridge, noise=noise)
    # Two ways to round, sums of 400 terms: 400 * eps = 9e-14.
    np.testing.assert_allclose(here.test_loss, best.test_loss, rtol=1e-12)
    # The ridge goes back to its z through a root of 400 terms: 400 * eps = 1e-13.
    np.testing.assert_allclose(here.z, best.z, rtol=1e-12)
    for factor in (0.5, 0.9, 1.1, 2.0):
        other = theory(spectrum, N=N, T=T, ridge=factor * best.ridge, noise=noise)
        assert (other.test_loss >= best.test_loss * (1 - 1e-12)).all()
    without = theory(spectrum, N=N, T=T, noise=noise).test_loss
    assert (without >= best.test_loss * (1 - 1e-12)).all()


def test_beyond_the_latent_dimension_no_ridge_is_best():
    best = optimal_ridge(Spectrum.power_law(1.0, 50), N=60, T=70)
    assert (best.ridge, best.test_loss) == (0, 0)
    noisy = optimal_ridge(Spectrum.power_law(1.0, 50), N=60, T=70, noise=0.1)
    assert noisy.ridge > 0


def test_alpha_one_is_a_sum_of_inverses():
    law = Asymptotics(1.0, 1000)
    N, T = np.array([7.0, 50, 900]), np.array([80.0, 50, 3])
    expected = math.pi**2 / 4 / 2000 * (1 / N + 1 / T)
    # A dozen powers and products, each to some eps of 2e-16.
    np.testing.assert_allclose(law.optimal_loss(N, T), expected, rtol=1e-13)
    np.testing.assert_allclose(law.optimal_ridge(N, T), math.pi**2 / 4 / 1000, rtol=1e-13)


@pytest.mark.parametrize(("alpha", "true", "kaplan"), [(0.5, 1.548, 1.414), (2.0, 2.873, 4.0)])
def test_where_the_phenomenological_form_fails(alpha, true, kaplan):
    law = Asymptotics(alpha, 1000)
    unit = law.amplitude * 100.0**-alpha
    assert law.optimal_loss(100, 100) / unit == pytest.approx(true, rel=4e-4)  # four digits
    assert law.phenomenological_loss(100, 100) / unit == pytest.approx(kaplan, rel=4e-4)  # the same
    assert law.optimal_loss(100, 1e9) / unit == pytest.approx(1, rel=1e-3)  # (N/T) to some power


@pytest.mark.parametrize("alpha", [0.5, 1.0, 1.5, 3.0])
def test_the_closed_optimum_is_a_minimum(alpha):
    law = Asymptotics(alpha, 1000)
    z = law.optimal_z(40.0, 90.0)
    around = law.loss_at(z * np.array([0.999, 1.0, 1.001]), 40.0, 90.0)
    assert around[1] < min(around[0], around[2])


@pytest.mark.parametrize("alpha", [0.5, 1.0, 1.5])
def test_asymptotics_meet_the_theory(alpha):
    law, spectrum = Asymptotics(alpha, 10**6), Spectrum.power_law(alpha, 10**6)
    found = theory(spectrum, N=300, T=900)
    # z = rho (..) - 1/2 - (n/M)^alpha / (alpha rho^(1+alpha)): the sum is not quite its integral.
    allowed = (1 + alpha) * (1.2 / 600 + (300 / 1e6) ** alpha / alpha)
    assert found.test_loss == pytest.approx(law.ridgeless_loss(300, 900), rel=allowed)
    assert found.delta == pytest.approx(law.delta(300), rel=allowed)
    with_ridge = theory(spectrum, N=300, T=900, ridge=law.ridge_at(200.0, 300, 900))
    assert with_ridge.test_loss == pytest.approx(law.loss_at(200.0, 300, 900), rel=allowed)


def test_equiparameterisation():
    spectrum = Spectrum.power_law(1.0, 2000)
    for of, budget in (("product", 2500), ("sum", 100)):
        split = optimal_split(spectrum, budget=budget, of=of)
        assert split.ratio == pytest.approx(1, abs=0.01)  # flat: the loss is within 1e-5 there
        spent = split.N * split.T if of == "product" else split.N + split.T
        assert spent == pytest.approx(budget, rel=1e-14)  # of a logarithm of the ratio: some eps
        assert split.ridge > 0


@pytest.mark.parametrize(("alpha", "saving"), [(0.5, 0.17), (1.0, 0.23), (1.5, 0.26)])
def test_without_ridge_the_peak_pushes_the_split_away(alpha, saving):
    spectrum = Spectrum.power_law(alpha, 5000)
    split = optimal_split(spectrum, budget=2500, ridge=0)
    # finite M: (n/M)^alpha = 6 % at alpha = 1/2
    assert split.ratio == pytest.approx(Asymptotics(alpha, 1).ridgeless_ratio, rel=0.03)
    best = optimal_split(spectrum, budget=2500)
    # The savings are stated in two digits, 0.005, and M is finite (above).
    assert 1 - best.test_loss / split.test_loss == pytest.approx(saving, abs=0.01)


def test_rates():
    isotropic = Rates(capacity=2.0, source=2.0)
    assert (isotropic.width, isotropic.data) == (1.0, 1.0)
    assert isotropic.compute == pytest.approx(1 / 3, rel=1e-15)  # (a - 1) / (1 + b)
    steep = Rates(capacity=1.25, source=5.0)
    assert (steep.width, steep.data) == (1.25, 2.5)
    with pytest.raises(ValueError, match=r"source is 1.0, but must be above 1"):
        Rates(capacity=2.0, source=1.0)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda s: optimal_ridge(s, N=np.inf, T=5), "N holds inf, but must be finite"),
        (lambda s: optimal_split(s, budget=0), "budget is 0.0, but must be above 0"),
        (lambda s: optimal_split(s, budget=9, of="ratio"), "of is 'ratio', which is not known"),
        (lambda s: optimal_split(s, budget=9, ridge="best"), "ridge is 'best', which is not known"),
        (lambda s: optimal_split(s, budget=9, noise=-1), "noise is -1.0, but must be above 0"),
        (lambda s: Asymptotics(-1, 5), "alpha is -1.0, but must be above 0"),
        (lambda s: Asymptotics(1, 5).delta(0), "z holds 0.0, but must be above 0"),
    ],
)
def test_bad_arguments(call, message):
    with pytest.raises(ValueError, match=message):
        call(Spectrum.power_law(1.0, 10))
