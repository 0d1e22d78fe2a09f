"""What the numbers were measured on."""

from __future__ import annotations

import os
import platform
from pathlib import Path


def processor() -> str:
    """The CPU's name as the system gives it."""
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.lower().startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def cores() -> int:
    """Cores this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1


def description() -> dict[str, object]:
    """Processor, cores, interpreter and the build of ltens."""
    import ltens

    return {
        "processor": processor(),
        "cores": cores(),
        "python": platform.python_version(),
        "build": ltens.build_info(),
    }
