"""Training over widths, activations and seeds."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from .configuration import DEFAULTS, Configuration
from .dataset import empty_dataset, enter
from .entropy import RandomSource
from .parameters import Networks
from .progress import Progress, Report, check_progress, reporting
from .task import Task
from .threads import thread_count
from .training import Cancel, Run, Training, train

if TYPE_CHECKING:
    import xarray as xr


class Interrupted(KeyboardInterrupt):
    """A sweep was stopped by Ctrl-C or a signal.

    Attributes
    ----------
    dataset : xarray.Dataset
        What was finished; the rest has status "cancelled" and NaN losses.
    """

    def __init__(self, dataset: xr.Dataset) -> None:
        super().__init__("the sweep was interrupted; what was finished is in .dataset")
        self.dataset = dataset


def sweep(
    widths: Iterable[int] = DEFAULTS.widths,
    seeds: int | Iterable[int] = DEFAULTS.seeds,
    *,
    activations: str | Iterable[str] = DEFAULTS.activations,
    task: Task | None = None,
    training: Training | None = None,
    init: str = DEFAULTS.init,
    init_scale: float = DEFAULTS.init_scale,
    dtype: str = DEFAULTS.dtype,
    engine: str = DEFAULTS.engine,
    threads: int | None = None,
    executor: None = None,
    store: None = None,
    progress: Progress = True,
    checkpoints: int | Iterable[int] | None = None,
    keep_networks: bool = False,
    rng: RandomSource = DEFAULTS.rng,
    cancel: Cancel | None = None,
) -> xr.Dataset:
    """Train networks of every width and activation from many seeds and tabulate their losses.

    The defaults are the protocol of Liu & Tegmark (2023): y = x^2 on 1000 points of [-2, 2],
    50,000 steps of Adam.

    Parameters
    ----------
    widths : sequence of int
        The numbers of neurons N, each once.
    seeds : int or sequence of int
        Labels of the networks at each width; an integer n means 0 ... n-1.
    activations : str or sequence of str
        Names, each once; see `ltens.Networks`.
    task : Task, optional
        ``Task.from_function("square")`` by default.
    training : Training, optional
    init : str
        The initialisation scheme; see `ltens.Networks.init`.
    init_scale : float
        Multiplies its spread.
    dtype : {"float32", "float64"}
        Of the training; losses are evaluated in float64 always.
    engine : str
        How gradients are computed: "auto" (the cheapest that applies, see
        `ltens.engines.choose`) or one of `ltens.engines.names()`.
    threads : int, optional
        See `ltens.threads`; no result depends on it.
    executor, store : None
        Not available yet.
    progress : bool or callable
        True: a bar on stderr if it is a terminal. A callable of (done, total) in neuron-sample
        updates.
    checkpoints : int or sequence of int, optional
        Number of steps (evenly spaced in the logarithm), or the steps, at which ``history`` holds
        the loss.
    keep_networks : bool
        Also return the trained parameters: for each width N the variables ``w_N``, ``b_N``,
        ``a_N``, ``c_N``.
    rng : int, SeedSequence or Generator
        The root entropy; it is recorded.
    cancel : object with ``is_set()``, optional
        Once set, what is finished is returned, the rest with status "cancelled".

    Returns
    -------
    xarray.Dataset
        ``loss``, ``status`` over (activation, width, seed), ``history`` with ``checkpoint``
        beside, ``engine``, ``seconds`` over (activation, width); configuration, build and versions
        in ``attrs``.

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong kind, unknown or out of range; before any work.
    NotImplementedError
        If `executor` or `store` is given.
    MemoryError
        If the sweep does not fit into memory; before any work.
    Interrupted
        On Ctrl-C, a KeyboardInterrupt that carries what was finished.

    Examples
    --------
    >>> import ltens
    >>> ds = ltens.sweep([1, 2], seeds=3, training=ltens.Training(steps=10), progress=False)
    >>> dict(ds.loss.sizes)
    {'activation': 2, 'width': 2, 'seed': 3}
    """
    _refuse(executor=executor, store=store)
    configuration = Configuration.checked(
        widths,
        seeds,
        activations=activations,
        task=task,
        training=training,
        init=init,
        init_scale=init_scale,
        dtype=dtype,
        engine=engine,
        checkpoints=checkpoints,
        keep_networks=keep_networks,
        rng=rng,
    )
    count = thread_count(threads)
    check_progress(progress)
    ds = empty_dataset(configuration, count)
    try:
        with reporting(progress, configuration.total_work()) as report:
            _run_blocks(configuration, ds, count, report, cancel)
    except KeyboardInterrupt as error:
        raise Interrupted(ds) from error
    return ds


def _refuse(**arguments: Any) -> None:
    """Raise NotImplementedError for arguments that are promised but not there yet."""
    for name, value in arguments.items():
        if value is not None:
            raise NotImplementedError(
                f"{name} is {value!r}, but sweeps run in this process and in memory for now: "
                f"leave {name} out and keep the result with ds.to_netcdf(...)."
            )


def _run_blocks(
    configuration: Configuration,
    ds: xr.Dataset,
    threads: int,
    report: Report | None,
    cancel: Cancel | None,
) -> None:
    """Train block after block into the Dataset, until done or cancelled."""
    done = 0
    for activation, width in _blocks(configuration):
        if cancel is not None and cancel.is_set():
            return
        start = time.perf_counter()
        run = _train_block(
            configuration,
            activation,
            width,
            threads=threads,
            progress=_after(report, done),
            cancel=cancel,
        )
        enter(ds, activation, width, run, time.perf_counter() - start)
        done += configuration.work(int(configuration.widths[width]))
        if report is not None and not (run.status == 2).any():
            report(done)  # diverged networks stop early; the bar still ends at 100 %


def _blocks(configuration: Configuration) -> Iterator[tuple[int, int]]:
    """Give indices (activation, width), the most expensive first."""
    for width in np.argsort(-configuration.widths, kind="stable"):
        for activation in range(len(configuration.activations)):
            yield activation, int(width)


def _train_block(
    configuration: Configuration,
    activation: int,
    width: int,
    *,
    threads: int,
    progress: Callable[[int, int], object] | None,
    cancel: Cancel | None,
) -> Run:
    """Train all seeds of one activation and width."""
    nets = Networks.init(
        int(configuration.widths[width]),
        configuration.seeds,
        activation=configuration.activations[activation],
        dimension=configuration.task.dimension,
        init=configuration.init,
        scale=configuration.init_scale,
        dtype=configuration.dtype,
        rng=configuration.rng,
    )
    return train(
        nets,
        configuration.task,
        configuration.training,
        engine=configuration.engine,
        threads=threads,
        checkpoints=configuration.checkpoints,
        progress=progress,
        cancel=cancel,
    )


def _after(report: Report | None, done: int) -> Callable[[int, int], object] | None:
    """Return a progress callable that counts on from `done`."""
    if report is None:
        return None
    listener = report
    return lambda part, _: listener(done + part)
