"""How much of a figure or table is computed, and where what was trained stays."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Effort:
    """What a function of a figure or table is called with.

    Attributes
    ----------
    quick : bool
        Smaller sizes and fewer draws: seconds instead of minutes.
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
        if self.folder is None:
            return None
        return self.folder / f"{name}{'-quick' * self.quick}.ltens"
