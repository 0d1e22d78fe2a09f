"""The best value of a parameter at each width, judged on data that are not trained on."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from .._typing import Floats
from ..fitting.curves import REPETITIONS
from ..status import DIVERGED
from ..training.task import Task
from ..validation import one_of
from ..words import exact
from .configuration import DEFAULTS, VARIABLES
from .sweeping import sweep

if TYPE_CHECKING:
    import xarray as xr

_JUDGES_STREAM = 5  # spawn key of the samples that values are judged on
_FEWEST_JUDGES = 1000


def tune(
    widths: Iterable[int] = DEFAULTS.widths,
    seeds: int | Iterable[int] = DEFAULTS.seeds,
    *,
    parameter: str = "lr",
    values: Iterable[Any],
    evaluation: Task | None = None,
    **options: Any,
) -> xr.Dataset:
    """Train with every value of a parameter and find the best at each width.

    The best value is the one with the smallest median over seeds of the loss on `evaluation`, data
    that are not trained on; a diverged network counts as an infinite loss. The smallest of several
    medians is a little too small itself: judge the tuned networks on fresh seeds or samples.

    Parameters
    ----------
    widths, seeds
        As of `ltens.sweep`.
    parameter : str
        What is tuned: any name that ``over`` of `ltens.sweep` takes.
    values : sequence
        The values to try, each once.
    evaluation : Task, optional
        What the values are judged on. By default as many fresh random samples of the task's
        function as it has, at least 1000, without noise; of a task of arrays it must be given.
    options
        Any other argument of `ltens.sweep`; axes in ``over`` are tuned each on its own.

    Returns
    -------
    xarray.Dataset
        That of the sweep, with the curve ``median_loss`` over (activation, ..., parameter, width),
        infinite where half of the networks diverged, and ``best_PARAMETER`` without the
        parameter's axis; ``ds.sel(lr=ds.best_lr)`` are the tuned networks. ``attrs["tuning"]``
        says in JSON what was tuned, how it was judged and where the best is at an end.

    Warns
    -----
    UserWarning
        If the best value is the smallest or largest of numbers somewhere: a better one may lie
        beyond.

    Raises
    ------
    TypeError, ValueError
        As of `ltens.sweep`; if `evaluation` is missing for arrays, or is the task trained on.

    Examples
    --------
    >>> import ltens
    >>> few = {"training": ltens.Training(steps=100), "activations": "silu", "progress": False}
    >>> ds = ltens.tune([2, 4], seeds=5, values=[0.001, 0.03, 3.0], **few)
    >>> ds.best_lr.dims, ds.best_lr.values.tolist()
    (('activation', 'width'), [[0.03, 0.03]])
    """
    one_of(parameter, tuple(VARIABLES), "parameter")
    over = dict(options.pop("over", None) or {})
    if parameter in over:
        raise ValueError(f"over has {parameter!r}, which is the parameter that is tuned: give one.")
    task = options.get("task")
    task = Task.from_function("square") if task is None else task
    judges = _judges(task) if evaluation is None else evaluation
    if isinstance(judges, Task) and judges.fingerprint == task.fingerprint:
        raise ValueError(
            "evaluation is the task that is trained on, but the values must be judged on other "
            "data."
        )
    axes = {**over, parameter: values}
    ds = sweep(widths, seeds, over=axes, evaluation=judges, **{**options, "task": task})
    return with_best_values(ds, parameter)


def with_best_values(ds: xr.Dataset, parameter: str) -> xr.Dataset:
    """Return a sweep with the median losses and the best value of an axis at each width.

    Parameters
    ----------
    ds : xarray.Dataset
        Of `ltens.sweep` with ``over`` and ``evaluation``, or of `ltens.open`.
    parameter : str
        One of its axes.

    Warns
    -----
    UserWarning
        As of `tune`.

    Raises
    ------
    ValueError
        If the parameter is no axis of the sweep.
    """
    if parameter not in ds["loss"].dims:
        raise ValueError(
            f"parameter is {parameter!r}, but must be one of the axes {', '.join(_axes(ds))}."
        )
    judged = ds["loss"].where(ds["status"] != DIVERGED, np.inf)
    median = judged.median([name for name in judged.dims if name in REPETITIONS], skipna=True)
    found = median.notnull().any(parameter) & (median.min(parameter) < np.inf)
    place = median.fillna(np.inf).argmin(parameter)
    best = ds[parameter].isel({parameter: place}).drop_vars(parameter, errors="ignore")
    if not found.all():  # there all diverged
        best = best.where(found, np.nan if ds[parameter].dtype.kind in "if" else "")
    ends = _at_the_ends(ds[parameter].values, best)
    if ends:
        warnings.warn(_warning(parameter, ends), UserWarning, stacklevel=3)
    told = {
        "parameter": parameter,
        "values": ds[parameter].values.tolist(),
        "judged_by": "median over seeds of the loss on the evaluation task; diverged is infinite",
        "evaluation_samples": int(ds.attrs.get("evaluation_samples", 0)),
        "at_the_ends": ends,
    }
    median.attrs["long_name"] = "median loss on the evaluation task"
    best.attrs = {"long_name": f"{parameter} with the smallest median loss"}
    out = ds.assign({"median_loss": median, f"best_{parameter}": best})
    return out.assign_attrs(tuning=json.dumps(told))


def _judges(task: Task) -> Task:
    """Return fresh random samples of the function of a task, without noise."""
    if not isinstance(task, Task):
        raise TypeError(f"task is a {type(task).__name__}, but must be an ltens.Task.")
    if task.recipe is None:
        raise ValueError(
            "evaluation is missing, but must be given: task was given as arrays, of which no fresh "
            "samples can be made to judge the values on."
        )
    return task.replace(
        sampling="random",
        samples=max(task.samples, _FEWEST_JUDGES),
        noise=0.0,
        rng=np.random.SeedSequence(task.recipe.rng, spawn_key=(_JUDGES_STREAM,)),
    )


def _axes(ds: xr.Dataset) -> list[str]:
    return [str(name) for name in ds["loss"].dims if name not in (*REPETITIONS, "width")]


def _at_the_ends(values: Any, best: xr.DataArray) -> list[str]:
    """Return where the best of numbers is the smallest or the largest of several."""
    if values.dtype.kind not in "if" or len(values) == 1:
        return []
    numbers: Floats = np.asarray(values, np.float64)
    ends = {"smallest": numbers.min(), "largest": numbers.max()}
    found = []
    for place in np.ndindex(best.shape):
        one = best[place]
        for word, end in ends.items():
            if float(one) == end:
                where = (f"{name} {exact(one[name].item())}" for name in best.dims)
                found.append(f"{', '.join(where)}: {exact(float(end))} is the {word}")
    return found


def _warning(parameter: str, ends: list[str]) -> str:
    more = f" and {len(ends) - 3} more" if len(ends) > 3 else ""
    return (
        f"the best {parameter} is at an end of the values ({'; '.join(ends[:3])}{more}): a better "
        "one may lie beyond, so try values on both sides."
    )
