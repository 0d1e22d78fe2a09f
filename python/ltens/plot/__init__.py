"""Pictures. Each draws on `ax` if it is given, on a new figure otherwise, and returns the Axes.

One picture is one file; a new one adds a line to `_HOME`. Matplotlib is imported when the first
picture is drawn.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .regimes.dimensions import inverse_exponent
    from .regimes.expectations import theories
    from .regimes.exponents import regimes_duality
    from .regimes.panels import regimes_panels
    from .regimes.verdicts import regime
    from .solvable import solvable_loss, solvable_phases, solvable_spectra
    from .sweeps.calibration import coverage
    from .sweeps.curves import scaling
    from .sweeps.histograms import distribution
    from .sweeps.slopes import local_exponent
    from .tickets.bias import bias_variance
    from .tickets.correlations import error_correlation
    from .tickets.ensembles import ensembling
    from .tickets.forest import sensitivity
    from .tickets.kept_neurons import pruning
    from .tickets.loss_peaks import loss_histogram
    from .tickets.mean_error import shared_error
    from .tickets.neurons import neuron_scatter
    from .tickets.pair_map import pair_score_map
    from .tickets.schedules import medians

__all__ = [
    "bias_variance",
    "coverage",
    "distribution",
    "ensembling",
    "error_correlation",
    "inverse_exponent",
    "local_exponent",
    "loss_histogram",
    "medians",
    "neuron_scatter",
    "pair_score_map",
    "pruning",
    "regime",
    "regimes_duality",
    "regimes_panels",
    "scaling",
    "sensitivity",
    "shared_error",
    "solvable_loss",
    "solvable_phases",
    "solvable_spectra",
    "theories",
]

_HOME = {
    "bias_variance": "tickets.bias",
    "ensembling": "tickets.ensembles",
    "error_correlation": "tickets.correlations",
    "loss_histogram": "tickets.loss_peaks",
    "medians": "tickets.schedules",
    "neuron_scatter": "tickets.neurons",
    "pair_score_map": "tickets.pair_map",
    "pruning": "tickets.kept_neurons",
    "sensitivity": "tickets.forest",
    "shared_error": "tickets.mean_error",
    "coverage": "sweeps.calibration",
    "distribution": "sweeps.histograms",
    "inverse_exponent": "regimes.dimensions",
    "local_exponent": "sweeps.slopes",
    "regime": "regimes.verdicts",
    "regimes_duality": "regimes.exponents",
    "regimes_panels": "regimes.panels",
    "scaling": "sweeps.curves",
    "solvable_loss": "solvable",
    "solvable_phases": "solvable",
    "solvable_spectra": "solvable",
    "theories": "regimes.expectations",
}


def __getattr__(name: str) -> Any:
    """Import the picture on first use (PEP 562) and keep it."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
