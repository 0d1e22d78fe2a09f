"""Print the tables of docs/guide/numerics.md: the largest errors measured, and what is claimed.

Run ``PYTHONPATH=python:tests python -m accuracy [NAME ...]`` in the tree; some minutes for all.
"""

import functools
import sys

import numpy as np

import ltens
from ltens.tables import markdown

from . import references
from .functions import DTYPES, Claim
from .measurement import CLAIMS, DENSE, EXACT, computed, in_ulp, points

TITLES = {"elementary": "Elementary function", "value": "Activation", "slope": "Derivative"}


@functools.lru_cache(maxsize=2)
def judged(
    kind: str, name: str, dtype: str, limits: tuple[float, float]
) -> tuple[np.ndarray, tuple[np.ndarray, np.ndarray]]:
    """Return points and the exact values there."""
    x = points(dtype, limits, DENSE[dtype])
    return x, references.exact(EXACT[kind][name], x)


def largest(kind: str, name: str, claim: Claim, dtype: str, simd: str) -> tuple[float, float]:
    """Return the largest error for |x| <= 4 and in the whole range."""
    x, exact = judged(kind, name, dtype, claim.limits(dtype, fma=simd != "baseline"))
    error = in_ulp(computed(kind, name, simd, x), exact, claim.floor)
    return float(error[np.abs(x) <= 4].max()), float(error.max())


def range_text(claim: Claim) -> str:
    """Return the range as in `|x| ≤ 87 (708)`."""
    low, high = claim.low, claim.high
    if high[0] > 1e30:
        return "x ≥ 0" if low[0] == 0 else "all"
    first, second = (f"{v:g}" if v < 1e4 else f"10^{np.log10(v):.0f}" for v in high)
    text = first if first == second else f"{first} ({second})"
    return f"0 ≤ x ≤ {text}" if low[0] == 0 else f"|x| ≤ {text}"


def main(wanted: list[str]) -> None:
    """Print one table for each kind, of the functions wanted or of all."""
    supported = ltens.build_info()["simd_supported"]
    chosen = list(dict.fromkeys([supported[0], *({"baseline"} & set(supported))]))
    print(f"Measured on {' and '.join(chosen)}: for |x| ≤ 4 / in the whole range ≤ claimed.")
    for kind, claims in CLAIMS.items():
        heads = [f"{d} {'' if s != 'baseline' else 'no FMA'}".strip() for d in DTYPES
                 for s in chosen]  # fmt: skip
        rows = []
        for name, claim in claims.items():
            if wanted and name not in wanted:
                continue
            cells = []
            for dtype in DTYPES:
                for simd in chosen:
                    near, all_over = largest(kind, name, claim, dtype, simd)
                    bound = claim.bound(dtype, fma=simd != "baseline")
                    cells.append(f"{near:.2g} / {all_over:.2g} ≤ {bound:g}")
            floor = f"{claim.floor:g}"
            rows.append((name, range_text(claim), floor, *cells))
        print(f"\n{markdown([TITLES[kind], 'range', 'floor', *heads], rows)}")


if __name__ == "__main__":
    main(sys.argv[1:])
