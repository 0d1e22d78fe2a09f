"""What is claimed: for each function the range and the largest error, for each dtype.

Activations come with their exact value and slope, written with mpmath.

A claim is the error measured on many more points than the tests take, rounded up.
The error is |computed - exact| in units of the last place of max(|exact|, floor). A floor of 0
means the unit of the value itself, down to the smallest normal number. Slopes vanish or cancel
somewhere, and enter sums of terms of order one: their floor is 1.
"""

from collections.abc import Callable
from dataclasses import dataclass

import mpmath
from mpmath import mpf

DTYPES = ("float32", "float64")


@dataclass(frozen=True)
class Claim:
    """The largest error in ULP for `low` <= x <= `high`, and in which units.

    Pairs are (float32, float64); what differs without fused multiply-add is apart.
    """

    ulp: tuple[float, float]
    low: tuple[float, float]
    high: tuple[float, float]
    floor: float = 0.0
    ulp_no_fma: tuple[float, float] | None = None
    high_no_fma: tuple[float, float] | None = None

    def bound(self, dtype: str, *, fma: bool) -> float:
        """Return the claim for one dtype."""
        both = self.ulp if fma or self.ulp_no_fma is None else self.ulp_no_fma
        return both[DTYPES.index(dtype)]

    def limits(self, dtype: str, *, fma: bool) -> tuple[float, float]:
        """Return the range of one dtype."""
        i = DTYPES.index(dtype)
        high = self.high if fma or self.high_no_fma is None else self.high_no_fma
        return max(self.low[i], -high[i]), high[i]


def _within(
    ulp: tuple[float, float],
    limit: tuple[float, float],
    floor: float = 0,
    ulp_no_fma: tuple[float, float] | None = None,
    limit_no_fma: tuple[float, float] | None = None,
) -> Claim:
    """Claim for |x| up to `limit`."""
    return Claim(ulp, (-limit[0], -limit[1]), limit, floor, ulp_no_fma, limit_no_fma)


EXP = (87.0, 708.0)  # e^x beyond is e^+-87 or e^+-708
ALL = (3e38, 1.7e308)
PI = (1e4, 1e8)  # reduction by pi in three pieces, whose products with n are exact with FMA
PI_NO_FMA = (1e4, 3e6)
ROOT = (1e19, 1e154)  # z^2 stays finite
TAIL = (12.0, 37.0)  # Phi(z) is a normal number of float32 (float64)

ELEMENTARY = {
    "exp": _within((1.2, 1.2), EXP),
    "expm1": _within((1.8, 2.4), EXP),
    "tanh": _within((2.8, 2.6), ALL),
    "log1p": Claim((2.2, 2.2), (0, 0), (1, 1)),
    "erf": _within((2.9, 1.7), ALL),
    "erfcx": Claim((5, 9.5), (0, 0), (10, 28)),
    "sin": _within((2.6, 2.4), PI, 1e-2, limit_no_fma=PI_NO_FMA),
    "cos": _within((1.2, 1.2), PI, 1, limit_no_fma=PI_NO_FMA),
    "log1p_positive": Claim((2.2, 2.2), (0, 0), (1e38, 1e307)),
}


@dataclass(frozen=True)
class Activation:
    """The claims for an activation and its slope, and what is exact."""

    value: Claim
    slope: Claim
    exact_value: Callable[[mpf], mpf]
    exact_slope: Callable[[mpf], mpf]


def _sigmoid(z: mpf) -> mpf:
    return 1 / (1 + mpmath.exp(-z))


def _normal_cdf(z: mpf) -> mpf:
    return mpmath.erfc(-z / mpmath.sqrt(2)) / 2


def _normal_pdf(z: mpf) -> mpf:
    return mpmath.exp(-z * z / 2) / mpmath.sqrt(2 * mpmath.pi)


def _softplus(z: mpf) -> mpf:
    return max(z, mpf(0)) + mpmath.log1p(mpmath.exp(-abs(z)))


ACTIVATIONS = {
    "relu": Activation(
        _within((0, 0), ALL),
        _within((0, 0), ALL, 1),
        lambda z: max(z, mpf(0)),
        lambda z: mpf(int(z > 0)),
    ),
    "leaky_relu": Activation(
        _within((1, 1.2), ALL),
        _within((0.01, 0.01), ALL, 1),
        lambda z: z if z > 0 else z / 100,
        lambda z: mpf(1) if z > 0 else mpf(1) / 100,
    ),
    "abs": Activation(_within((0, 0), ALL), _within((0, 0), ALL, 1), abs, mpmath.sign),
    "silu": Activation(
        _within((24, 80), EXP, ulp_no_fma=(70, 250)),
        _within((12, 35), EXP, 1),
        lambda z: z * _sigmoid(z),
        lambda z: _sigmoid(z) * (1 + z * _sigmoid(-z)),
    ),
    "gelu": Activation(
        _within((14, 13), TAIL, 1e-7),
        _within((1.8, 1.5), EXP, 1),
        lambda z: z * _normal_cdf(z),
        lambda z: _normal_cdf(z) + z * _normal_pdf(z),
    ),
    "tanh": Activation(
        ELEMENTARY["tanh"],
        _within((2, 1.9), ALL, 1),
        mpmath.tanh,
        lambda z: mpmath.sech(z) ** 2,
    ),
    "sigmoid": Activation(
        _within((24, 80), EXP, ulp_no_fma=(70, 250)),
        _within((1, 1), ALL, 1),
        _sigmoid,
        lambda z: _sigmoid(z) * _sigmoid(-z),
    ),
    "softplus": Activation(
        _within((3.1, 2.8), EXP),
        _within((1, 1), ALL, 1),
        _softplus,
        _sigmoid,
    ),
    "erf": Activation(
        ELEMENTARY["erf"],
        _within((1.6, 1.1), ALL, 1),
        mpmath.erf,
        lambda z: 2 * mpmath.exp(-z * z) / mpmath.sqrt(mpmath.pi),
    ),
    "sin": Activation(ELEMENTARY["sin"], ELEMENTARY["cos"], mpmath.sin, mpmath.cos),
    "square": Activation(
        _within((0.5, 0.5), ROOT),
        _within((0, 0), ROOT, 1),
        lambda z: z * z,
        lambda z: 2 * z,
    ),
    "relu2": Activation(
        _within((0.5, 0.5), ROOT),
        _within((0, 0), ROOT, 1),
        lambda z: max(z, mpf(0)) ** 2,
        lambda z: 2 * max(z, mpf(0)),
    ),
    "mish": Activation(
        _within((4.6, 3.7), EXP),
        _within((2, 1.7), EXP, 1),
        lambda z: z * mpmath.tanh(_softplus(z)),
        lambda z: mpmath.tanh(_softplus(z)) + z * _sigmoid(z) * mpmath.sech(_softplus(z)) ** 2,
    ),
}
VALUES = {name: row.value for name, row in ACTIVATIONS.items()}
SLOPES = {name: row.slope for name, row in ACTIVATIONS.items()}
