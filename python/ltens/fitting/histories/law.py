"""A law of whole trainings: a surface over sizes and steps, and what was left out of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..._typing import Floats
from ..surface.law import Prediction, SurfaceLaw
from .collapse import Collapse, collapse_of
from .discarding import Discarded
from .law_warnings import warnings_of
from .misfit import misfit_of
from .table import Histories


@dataclass(frozen=True, eq=False)
class HistoryLaw:
    """loss = E + sum_i A_i / x_i^alpha_i + A_t / t^alpha_t of trainings. Made by `fit_histories`.

    Attributes
    ----------
    histories : Histories
        All checkpoints, by training and step.
    rows : (R,) bool
        Those after the warm-up.
    warmup : float
    tried : tuple of Discarded
        The fits without each share of the early checkpoints.
    chosen : int
        Which of them this law is.
    given : bool
        Whether the share was given.
    surface : SurfaceLaw
        The law as `ltens.fit_surface` returns it: frontier, alternatives, influence, pictures.
    share : float
        The share of each training's range of log steps that is left out.
    kept : (R,) bool
        The checkpoints that were fitted.
    misfit : float
        By how much the law misses the means of the seeds, in log loss, beyond their noise.
    warnings : tuple of str
    """

    histories: Histories = field(repr=False)
    rows: NDArray[np.bool_] = field(repr=False)
    warmup: float
    tried: tuple[Discarded, ...] = field(repr=False)
    chosen: int = field(repr=False)
    given: bool = field(repr=False)

    @property
    def surface(self) -> SurfaceLaw:
        """Return the law as a surface."""
        return self.tried[self.chosen].law

    @property
    def share(self) -> float:
        """Return the share of each training's range of log steps that is left out."""
        return self.tried[self.chosen].share

    @property
    def kept(self) -> NDArray[np.bool_]:
        """Return the checkpoints (R,) that were fitted."""
        return self.tried[self.chosen].kept

    @property
    def rule(self) -> str:
        """Return how many checkpoints are left out, and by what rule."""
        from .summary import rule

        return rule(self)

    @property
    def time(self) -> str:
        """Return what the steps are called."""
        return self.histories.time

    @property
    def names(self) -> tuple[str, ...]:
        """Return the variables, the step last."""
        return self.surface.names

    @property
    def equation(self) -> str:
        """Return the equation."""
        return self.surface.equation

    @property
    def coefficients(self) -> dict[str, float]:
        """Return the coefficients of the equation."""
        return self.surface.coefficients

    @property
    def exponents(self) -> dict[str, float]:
        """Return the exponents by variable."""
        return self.surface.exponents

    @property
    def limit(self) -> float:
        """Return E, fitted or given."""
        limits = self.surface.form.limits
        return self.coefficients["E"] if limits is None else limits[0]

    @cached_property
    def misfit(self) -> float:
        """Return by how much the law misses the means of the seeds, beyond their noise.

        Root mean square of log loss over sizes and steps; NaN where no two trainings share both.
        """
        return misfit_of(self.surface, self.time)

    @cached_property
    def warnings(self) -> tuple[str, ...]:
        """Return reservations in plain sentences, the gravest first."""
        return warnings_of(self)

    def interval(
        self, name: str, level: float = 0.95, method: str = "profile"
    ) -> tuple[float, float]:
        """Return an interval of a coefficient, as `SurfaceLaw.interval`: by whole trainings."""
        return self.surface.interval(name, level, method)

    @overload
    def predict(self, sizes: Mapping[str, ArrayLike], *, interval: None = None) -> Floats: ...
    @overload
    def predict(self, sizes: Mapping[str, ArrayLike], *, interval: float) -> Prediction: ...
    def predict(
        self, sizes: Mapping[str, ArrayLike], *, interval: float | None = None
    ) -> Floats | Prediction:
        """Return the law's loss at sizes and steps, as `SurfaceLaw.predict`."""
        if interval is None:
            return self.surface.predict(sizes)
        return self.surface.predict(sizes, interval=interval)

    def collapse(self, limit: float | None = None, *, level: float = 0.95) -> Collapse:
        """Return how alike the normalised curves of all sizes are.

        Parameters
        ----------
        limit : float, optional
            What the loss falls to. By default the law's E, if that is fitted with all that its
            interval of `level` allows.
        level : float
            Of the intervals.

        Returns
        -------
        Collapse

        Raises
        ------
        ValueError
            If a training's last loss is not above the limit; if there are fewer than two sizes or
            no size has two trainings.
        """
        return collapse_of(self, limit, level)

    def summary(self, level: float = 0.95) -> str:
        """Return the law, what was left out, and the warnings as text."""
        from .summary import text

        return text(self, level)

    def to_dict(self, level: float = 0.95) -> dict[str, Any]:
        """Return all of it as plain numbers, ready for JSON."""
        from .summary import plain

        return plain(self, level)

    def __str__(self) -> str:
        return self.summary()

    def __repr__(self) -> str:
        shown = ", ".join(f"{name} {value:.4g}" for name, value in self.coefficients.items())
        return f"<HistoryLaw {self.equation}: {shown}>"

    def _repr_html_(self) -> str:
        from .summary import html

        return html(self)
