"""What every law can: be kept in a file, and answer a reader's questions."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .checklist import Checklist
    from .surface import SurfaceLaw


class KeptLaw:
    """Base of all laws."""

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the law, with the data it was fitted to, to a JSON file for `ltens.load_law`.

        Parameters
        ----------
        path : str or os.PathLike
            A file that is there is replaced.

        Raises
        ------
        ValueError
            If it cannot be written.
        """
        from .law_file import save_law

        save_law(self, path)  # type: ignore[arg-type]  # all laws are known there

    def checklist(self, **stated: str) -> Checklist:
        """Return what a reader of the law will ask, answered as far as the law knows.

        The questions are those of "(Mis)Fitting" (arXiv 2502.18969).

        Parameters
        ----------
        **stated : str
            Answers that only the user knows, by the names of the questions: "form", "variables",
            "n_counted", "range", "seeds", "exclusions", "tuning", "objective", "starts",
            "uncertainty", "validation".

        Returns
        -------
        Checklist
            ``print`` shows it; `markdown`, `to_dict`, HTML in a notebook; `missing` names the
            questions without an answer.

        Raises
        ------
        TypeError
            If there is no such question.

        Examples
        --------
        >>> import ltens
        >>> law = ltens.fit([1, 10, 100, 1000], [2.0, 0.2, 0.02, 0.002])
        >>> law.checklist(n_counted="parameters without embeddings").missing
        ('tuning',)
        """
        from .checklist import curve_checklist, surface_checklist
        from .law import Law

        if isinstance(self, Law):
            return curve_checklist(self, stated)
        return surface_checklist(self._surface(), stated)

    def _surface(self) -> SurfaceLaw:
        """Return the law of several sizes that this one is or rests on."""
        raise NotImplementedError
