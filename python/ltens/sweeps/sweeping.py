"""Training over widths, activations and seeds."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ..computation import Cancel, check_cancel
from ..hints import hinting_keywords
from ..progress import Progress, check_progress
from ..randomness import RandomSource
from ..scheduling import BlocksFailed, RunState, run
from ..threads import thread_count
from ..training.settings import Training
from ..training.task import Task
from .configuration import DEFAULTS, Configuration
from .dataset import sweep_dataset, sweep_table
from .sweep_computation import computation_of

if TYPE_CHECKING:
    import xarray as xr


class Interrupted(KeyboardInterrupt):
    """A sweep was stopped by Ctrl-C or a signal.

    Attributes
    ----------
    dataset : xarray.Dataset
        What was finished; the rest has status "cancelled" and NaN losses.
    finished, blocks : int
        How many blocks of this call were finished, of how many.
    """

    def __init__(self, dataset: Callable[[], xr.Dataset], state: RunState, store: object) -> None:
        self.finished, self.blocks = state.finished, state.blocks
        kept = ".dataset" if store is None else f"{store}: the same call resumes"
        super().__init__(
            f"the sweep was interrupted; {state.finished} of {state.blocks} blocks are finished, "
            f"in {kept}"
        )
        self._dataset = dataset

    @cached_property
    def dataset(self) -> xr.Dataset:
        """Made when it is looked at: importing xarray takes longer than stopping may."""
        return self._dataset()


@hinting_keywords
def sweep(
    widths: Iterable[int] = DEFAULTS.widths,
    seeds: int | Iterable[int] = DEFAULTS.seeds,
    *,
    activations: str | Iterable[str] = DEFAULTS.activations,
    task: Task | None = None,
    training: Training | None = None,
    parametrization: str | None = None,
    base_width: int | None = None,
    init: str = DEFAULTS.init,
    init_scale: float = DEFAULTS.init_scale,
    dtype: str = DEFAULTS.dtype,
    engine: str = DEFAULTS.engine,
    rtol: float = DEFAULTS.rtol,
    threads: int | None = None,
    executor: Any = None,
    store: str | os.PathLike[str] | None = None,
    progress: Progress = True,
    checkpoints: int | Iterable[int] | None = None,
    keep_networks: bool = False,
    rng: RandomSource = DEFAULTS.rng,
    cancel: Cancel | None = None,
    evaluation: Task | None = None,
    held_out: Task | None = None,
    over: Mapping[str, Iterable[Any]] | None = None,
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
        ``Task.from_function("square")`` by default. Networks have as many outputs as it has.
    training : Training, optional
    parametrization : {"standard", "ntk", "mean_field", "mup"}, optional
        How spreads at the start and learning rates change with the width; the training's own by
        default. See `ltens.Networks.init` and `ltens.Training`.
    base_width : int, optional
        The width at which it is as "standard"; the training's own by default.
    init : str
        The initialisation scheme; see `ltens.Networks.init`.
    init_scale : float
        Multiplies its spread.
    dtype : {"float32", "float64"}
        Of the training; losses are evaluated in float64 always.
    engine : str
        How gradients are computed: "auto" (the cheapest that applies, see
        `ltens.engines.choose`) or one of `ltens.engines.names()`.
    rtol : float
        The error allowed to an engine that approximates; see `ltens.train`.
    threads : int, optional
        By default LTENS_NUM_THREADS, else all that the process may use.
        No result depends on it.
    executor : Executor or dask.distributed.Client, optional
        Trains the blocks: anything with the semantics of `concurrent.futures`, also
        ``mpi4py.futures.MPIPoolExecutor``. It is not shut down. A block uses one thread there
        unless `threads` is given.
    store : path, optional
        One file that every finished block is written to at once. The same call resumes; other
        widths, seeds and activations extend it. See ``docs/guide/store.md``.
    progress : bool or callable
        True: a bar on stderr if that is a terminal, else a line now and then. A callable of
        (done, total) in neuron-sample updates; what it raises ends no sweep.
    checkpoints : int or sequence of int, optional
        Number of steps (evenly spaced in the logarithm), or the steps, at which ``history`` holds
        the loss, and ``error_history`` the error where there are classes.
    keep_networks : bool
        Also return the trained parameters: for each width N the variables ``w_N``, ``b_N``,
        ``a_N``, ``c_N``.
    rng : int, SeedSequence or Generator
        The root entropy; it is recorded.
    cancel : object with ``is_set()``, optional
        Once set, what is finished is returned, the rest with status "cancelled".
    evaluation : Task, optional
        On which losses, errors and histories are evaluated; `task` by default.
    held_out : Task, optional
        For early stopping, see `ltens.train`; ``held_out_loss``, ``held_out_error`` and
        ``best_step`` tell of it.
    over : dict of str to sequence, optional
        Further axes, such as ``{"lr": [0.001, 0.01], "samples": [100, 1000]}``: every combination
        of their values is trained. A name is a field of `Training`, an argument of
        `Task.from_function` (function, domain, samples, sampling, dimension, noise) or ``init``,
        ``init_scale``, ``dtype``, ``rtol``; what is an axis is not given otherwise. Of a task of
        arrays there may be fewer ``samples`` and ``noise``, see `Task.replace`. Evaluation and
        held-out tasks follow in function, domain and dimension.

    Returns
    -------
    xarray.Dataset
        ``loss``, ``status``, ``engine``, ``nodes``, ``engine_error`` (see `ltens.Run`) over
        (activation, width, seed), ``error`` of a task with classes, ``history`` with
        ``checkpoint`` beside, ``seconds`` of
        computing over (activation, width); the axes `over` stand before ``width``. Configuration,
        build and versions in ``attrs``.

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong kind, unknown or out of range; before any work.
    StoreError
        If the store holds another sweep, is being written by another process, is damaged beyond
        single blocks, or cannot be written. What was committed stays.
    BlocksFailed
        If blocks failed in the executor three times; all others are finished, in ``.dataset``.
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
    >>> few = {"activations": "silu", "training": ltens.Training(steps=10), "progress": False}
    >>> dict(ltens.sweep([1, 2], seeds=3, over={"lr": [0.001, 0.01]}, **few).loss.sizes)
    {'activation': 1, 'lr': 2, 'width': 2, 'seed': 3}
    """
    configuration = Configuration.checked(
        widths,
        seeds,
        activations=activations,
        task=task,
        training=training,
        parametrization=parametrization,
        base_width=base_width,
        init=init,
        init_scale=init_scale,
        dtype=dtype,
        engine=engine,
        rtol=rtol,
        checkpoints=checkpoints,
        keep_networks=keep_networks,
        rng=rng,
        evaluation=evaluation,
        held_out=held_out,
        over=over,
    )
    check_progress(progress)
    check_cancel(cancel)
    table, state = sweep_table(configuration), RunState()

    count = thread_count(1 if threads is None and executor is not None else threads)
    computation = computation_of(configuration, count)

    def dataset() -> xr.Dataset:
        return sweep_dataset(configuration, table, computation.provenance)

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
    except KeyboardInterrupt as error:
        raise Interrupted(dataset, state, store) from error
    except BlocksFailed as error:
        error.dataset = dataset()
        raise
    return dataset()
