"""Students of smooth teachers: the exponent is at least 4/d, not 4/d.

The protocol of `teacher`, with tanh teachers for ReLU ones.
"""

from __future__ import annotations

from ...tables import estimate, markdown, numbers
from ..effort import Effort
from .teacher import BIAS, PROTOCOL, SHORT, Scan, local_exponents, scan

_HEADS = (
    "d",
    "against",
    "held",
    "claim",
    "power law, all sizes",
    "with a floor",
    "floor",
    "local exponents",
)


def make(effort: Effort) -> str:
    """Return the exponents and the claim, as Markdown."""
    return markdown(_HEADS, [_row(one) for one in scans(effort)]) + "\n"


def scans(effort: Effort) -> list[Scan]:
    """Return the scans over samples and over width in each dimension."""
    dimensions, seeds = ((4,), 3) if effort.quick else ((2, 4, 6), 8)
    samples = tuple(2**k for k in (range(6, 10) if effort.quick else range(6, 14)))
    widths = tuple(2**k for k in (range(2, 6) if effort.quick else range(2, 9)))
    kinds = (
        ("samples", samples, 64 if effort.quick else 192),
        ("width", widths, 4096 if effort.quick else 2**17),
    )
    return [
        scan(
            d,
            sizes,
            against=against,
            held=held,
            seeds=seeds,
            bias=BIAS,
            activation="tanh",
            training=SHORT if effort.quick else PROTOCOL,
            threads=effort.threads,
        )
        for against, sizes, held in kinds
        for d in dimensions
    ]


def _row(one: Scan) -> list[str]:
    plain, floored = one.law("power_law"), one.law("power_law_floor")
    held = "N" if one.against == "samples" else "D"
    return [
        str(one.dimension),
        f"{one.against} {one.sizes[0]}-{one.sizes[-1]}",
        f"{held} = {one.held}",
        f"at least {one.expected:.2f}",
        *[estimate(law.exponent, law.interval(), ".2f") for law in (plain, floored)],
        f"{floored.floor:.1e}",
        numbers(local_exponents(one), ".2f"),
    ]
