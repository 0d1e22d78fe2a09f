"""How the start and the learning rate of each array change with the width."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from ..validation import one_of

Power = Callable[[float], float]
Four = tuple[float, float, float, float]


def _one(_: float) -> float:
    return 1.0


def _same(ratio: float) -> float:
    return ratio


def _over(ratio: float) -> float:
    return 1 / ratio


def _over_root(ratio: float) -> float:
    return 1 / math.sqrt(ratio)


@dataclass(frozen=True)
class Parametrization:
    """Powers of N / base_width for w, b, a and c, and of d for w.

    Attributes
    ----------
    spread : four functions of N / base_width
        The standard deviation at the start, over that at the base width.
    sgd, adam : four functions of N / base_width
        Factors of the learning rate: of optimizers that follow the gradient (sgd), and of those
        whose steps do not know its size (adam, adamw, sign).
    sgd_inputs, adam_inputs : function of d
        Another factor of the learning rate of w.

    Notes
    -----
    An array p = s q, where q is trained at the rate lr, moves like p at the rate s^2 lr under sgd
    and s lr under sign, or adam with an epsilon far below the gradients.
    """

    spread: tuple[Power, Power, Power, Power]
    sgd: tuple[Power, Power, Power, Power]
    adam: tuple[Power, Power, Power, Power]
    sgd_inputs: Power = _one
    adam_inputs: Power = _one


# f(x) = c + sum_i a_i act(w_i . x + b_i). "standard" is not here: the scheme's start at the width
# itself, and one learning rate.
_TABLES = {
    # Jacot et al., arXiv 1806.07572: w = omega / sqrt d, a = alpha / sqrt N; omega, b, alpha and c
    # are trained.
    "ntk": Parametrization(
        # w, b, a, c
        spread=(_one, _one, _over_root, _one),
        sgd=(_one, _one, _over, _one),
        adam=(_one, _one, _over_root, _one),
        sgd_inputs=_over,
        adam_inputs=_over_root,
    ),
    # Mei, Montanari & Nguyen, arXiv 1804.06561; Rotskoff & Vanden-Eijnden, arXiv 1805.00915:
    # w = omega / sqrt d, a = alpha / N; omega, b and alpha are trained, under sgd at the rate N lr.
    "mean_field": Parametrization(
        spread=(_one, _one, _over, _one),
        sgd=(_same, _same, _over, _one),
        adam=(_one, _one, _over, _one),
        sgd_inputs=_over,
        adam_inputs=_over_root,
    ),
    # Yang & Hu, arXiv 2011.14522; Yang et al., arXiv 2203.03466, table 3: input weights and biases,
    # and a read-out of fan-in N.
    "mup": Parametrization(
        spread=(_one, _one, _over, _one),
        sgd=(_same, _same, _over, _one),
        adam=(_one, _one, _over, _one),
    ),
}

PARAMETRIZATIONS = ("standard", *_TABLES)


def check_parametrization(name: object, argument: str = "parametrization") -> str:
    """Return the name of a parametrisation; TypeError or ValueError if it is none."""
    return one_of(name, PARAMETRIZATIONS, argument)


def start(parametrization: str, width: int, base_width: int) -> tuple[int, Four]:
    """Return how networks of a width start: the width whose spreads are taken, and their factors.

    Examples
    --------
    >>> start("standard", 64, 16)
    (64, (1.0, 1.0, 1.0, 1.0))
    >>> start("mup", 64, 16)
    (16, (1.0, 1.0, 0.25, 1.0))
    """
    if parametrization == "standard":
        return width, (1.0, 1.0, 1.0, 1.0)
    return base_width, _at(_TABLES[parametrization].spread, width / base_width)


def rate_factors(
    parametrization: str, optimizer: str, width: int, dimension: int, base_width: int
) -> Four:
    """Return the factors of the learning rates of w, b, a and c.

    Examples
    --------
    >>> rate_factors("mup", "sgd", 64, 2, 16)
    (4.0, 4.0, 0.25, 1.0)
    >>> rate_factors("mup", "adam", 64, 2, 16)
    (1.0, 1.0, 0.25, 1.0)
    >>> rate_factors("ntk", "sgd", 64, 2, 1)
    (0.5, 1.0, 0.015625, 1.0)
    """
    if parametrization == "standard":
        return 1.0, 1.0, 1.0, 1.0
    table = _TABLES[parametrization]
    by_size = optimizer == "sgd"
    powers, inputs = (table.sgd, table.sgd_inputs) if by_size else (table.adam, table.adam_inputs)
    w, b, a, c = _at(powers, width / base_width)
    return w * inputs(float(dimension)), b, a, c


def _at(powers: tuple[Power, Power, Power, Power], ratio: float) -> Four:
    w, b, a, c = powers
    return w(ratio), b(ratio), a(ratio), c(ratio)
