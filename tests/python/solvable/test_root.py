"""The root finder for Delta: it finds the root of any valid input."""

import mpmath
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ltens.solvable import Spectrum, theory
from ltens.solvable.renormalised_ridge import gap_of, solve
from ltens.solvable.spectral_sums import shortfall

EXPONENTS = st.lists(st.floats(-120, 120), min_size=1, max_size=30)
SIZES = st.floats(1e-3, 1e9)
RIDGE_EXPONENTS = st.floats(-200, 200) | st.none()


@settings(max_examples=300, deadline=None)
@given(EXPONENTS, SIZES, SIZES, RIDGE_EXPONENTS)
@example([0.0], 1.0, 1.0, None)
@example([0.0, 0.0], 1.0, 1.0, -200.0)
@example([120.0, -120.0], 1.0, 1.0, None)
@example([120.0, -120.0], 1.5, 1e9, 200.0)
@example([0.0] * 30, 30.0, 30.0, -200.0)
@example([0.0] * 30, 29.999999999999996, 30.0, 0.0)
def test_every_valid_input_has_its_root(exponents, N, T, ridge_exponent):
    lam = np.sort(10.0 ** np.array(exponents))[::-1]
    lam /= lam[0]
    ridge = 0.0 if ridge_exponent is None else 10.0**ridge_exponent
    delta, gap = (float(v[0]) for v in solve(lam, *(np.array([v]) for v in (N, T, ridge))))
    n, d = min(N, T), abs(N - T)
    assert np.isfinite(delta)
    assert np.isfinite(gap)
    if delta == 0:
        assert n >= len(lam)  # or the ridge is nothing to speak of
        assert ridge / (N * T) < 1e-270
        return
    assert delta > 0
    # What is solved, n - z = s, to rounding: the two sums of `shortfall` are exact to a few eps,
    # and Delta = exp(x) is exact to eps * |x|, with |x| up to 1100 here.
    short, p = (float(v[0]) for v in shortfall(lam, np.array([n]), np.array([delta])))
    s, ds = (float(v[0]) for v in gap_of(np.array([ridge / delta]), np.array([d])))
    assert gap == s
    assert abs(short - s) <= 1e-12 * (p + ds) + 4e-16 * len(lam) * n + 1e-290


@pytest.mark.parametrize(
    ("N", "T", "ridge"),
    [(20, 30, 1e-5), (30, 20, 0.0), (25, 25, 1e-18), (60, 80, 1e-12), (50, 50, 1e-12), (3, 4, 1e6)],
)
def test_against_fifty_digits(N, T, ridge):
    lam = np.arange(1, 51.0) ** -2.3
    found = theory(Spectrum(lam), N=N, T=T, ridge=ridge)
    with mpmath.workdps(50):
        eigenvalues = [mpmath.mpf(float(v)) for v in lam]
        gamma = mpmath.mpf(ridge) * 50

        def z(delta):
            return mpmath.fsum(v / (v + delta) for v in eigenvalues)

        def equation(delta):
            if ridge == 0:
                return z(delta) - min(N, T)
            return delta * (N - z(delta)) * (T - z(delta)) - gamma

        start = mpmath.mpf(float(found.delta))
        delta = mpmath.findroot(equation, (start * 0.999999, start * 1.000001))
        p = mpmath.fsum(v * delta / (v + delta) ** 2 for v in eigenvalues)
        modes = z(delta)
        jacobian = (N - modes) * (T - modes) + p * (N + T - 2 * modes)
        loss = float(N * T * delta * p / jacobian / 100)
    # Delta = exp(x) is exact to eps * |x|, |x| below 30 here: 7e-15; the loss is made of sums of 50
    # terms, all above 0, of it.
    assert found.delta == pytest.approx(float(delta), rel=1e-14, abs=0)
    assert found.test_loss == pytest.approx(loss, rel=1e-13, abs=0)


def test_many_points_are_solved_as_one():
    rng = np.random.default_rng(0)
    lam = np.arange(1, 3001.0) ** -1.7
    N, T = rng.integers(1, 5000, 50).astype(float), rng.integers(1, 5000, 50).astype(float)
    ridge = 10 ** rng.uniform(-12, 3, 50)
    together, _ = solve(lam, N, T, ridge)
    alone = [solve(lam, N[i : i + 1], T[i : i + 1], ridge[i : i + 1])[0][0] for i in range(50)]
    np.testing.assert_array_equal(together, alone)


def test_underflow_is_no_error():
    tiny = np.finfo(float).tiny
    found = theory(
        Spectrum([1.0, 1e-200, tiny]), N=[1, 2, 3, 9], T=[2, 2, 3, 9], ridge=[0, tiny, tiny, tiny]
    )
    assert not np.isnan(found.test_loss).any()
    assert not np.isnan(found.train_loss).any()
