"""The budget of a loss at each width, and how it is printed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from ..tables import estimate, text
from .budget_terms import CAUSES, KINDS

_FORM = ".3g"


@dataclass(frozen=True, eq=False)
class WidthBudget:
    """What the mean loss of one width is made of.

    With r_s the error of network s, r'_s its error with the read-out solved (`refit`) and
    d_s = r_s - r'_s what the optimiser left of it, <.> the task's weighted mean:

    * loss = approximation + optimisation: approximation = mean <r'_s r'_s>, the mean loss of the
      read-outs solved, which is mean <r'_s r_s> too, since <r'_s d_s> = 0; optimisation =
      mean <d_s r_s>, what solving them saves;
    * loss = shared + independent: shared = mean over s != t of <r_s r_t>, the squared bias of
      `bias_variance`; independent, its variance;
    * each cause has a shared part, mean over s != t of <r'_s r_t> or <d_s r_t>, and the rest: the
      four parts sum to the loss.

    Attributes
    ----------
    width, seeds, excluded : int
        How many networks took part, and how many did not by the rule.
    loss, approximation, optimisation, shared, independent : float
    parts : dict of str to float
        "approximation, shared", "approximation, independent", "optimisation, shared",
        "optimisation, independent". Shared parts are unbiased and may be negative.
    best : float
        The smallest loss known of any network of this width: an upper bound of what the
        architecture cannot avoid. It is part of the approximation.
    intervals : dict of str to (low, high)
        Of all these but `best`, 95 %: Student's t with the jackknife over seeds; that of shared is
        the one of `bias_variance`. What cannot be negative has no end below 0.
    shares : dict of str to float
        Of the loss, all these.
    share_intervals : dict of str to (low, high)
        Theirs, narrower than those of the parts: the seeds with a large loss have more of each.
    errors : dict of str to float
        The jackknife standard errors of the parts.
    """

    width: int
    seeds: int
    excluded: int
    loss: float
    approximation: float
    optimisation: float
    shared: float
    independent: float
    parts: dict[str, float]
    best: float
    intervals: dict[str, tuple[float, float]]
    shares: dict[str, float]
    share_intervals: dict[str, tuple[float, float]]
    errors: dict[str, float]

    @property
    def neurons(self) -> float:
        """The rest of the approximation, which better w and b would save."""
        return self.approximation - self.best

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        return asdict(self)

    def __str__(self) -> str:
        left = f", {self.excluded} left out" if self.excluded else ""
        heads = [f"N = {self.width}, {self.seeds} seeds{left}", *KINDS, "in all", "of the loss"]
        rows = [
            [cause, *(self._cell(f"{cause}, {kind}") for kind in KINDS), *self._ends(cause)]
            for cause in CAUSES
        ]
        rows.append(["in all", *(self._cell(kind) for kind in KINDS), *self._ends("loss")])
        share = f"{100 * self.best / self.loss:.3g} %" if self.loss > 0 else "-"
        rows.append(["best known network", "", "", f"{self.best:{_FORM}}", share])
        return text(heads, rows)

    def _cell(self, name: str) -> str:
        value = self.parts[name] if name in self.parts else float(getattr(self, name))
        return estimate(value, self.intervals[name], _FORM)

    def _ends(self, name: str) -> tuple[str, str]:
        low, high = (100 * end for end in self.share_intervals[name])
        return self._cell(name), f"{100 * self.shares[name]:.1f} % [{low:.1f}, {high:.1f}]"


@dataclass(frozen=True, eq=False)
class Budget:
    """One table for each width; ``print`` shows them.

    Attributes
    ----------
    rows : tuple of WidthBudget
        By increasing width.
    """

    rows: tuple[WidthBudget, ...]

    def __getitem__(self, width: int) -> WidthBudget:
        """Return the budget of a width."""
        for row in self.rows:
            if row.width == width:
                return row
        known = ", ".join(str(row.width) for row in self.rows)
        raise KeyError(f"width {width} has no budget, but these have: {known}")

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def widths(self) -> Sequence[int]:
        """All widths, increasing."""
        return [row.width for row in self.rows]

    def to_dict(self) -> dict[int, dict[str, Any]]:
        """Return plain values by width, ready for JSON."""
        return {row.width: row.to_dict() for row in self.rows}

    def __str__(self) -> str:
        return "\n\n".join(map(str, self.rows))
