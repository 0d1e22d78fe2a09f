"""Every float32 there is: the largest error in each binade, and the same bits on all sets with FMA.

The bit patterns of one sign and exponent are 2^23 consecutive integers. In the tree
``PYTHONPATH=python:tests python -m accuracy.exhaustive [NAME ...]`` prints a table; five to ten
minutes of one core for each function.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

import ltens

from . import references
from .measurement import CLAIMS, EXACT, computed, in_ulp

MANTISSAS = 2**23
SUPPORTED = tuple(ltens.build_info()["simd_supported"])


_AT_ONCE = 2**15  # fit into a cache


@dataclass
class Binade:
    """What one instruction set does with the numbers of one sign and exponent.

    `exponent` is -127 for zero and the subnormal numbers, and 128 for infinity and NaN. `ulp` is
    the largest error among those in the range of the claim, -1 if none is; `other_bits` counts
    results that differ from those of the first set with FMA.
    """

    simd: str
    sign: int
    exponent: int
    ulp: float = -1.0
    other_bits: int = 0


def scan(kind: str, name: str, every: int = 1) -> Iterator[Binade]:
    """Go through all binades of both signs, or each `every`-th number, on every set."""
    for sign in (1, -1):
        for exponent in range(-127, 129):
            first = ((sign < 0) << 31) + ((exponent + 127) << 23)
            rows = {simd: Binade(simd, sign, exponent) for simd in SUPPORTED}
            for start in range(first, first + MANTISSAS, _AT_ONCE * every):
                stop = min(start + _AT_ONCE * every, first + MANTISSAS)
                x = np.arange(start, stop, every, dtype=np.uint32).view(np.float32)
                _judge(kind, name, x, rows)
            yield from rows.values()


def _judge(kind: str, name: str, x: np.ndarray, rows: dict[str, Binade]) -> None:
    """Enter what is found at some numbers of a binade."""
    claim, with_fma = CLAIMS[kind][name], None
    exact = references.exact(EXACT[kind][name], x)
    for simd, row in rows.items():
        fma = simd != "baseline"
        found = computed(kind, name, simd, x)
        low, high = claim.limits("float32", fma=fma)
        with np.errstate(all="ignore"):
            error = in_ulp(found, exact, claim.floor)[(x >= low) & (x <= high)]
        row.ulp = max(row.ulp, float(np.where(np.isnan(error), np.inf, error).max(initial=-1)))
        if fma:
            with_fma = found if with_fma is None else with_fma
            same = found.view(np.uint32) == with_fma.view(np.uint32)
            row.other_bits += int(np.sum(~same & ~(np.isnan(found) & np.isnan(with_fma))))


def main(wanted: list[str]) -> None:
    """Print the largest error of each binade as CSV, of the functions wanted or of all."""
    print("kind,function,simd,sign,exponent,ulp,other_bits")
    for kind, claims in CLAIMS.items():
        for name in claims:
            if wanted and name not in wanted:
                continue
            for row in scan(kind, name):
                ulp = f"{row.ulp:.4g}" if row.ulp >= 0 else ""
                print(f"{kind},{name},{row.simd},{row.sign},{row.exponent},{ulp},{row.other_bits}")


if __name__ == "__main__":
    main(sys.argv[1:])
