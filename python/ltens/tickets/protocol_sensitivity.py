"""How far the exponent depends on the protocol."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ..fitting.curves import curves_of
from ..fitting.fit_losses import fit_table
from ..fitting.loss_table import from_dataset
from ..tables import interval, markdown

if TYPE_CHECKING:
    import xarray as xr


@dataclass(frozen=True)
class Variant:
    """The exponent of one protocol.

    Attributes
    ----------
    name, activation : str
        Of the protocol, and of the curve: the activation, with the values of other axes.
    exponent : float
        Of the median loss, as a plain power law; positive when the loss falls with size.
    interval : (low, high)
        95 %.
    widths : (smallest, largest)
        The range of sizes of the fit.
    seeds : int
    scatter : float
        Root mean square of log10(loss / law): how far the curve is from a power law.
    excluded : int
        Networks that diverged or did not finish.
    """

    name: str
    activation: str
    exponent: float
    interval: tuple[float, float]
    widths: tuple[int, int]
    seeds: int
    scatter: float
    excluded: int


@dataclass(frozen=True)
class Sensitivity:
    """Exponents of all variants, in the order given."""

    rows: tuple[Variant, ...]

    def table(self) -> str:
        """Return a Markdown table."""
        heads = ("protocol", "activation", "exponent", "95 % interval", "widths", "seeds")
        rows = [
            (
                r.name,
                r.activation,
                f"{r.exponent:.2f}",
                interval(r.interval, ".2f"),
                f"{r.widths[0]} to {r.widths[1]}",
                r.seeds,
                f"{r.scatter:.2f}",
            )
            for r in self.rows
        ]
        return markdown([*heads, "scatter (dex)"], rows)


def sensitivity(
    sweeps: Mapping[str, xr.Dataset] | Callable[[str], xr.Dataset],
    names: Iterable[str] | None = None,
    *,
    smallest: int = 5,
    largest: int | None = None,
    size: str = "width",
) -> Sensitivity:
    """Fit a power law to the median loss of each variant of a protocol.

    Parameters
    ----------
    sweeps : mapping of name to Dataset, or callable
        Results of `ltens.sweep`; or what trains the variant of a name and returns its Dataset.
    names : sequence of str, optional
        Which variants; all of a mapping by default.
    smallest, largest : int, optional
        The range of sizes of the fit.
    size : str
        The dimension of the Datasets that is the size.

    Returns
    -------
    Sensitivity

    Raises
    ------
    TypeError, ValueError
        If there are no names for a callable, a name is not in the mapping, or a variant has fewer
        than three widths in the range.

    Examples
    --------
    >>> import ltens
    >>> few = {"training": ltens.Training(steps=20), "progress": False, "activations": "silu"}
    >>> ds = ltens.sweep([5, 10, 20], seeds=4, **few)
    >>> [row.name for row in sensitivity({"twenty steps": ds}).rows]
    ['twenty steps']
    """
    if not callable(sweeps) and not isinstance(sweeps, Mapping):
        raise TypeError(
            f"sweeps is a {type(sweeps).__name__}, but must be a mapping of names to Datasets or a "
            "callable that returns the Dataset of a name."
        )
    if callable(sweeps) and names is None:
        raise TypeError("names is missing, but must be given with a callable.")
    chosen = list(sweeps if names is None else names)  # type: ignore[arg-type]
    rows: list[Variant] = []
    for name in chosen:
        if isinstance(sweeps, Mapping) and name not in sweeps:
            raise ValueError(
                f"names holds {name!r}, but sweeps has: {', '.join(map(str, sweeps))}."
            )
        ds = sweeps(name) if callable(sweeps) else sweeps[name]
        rows += _rows(name, ds, smallest, largest, size)
    return Sensitivity(tuple(rows))


def _rows(
    name: str, ds: xr.Dataset, smallest: int, largest: int | None, size: str
) -> list[Variant]:
    """Return the exponent of each curve."""
    sizes = ds[size].values
    inside = (sizes >= smallest) & (sizes <= (largest or np.inf))
    if inside.sum() < 3:
        raise ValueError(
            f"sweeps[{name!r}] has {int(inside.sum())} {size}(s) of at least {smallest}, but a fit "
            "needs 3."
        )
    part = ds.isel({size: np.flatnonzero(inside)})
    out = []
    for curve, one in curves_of(part, size).items():
        law = fit_table(from_dataset(one, size=size), model="power_law")
        low, high = law.interval()
        out.append(
            Variant(
                name=name,
                activation=curve or str(one["activation"].values),
                exponent=float(law.exponent),
                interval=(float(low), float(high)),
                widths=(sizes[inside].min().item(), sizes[inside].max().item()),
                seeds=int(part.sizes["seed"]),
                scatter=float(law.scatter),
                excluded=int(law.excluded),
            )
        )
    return out
