"""What a quick run computes less of, and how its tables and pictures say so."""

from __future__ import annotations

import textwrap
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_TICKETS = (
    "2,000 steps instead of 50,000, all others / 25, at most 24 seeds, N up to 20 (wide: 200)"
)
_TEACHER = "1,000 steps instead of 40,000, 3 seeds instead of 8, fewer sizes"
_COORDINATES = "4 seeds instead of 16, N up to 512 instead of 4,096"
_TRANSFER = "4 seeds instead of 16, a fifth of the steps, 3 widths of 8, 4 rates of 10"
_PROTOCOL = "500 steps instead of 50,000, 4 seeds instead of 32, 3 widths of 9"
_BUDGET = "500 steps instead of 50,000, 4 seeds instead of 24, 3 widths of 7, 3 rates of 7"
_DIGITS = "100 steps instead of 2,000, 2 seeds instead of 4, 3 partings of the data instead of 12"
_ENSEMBLES = "100 steps instead of 2,000, 16 seeds instead of 128, N up to 16 instead of 256"
_WIDTH = "1,000 starts instead of 20,000, at most 100 steps instead of 1,000, N up to 64"
_DATA = "60 steps, 20 draws instead of 200, one way of training of six"
_LABELS = "4 draws instead of 20, up to 256 samples instead of 1,024"
_TORUS = "4 draws instead of 8, sizes up to 64 instead of 256"
_PATCHES = "4 draws instead of 8, 400 patches instead of 1,500"
_SENSITIVITY = "2,000 steps instead of 50,000, 12 seeds instead of 100, 4 protocols, N up to 20"

