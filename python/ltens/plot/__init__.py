"""Pictures. Each draws on `ax` if it is given, on a new figure otherwise, and returns the Axes.

One picture is one file; a new one adds a line to `_HOME`. Matplotlib is imported when the first
picture is drawn.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .bias import bias_variance
    from .calibration import coverage
    from .correlations import error_correlation
    from .curves import scaling
    from .ensembles import ensembling
    from .forest import sensitivity
    from .histograms import distribution
    from .kept_neurons import pruning
    from .loss_peaks import loss_histogram
    from .medians import medians
    from .neurons import neuron_scatter
    from .pair_map import pair_score_map
    from .regimes_classification import regime
    from .regimes_dimension import inverse_exponent
    from .regimes_duality import regimes_duality
    from .regimes_panels import regimes_panels
    from .regimes_theories import theories
    from .shared_error import shared_error
    from .slopes import local_exponent
    from .solvable import solvable_loss, solvable_phases, solvable_spectra

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
    "bias_variance": "bias",
    "ensembling": "ensembles",
    "error_correlation": "correlations",
    "loss_histogram": "loss_peaks",
    "medians": "medians",
    "neuron_scatter": "neurons",
    "pair_score_map": "pair_map",
    "pruning": "kept_neurons",
    "sensitivity": "forest",
    "shared_error": "shared_error",
    "coverage": "calibration",
    "distribution": "histograms",
    "inverse_exponent": "regimes_dimension",
    "local_exponent": "slopes",
    "regime": "regimes_classification",
    "regimes_duality": "regimes_duality",
    "regimes_panels": "regimes_panels",
    "scaling": "curves",
    "solvable_loss": "solvable",
    "solvable_phases": "solvable",
    "solvable_spectra": "solvable",
    "theories": "regimes_theories",
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
