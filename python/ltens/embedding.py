"""Where the parts of this package are that programs in other languages use."""

from __future__ import annotations

import sys
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def get_include() -> str:
    """Return the folder of the headers: ``ltens.h`` for C, ``ltens/*.hpp`` for C++.

    Raises
    ------
    FileNotFoundError
        If the package is used from its source tree, without having been installed.
    """
    return _existing("include")


def get_cmake_dir() -> str:
    """Return the folder that CMake's ``ltens_DIR`` should name, for ``find_package(ltens)``.

    Raises
    ------
    FileNotFoundError
        As `get_include`.
    """
    return _existing("lib/cmake/ltens")


def get_library() -> str:
    """Return the shared library with the C interface, for `ctypes.CDLL` and its like.

    Raises
    ------
    FileNotFoundError
        As `get_include`.
    """
    names = {"win32": "ltens_c.dll", "darwin": "libltens_c.dylib"}
    return _existing(f"lib/{names.get(sys.platform, 'libltens_c.so')}")


def _existing(name: str) -> str:
    path = _PACKAGE / name
    if not path.exists():
        raise FileNotFoundError(
            f"{path} does not exist: only an installed package has it, so `pip install` ltens."
        )
    return str(path)