# By the name of an item, steps and seeds or draws first; "tickets-" stands for all others that
# begin so. tests/python/reproduce/test_every_name.py looks for these numbers in what is called.
SCALES = {
    "solvable-F2": "16 x 16 pixels instead of 32 x 32",
    "solvable-F3": "800 samples instead of 3,072, 16 x 16 pixels instead of 32 x 32",
    "solvable-F4": "800 samples instead of 3,000, 8 x 8 pixels instead of 12 x 12",
    "solvable-F5": "800 samples instead of 3,000, 8 x 8 pixels instead of 12 x 12",
    "solvable-F6": "M = 300 instead of 1,500",
    "solvable-F7": "4 draws, M = 800 instead of 6,000",
    "solvable-F8": "4 draws, M = 800 instead of 6,000, sizes up to 400 instead of 4,000",
    "solvable-F9": "4 draws, M = 800 instead of 6,000, sizes up to 400 instead of 4,000",
    "solvable-F10": "6 draws instead of 16, M = 300 instead of 1,500",
    "solvable-F11": "4 draws, M = 100 instead of 300",
    "solvable-phases": "M = 60 instead of 300",
    "solvable-students": "2 draws, 300 neurons instead of 1,500",
    "solvable-time": "4 draws, M = 200 instead of 1,000",
    "solvable-sgd": "1,000 steps instead of 5,000, 24 draws instead of 96, M = 100 instead of 200",
    "solvable-data": "4 draws, 1,500 patches instead of 6,000",
    "solvable-table": "4 draws instead of 24, M = 300 instead of 1,500, every fourth row",
    "solvable-sgd-table": "16 draws instead of 64, 100 steps instead of 300, M = 60 instead of 120",
    "tickets-": _TICKETS,
    "tickets-sensitivity": _SENSITIVITY,
    "tickets-forest": _SENSITIVITY,
    "tickets-scatter": "2,000 steps instead of 50,000, 1 seed, N = 200 instead of 10,000",
    "regimes-random-features": "6 draws instead of 8, sizes up to 64 instead of 256",
    "regimes-gaussian": "4 draws instead of 10, sizes up to 64 instead of 256",
    "regimes-coefficients": "6 draws instead of 24, sizes up to 192 instead of 768",
    "regimes-duality": "4 draws instead of 8, sizes up to 64 instead of 256",
    "regimes-digits-features": "6 draws instead of 12, 800 features instead of 3,000",
    "regimes-digits-exponents": "4 draws instead of 8, 800 features instead of 3,000",
    "regimes-digits-variance": "8 draws instead of 32, 800 features instead of 3,000",
    "regimes-torus": _TORUS,
    "regimes-torus-exponents": _TORUS,
    "regimes-counter-examples": "2,000 draws instead of 20,000",
    "regimes-counter-ratios": "4,000 draws instead of 100,000, D = 64 instead of 256",
    "regimes-patches": _PATCHES,
    "regimes-patches-exponents": _PATCHES,
    "regimes-relu-kernels": "3 draws instead of 6, up to 128 samples instead of 1,024",
    "regimes-data": _DATA,
    "regimes-data-table": _DATA,
    "regimes-width": _WIDTH,
    "regimes-width-table": _WIDTH,
    "regimes-teacher-data": _TEACHER,
    "regimes-teacher-width": _TEACHER,
    "regimes-teacher-table": _TEACHER,
    "regimes-smooth-teacher": f"{_TEACHER}, d = 4 alone",
    "regimes-twins": "10 trials instead of 100, 300 points instead of 1,000",
    "regimes-approximation": "5 draws instead of 20, d up to 2",
    "regimes-dimension": "20 trials instead of 200, 300 points instead of 1,000",
    "regimes-superclasses": _LABELS,
    "regimes-input-noise": _LABELS,
    "regimes-labels": _LABELS,
    "regimes-quanta": "4 draws instead of 20, D up to 10^5 instead of 10^6",
    "beyond-coordinates": _COORDINATES,
    "beyond-coordinates-table": _COORDINATES,
    "beyond-transfer": _TRANSFER,
    "beyond-transfer-table": _TRANSFER,
    "beyond-protocol": _PROTOCOL,
    "beyond-protocol-table": _PROTOCOL,
    "beyond-budget": _BUDGET,
    "beyond-digits": _DIGITS,
    "beyond-digits-table": _DIGITS,
    "beyond-digits-regimes": _DIGITS,
    "beyond-digits-width": "30 steps instead of 300, 32 seeds instead of 512, N up to 128, not 256",
    "beyond-ensembles": _ENSEMBLES,
    "beyond-ensembles-table": _ENSEMBLES,
    "regimes-classifier": "2 trials of each curve instead of 10, 2 designs of 10",
}
SAME = ("regimes-verdicts",)  # nothing of these is computed less of
_LETTERS_PER_INCH = 13  # of the font size below
_COLOUR = "#D55E00"


def scale(name: str) -> str | None:
    """Return what a quick run of an item has instead of the full one; None if that is the same.

    Examples
    --------
    >>> scale("solvable-F11")
    '4 draws, M = 100 instead of 300'
    """
    if name in SAME:
        return None
    family = f"{name.partition('-')[0]}-"
    return SCALES.get(name) or SCALES.get(family, "smaller sizes and fewer draws")


def title(name: str) -> str | None:
    """Return what stands above every table and picture of a quick run.

    Examples
    --------
    >>> title("solvable-F11")
    'Quick run (4 draws, M = 100 instead of 300): no verdict'
    """
    said = scale(name)
    return None if said is None else f"Quick run ({said}): no verdict"


def marked(product: Figure | str, name: str) -> Figure | str:
    """Return a picture or tables with that title."""
    said = title(name)
    if said is None:
        return product
    if isinstance(product, str):
        return _above_tables(product, said)
    lines = textwrap.wrap(said, round(_LETTERS_PER_INCH * product.get_figwidth()))
    own = [product.get_suptitle()] if product.get_suptitle() else []
    product.suptitle("\n".join([*lines, *own]), fontsize=9, color=_COLOUR)
    return product


def _above_tables(text: str, said: str) -> str:
    """Return Markdown with a line above each table."""
    lines = ["", *text.split("\n")]
    found = []
    for before, line in pairwise(lines):
        starts = line.startswith("|") and not before.startswith("|")
        found += [f"*{said}*", "", line] if starts else [line]
    return "\n".join(found)
