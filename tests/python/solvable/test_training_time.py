"""Gradient flow: theory against drawn models, limits, exponents; the arguments of SGD too."""

from functools import partial

import numpy as np
import pytest

import ltens
from ltens.solvable import (
    Rates,
    SgdPhase,
    Spectrum,
    compute_frontier,
    gradient_flow,
    one_pass_sgd,
    simulate_gradient_flow,
    simulate_one_pass_sgd,
    theory,
)
from ltens.solvable.contour import talbot

TIMES = np.geomspace(0.1, 1e5, 7)


def test_talbot_inverts_known_transforms():
    t = np.geomspace(1e-3, 1e3, 5)
    p, weight = talbot(t)
    for transform, function in (
        (1 / p, np.ones_like(t)),
        (1 / (p + 2) ** 2, t * np.exp(-2 * t)),
        (np.log1p(1 / p), -np.expm1(-t) / t),
    ):
        found = (weight * transform).sum(axis=1).real
        # The contour's own error, which the module states; measured 2e-11 of the largest value.
        np.testing.assert_allclose(found, function, rtol=0, atol=1e-9 * function.max())


@pytest.mark.parametrize(("N", "T"), [(100, np.inf), (60, 200), (200, 60), (80, 80)])
def test_theory_meets_drawn_models_at_every_time(N, T):
    spectrum = Spectrum.power_law(1.0, 300)
    run = simulate_gradient_flow(spectrum, TIMES, N=N, T=T, draws=24)
    predicted = gradient_flow(spectrum, TIMES, N=N, T=T)
    error = run.std(axis=0, ddof=1) / np.sqrt(24)
    # four standard errors, and 1/size of finite size (half the smaller one here)
    assert (np.abs(run.mean(axis=0) - predicted) < 4 * error + predicted * 2 / min(N, T)).all()


@pytest.mark.parametrize(("N", "T"), [(30, 70), (70, 30), (30, np.inf), (np.inf, 30)])
@pytest.mark.parametrize("noise", [0.0, 0.05])
def test_the_end_is_the_static_theory(N, T, noise):
    spectrum = Spectrum.source_capacity(1.5, 2.0, 200)
    end = gradient_flow(spectrum, [1e13], N=N, T=T, noise=noise)[0]
    # Two contours with errors of 1e-10 of the null loss, of which 0.1 or more is left.
    assert end == pytest.approx(theory(spectrum, N=N, T=T, noise=noise).test_loss, rel=1e-9)


def test_the_beginning_and_the_free_flow():
    spectrum = Spectrum.source_capacity(1.5, 2.0, 200)
    # In a time t the modes lose 2 lambda t = 2e-8 of their loss at most.
    begun = gradient_flow(spectrum, [1e-8], N=20, T=40)[0]
    assert begun == pytest.approx(spectrum.null_loss, rel=2e-8)
    # No limits: mode I decays as exp(-lambda_I t).
    lam, v = spectrum.eigenvalues, spectrum.v_squared
    expected = [0.5 * (v * np.exp(-2 * lam * t)).sum() for t in TIMES]
    # The contour errs by 1e-10 of the null loss of 0.8; measured 1.2e-12.
    np.testing.assert_allclose(gradient_flow(spectrum, TIMES), expected, rtol=0, atol=1e-10)


def test_the_exponents_of_time_and_compute():
    spectrum = Spectrum.source_capacity(1.5, 2.0, 5000)
    times = np.geomspace(30, 3000, 8)
    law = ltens.fit(times, gradient_flow(spectrum, times), model="power_law")
    rates = Rates(1.5, 2.0)
    assert law.exponent == pytest.approx(rates.time, rel=0.03)  # sums, not yet integrals
    small = Spectrum.power_law(1.0, 1000)
    compute = np.geomspace(1e3, 1e5, 3)
    N, loss = compute_frontier(small, compute, points=10)
    # a finite range: 1/N early corrections, seen to fall with compute
    assert ltens.fit(compute, loss, model="power_law").exponent == pytest.approx(1 / 3, rel=0.05)
    assert -ltens.fit(compute, N, model="power_law").exponent == pytest.approx(1 / 3, rel=0.1)


def test_the_phases_exponents():
    # Ia is Bordelon et al.'s (a - 1) / (1 + b). Quotients of few operations: some eps.
    close = partial(pytest.approx, rel=1e-14)
    phase = SgdPhase.of(1.0, 0.0)
    rates = Rates(capacity=2.0, source=2.0)
    assert (phase.loss, phase.width) == (close(rates.compute), close(1 / 3))
    two = SgdPhase.of(1.0, 0.7)
    assert (two.loss, two.width) == (close(2.4 / 3.4), close(0.7 / 1.7))
    three = SgdPhase.of(0.7, 1.2)
    assert (three.loss, three.width) == (close(1 - 1 / 2.8), 0.5)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda s: gradient_flow(s, [0.0]), "times holds 0.0, but every one must be above 0"),
        (lambda s: gradient_flow(s, [1.0], N=0), "N holds 0.0, but must be above 0"),
        (lambda s: compute_frontier(s, [1.0], points=2), "points is 2, but must be an integer of"),
        (lambda s: simulate_gradient_flow(s, [1.0], N=0), "N is 0, but must be an integer of at"),
        (
            lambda s: one_pass_sgd(s, [1.0], lr=2),
            "lr is 2, but must be below 0.9591, where",
        ),
        (lambda s: simulate_one_pass_sgd(s, [1], N=3, lr=2), "lr is 2, but must be below 2, where"),
        (lambda s: simulate_one_pass_sgd(s, [2, 1], N=3), "steps is .2, 1., but must be rising"),
        (lambda s: SgdPhase.of(0.3, 0.1), "alpha is 0.3 and beta is 0.1, but must lie inside"),
    ],
)
def test_bad_arguments(call, message):
    with pytest.raises(ValueError, match=message):
        call(Spectrum.power_law(1.0, 10))
