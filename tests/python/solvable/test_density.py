"""The eigenvalues of Phi Phi^T: density, counts, typical values, the complex fixed point."""

import numpy as np
import pytest

from ltens.solvable import Spectrum, count_above, feature_density, feature_eigenvalues
from ltens.solvable.complex_ridge import complex_sums, follow
from ltens.solvable.one_draw import Draw
from ltens.solvable.renormalised_ridge import solve

SPECTRUM = Spectrum.power_law(1.0, 400)


def drawn(N, T, draws=40):
    rng = np.random.default_rng(0)
    singular = []
    for _ in range(draws):
        draw = Draw.sample(SPECTRUM.eigenvalues, N, T, rng)
        singular.append(np.linalg.svd(draw.u @ draw.X, compute_uv=False))
    return np.array(singular) ** 2


@pytest.mark.parametrize(("N", "T"), [(40, 90), (90, 40), (40, 40)])
def test_typical_eigenvalues_are_those_of_drawn_matrices(N, T):
    predicted = feature_eigenvalues(SPECTRUM, N=N, T=T)
    n = min(N, T, 400)
    assert predicted.shape == (n,)
    measured = np.exp(np.log(drawn(N, T)[:, :n]).mean(axis=0))
    bulk = slice(0, int(0.8 * n))
    # 40 draws, and the mean of a fluctuating logarithm lies below it by half its variance; near
    # the lower edge, which is hard at N = T, the level spacing is the size of the level.
    np.testing.assert_allclose(measured[bulk] / predicted[bulk], 1, atol=0.15)
    assert np.mean(measured[bulk] / predicted[bulk]) == pytest.approx(1, abs=0.06)


def test_the_kink():
    values = feature_eigenvalues(SPECTRUM, N=60, T=300)
    naive = 300 * 60 / 400 * SPECTRUM.eigenvalues[:60]
    # i << N follows the spectrum, with corrections of the order of i / N = 0.15
    assert values[8] == pytest.approx(naive[8], rel=0.15)
    assert values[-1] < 0.5 * naive[-1]  # and drops at i = N


@pytest.mark.parametrize(("N", "T"), [(30, 80), (80, 30)])
def test_density_integrates_to_the_rank_and_to_the_counts(N, T):
    edges = np.geomspace(1e-5, 1e3, 1201)
    density = feature_density(SPECTRUM, edges, N=N, T=T)
    assert (density >= 0).all()
    trapezoids = np.diff(edges) * (density[1:] + density[:-1]) / 2
    # A square-root edge costs the trapezoidal rule (step)^(3/2) of its mass: step = 1.5 %, hence
    # 2e-3 at worst; measured 7e-5.
    assert trapezoids.sum() == pytest.approx(30, rel=2e-3)
    above = count_above(SPECTRUM, edges[[400, 600, 800]], N=N, T=T)
    expected = [trapezoids[i:].sum() for i in (400, 600, 800)]
    # The trapezoids lose 2e-3 of 30 at worst, as above; measured 3e-3.
    np.testing.assert_allclose(above, expected, rtol=0, atol=0.05)


def test_first_moment():
    edges = np.geomspace(1e-4, 1e3, 1001)
    density = feature_density(SPECTRUM, edges, N=30, T=80)
    mean = np.trapezoid(density * edges, edges)
    # E Tr Phi Phi^T = N T Tr Lambda / M; the trapezoidal rule as above, with steps of 1.6 %
    assert mean == pytest.approx(30 * 80 * SPECTRUM.eigenvalues.sum() / 400, rel=3e-3)


def test_marchenko_pastur():
    # All eigenvalues equal and M endless: Phi Phi^T / T is a Wishart matrix of variance 1.
    spectrum = Spectrum(np.ones(20_000))
    N, T = 5, 20
    ratio = N / T
    low, high = (1 - ratio**0.5) ** 2, (1 + ratio**0.5) ** 2
    s = np.linspace(low + 0.1, high - 0.1, 7)
    expected = N * np.sqrt((s - low) * (high - s)) / (2 * np.pi * ratio * s) / T
    found = feature_density(spectrum, s * T, N=N, T=T)
    np.testing.assert_allclose(found, expected, rtol=5e-3)  # T / M = 1e-3; 3.5e-3 next to an edge


def test_complex_fixed_point():
    lam = SPECTRUM.eigenvalues
    rng = np.random.default_rng(0)
    ridges = 10 ** rng.uniform(-6, 6, 40) * np.exp(1j * rng.uniform(0, 3.14, 40))
    for N, T in ((20.0, 50.0), (50.0, 50.0), (600.0, 500.0), (30.0, 1e60)):
        scale = N * T / 1000
        delta = follow(lam, N, T, ridges * scale)
        z, p = complex_sums(lam, delta)
        back = delta * (1 - z / N) * (1 - z / T)
        # 1 - z/N is as small as 3e-7: eps / 3e-7 = 7e-10, measured 1e-9
        np.testing.assert_allclose(back, ridges / 1000, rtol=1e-8)
        assert (delta.imag >= 0).all()  # the branch: Delta is in the upper half plane with gamma~
        step = 1e-6 * delta
        slope = (complex_sums(lam, delta + step)[0] - complex_sums(lam, delta - step)[0]) / 2e-6
        # Central differences with h = 1e-6 of sums z of up to 400: eps * 400 / h = 9e-8, beside a p
        # of order 1; measured 6e-7 of p there (N = 600), 3e-9 elsewhere.
        np.testing.assert_allclose(p, -slope, rtol=1e-6, atol=1e-8)


def test_the_real_axis_is_the_real_solution():
    ridges = np.array([1e-3, 1.0, 1e3])
    delta = follow(SPECTRUM.eigenvalues, 20.0, 50.0, ridges.astype(complex))
    real, _ = solve(SPECTRUM.eigenvalues, np.full(3, 20.0), np.full(3, 50.0), ridges)
    # Two iterations for one root, both stopped near eps * 400 modes = 9e-14; measured 3e-15.
    np.testing.assert_allclose(delta, real, rtol=1e-13)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"s": [0.0]}, ValueError, "s holds 0.0, but every one must be above 0"),
        ({"N": 0}, ValueError, "N is 0.0, but must be above 0"),
        ({"T": "x"}, TypeError, "T is 'x', but must be a number"),
    ],
)
def test_bad_arguments(arguments, error, message):
    given = {"s": [1.0], "N": 5, "T": 9, **arguments}
    with pytest.raises(error, match=message):
        count_above(SPECTRUM, given.pop("s"), **given)
