"""Whether a store belongs to a problem."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..computation import Problem
from .difference import difference
from .errors import StoreError


def require_same(path: Path, meta: Mapping[str, Any], problem: Problem) -> None:
    """Raise StoreError, with the difference, if the store belongs to another problem."""
    if meta["kind"] != problem.kind:
        raise StoreError(
            f"{path} holds a {meta['kind']}, but a {problem.kind} is asked for: give another file."
        )
    if lines := difference(meta["numerics"], _plain(problem.numerics)):
        raise StoreError(
            f"{path} was computed by another arithmetic, whose bits must not be mixed with this "
            "one's: continue it with the ltens and on the kind of CPU that began it, or give "
            "another file.\n  " + "\n  ".join(lines)
        )
    if lines := difference(meta["identity"], _plain(problem.identity)):
        raise StoreError(
            f"{path} holds another {problem.kind} and was left as it is: ask for what it holds, or "
            "give another file.\n  " + "\n  ".join(lines)
        )


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values as JSON would give them back."""
    plain: dict[str, Any] = json.loads(json.dumps(dict(values)))
    return plain
