"""Whether rows look like checkpoints of the same training."""

from __future__ import annotations

import numpy as np

from ..._typing import Floats, Ints
from .columns import Table

_LONG = 4  # rows that differ in one variable only
_SHARE = 0.5  # of the rows that stand in such series
_CORRELATED = 0.3  # residuals of neighbours in a series
_SURE = 4.0  # standard errors of that correlation if the rows were independent


def checkpoint_warning(table: Table, residuals: Floats) -> list[str]:
    """Return a sentence if residuals (R,) of rows that share all sizes but one hang together.

    Independent runs on a grid share sizes, too; but only rows of one training (or a law that
    bends) miss it on the same side.
    """
    if table.trainings is not None:
        return []
    for i, name in enumerate(table.names):
        pairs, series, rows = _neighbours(table, i)
        if rows < _SHARE * len(residuals) or not len(pairs):
            continue
        products = residuals[pairs[:, 0]] * residuals[pairs[:, 1]]
        correlation = float(products.mean() / np.maximum((residuals**2).mean(), 1e-300))
        if correlation > _CORRELATED and correlation * np.sqrt(len(pairs)) > _SURE:
            return [
                f"{rows} rows stand in {series} series that differ in {name} only, and neighbours "
                f"in a series miss the law alike (correlation {correlation:.2f}), as checkpoints "
                "of one training do: if they are, give runs= a column that names the training, "
                "because the intervals take every row for a run of its own and are too narrow."
            ]
    return []


def _neighbours(table: Table, moving: int) -> tuple[Ints, int, int]:
    """Return neighbours (M, 2) along a variable in series of rows alike in all else."""
    alike = np.column_stack([table.groups, *np.delete(table.sizes, moving, axis=0)])
    _, at, counts = np.unique(alike, axis=0, return_inverse=True, return_counts=True)
    order = np.lexsort((table.sizes[moving], at.ravel()))
    long = counts[at.ravel()] >= _LONG
    order = order[long[order]]
    pairs = np.column_stack([order[:-1], order[1:]])
    same = at.ravel()[pairs[:, 0]] == at.ravel()[pairs[:, 1]] if len(pairs) else np.zeros(0, bool)
    return pairs[same], int((counts >= _LONG).sum()), int(long.sum())
