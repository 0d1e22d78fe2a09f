"""Neural scaling laws measured on networks that were really trained.

    f(x) = c + sum_i a_i act(w_i . x + b_i)

`Task` holds the data, `Networks` the parameters, `Training` the optimiser's settings; `train`
trains a batch of networks, `sweep` trains them over widths, activations and seeds, `fit` turns the
losses into an exponent with an interval, and `plot.scaling` draws the picture.

Importing this package costs NumPy only: everything else is imported when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from . import engines, plot, report
    from .build import __version__, build_info
    from .fitting import Law, fit
    from .parameters import Networks
    from .sweeps import Interrupted, sweep
    from .task import Task
    from .training import STATUS, Run, Training, loss_and_gradient, train

__all__ = [
    "STATUS",
    "Interrupted",
    "Law",
    "Networks",
    "Run",
    "Task",
    "Training",
    "__version__",
    "build_info",
    "engines",
    "fit",
    "loss_and_gradient",
    "plot",
    "report",
    "sweep",
    "train",
]

_SUBMODULES = ("engines", "plot", "report")
_HOME = {
    "STATUS": "training",
    "Interrupted": "sweeps",
    "Law": "fitting",
    "Networks": "parameters",
    "Run": "training",
    "Task": "task",
    "Training": "training",
    "__version__": "build",
    "build_info": "build",
    "fit": "fitting",
    "loss_and_gradient": "training",
    "sweep": "sweeps",
    "train": "training",
}


def __getattr__(name: str) -> Any:
    """Import the public name on first use (PEP 562) and keep it."""
    if name in _SUBMODULES:
        return import_module(f"{__name__}.{name}")
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
