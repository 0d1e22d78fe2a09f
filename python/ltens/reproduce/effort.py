"""How much of a figure or table is computed, and where what was trained stays."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

NO_VERDICT = "quick run: no verdict"


@dataclass(frozen=True)
class Effort:
    """What a function of a figure or table is called with.

    Attributes
    ----------
    quick : bool
        Smaller sizes and fewer draws: seconds instead of minutes, and no verdicts.
    threads : int
    folder : Path or None
        For stores of what is trained and tables of what is measured.
    """

    quick: bool = False
    threads: int = 1
    folder: Path | None = None

    def store(self, name: str) -> Path | None:
        """Return the path of a store in the folder; quick ones are not mixed with the others.

        Examples
        --------
        >>> Effort(quick=True, folder=Path("kept")).store("base").name
        'base-quick.ltens'
        """
        return self._path(name, ".ltens")

    def table(self, name: str) -> Path | None:
        """Return the path of a table (CSV) in the folder, apart from that of a full run.

        Examples
        --------
        >>> Effort(quick=True, folder=Path("kept")).table("exponents").name
        'exponents-quick.csv'
        """
        return self._path(name, ".csv")

    def judged(self, records: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
        """Return records as they may be shown: a quick run gives no verdict.

        Examples
        --------
        >>> Effort(quick=True).judged([{"share": 0.5, "rule_verdict": "holds"}])
        [{'share': 0.5, 'rule_verdict': 'quick run: no verdict'}]
        """
        if not self.quick:
            return list(records)
        return [
            {key: NO_VERDICT if key.endswith("verdict") else cell for key, cell in record.items()}
            for record in records
        ]

    def _path(self, name: str, suffix: str) -> Path | None:
        if self.folder is None:
            return None
        return self.folder / f"{name}{'-quick' * self.quick}{suffix}"
