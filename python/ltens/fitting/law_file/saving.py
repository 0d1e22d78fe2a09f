"""The functions that write a law to a file and read it."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ...validation import one_of
from ..law import Law
from ..surface import IsoFlop, SurfaceLaw
from ..two_variables import TwoVariableLaw
from .curve import CURVE, curve_content, curve_of
from .document import read, write
from .fields import Fields
from .surface import ISOFLOP, SURFACE, isoflop_content, isoflop_of, surface_content, surface_of

AnyLaw = Law | SurfaceLaw | TwoVariableLaw | IsoFlop

_HEAD = ("format", "schema", "ltens", "kind")
_READERS: dict[str, tuple[tuple[str, ...], Callable[[Fields], AnyLaw]]] = {
    "curve": (CURVE, curve_of),
    "surface": (SURFACE, surface_of),
    "two variables": (SURFACE, lambda fields: TwoVariableLaw(surface_of(fields))),
    "isoflop": (ISOFLOP, isoflop_of),
}


def save_law(law: AnyLaw, path: str | os.PathLike[str]) -> None:
    """Write a law to a JSON file; see `Law.save`."""
    kind, content = _content(law)
    write(Path(path), kind, content)


def load_law(path: str | os.PathLike[str]) -> AnyLaw:
    """Return the law in a JSON file that `save` of a law or ``ltens fit -o`` wrote.

    The file holds the data that the law was fitted to, the fit, and the version of ltens. Nothing
    is fitted again: coefficients are those of the file to the last bit; intervals, predictions and
    the summary follow from them as they did.

    Parameters
    ----------
    path : str or os.PathLike

    Returns
    -------
    Law, SurfaceLaw, TwoVariableLaw or IsoFlop

    Raises
    ------
    ValueError
        If the file cannot be read, is cut short or no law, has another schema, or holds something
        that a law cannot have: NaN, a size twice, a fit to other data.

    Examples
    --------
    >>> import tempfile
    >>> import ltens
    >>> law = ltens.fit([1, 2, 4, 8], [1.0, 0.52, 0.24, 0.13])
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     law.save(f"{folder}/law.json")
    ...     same = ltens.load_law(f"{folder}/law.json")
    >>> same.exponent == law.exponent, same.summary() == law.summary()
    (True, True)
    """
    where = Path(path)
    document = read(where)
    kind = one_of(document.get("kind"), tuple(_READERS), f"{where}, kind")
    names, reader = _READERS[kind]
    return reader(Fields(document, str(where), (*_HEAD, *names)))


def _content(law: AnyLaw) -> tuple[str, dict[str, Any]]:
    if isinstance(law, Law):
        return "curve", curve_content(law)
    if isinstance(law, TwoVariableLaw):
        return "two variables", surface_content(law.surface)
    if isinstance(law, IsoFlop):
        return "isoflop", isoflop_content(law)
    return "surface", surface_content(law)
