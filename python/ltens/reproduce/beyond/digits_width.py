"""Variance-limited scaling in width with cross entropy: L(N) - L(infinity) on few digits.

Bahri et al. (2102.06701), section 2.1, has 1/N for losses that are smooth in the output. ReLU
networks in muP (2203.03466) learn `FEW` images, all in every step, with a constant learning rate;
the loss is that of the test images. The limit is that of networks of `FAR` neurons, whose own
distance from it is in the law that is fitted.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from scipy.optimize import curve_fit
from scipy.stats import distributions

from ..._typing import Floats
from ...standard_errors import standard_errors
from ...sweeps.sweeping import sweep
from ...tables import estimate, markdown, with_error
from ...training.settings import Training
from ...training.task import Task
from ...verdicts import Claim
from ..effort import Effort
from .digits import FEW, parts

FAR = 4096
STEPS = (10, 30, 100, 300)
_BASE = 32
_LEAST_P = 1e-3  # of a power law


@dataclass(frozen=True, eq=False)
class Widths:
    """Test losses after each number of steps.

    Attributes
    ----------
    widths, steps : tuple of int
    losses : (W, S, T) float64
    far : (F, T) float64
        Of networks of `neurons` neurons.
    neurons : int
    """

    widths: tuple[int, ...]
    steps: tuple[int, ...]
    losses: Floats = field(repr=False)
    far: Floats = field(repr=False)
    neurons: int = FAR

    def excess(self, step: int) -> tuple[Floats, Floats]:
        """Return (W,) mean losses above the far ones after steps[step], and (W, W) covariances."""
        losses, far = self.losses[..., step], self.far[:, step]
        shared = standard_errors(far) ** 2
        return losses.mean(axis=1) - far.mean(), np.diag(standard_errors(losses) ** 2) + shared

    def without_first(self) -> Widths:
        """Return all widths but the first."""
        return replace(self, widths=self.widths[1:], losses=self.losses[1:])

    def power_law(self, step: int) -> tuple[float, tuple[float, float], float]:
        """Return the exponent of A (N^-alpha - far^-alpha), its 95 % interval, and p of the fit."""
        mean, covariance = self.excess(step)
        u, end = np.log(np.array([*self.widths, self.neurons]) / self.widths[0]), -1

        def law(x: Floats, amplitude: float, exponent: float) -> Floats:
            return np.asarray(amplitude * (np.exp(-exponent * x) - np.exp(-exponent * u[end])))

        options: dict[str, Any] = {"sigma": covariance, "absolute_sigma": True}
        found, errors = curve_fit(law, u[:end], mean, (mean[0], 1.0), **options)
        left = mean - law(u[:end], *found)
        p = distributions.chi2.sf(left @ np.linalg.solve(covariance, left), len(left) - 2)
        exponent, error = float(found[1]), float(1.96 * np.sqrt(errors[1, 1]))
        return exponent, (exponent - error, exponent + error), float(p)


def measured(effort: Effort) -> Widths:
    """Train N = 16 to 256, 512 starts, and N = 4096, 64 starts; less if quick."""
    widths = tuple(2**k for k in range(4, 8 if effort.quick else 9))
    steps = STEPS[: 2 if effort.quick else None]
    near, far = (32, 8) if effort.quick else (512, 64)
    neurons = FAR // 8 if effort.quick else FAR
    return Widths(
        widths,
        steps,
        _histories(effort, widths, near, steps),
        _histories(effort, (neurons,), far, steps)[0],
        neurons,
    )


def _histories(
    effort: Effort, widths: tuple[int, ...], seeds: int, steps: tuple[int, ...]
) -> Floats:
    """Return (W, S, T) test losses."""
    ds = sweep(
        widths,
        seeds,
        activations="relu",
        task=parts(0)[0].replace(samples=FEW),
        evaluation=Task.digits("test"),
        training=Training(
            steps=steps[-1],
            lr=0.01,
            schedule="constant",
            parametrization="mup",
            base_width=_BASE,
        ),
        checkpoints=steps,
        threads=effort.threads,
        store=effort.store(f"digits-width-{widths[-1]}"),
        progress=False,
    )
    return np.asarray(ds.history.isel(activation=0).transpose("width", "seed", "checkpoint"))


def table(effort: Effort) -> str:
    """Return the exponents after each number of steps, and what they say of 1."""
    found = measured(effort)
    records = []
    for k, steps in enumerate(found.steps):
        mean, covariance = found.excess(k)
        widths, errors = np.array(found.widths), np.sqrt(np.diag(covariance))
        exponent, ends, p = found.power_law(k)
        from_next, next_ends, next_p = found.without_first().power_law(k)
        holds = p > _LEAST_P
        records.append({
            "steps": steps,
            "limit": f"{found.far[:, k].mean():.4f}",
            "products": ", ".join(
                with_error(value, error, "+.2f")
                for value, error in zip(widths * mean, widths * errors, strict=True)
            ),
            "law": estimate(exponent, ends, ".2f") if holds else "none",
            "p": f"{p:.2g}",
            "verdict": Claim.exponent(1.0).judge(ends) if holds else "no power law",
            "next": f"{estimate(from_next, next_ends, '.2f')}, p {next_p:.2g}",
        })  # fmt: skip
    heads = (
        "steps",
        f"L({found.neurons})",
        "N (L(N) - L(far)) at each width",
        "exponent of L(N) - L(∞) [95 %]",
        "p of a power law",
        "1 within 0.1",
        f"exponent from N = {found.widths[1]} on",
    )
    return markdown(heads, [tuple(each.values()) for each in effort.judged(records)]) + "\n"
