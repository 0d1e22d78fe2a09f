"""The data a network is trained on."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from .._typing import Floats
from ..hints import hinting_keywords, nearest
from ..randomness import RandomSource, generator
from ..validation import float64_array, integer, not_negative
from .digits import digit_samples
from .losses import check_loss, targets_of
from .recipe import Recipe, interval, noise_of


@hinting_keywords
@dataclass(frozen=True, eq=False, repr=False)
class Task:
    """Samples x, targets y and weights q of the loss L = sum_j q_j l(f(x_j), y_j).

    Parameters
    ----------
    x : (D,) or (D, d) array of real numbers
        The samples; kept as (D, d) float64.
    y : (D,) or (D, C) array of real numbers
        The targets, of one output or of C. Classes: labels (D,), whole numbers from 0, or
        probabilities (D, C) that sum to 1; kept as probabilities.
    weights : (D,) array of real numbers, optional
        The weights q, used as they are; 1/D each by default, so that L is a mean over samples.
    loss : {"mse", "cross_entropy", "logistic"}
        l(f, y): sum_k (f_k - y_k)^2; log sum_k exp f_k - sum_k y_k f_k, the cross entropy of
        softmax(f); log(1 + exp f) - y f of one output, with y in [0, 1].
    classes : int, optional
        The number of classes, where the highest does not occur in `y`.
    name : str, optional
        What results should call the task.
    domain : (low, high), optional
        The interval the coordinates come from; the range of `x` by default.
    recipe : Recipe, optional
        What the samples were made from; `from_function` says it.

    Raises
    ------
    TypeError
        If an array does not hold real numbers.
    ValueError
        If shapes do not match, there is no sample, a value is not finite, the weights are negative
        or all zero, labels are no whole numbers from 0 to C - 1 or all the same, or probabilities
        are negative or do not sum to 1.

    Examples
    --------
    >>> task = Task([-1.0, 0.0, 1.0], [1.0, 0.0, 1.0])
    >>> task.samples, task.dimension, task.domain
    (3, 1, (-1.0, 1.0))
    >>> task = Task([-1.0, 0.0, 1.0], [0, 2, 1], loss="cross_entropy")
    >>> task.outputs, task.classes, task.y[1]
    (3, 3, array([0., 0., 1.]))
    """

    x: Floats
    y: Floats
    weights: Floats
    loss: str = field(default="mse", kw_only=True)
    name: str = field(default="custom", kw_only=True)
    domain: tuple[float, float] = field(kw_only=True)
    recipe: Recipe | None = field(kw_only=True)

    def __init__(
        self,
        x: ArrayLike,
        y: ArrayLike,
        weights: ArrayLike | None = None,
        *,
        loss: str = "mse",
        classes: int | None = None,
        name: str = "custom",
        domain: Sequence[float] | None = None,
        recipe: Recipe | None = None,
    ) -> None:
        samples = _samples(x)
        targets = targets_of(y, check_loss(loss), classes)
        if len(targets) != len(samples):
            raise ValueError(
                f"y has {len(targets)} value(s), but must have one for each of the "
                f"{len(samples)} sample(s) of x."
            )
        limits = (float(samples.min()), float(samples.max())) if domain is None else domain
        if not isinstance(name, str):
            raise TypeError(f"name is {name!r}, but must be a string.")
        for key, value in {
            "x": samples,
            "y": targets,
            "weights": _weights(weights, len(samples)),
            "loss": loss,
            "name": name,
            "domain": limits if domain is None else interval(domain),
            "recipe": recipe,
        }.items():
            object.__setattr__(self, key, value)

    @property
    def samples(self) -> int:
        """The number of samples D."""
        return len(self.x)

    @property
    def dimension(self) -> int:
        """The dimension d of a sample."""
        return int(self.x.shape[1])

    @property
    def outputs(self) -> int:
        """The number of outputs C that a network for this task has."""
        return 1 if self.y.ndim == 1 else int(self.y.shape[1])

    @property
    def classes(self) -> int | None:
        """The number of classes; None where targets are numbers."""
        if self.loss == "mse":
            return None
        return 2 if self.loss == "logistic" else self.outputs

    @property
    def fingerprint(self) -> str:
        """The sha256 (hexadecimal) of shapes, samples, targets, weights and loss."""
        kind = "" if self.loss == "mse" and self.outputs == 1 else f" {self.y.shape} {self.loss}"
        digest = hashlib.sha256(f"ltens task {self.x.shape}{kind}".encode())
        for array in (self.x, self.y, self.weights):
            digest.update(array.astype("<f8").tobytes())
        return digest.hexdigest()

    def __getstate__(self) -> dict[str, Any]:
        """Leave the caller's function behind, which may not go to another process."""
        state = dict(self.__dict__)
        if self.recipe is not None and callable(self.recipe.function):
            state["recipe"] = None
        return state

    def __repr__(self) -> str:
        low, high = self.domain
        outputs = f"outputs={self.outputs}, " if self.outputs > 1 else ""
        loss = f", loss={self.loss}" if self.loss != "mse" else ""
        return (
            f"Task({self.name}, samples={self.samples}, dimension={self.dimension}, "
            f"{outputs}domain=({low:g}, {high:g}){loss})"
        )

    @classmethod
    @hinting_keywords
    def from_function(
        cls,
        function: str | Callable[[Floats], ArrayLike],
        *,
        domain: Sequence[float] = (-2.0, 2.0),
        samples: int = 1000,
        sampling: str = "grid",
        dimension: int = 1,
        noise: float = 0.0,
        rng: RandomSource = 0,
        loss: str = "mse",
        classes: int | None = None,
    ) -> Task:
        """Sample a function on an interval (d = 1) or a cube (d > 1).

        Parameters
        ----------
        function : str or callable
            ``"square"``, ``"cube"``, ``"abs"``, ``"sin"``, ``"exp"``, ``"step"``, ``"runge"``,
            ``"gaussian"`` (see `ltens.training.targets` for what they are in d > 1), or a
            vectorised callable of x (D,) if d = 1, else (D, d), that returns y (D,) or (D, C).
        domain : (low, high)
            Each coordinate lies in this interval.
        samples : int
            The number of samples D in all; for a grid or a Gauss rule in d dimensions a perfect
            d-th power.
        sampling : {"grid", "random", "gauss"}
            A regular grid with both ends, points drawn uniformly, or (d <= 3) the nodes and weights
            of a Gauss-Legendre rule: with enough of them the loss is that over the whole domain.
        dimension : int
            The dimension d.
        noise : float
            Standard deviation of the Gaussian noise added to every target, at least 0.
        rng : int, SeedSequence or Generator
            Draws the points of ``sampling="random"``, and the noise.
        loss, classes
            As of `Task`: ``"step"`` with ``loss="logistic"`` are two classes. Noise is for "mse".

        Raises
        ------
        TypeError
            If an argument is of the wrong kind.
        ValueError
            If a name is unknown, a number out of range, or the callable does not return finite
            numbers for each sample that go with the loss.

        Examples
        --------
        >>> Task.from_function("square", samples=5).y
        array([4., 1., 0., 1., 4.])
        >>> Task.from_function(lambda x: x[:, 0] * x[:, 1], samples=9, dimension=2).samples
        9
        """
        recipe = Recipe.checked(
            function=function,
            domain=domain,
            samples=samples,
            sampling=sampling,
            dimension=dimension,
            noise=noise,
            rng=rng,
        )
        if recipe.noise and check_loss(loss) != "mse":
            raise ValueError(
                f"noise is {recipe.noise:g}, but with loss {loss!r} targets are classes, and noise "
                "is added to numbers only."
            )
        x, y, weights = recipe.draw()
        return cls(
            x,
            y,
            weights,
            loss=loss,
            classes=classes,
            name=recipe.name,
            domain=recipe.domain,
            recipe=recipe,
        )

    @classmethod
    def digits(cls, part: str = "all") -> Task:
        """Return scikit-learn's handwritten digits: 64 inputs, 10 classes, cross entropy.

        Parameters
        ----------
        part : {"all", "train", "test"}
            All 1797; 1437 of them, drawn once and for all; the other 360.

        Raises
        ------
        TypeError, ValueError
            If the part is not known.
        ModuleNotFoundError
            Without scikit-learn: pip install 'ltens[data]'.

        Examples
        --------
        >>> Task.digits("train")
        Task(digits, samples=1437, dimension=64, outputs=10, domain=(0, 1), loss=cross_entropy)
        """
        x, labels = digit_samples(part)
        options: dict[str, Any] = {"loss": "cross_entropy", "classes": 10, "domain": (0.0, 1.0)}
        return cls(x, labels, name="digits", **options)

    def replace(self, **changes: Any) -> Task:
        """Return the task made anew with other values of what it was made from.

        Parameters
        ----------
        **changes
            Of a task of `from_function`, its arguments. Of a task of arrays, ``samples``, so many
            of them, drawn without replacement such that more samples hold the fewer, in their
            order, and ``noise`` as for `from_function`, but not of labels.

        Raises
        ------
        TypeError, ValueError
            If a value is not allowed, or the task cannot be changed in this way.

        Examples
        --------
        >>> Task.from_function("square").replace(samples=5).y
        array([4., 1., 0., 1., 4.])
        >>> Task(np.arange(100.0), np.zeros(100)).replace(samples=10).samples
        10
        """
        known = (*Recipe.varied(), "rng") if self.recipe is not None else ARRAY_CHANGES
        for name in changes:
            if name in known:
                continue
            if name in Recipe.varied():
                raise ValueError(
                    f"task was given as arrays, so that its {name} cannot be changed: make it with "
                    "ltens.Task.from_function."
                )
            raise TypeError(
                f"{name!r} is nothing a task is made from: did you mean {nearest(name, known)!r}?"
            )
        if self.recipe is not None:
            made = {**self.recipe.arguments(), **changes}
            return Task.from_function(**made, loss=self.loss, classes=self.classes)
        return self._of_arrays(**changes)

    def _of_arrays(self, samples: int | None = None, noise: float = 0.0) -> Task:
        """Return some of the samples, with noise; chosen and drawn by their place alone."""
        count = integer(self.samples if samples is None else samples, "samples", minimum=1)
        if count > self.samples:
            raise ValueError(f"samples is {count}, but the task has {self.samples}.")
        if count < self.samples and not np.all(self.weights == self.weights[0]):
            raise ValueError("task has weights that differ, but a part of it needs equal ones.")
        rows = np.sort(generator(0, _PARTS_STREAM).permutation(self.samples)[:count])
        amount = not_negative(noise, "noise")
        if amount and self.classes is not None:
            raise ValueError(
                f"noise is {amount:g}, but the task has {self.classes} classes, and noise is added "
                "to numbers only: change labels before the task is made."
            )
        y = self.y + noise_of(self.y.shape, amount, 0) if amount else self.y
        low, high = self.domain
        weights = self.weights * (self.samples / count) if count < self.samples else self.weights
        return Task(
            self.x[rows],
            y[rows],
            weights[rows],
            loss=self.loss,
            classes=self.classes,
            name=self.name,
            domain=self.domain if low < high else None,
        )


ARRAY_CHANGES = ("samples", "noise")
"""What can be changed of a task of arrays."""
_PARTS_STREAM = 3  # spawn key, beside those of the points and the noise


def _samples(x: ArrayLike) -> Floats:
    """Return x as (D, d)."""
    samples = float64_array(x, "x", (1, 2))
    if samples.ndim == 1:
        samples = samples[:, np.newaxis]
    if samples.size == 0:
        raise ValueError(f"x has shape {np.shape(x)}, but must hold at least one sample.")
    return samples


def _weights(weights: ArrayLike | None, count: int) -> Floats:
    """Return the weights, 1/D each if there are none."""
    if weights is None:
        uniform = np.full(count, 1.0 / count)
        uniform.setflags(write=False)
        return uniform
    checked = float64_array(weights, "weights", (1,))
    if len(checked) != count:
        raise ValueError(
            f"weights has {len(checked)} value(s), but must have one for each of the {count} "
            "sample(s) of x."
        )
    if np.any(checked < 0):
        index = int(np.argmax(checked < 0))
        raise ValueError(f"weights[{index}] is {checked[index]}, but must not be negative.")
    if not np.any(checked > 0):
        raise ValueError("weights are all zero, but at least one must be above 0.")
    return checked
