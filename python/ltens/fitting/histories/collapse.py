"""Whether curves of all sizes are one curve, once loss and time are divided by their last."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..._typing import Floats, Ints
from ...tables import estimate, plain
from ...validation import real, share
from .normalised import NormalisedCurves
from .table import Histories

if TYPE_CHECKING:
    from .law import HistoryLaw

_POINTS = 32  # of t / T, evenly spaced in its logarithm
_SHORTEST = 2.0  # last over first step that all curves have
_LIMITS = 7  # values of a fitted limit within its interval
_SIGNS = 999
_ALMOST = 0.9  # of the way from the limit to the smallest last loss, which it cannot pass


@dataclass(frozen=True, eq=False)
class Collapse:
    """Normalised curves (loss - limit) / (last loss - limit) against t / T, and how alike they are.

    Qiu et al., arXiv 2507.02119. They call it a supercollapse if normalised curves of different
    sizes differ by less than the loss of one size does between seeds.

    Attributes
    ----------
    limit : float
    limits : (M,) float64
        What else the limit may be: values of its interval if it is fitted.
    x : (X,) float64
        t / T, evenly spaced in its logarithm.
    curves : (G, X) float64
        The normalised curve of each training.
    groups : (G,) int64
        Its size: a place in `labels`.
    labels : tuple of str
    sizes : (S, k) float64
    spread : (X,) float64
        Standard deviation, over sizes with one training each, of a normalised curve about the mean
        of all: that of the means of sizes, the seeds' part taken off, and that of the seeds.
    noise : (X,) float64
        Standard deviation over the seeds of one size of loss - limit, relative to its mean, mean
        square over sizes.
    ratio : float
        Root mean square of `spread` over that of `noise`: below 1 for a supercollapse.
    interval : (float, float)
        Of the ratio, for other seeds and for every limit that may be.
    p_value : float
        Of "the curves do not depend on the size": the share of changes of sign of whole trainings'
        deviations that spread the means of sizes as far, the largest over the limits that may be.
    level : float
    """

    limit: float
    limits: Floats = field(repr=False)
    x: Floats = field(repr=False)
    curves: Floats = field(repr=False)
    groups: Ints = field(repr=False)
    labels: tuple[str, ...]
    sizes: Floats = field(repr=False)
    spread: Floats = field(repr=False)
    noise: Floats = field(repr=False)
    ratio: float
    interval: tuple[float, float]
    p_value: float
    level: float

    @property
    def holds(self) -> bool | None:
        """Return whether the curves collapse below the seeds' noise; None if it cannot be told."""
        low, high = self.interval
        return True if high < 1 else False if low > 1 else None

    @property
    def sentence(self) -> str:
        """Return what the numbers say."""
        shown = estimate(self.ratio, self.interval, ".2f")
        verdict = {True: "a supercollapse", False: "no supercollapse", None: "undecided"}
        differ = "they depend on the size"
        if not self.p_value <= 1 - self.level:
            differ = "that they depend on the size is not shown"
        return (
            f"The normalised curves of {len(self.sizes)} sizes spread {shown} times as far as the "
            f"seeds of one size: {verdict[self.holds]}; {differ} (p = {self.p_value:.2g})."
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the numbers, ready for JSON; None where there is none."""
        names = ("limit", "ratio", "interval", "p_value", "level", "labels", "x", "spread", "noise")
        return dict(plain({name: getattr(self, name) for name in names} | {"holds": self.holds}))

    def __str__(self) -> str:
        return self.sentence


def collapse_of(law: HistoryLaw, limit: float | None, level: float) -> Collapse:
    """Return the collapse of the checkpoints that a law is fitted to."""
    wanted = share(level, "level")
    table, kept = law.histories, law.kept
    groups, sizes = _sizes(table)
    x, losses = _on_one_grid(table, kept)
    known = limit is not None or law.surface.form.limits is not None
    value = law.limit if limit is None else real(limit, "limit")
    limits = np.array([value]) if known else _within(law, losses, wanted)
    _refuse_limit(value, losses, table)
    parts = [NormalisedCurves(losses, each, groups) for each in (value, *limits)]
    own = parts[0]
    if not own.noise.any():
        raise ValueError(
            "trainings of one size have the same losses, but a collapse is judged by the noise of "
            "seeds, which differ."
        )
    ends = [part.interval(wanted) for part in parts]
    rng = np.random.default_rng(0)
    signs = rng.choice([-1.0, 1.0], size=(_SIGNS, len(groups)))
    return Collapse(
        limit=value,
        limits=limits,
        x=x,
        curves=own.normalised,
        groups=groups,
        labels=_labels(table, sizes),
        sizes=sizes,
        spread=np.sqrt(np.maximum(own.spread, 0.0)),
        noise=np.sqrt(own.noise),
        ratio=own.ratio,
        interval=(min(low for low, _ in ends), max(high for _, high in ends)),
        p_value=max(part.p_value(signs) for part in parts),
        level=wanted,
    )


def _sizes(table: Histories) -> tuple[Ints, Floats]:
    """Return the size of each training (G,) and the different sizes (S, k)."""
    sizes, which = table.by_size()
    counts = np.bincount(which)
    if len(sizes) < 2 or counts.max() < 2:
        raise ValueError(
            f"the histories have {len(sizes)} size(s) with at most {counts.max()} training(s), but "
            "a collapse needs two sizes, and two trainings of one to know the noise of seeds."
        )
    return which, sizes


def _labels(table: Histories, sizes: Floats) -> tuple[str, ...]:
    return tuple(
        ", ".join(f"{name} {value:.4g}" for name, value in zip(table.sizes, row, strict=True))
        for row in sizes
    )


def _on_one_grid(table: Histories, kept: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Return t / T (X,) and the losses (G, X) there, interpolated in log t."""
    first, last = table.ends(kept)
    begin = float((first / last).max())
    if begin * _SHORTEST > 1:
        raise ValueError(
            f"the histories have only t/T from {begin:.2g} to 1 in common after what is left out, "
            "but a collapse needs a factor of 2: discard less."
        )
    x = np.geomspace(begin, 1.0, _POINTS)
    x[-1] = 1.0
    rows = [kept & (table.runs == run) for run in range(len(last))]
    losses = [
        np.interp(np.log(x), np.log(table.steps[own] / end), table.losses[own])
        for own, end in zip(rows, last, strict=True)
    ]
    return x, np.stack(losses)


def _within(law: HistoryLaw, losses: Floats, level: float) -> Floats:
    """Return limits (M,) within the interval of a fitted E, below every last loss."""
    low, high = law.interval("E", level)
    most = law.limit + _ALMOST * (float(losses[:, -1].min()) - law.limit)
    return np.linspace(min(low, law.limit), max(min(high, most), law.limit), _LIMITS)


def _refuse_limit(limit: float, losses: Floats, table: Histories) -> None:
    worst = int(losses[:, -1].argmin())
    if losses[worst, -1] <= limit:
        raise ValueError(
            f"limit is {limit:.4g}, but the last loss of training {table.run_names[worst]} is "
            f"{losses[worst, -1]:.4g}, which is not above it: give a lower one, such as limit=0."
        )
