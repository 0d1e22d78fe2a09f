"""A target function of one's own, by where it stands: module:name or path.py:name."""

from __future__ import annotations

import importlib
import importlib.util
import operator
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

from numpy.typing import ArrayLike

from .._typing import Floats

Function = Callable[[Floats], ArrayLike]


def is_imported(function: object) -> bool:
    """Whether a function is given by where it stands.

    Examples
    --------
    >>> is_imported("numpy:sin"), is_imported("square")
    (True, False)
    """
    return isinstance(function, str) and ":" in function


def imported_function(text: str) -> Function:
    """Return the function at module:name or path.py:name, called so in what is recorded.

    A module is looked for in the current folder, too. Importing runs what stands in it.

    Raises
    ------
    ValueError
        If it cannot be imported, has no such name, or that is no function; and, when the function
        is called, whatever it raises.

    Examples
    --------
    >>> function = imported_function("numpy:square")
    >>> function([3.0, 4.0]), function.__name__
    (array([ 9., 16.]), 'numpy:square')
    """
    place, _, name = text.rpartition(":")
    if not place or not name:
        raise ValueError(
            f"function is {text!r}, but must be module:name or path.py:name, such as targets.py:f."
        )
    module = _module(place, text)
    try:
        function = operator.attrgetter(name)(module)
    except AttributeError:
        raise ValueError(f"function is {text!r}, but {place} has no {name!r}.") from None
    if not callable(function):
        raise ValueError(f"function is {text!r}, but that is a {type(function).__name__}.")

    def called(x: Floats) -> ArrayLike:
        try:
            return function(x)  # type: ignore[no-any-return]
        except Exception as error:  # of whoever wrote the function
            raise ValueError(f"function {text} raised {_in_a_line(error)}.") from error

    path = Path(place)
    called.__name__ = f"{path.name}:{name}" if path.suffix == ".py" else text
    return called


def _module(place: str, text: str) -> ModuleType:
    """Return the module of a name or a file."""
    path = Path(place)
    if path.suffix == ".py" and not path.is_file():
        raise ValueError(f"function is {text!r}, but there is no file {place}.")
    try:
        return _of_file(path) if path.suffix == ".py" else _of_name(place)
    except (Exception, SystemExit) as error:  # of whoever wrote the module
        raise ValueError(
            f"function is {text!r}, but {place} cannot be imported: {_in_a_line(error)}."
        ) from error


def _of_file(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"ltens_target_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} is no Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses and pickle look for it there
    spec.loader.exec_module(module)
    return module


def _of_name(name: str) -> ModuleType:
    folder = str(Path.cwd())
    sys.path.insert(0, folder)
    try:
        return importlib.import_module(name)
    finally:
        sys.path.remove(folder)


def _in_a_line(error: BaseException) -> str:
    return f"{type(error).__name__}: {' '.join(str(error).split())[:200]}".rstrip(".: ")
