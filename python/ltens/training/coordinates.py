"""The coordinate check: what a few steps change, by width (Yang et al., arXiv 2203.03466)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from .. import _core
from .._typing import Floats, Ints
from ..randomness import RandomSource, root_entropy
from ..standard_errors import standard_errors
from ..tables import text, with_error
from ..validation import distinct_integers
from .networks import Networks
from .settings import Training, check_training, with_parametrization
from .task import Task
from .trainer import train

QUANTITIES = {
    "activation": "size of the hidden activations",
    "preactivation_change": "change of the pre-activations",
    "output_change": "change of the output",
}
_POINTS = 64  # samples at which sizes are taken, at most


@dataclass(frozen=True, eq=False)
class CoordinateCheck:
    """Typical sizes after a few steps, at each width; ``print`` shows them.

    Attributes
    ----------
    parametrization : str
    widths : (W,) int64
    steps : (T,) int64
    sizes : dict of (T, W, S) float64
        Of each quantity the root mean square over neurons and samples, for each network.
    """

    parametrization: str
    widths: Ints
    steps: Ints
    sizes: Mapping[str, Floats]

    @property
    def slopes(self) -> dict[str, Floats]:
        """The (T,) exponents of each size in the width: the mean over seeds of log-log slopes."""
        return {name: slopes.mean(axis=-1) for name, slopes in self._slopes()}

    @property
    def errors(self) -> dict[str, Floats]:
        """The (T,) standard errors of the slopes over seeds; NaN for a single one."""
        return {name: standard_errors(slopes, axis=-1) for name, slopes in self._slopes()}

    def typical(self, quantity: str) -> Floats:
        """Return the (T, W) sizes of a quantity, the geometric mean over seeds."""
        sizes: Floats = np.exp(np.log(self.sizes[quantity]).mean(axis=-1))
        return sizes

    def __str__(self) -> str:
        heads = ("quantity", "steps", f"N = {self.widths[0]}", f"N = {self.widths[-1]}", "slope")
        slopes, errors = self.slopes, self.errors
        rows = [
            (
                QUANTITIES[name],
                int(count),
                f"{self.typical(name)[t, 0]:.3g}",
                f"{self.typical(name)[t, -1]:.3g}",
                with_error(slopes[name][t], errors[name][t], "+.3f"),
            )
            for name in self.sizes
            for t, count in enumerate(self.steps)
        ]
        return f"{self.parametrization}\n{text(heads, rows)}"

    def _slopes(self) -> Iterator[tuple[str, Floats]]:
        """Yield each quantity with the (T, S) least-squares slopes of log size in log width."""
        x = np.log(self.widths) - np.log(self.widths).mean()
        for name, sizes in self.sizes.items():
            yield name, np.einsum("w,tws->ts", x, np.log(sizes)) / (x @ x)


def coordinate_check(
    widths: Iterable[int] = (32, 64, 128, 256, 512, 1024),
    seeds: int | Iterable[int] = 8,
    *,
    steps: Iterable[int] = (1, 2, 5, 10),
    activation: str = "silu",
    task: Task | None = None,
    training: Training | None = None,
    parametrization: str | None = None,
    base_width: int | None = None,
    init: str = "torch",
    threads: int | None = None,
    rng: RandomSource = 0,
) -> CoordinateCheck:
    """Measure how activations, and what a few steps change, depend on the width.

    In a parametrisation in which wide networks learn like narrow ones none of them does, and the
    best learning rate of one width is that of all. In float64.

    Parameters
    ----------
    widths : sequence of int
        At least two.
    seeds : int or sequence of int
    steps : sequence of int
        Numbers of updates after which sizes are taken, at least 1.
    activation : str
    task : Task, optional
        ``Task.from_function("square")`` by default; sizes are taken at 64 samples at most.
    training : Training, optional
        Whose first steps are made, with a schedule that does not depend on their number.
    parametrization : {"standard", "ntk", "mean_field", "mup"}, optional
        That of the training by default.
    base_width : int, optional
        That of the training by default.
    init : str
    threads : int, optional
    rng : int, SeedSequence or Generator

    Returns
    -------
    CoordinateCheck

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong kind, unknown or out of range, or a network diverges.

    Examples
    --------
    >>> check = coordinate_check([64, 256, 1024], seeds=4, parametrization="mup", base_width=64)
    >>> abs(float(check.slopes["output_change"][-1])) < 0.1
    True
    >>> check = coordinate_check([64, 256, 1024], seeds=4, parametrization="standard", steps=[1])
    >>> round(float(check.slopes["output_change"][0]))
    1
    """
    sizes = np.sort(distinct_integers(widths, "widths", minimum=1))
    if len(sizes) < 2:
        raise ValueError(f"widths is {sizes.tolist()}, but a slope needs at least two widths.")
    counts = np.sort(distinct_integers(steps, "steps", minimum=1))
    settings = with_parametrization(check_training(training), parametrization, base_width)
    _require_first_steps(settings)
    data = Task.from_function("square") if task is None else task
    entropy = root_entropy(rng)
    columns = [
        _sizes(
            Networks.init(
                n, seeds, activation=activation, dimension=data.dimension,
                outputs=data.outputs, init=init,
                parametrization=settings.parametrization, base_width=settings.base_width,
                dtype="float64", rng=entropy,
            ),
            data, settings, counts, threads,
        )
        for n in sizes.tolist()
    ]  # fmt: skip
    return CoordinateCheck(
        settings.parametrization,
        sizes,
        counts,
        {name: np.stack([column[name] for column in columns], axis=1) for name in QUANTITIES},
    )


def _require_first_steps(training: Training) -> None:
    """Raise ValueError if the first steps depend on how many there are."""
    if training.schedule in ("cosine", "wsd") or training.warmup:
        raise ValueError(
            f"training has the schedule {training.schedule!r} and a warmup of {training.warmup}, "
            "but must have one that does not depend on the number of steps, such as "
            "schedule='constant'."
        )


def _sizes(
    nets: Networks, task: Task, training: Training, steps: Ints, threads: int | None
) -> dict[str, Floats]:
    """Return the (T, S) sizes of each quantity at one width."""
    x = task.x[:: -(-task.samples // _POINTS)]
    before, start = _preactivations(nets, x), nets(x)
    rows: dict[str, list[Floats]] = {name: [] for name in QUANTITIES}
    for count in steps.tolist():
        run = train(nets, task, replace(training, steps=count), threads=threads)
        if not np.isfinite(run.loss).all():
            raise ValueError(
                f"training.lr is {training.lr:g}, at which networks of width {nets.width} diverge "
                f"within {count} steps: take a smaller one."
            )
        after = _preactivations(run.networks, x)
        rows["activation"].append(_root_mean_square(_activations(nets.activation, after)))
        rows["preactivation_change"].append(_root_mean_square(after - before))
        rows["output_change"].append(
            _root_mean_square(np.asarray(run.networks(x) - start, np.float64))
        )
    return {name: np.array(row) for name, row in rows.items()}


def _preactivations(nets: Networks, x: Floats) -> Floats:  # (S, N, M)
    return np.asarray(nets.w @ x.T + nets.b[:, :, np.newaxis], np.float64)


def _activations(activation: str, z: Floats) -> Floats:
    value, slope = np.empty(z.size), np.empty(z.size)
    _core.activation(
        activation=activation,
        simd=str(_core.build_info()["simd_active"]),
        z=z.ravel(),
        value=value,
        slope=slope,
    )
    return value.reshape(z.shape)


def _root_mean_square(values: Floats) -> Floats:
    """Return the (S,) root mean squares over all but the first axis."""
    return np.asarray(np.sqrt((values.reshape(len(values), -1) ** 2).mean(axis=1)))
