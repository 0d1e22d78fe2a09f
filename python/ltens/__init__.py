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
    from . import engines, plot, regimes, report, solvable, tickets
    from .build import __version__, build_info
    from .dataframe import to_dataframe
    from .fitting import Law, TwoVariableLaw, fit, fit_two_variables
    from .parameters import Networks
    from .planning import Plan, plan
    from .scheduling import BlocksFailed
    from .store import StoreError
    from .stored_sweeps import networks, open  # noqa: A004 - read as ltens.open
    from .sweeps import Interrupted, sweep
    from .task import Task
    from .training import STATUS, Run, Training, loss_and_gradient, train

__all__ = [
    "STATUS",
    "BlocksFailed",
    "Interrupted",
    "Law",
    "Networks",
    "Plan",
    "Run",
    "StoreError",
    "Task",
    "Training",
    "TwoVariableLaw",
    "__version__",
    "build_info",
    "engines",
    "fit",
    "fit_two_variables",
    "loss_and_gradient",
    "networks",
    "open",
    "plan",
    "plot",
    "regimes",
    "report",
    "solvable",
    "sweep",
    "tickets",
    "to_dataframe",
    "train",
]

_SUBMODULES = ("engines", "plot", "regimes", "report", "solvable", "tickets")
_HOME = {
    "STATUS": "training",
    "BlocksFailed": "scheduling",
    "Interrupted": "sweeps",
    "Law": "fitting",
    "Networks": "parameters",
    "Plan": "planning",
    "Run": "training",
    "StoreError": "store",
    "Task": "task",
    "Training": "training",
    "TwoVariableLaw": "fitting",
    "__version__": "build",
    "build_info": "build",
    "fit": "fitting",
    "fit_two_variables": "fitting",
    "loss_and_gradient": "training",
    "networks": "stored_sweeps",
    "open": "stored_sweeps",
    "plan": "planning",
    "sweep": "sweeps",
    "to_dataframe": "dataframe",
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
