"""What a training gives, and what each number of it is called in tables.

The kernel writes one result for each network: `Result` in ``cpp/include/ltens/results.hpp``. An
attribute of `Run` that is annotated with a `Column` is the field of that result with the same name;
from these follow the columns of a sweep, what a store holds of them, and how much memory they take.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_type_hints

import numpy as np
from numpy.typing import NDArray

from .. import _core
from .._typing import Floats, Ints
from .networks import Networks

if TYPE_CHECKING:
    import xarray as xr

RESULT = np.dtype(_core.result_dtype())


Kept = Literal["always", "with classes", "with held-out data", "with held-out classes", "never"]


@dataclass(frozen=True)
class Column:
    """One number of every network.

    Attributes
    ----------
    dtype : str
    meaning : str
        ``long_name`` in a Dataset; may be empty.
    kept : str
        By which sweeps.
    name : str
        In the kernel's result and in a sweep; by default that of the attribute.
    """

    dtype: str
    meaning: str = ""
    kept: Kept = "always"
    name: str = ""


@dataclass(frozen=True, eq=False, kw_only=True)
class Run:
    """What a training gives.

    Attributes
    ----------
    networks : Networks
        The trained networks.
    loss : (S,) float64
        Final loss on the whole task, or on the evaluation task, evaluated in float64.
    error : (S,) float64
        Where there are classes, the share of samples whose class is not the predicted one: that of
        the largest output, or 1 where one output is above 0. Samples count by their weights.
        Evaluated like `loss`; NaN without classes.
    history : (S, K) float64
        Loss at the checkpoints, NaN where a network did not get there.
    error_history : (S, K) float64
        The same of `error`.
    status : (S,) int8
        0 ok, 1 diverged, 2 cancelled: ``STATUS[status]``. With a held-out task a diverged network
        has the best of its finite parameters, and their loss. The losses of a cancelled network are
        NaN where evaluating them would take long.
    engine : str
        The engine the training began with: the one asked for, or the choice of "auto".
    engines : (S,) str
        The engine each result comes from: another one where `engine` was not accurate enough.
    nodes : (S,) int64
        The number of quadrature nodes that stood for the samples; 0 where all samples were used.
    engine_error : (S,) float64
        The largest error of the engine as measured on the full task, see `train`; 0 for engines
        that are exact.
    held_out_loss : (S,) float64
        Loss on the held-out task of the parameters in `networks`; NaN without a held-out task.
    held_out_error : (S,) float64
        The same of `error`.
    best_step : (S,) int64
        Updates made to the parameters in `networks`: those with the smallest loss on the held-out
        task; `steps` if there is none.
    steps : (S,) int64
        Updates made.
    checkpoints : (K,) int64
        The steps of `history`.
    """

    networks: Networks
    history: Floats
    error_history: Floats
    engine: str
    checkpoints: Ints
    loss: Annotated[Floats, Column("f8", "loss of the parameters returned, float64")]
    error: Annotated[
        Floats, Column("f8", "share of samples whose class is mistaken", "with classes")
    ]
    status: Annotated[NDArray[np.int8], Column("i1")]
    engines: Annotated[NDArray[np.str_], Column("S1", name="engine")]
    nodes: Annotated[Ints, Column("i8", "quadrature nodes, 0 where all samples were used")]
    engine_error: Annotated[
        Floats, Column("f8", "largest error of the engine found on the full task")
    ]
    held_out_loss: Annotated[
        Floats,
        Column("f8", "smallest loss on held-out data, float64", kept="with held-out data"),
    ]
    held_out_error: Annotated[
        Floats,
        Column("f8", "share of held-out samples that are mistaken", kept="with held-out classes"),
    ]
    best_step: Annotated[
        Ints,
        Column("i8", "updates made to the parameters with that loss", kept="with held-out data"),
    ]
    steps: Annotated[Ints, Column("i8", kept="never")]

    def to_dataset(
        self, *, seeds: int | Iterable[int] | None = None, keep_networks: bool = False
    ) -> xr.Dataset:
        """Return the run as a Dataset, as `ltens.sweep` gives one of one activation and width.

        Several of them along "width" are a sweep: ``xarray.concat(datasets, "width")``.

        Parameters
        ----------
        seeds : int or sequence of int, optional
            The labels of the networks; 0, 1, ... by default.
        keep_networks : bool
            Also the parameters: ``w_N``, ``b_N``, ``a_N``, ``c_N``.

        Raises
        ------
        TypeError, ValueError
            If `seeds` are not as many as the networks, or of the wrong kind.

        Examples
        --------
        >>> import ltens
        >>> task = ltens.Task.from_function("square", samples=50)
        >>> run = ltens.train(ltens.Networks.init(4, 3), task, ltens.Training(steps=10))
        >>> dict(run.to_dataset().loss.sizes)
        {'activation': 1, 'width': 1, 'seed': 3}
        """
        from .run_dataset import run_dataset

        return run_dataset(self, seeds, keep_networks=keep_networks)


def _columns() -> dict[str, Column]:
    hints = get_type_hints(Run, include_extras=True)
    marked = {name: getattr(hint, "__metadata__", ()) for name, hint in hints.items()}
    return {
        name: replace(column, name=column.name or name)
        for name, (column, *_) in ((name, found) for name, found in marked.items() if found)
    }


COLUMNS = _columns()
"""All of them, by the attribute of `Run`, in the order in which a sweep shows them."""


def kept_columns(*, held_out: bool, classes: bool = False) -> dict[str, Column]:
    """Return the columns of a sweep, with held-out data and classes or without, by attribute.

    Examples
    --------
    >>> [column.name for column in kept_columns(held_out=False).values()]
    ['loss', 'status', 'engine', 'nodes', 'engine_error']
    """
    kept: dict[Kept, bool] = {
        "always": True,
        "with classes": classes,
        "with held-out data": held_out,
        "with held-out classes": held_out and classes,
        "never": False,
    }
    return {attribute: column for attribute, column in COLUMNS.items() if kept[column.kept]}


HISTORIES = {
    "history": "loss after so many steps, float64",
    "error_history": "share of samples whose class is mistaken after so many steps",
}
"""What is recorded at checkpoints, by its name, and what it means."""


def kept_histories(*, classes: bool) -> tuple[str, ...]:
    """Return the names of what is recorded at checkpoints, with classes or without.

    Examples
    --------
    >>> kept_histories(classes=False)
    ('history',)
    """
    return tuple(HISTORIES) if classes else ("history",)


def result_bytes(networks: int, checkpoints: int, *, classes: bool = False) -> int:
    """Return the memory of the results of so many networks, without their parameters.

    Examples
    --------
    >>> result_bytes(2, 0) == 2 * RESULT.itemsize
    True
    """
    histories = 2 if classes else 1  # of the loss, and of the error
    return networks * (RESULT.itemsize + 8 * histories * checkpoints)


def columns_of(results: NDArray[np.void], engines: tuple[str, ...]) -> Mapping[str, Any]:
    """Return what `Run` has from the kernel's results (S,), by attribute.

    Parameters
    ----------
    results : (S,) RESULT
    engines : tuple of str
        The names that the field ``engine`` counts.
    """
    columns: dict[str, Any] = {
        attribute: results[column.name].astype(column.dtype)
        for attribute, column in COLUMNS.items()
        if attribute != "engines"
    }
    return columns | {"engines": np.array(engines)[results["engine"]]}
