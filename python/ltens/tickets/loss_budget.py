"""What the loss of every width is made of: one budget."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from .._typing import Floats
from ..validation import integer
from .budget_table import Budget, WidthBudget
from .budget_terms import Terms, interval, terms_of
from .inputs import Arrays, NetworksLike, TaskLike, check_task, network_arrays
from .kept_networks import networks_by_width
from .moments import from_residuals
from .outliers import kept
from .readout import refit
from .second_order import polish

if TYPE_CHECKING:
    import xarray as xr

_FEWEST = 3
_POSITIVE = ("loss", "approximation", "optimisation", "independent")


def budget(
    data: xr.Dataset | Mapping[int, NetworksLike],
    task: TaskLike,
    *,
    exclude: str | float = "dead",
    polished: int = 0,
) -> Budget:
    """Split the mean loss of each width by cause and by what seeds share.

    By cause: the approximation that the neurons allow, with the read-out solved by least squares
    (`refit`), and what the optimiser left to do there. By seeds: the error they share (bias²), and
    the part that averaging independent seeds would take away. Every pair has its part; the four
    parts sum to the loss, see `WidthBudget`.

    Parameters
    ----------
    data : Dataset or mapping of width to networks
        Networks of different seeds, at least 3 of each width; a Dataset of `ltens.sweep` with
        ``keep_networks=True``, of one activation.
    task : task
        With one output and the mean square error.
    exclude : {"none", "dead"} or float
        As in `bias_variance`.
    polished : int
        So many networks of each width, those with the smallest loss after `refit`, are trained on
        with `polish` for the best known loss.

    Returns
    -------
    Budget

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong kind, networks have several outputs, or the rule leaves too
        few of them.

    Notes
    -----
    The best known loss of a width is the smallest one of its networks with the read-out solved, of
    the polished ones, and of any narrower width: a wider network can be that one.

    Examples
    --------
    >>> import ltens
    >>> task = ltens.Task.from_function("square", samples=50)
    >>> found = budget({n: ltens.Networks.init(n, 20) for n in (3, 6)}, task, exclude="none")
    >>> row = found[6]
    >>> abs(sum(row.parts.values()) - row.loss) < 1e-12 * row.loss
    True
    >>> row.best <= row.approximation <= row.loss
    True
    """
    by_width = networks_by_width(data)
    count = integer(polished, "polished", minimum=0)
    if (loss := getattr(task, "loss", "mse")) != "mse":
        raise ValueError(f"task has the loss {loss!r}, but a budget is of the loss 'mse'.")
    rows: list[WidthBudget] = []
    for width, nets in by_width.items():
        if np.ndim(getattr(nets, "c", ())) != 1:
            raise ValueError(f"data[{width}] has several outputs, but a budget is of one.")
        narrower = rows[-1].best if rows else np.inf
        arrays = network_arrays(nets, f"data[{width}]")
        rows.append(_row(width, arrays, task, exclude=exclude, polished=count, narrower=narrower))
    return Budget(tuple(rows))


def _row(
    width: int,
    arrays: Arrays,
    task: TaskLike,
    *,
    exclude: str | float,
    polished: int,
    narrower: float,
) -> WidthBudget:
    x, y, q = check_task(arrays, task)
    residual = arrays.predict(x) - y
    stay = kept(np.square(residual) @ q, float(q @ (y - q @ y) ** 2), exclude)
    if (seeds := int(stay.sum())) < _FEWEST:
        raise ValueError(
            f"data[{width}] has {seeds} network(s) left by exclude={exclude!r}, but must have at "
            f"least {_FEWEST}."
        )
    some = arrays[stay]
    solved = refit(some, task)
    after = Arrays(some.w, some.b, solved.a, solved.c, some.activation)
    root = np.sqrt(q)
    errors, refitted = residual[stay] * root, (after.predict(x) - y) * root
    products = refitted @ errors.T
    np.fill_diagonal(products, solved.loss)  # which it is, but for rounding
    terms = terms_of(errors @ errors.T, products)
    values, spread = terms["values"]
    ends = _intervals(values, spread, seeds, most=np.inf)
    share_ends = _intervals(*terms["shares"], seeds, most=1.0)
    whole = from_residuals(residual[stay], q, x)
    return WidthBudget(
        width=width,
        seeds=seeds,
        excluded=len(stay) - seeds,
        **{name: value for name, value in values.items() if "," not in name},
        parts={name: value for name, value in values.items() if "," in name},
        best=min(narrower, _best(after, task, solved.loss, polished)),
        shares=terms["shares"][0],
        intervals=ends | {"shared": whole.intervals["bias2"]},
        share_intervals=share_ends | {"shared": whole.intervals["share"]},
        errors=spread,
    )


def _intervals(
    values: Terms, errors: Terms, seeds: int, *, most: float
) -> dict[str, tuple[float, float]]:
    """Return 95 % intervals; ends of what cannot be negative or above the whole are inside."""
    found = {name: interval(value, errors[name], seeds) for name, value in values.items()}
    inside = {name: (max(found[name][0], 0.0), min(found[name][1], most)) for name in _POSITIVE}
    return found | inside


def _best(nets: Arrays, task: TaskLike, losses: Floats, polished: int) -> float:
    """Return the smallest loss there is, and of so many networks after a second-order method."""
    least = float(losses.min())
    for s in np.argsort(losses, kind="stable")[:polished].tolist():
        least = min(least, float(polish(nets[[s]], task).loss[0]))
    return least
