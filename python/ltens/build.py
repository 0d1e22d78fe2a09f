"""What this build is and what it runs on."""

from __future__ import annotations

import importlib.metadata
import platform
from typing import Any

import numpy as np

from .threads import available_cpus, count_and_reason


def _version() -> str:
    try:
        return importlib.metadata.version("ltens")
    except importlib.metadata.PackageNotFoundError:  # run from a source tree
        from . import _core

        return str(_core.build_info().get("version", "0"))


__version__ = _version()


def build_info() -> dict[str, Any]:
    """Return version, compiler, instruction sets and threads.

    Returns
    -------
    dict
        What the compiled module says of itself (``version``, ``compiler``, ``build_type``,
        ``eigen``, ``openmp``, ``simd_compiled``, ``simd_supported``, ``simd_active``,
        ``numerics_version``, ``numerics_id``) and ``threads``, ``threads_from`` (what decided
        their number), ``cpus``, ``python``, ``numpy``, ``platform``. Every value can be written as
        JSON.

    Examples
    --------
    >>> info = build_info()
    >>> info["threads"] >= 1
    True
    """
    from . import _core  # the theory modules need no more than the version

    core = _core.build_info()  # loads OpenMP, which may bind this thread
    threads, reason = count_and_reason()
    return {
        **core,
        "threads": threads,
        "threads_from": reason,
        "cpus": available_cpus(),
        "python": platform.python_version(),
        "numpy": np.__version__,
        "platform": platform.platform(),
    }
