"""Whether a store belongs to a computation."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..computation import Computation
from .difference import difference
from .store_errors import StoreError


def require_same(path: Path, meta: Mapping[str, Any], computation: Computation) -> None:
    """Raise StoreError, with the difference, if the store belongs to another computation."""
    if meta["kind"] != computation.kind:
        raise StoreError(
            f"{path} holds a {meta['kind']}, but a {computation.kind} is asked for: give another "
            "file."
        )
    if lines := difference(meta["numerics"], _plain(computation.numerics)):
        raise StoreError(
            f"{path} was computed by another arithmetic, whose bits must not be mixed with this "
            "one's: continue it with the ltens and on the kind of CPU that began it, or give "
            "another file.\n  " + "\n  ".join(lines)
        )
    if lines := difference(meta["identity"], _plain(computation.identity)):
        raise StoreError(
            f"{path} holds another {computation.kind} and was left as it is: ask for what it "
            "holds, or give another file.\n  " + "\n  ".join(lines)
        )


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values as JSON would give them back."""
    plain: dict[str, Any] = json.loads(json.dumps(dict(values)))
    return plain
