"""Simulation over N, T and ridge, theory beside it: in blocks, on any executor, into a store."""

from __future__ import annotations

import hashlib
import json
import math
import os
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from .._typing import Ints
from ..broadcasting import positive_ridge
from ..build import __version__
from ..computation import Arrays, Cancel, Plain
from ..hints import hinting_keywords
from ..memory import require_memory
from ..progress import Progress, check_progress
from ..randomness import RandomSource, root_entropy
from ..scheduling import BlocksFailed, Cell, Computation, Layout, RunState, Table, Watch, run
from ..threads import in_threads, thread_count
from ..validation import distinct_integers, integer, one_of, refuse_duplicates
from .closed_form import theory
from .simulation import METHODS, Simulated
from .spectrum import Spectrum, checked_spectrum

if TYPE_CHECKING:
    import xarray as xr

    from ..store import Stored

KIND = "simulation"
_FLOPS = 5e9  # per second and thread: the predicted time sizes blocks, no result depends on it
_RESULT_BYTES = 32  # of one draw in the table: two losses, and whether it is done
_LOSSES = ("losses", "train_losses")
_ATTRS = {
    "losses": {"long_name": "test loss of each draw"},
    "train_losses": {"long_name": "train loss of each draw"},
}


@hinting_keywords
def sweep(
    spectrum: Spectrum,
    *,
    N: int | Iterable[int],
    T: int | Iterable[int],
    ridge: float | Iterable[float] = 0.0,
    noise: float = 0.0,
    draws: int | Iterable[int] = 8,
    method: str = "exact",
    outputs: int = 100,
    test_samples: int = 1000,
    rng: RandomSource = 0,
    threads: int | None = None,
    executor: Any = None,
    store: str | os.PathLike[str] | None = None,
    progress: Progress = True,
    cancel: Cancel | None = None,
) -> xr.Dataset:
    """Simulate the model at every N, T and ridge, and put the theory beside it.

    Parameters
    ----------
    spectrum : Spectrum
    N, T : int or sequence of int
        Each once.
    ridge : float or sequence of float
        Each once.
    noise : float
    draws : int or sequence of int
        Labels of the draws; an integer n means 0 ... n-1. Draw k at (N, T) is that of `simulate`.
    method, outputs, test_samples
        As of `simulate`.
    rng : int, SeedSequence or Generator
        The root entropy; it is recorded.
    threads : int, optional
        By default LTENS_NUM_THREADS, else all that the process may use.
        No result depends on it.
    executor : Executor or dask.distributed.Client, optional
        As of `ltens.sweep`.
    store : path, optional
        One file that every finished block is written to at once. The same call resumes; other N,
        T, ridges and draws extend it. `ltens.open` reads it.
    progress : bool or callable
        As of `ltens.sweep`, in draws times N times T.
    cancel : object with ``is_set()``, optional
        Once set, what is finished is returned.

    Returns
    -------
    xarray.Dataset
        ``losses``, ``train_losses`` over (N, T, ridge, draw), NaN where not finished; over
        (N, T, ridge) their means ``test_loss``, ``train_loss`` with ``standard_error``, and the
        theory: ``theory``, ``theory_finite_size``, ``theory_train``, ``delta``, ``z``.

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong kind, unknown or out of range; before any work.
    StoreError
        If the store holds something else or cannot be used.
    BlocksFailed
        If blocks failed in the executor three times; all others are finished, in ``.dataset``.
    KeyboardInterrupt
        On Ctrl-C; finished blocks are in the store.

    Examples
    --------
    >>> ds = sweep(Spectrum.power_law(1.0, M=100), N=[5, 10], T=[20, 40], draws=3, progress=False)
    >>> dict(ds.losses.sizes)
    {'N': 2, 'T': 2, 'ridge': 1, 'draw': 3}
    >>> bool((abs(ds.test_loss / ds.theory - 1) < 0.5).all())
    True
    """
    checked_spectrum(spectrum)
    axes = {
        "N": distinct_integers(_listed(N), "N", minimum=1).tolist(),
        "T": distinct_integers(_listed(T), "T", minimum=1).tolist(),
        "ridge": _ridges(ridge),
    }
    options = {
        "noise": positive_ridge(noise, "noise"),
        "method": one_of(method, METHODS, "method"),
        "outputs": integer(outputs, "outputs", minimum=1),
        "test_samples": integer(test_samples, "test_samples", minimum=1),
        "rng": root_entropy(rng),
    }
    labels = _draw_labels(draws)
    check_progress(progress)
    computation = _computation(spectrum, axes, options, labels)
    table, state = _table(axes, labels), RunState()
    count = thread_count(1 if threads is None and executor is not None else threads)
    try:
        run(
            computation,
            table,
            store=store,
            executor=executor,
            threads=count,
            progress=progress,
            cancel=cancel,
            state=state,
        )
    except BlocksFailed as error:
        error.dataset = _dataset(spectrum, table, options)
        raise
    except KeyboardInterrupt as error:
        kept = "nothing is kept without store=" if store is None else "the same call resumes"
        raise KeyboardInterrupt(
            f"the sweep was interrupted; {state.finished} of {state.blocks} blocks are finished: "
            f"{kept}"
        ) from error
    return _dataset(spectrum, table, options)


