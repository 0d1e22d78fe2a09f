"""Theories beside a measured exponent, as text, Markdown, CSV and JSON."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

from ...tables import csv, interval, markdown, plain, text
from ...verdicts import HOLDS, Claim

_COLUMNS = (
    "theory",
    "quantity",
    "law",
    "predicted",
    "within",
    "exponent",
    "interval",
    "t",
    "p",
    "verdict",
)


@dataclass(frozen=True)
class TheoryRow:
    """One theory against the data.

    Attributes
    ----------
    theory : str
    quantity : str
        Whose exponent is predicted and measured.
    predicted, exponent : float
    low, high : float
        The exponent's interval; wider by the error of a prediction that was measured itself.
    statistic : float
        (measured - predicted) in standard errors, by the profile likelihood: Student's t with
        `degrees` degrees of freedom; normal (infinite degrees) for predictions of a data scan.
    degrees : float
    p_value : float
        Of the prediction to the last digit, two-sided, of a lower bound one-sided; of each theory
        by itself: not corrected for the number of theories.
    verdict : {"holds", "contradicted", "undecided"}
        Of the interval and the claim (`ltens.verdicts`): "holds" if all of it lies within the
        tolerance of the prediction, "contradicted" if none of it does. A prediction that is off
        by less than the tolerance holds however small its p-value is.
    assumes, source : str
    tolerance : float
        By how much the exponent may miss the prediction (`ltens.verdicts.exponent_tolerance`).
    at_least : bool
        Whether the prediction is a lower bound.
    law : str
        The model of `ltens.fit` that the exponent comes from.
    """

    theory: str
    quantity: str
    predicted: float
    exponent: float
    low: float
    high: float
    statistic: float
    degrees: float
    p_value: float
    verdict: str
    assumes: str
    source: str
    tolerance: float
    at_least: bool
    law: str

    @property
    def claim(self) -> Claim:
        """Return the prediction with its tolerance."""
        end = float("inf") if self.at_least else self.predicted
        return Claim(self.predicted, end, self.tolerance)

    @property
    def sentence(self) -> str:
        """Return claim, tolerance, what was measured, and the verdict."""
        return self.claim.sentence(self.exponent, (self.low, self.high))


@dataclass(frozen=True)
class Comparison:
    """What `compare` found.

    Attributes
    ----------
    rows : tuple of TheoryRow
    sizes : (smallest, largest)
        Widths used.
    count : int
        How many.
    dimension : float
    statistic : str
        Over seeds.
    level : float
    limit : float or None
        The known limit; None if it was fitted.
    warnings : tuple of str
    label : str
        What the sizes are.
    loss : str
        Which loss.
    headline : str
        What `ltens.fit` says of the same sizes, and which theory is tested on another estimate.
    """

    rows: tuple[TheoryRow, ...]
    sizes: tuple[float, float]
    count: int
    dimension: float
    statistic: str
    level: float
    limit: float | None
    warnings: tuple[str, ...]
    label: str = "width"
    loss: str = "loss"
    headline: str = ""

    def __getitem__(self, theory: str) -> TheoryRow:
        """Return the row whose theory begins so.

        Raises
        ------
        KeyError
            If there is none, or more than one; always for an empty name.
        """
        name = str(theory)
        found = [row for row in self.rows if name and row.theory.startswith(name)]
        if len(found) == 1:
            return found[0]
        raise KeyError(
            f"{theory!r} begins {len(found)} of the theories, but must begin one of: "
            f"{', '.join(row.theory for row in self.rows)}"
        )

    @property
    def holding(self) -> tuple[str, ...]:
        """Return the theories that hold."""
        return tuple(row.theory for row in self.rows if row.verdict == HOLDS)

    def summary(self) -> str:
        """Return the table as text for a terminal, with what each theory assumes."""
        lines = [self._head(), text(_COLUMNS, map(_cells, self.rows), indent="  "), ""]
        for row in self.rows:
            lines += [f"  {row.theory}: {row.sentence}."]
            lines += [f"    Assumes {row.assumes} ({row.source})."]
        lines += [f"  ! {note}" for note in (self.headline, *self.warnings) if note]
        return "\n".join(lines)

    def markdown(self) -> str:
        """Return a Markdown table."""
        return markdown(_COLUMNS, map(_cells, self.rows))

    def to_csv(self) -> str:
        """Return CSV in full precision, one line for each theory."""
        return csv([asdict(row) for row in self.rows])

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON; None stands for no finite number."""
        return dict(plain(asdict(self)))

    def to_json(self) -> str:
        """Return JSON."""
        return json.dumps(self.to_dict(), indent=2)

    def __str__(self) -> str:
        return self.summary()

    def _head(self) -> str:
        limit = "fitted" if self.limit is None else f"known, {self.limit:.4g}"
        return (
            f"{self.statistic} {self.loss}, {self.count} {self.label}s from {self.sizes[0]:g} to "
            f"{self.sizes[1]:g}, dimension {self.dimension:g}, limit {limit}; intervals "
            f"{100 * self.level:g} %"
        )


def _cells(row: TheoryRow) -> tuple[str, ...]:
    return (
        row.theory,
        row.quantity,
        row.law,
        f"{'at least ' * row.at_least}{row.predicted:.3g}",
        f"{row.tolerance:.3g}",
        f"{row.exponent:.3g}",
        interval((row.low, row.high), ".3g"),
        f"{row.statistic:+.1f}",
        f"{row.p_value:.2g}",
        row.verdict,
    )
