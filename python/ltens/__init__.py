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
    from . import plot, regimes, solvable, tickets
    from .build import __version__, build_info
    from .fitting import Law, TwoVariableLaw, fit, fit_two_variables
    from .scheduling import BlocksFailed
    from .store import StoreError
    from .sweeps import report
    from .sweeps.dataframe import to_dataframe
    from .sweeps.planning import Plan, plan
    from .sweeps.stored import networks, open  # noqa: A004 - read as ltens.open
    from .sweeps.sweeping import Interrupted, sweep
    from .training import engines
    from .training.networks import Networks
    from .training.settings import Training
    from .training.task import Task
    from .training.trainer import STATUS, Run, loss_and_gradient, train

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

_MODULES = {
    "engines": "training.engines",
    "plot": "plot",
    "regimes": "regimes",
    "report": "sweeps.report",
    "solvable": "solvable",
    "tickets": "tickets",
}
_HOME = {
    "STATUS": "training.trainer",
    "BlocksFailed": "scheduling",
    "Interrupted": "sweeps.sweeping",
    "Law": "fitting",
    "Networks": "training.networks",
    "Plan": "sweeps.planning",
    "Run": "training.trainer",
    "StoreError": "store",
    "Task": "training.task",
    "Training": "training.settings",
    "TwoVariableLaw": "fitting",
    "__version__": "build",
    "build_info": "build",
    "fit": "fitting",
    "fit_two_variables": "fitting",
    "loss_and_gradient": "training.trainer",
    "networks": "sweeps.stored",
    "open": "sweeps.stored",
    "plan": "sweeps.planning",
    "sweep": "sweeps.sweeping",
    "to_dataframe": "sweeps.dataframe",
    "train": "training.trainer",
}


def __getattr__(name: str) -> Any:
    """Import the public name on first use (PEP 562) and keep it."""
    value: Any
    if name in _MODULES:
        value = import_module(f"{__name__}.{_MODULES[name]}")
    elif name in _HOME:
        value = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