def simulate_block(
    common: Mapping[str, Any],
    coordinates: Mapping[str, Plain],
    labels: Ints,
    watch: Watch,
) -> Arrays:
    """Simulate the labelled draws at one N, T and ridge; the worker of a sweep."""
    N, T = int(coordinates["N"]), int(coordinates["T"])
    simulated = Simulated(
        common["eigenvalues"],
        common["v_squared"],
        N,
        T,
        float(coordinates["ridge"]),
        common["noise"],
        common["method"],
        common["outputs"],
        common["test_samples"],
    )
    entropy, rows = int(common["rng"]), []
    for first in range(0, len(labels), watch.threads):
        if watch.cancel is not None and watch.cancel.is_set():
            break
        part = labels[first : first + watch.threads].tolist()
        rows.append(in_threads(lambda k: simulated.losses(entropy, k), part, watch.threads))
        if watch.report is not None:
            watch.report(float(N) * T * (first + len(part)))
    losses = np.concatenate(rows) if rows else np.empty((0, 2))
    found = {name: losses[:, i].copy() for i, name in enumerate(_LOSSES)}
    return {"label": labels[: len(losses)], **found}


def stored_dataset(stored: Stored) -> xr.Dataset:
    """Return the Dataset of everything a store was ever asked for."""
    arrays = stored.arrays
    spectrum = Spectrum(arrays["eigenvalues"], arrays.get("target"))
    options = {name: value for name, value in stored.identity.items() if name != "spectrum"}
    axes = {
        name: list(dict.fromkeys(cell[name] for cell in stored.cells))
        for name in ("N", "T", "ridge")
    }
    results = math.prod(map(len, axes.values())) * len(stored.labels)
    require_memory(_RESULT_BYTES * results, "the table of its results", "open it elsewhere")
    table = _table(axes, np.asarray(stored.labels, np.int64))
    for batch in stored.batches:
        cells = [json.loads(key) for key in batch.keys]
        table.enter_many(cells, batch.labels, batch.arrays, batch.seconds)
    return _dataset(spectrum, table, {**options, "rng": int(options["rng"])})


def _draw_labels(draws: int | Iterable[int]) -> Ints:
    """Return the labels of the draws: an integer n means 0 ... n-1."""
    if isinstance(draws, Iterable):
        return distinct_integers(draws, "draws", minimum=0)
    return np.arange(integer(draws, "draws", minimum=1, maximum=2**40), dtype=np.int64)


def _listed(values: Any) -> Any:
    return values if isinstance(values, Iterable) else [values]


def _ridges(values: float | Iterable[float]) -> list[float]:
    """Return the ridges, each once."""
    ridges = [positive_ridge(v, f"ridge[{i}]") for i, v in enumerate(_listed(values))]
    if not ridges:
        raise ValueError("ridge is empty, but must hold at least one number.")
    refuse_duplicates(ridges, "ridge")
    return ridges


def _computation(
    spectrum: Spectrum,
    axes: Mapping[str, Sequence[Any]],
    options: Mapping[str, Any],
    labels: Ints,
) -> Computation:
    arrays = {"eigenvalues": spectrum.eigenvalues}
    if spectrum.target is not None:
        arrays["target"] = spectrum.target
    digest = hashlib.sha256(b"".join(array.tobytes() for array in arrays.values())).hexdigest()
    return Computation(
        kind=KIND,
        worker=simulate_block,
        common={"eigenvalues": spectrum.eigenvalues, "v_squared": spectrum.v_squared, **options},
        cells=[
            Cell({"N": n, "T": t, "ridge": r}, seconds=_seconds(spectrum.M, n, t), work=n * t)
            for n in axes["N"]
            for t in axes["T"]
            for r in axes["ridge"]
        ],
        labels=labels,
        identity={"spectrum": f"sha256:{digest}", **options, "rng": str(options["rng"])},
        provenance={"ltens": __version__, "numpy": np.__version__},
        arrays=arrays,
    )


def _seconds(M: int, N: int, T: int) -> float:
    """Return a guess of one draw's time: its matrix products, factorisation and random numbers."""
    n = min(N, T)
    return (6.0 * M * N * T + 4.0 * M * N * N + 8.0 * (N + T) * n * n) / _FLOPS + 2e-8 * M * (N + T)


def _table(axes: Mapping[str, Sequence[Any]], labels: Ints) -> Table:
    table = Table(axes, "draw", labels, lambda name: Layout(attrs=_ATTRS.get(name, {})))
    for name in _LOSSES:
        table.declare(name, np.float64)
    return table


def _dataset(spectrum: Spectrum, table: Table, options: Mapping[str, Any]) -> xr.Dataset:
    """Return the table with means and theory."""
    import xarray as xr

    ds = table.dataset(
        {
            "title": "ltens.solvable.sweep: simulation and theory",
            "M": spectrum.M,
            **{name: options[name] for name in ("noise", "method")},
            "rng": str(options["rng"]),
            "versions": json.dumps({"ltens": __version__, "numpy": np.__version__}),
        }
    )
    losses = ds["losses"]
    count = losses.notnull().sum("draw")
    ds["test_loss"], ds["train_loss"] = losses.mean("draw"), ds["train_losses"].mean("draw")
    spread = np.sqrt(((losses - ds["test_loss"]) ** 2).sum("draw") / (count - 1).where(count > 1))
    ds["standard_error"] = spread / np.sqrt(count)
    grid = xr.broadcast(ds["N"], ds["T"], ds["ridge"])
    N, T, ridge = (part.transpose("N", "T", "ridge").values.astype(float) for part in grid)
    found = theory(spectrum, N=N, T=T, ridge=ridge, noise=options["noise"])
    finite = theory(spectrum, N=N, T=T, ridge=ridge, noise=options["noise"], finite_size=True)
    variables = {
        "theory": found.test_loss,
        "theory_finite_size": finite.test_loss,
        "theory_train": found.train_loss,
        "delta": found.delta,
        "z": found.z,
    }
    return ds.assign({name: (("N", "T", "ridge"), array) for name, array in variables.items()})
