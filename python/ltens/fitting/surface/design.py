"""What a design of runs can tell: whether the variables moved apart, and over what range."""

from __future__ import annotations

import numpy as np

from ..._typing import Floats, Ints
from .columns import Table

_TOGETHER = 0.01  # of a variable's spread is left when the others are known: nothing to fit
_NEARLY = 0.3  # the same, where intervals are wide: a variance inflation of 11
_FEW = 5  # different values of a variable below which its floor and exponent are confounded


def refuse_moving_together(table: Table, own_parts: bool) -> None:
    """Raise ValueError if a variable follows from the others in all runs.

    Parameters
    ----------
    table : Table
    own_parts : bool
        Each group has amplitudes of its own, so that only what moves within groups counts.
    """
    left = apart(table, own_parts)
    worst = _worst(left)
    if len(left) < 2 or left[worst] >= _TOGETHER:
        return
    name = table.names[worst]
    others = " and ".join(each for each in table.names if each != name)
    within = " within each group" if own_parts and len(table.labels) > 1 else ""
    raise ValueError(
        f"{others} and {name} never moved apart{within}: {_relation(table, worst)}, so the parts "
        f"of the loss that fall with each cannot be told. Fit one of them alone, or add runs that "
        f"change {name} at the same {others}."
    )


def _worst(left: Floats) -> int:
    """Return the variable with the least of its own, the last of those alike."""
    return len(left) - 1 - int(left[::-1].round(9).argmin())


def _relation(table: Table, worst: int) -> str:
    """Return in words how a variable follows from the others."""
    name = table.names[worst]
    if len(table.names) > 2 or len(table.labels) > 1:
        return f"{name} follows from the others in every run"
    other = 1 - worst
    logs = np.log(table.sizes)
    power = float(np.polyfit(logs[other], logs[worst], 1)[0])
    if abs(power - 1) < 0.01:
        ratio = float(np.exp(np.median(logs[worst] - logs[other])))
        return f"{name} is {ratio:.3g} times {table.names[other]} in every run"
    return f"{name} grows as {table.names[other]} to the power {power:.3g} in every run"


def apart(table: Table, own_parts: bool) -> Floats:
    """Return the share (k,) of the spread of each log size that the others do not explain.

    Examples
    --------
    >>> import numpy as np
    >>> from ltens.fitting.surface.columns import read
    >>> n, d = np.meshgrid([1.0, 10.0, 100.0], [1.0, 10.0, 100.0])
    >>> table = read({"n": n.ravel(), "d": d.ravel()}, np.arange(9.0, 0.0, -1.0), None, None)
    >>> apart(table, own_parts=False).round(3)
    array([1., 1.])
    """
    logs = _centred(np.log(table.sizes), table.groups if own_parts else None)
    found = np.ones(len(logs))
    for i, row in enumerate(logs):
        others = np.delete(logs, i, axis=0).T
        rest = row - others @ np.linalg.lstsq(others, row, rcond=None)[0] if others.size else row
        found[i] = np.linalg.norm(rest) / np.linalg.norm(
            np.log(table.sizes[i]) - np.log(table.sizes[i]).mean()
        )
    return found


def _centred(logs: Floats, groups: Ints | None) -> Floats:
    """Return rows (k, R) less their means, or those of their groups."""
    if groups is None:
        return np.asarray(logs - logs.mean(axis=1, keepdims=True))
    out = logs.copy()
    for group in np.unique(groups):
        out[:, groups == group] -= logs[:, groups == group].mean(axis=1, keepdims=True)
    return out


def design_warnings(table: Table, own_parts: bool) -> list[str]:
    """Return what the sizes alone say about the fit, in plain sentences."""
    return [
        *_nearly_together(table, own_parts),
        *_one_row_apart(table, own_parts),
        *_few_values(table),
        *_short_ranges(table),
        *_copies(table),
    ]


def _nearly_together(table: Table, own_parts: bool) -> list[str]:
    left = apart(table, own_parts)
    worst = _worst(left)
    if left[worst] >= _NEARLY:
        return []
    others = " and ".join(each for each in table.names if each != table.names[worst])
    return [
        f"{others} and {table.names[worst]} moved nearly together ({100 * left[worst]:.0f} % of "
        f"the range of {table.names[worst]} is its own): their parts are hard to tell, and the "
        "exponents rest on the few runs where they differ."
    ]


def _one_row_apart(table: Table, own_parts: bool) -> list[str]:
    """Name the row without which a variable would follow from the others.

    What is left of a variable when the others are known loses r^2 / (1 - h) of its sum of squares
    with a row of residual r and leverage h.
    """
    logs = _centred(np.log(table.sizes), table.groups if own_parts else None)
    for i, row in enumerate(logs if len(logs) > 1 else ()):
        basis = np.linalg.qr(np.column_stack([np.delete(logs, i, axis=0).T, np.ones(len(row))]))[0]
        rest = row - basis @ (basis.T @ row)
        free = np.maximum(1 - (basis**2).sum(axis=1), 1e-12)
        without = np.maximum((rest**2).sum() - rest**2 / free, 0.0)
        alone = int(without.argmin())
        if np.sqrt(without[alone]) < _TOGETHER * np.linalg.norm(row - row.mean()):
            return [
                f"Row {alone} ({table.row(alone)}) alone moves {' and '.join(table.names)} apart: "
                "without it nothing could tell their parts."
            ]
    return []


def _few_values(table: Table) -> list[str]:
    counts = {name: len(np.unique(row)) for name, row in zip(table.names, table.sizes, strict=True)}
    return [
        f"{name} has {count} different values only: its exponent can hardly be told from the floor."
        for name, count in counts.items()
        if count < _FEW
    ]


def _short_ranges(table: Table) -> list[str]:
    spans = {
        name: float(row.max() / row.min())
        for name, row in zip(table.names, table.sizes, strict=True)
    }
    return [
        f"{name} spans a factor {span:.3g}, less than a decade: a curve can look like a power law "
        "over so short a range."
        for name, span in spans.items()
        if span < 10
    ]


def _copies(table: Table) -> list[str]:
    rows = np.column_stack([table.groups, *table.sizes, table.losses])
    copies = len(rows) - len(np.unique(rows, axis=0))
    if not copies:
        return []
    return [
        f"{copies} row(s) are exact copies of others: each counts as a run of its own, which makes "
        "the intervals too narrow."
    ]
