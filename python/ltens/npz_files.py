"""Named arrays in NumPy's .npz files, read without pickle and within limits."""

from __future__ import annotations

import math
import re
import struct
import zipfile
import zlib
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from .memory import require_memory
from .whole_files import whole_file
from .words import in_bytes

_MOST_PACKED = 100  # times the file's size: what a file of measured numbers never reaches
_HARMLESS = 2**26  # bytes that may be unpacked from any file
_AT_ONCE = 2**20  # bytes
_LENGTHS = {b"\x93NUMPY\x01\x00": "<H", b"\x93NUMPY\x02\x00": "<I"}  # of the header, by version
_HEADER = re.compile(  # as NumPy writes it; NumPy itself would evaluate the text
    rb"\{'descr': '([<>|][a-zA-Z][0-9]*)', 'fortran_order': (True|False), "
    rb"'shape': \(((?:[0-9]{1,18}(?:, |,|(?=\))))*)\), \} *\n"
)


def write_npz(path: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write arrays of numbers and text, whole or not at all."""
    with whole_file(path) as partial, zipfile.ZipFile(partial, "w") as archive:
        for name, array in arrays.items():
            with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
                np.lib.format.write_array(member, array, allow_pickle=False)


def read_npz(
    path: Path, required: Collection[str], optional: Collection[str] = (), *, what: str
) -> dict[str, NDArray[Any]]:
    """Return the arrays of a file that holds these and no others.

    Parameters
    ----------
    path : Path
    required, optional : names
    what : str
        What the file should be, for messages.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If the file is something else, is damaged, holds Python objects, or is a small file that
        unpacks to a large one.
    MemoryError
        If the arrays do not fit into memory.

    Examples
    --------
    >>> read_npz(Path("/dev/null"), ["x"], what="file of data")
    Traceback (most recent call last):
    ...
    ValueError: /dev/null is no file of data: it is no regular file.
    """
    if not path.exists():
        raise FileNotFoundError(f"{path} does not exist: give a {what}.")
    try:
        if not path.is_file():
            raise _RefusedError("it is no regular file")
        with zipfile.ZipFile(path) as archive:
            members = _members(archive, path.stat().st_size, required, optional)
            return {name: _array(archive, info, name) for name, info in members.items()}
    except _RefusedError as error:
        raise ValueError(f"{path} is no {what}: {error}.") from error
    except (zipfile.BadZipFile, NotImplementedError, ValueError, struct.error) as error:
        raise ValueError(f"{path} is no {what}: it is no .npz file, or damaged.") from error
    except OSError as error:
        raise ValueError(f"{path} cannot be read: {error.strerror or error}.") from error


def text_of(array: NDArray[Any]) -> str:
    """Return the text in an array of one; ValueError if it is none.

    Examples
    --------
    >>> text_of(np.array("silu"))
    'silu'
    """
    if array.shape != () or array.dtype.kind != "U":
        raise ValueError(f"it has dtype {array.dtype} and shape {array.shape}, not one text")
    return str(array[()])


class _RefusedError(ValueError):
    """Why a file is not read."""


def _members(
    archive: zipfile.ZipFile, size: int, required: Collection[str], optional: Collection[str]
) -> dict[str, zipfile.ZipInfo]:
    """Return the parts of an archive by name, once they are what they should be."""
    infos = archive.infolist()
    names = [info.filename.removesuffix(".npy") for info in infos]
    if missing := [name for name in required if name not in names]:
        raise _RefusedError(f"it has no array {missing[0]!r}")
    if unknown := [name for name in names if name not in (*required, *optional)]:
        raise _RefusedError(f"it has an array {unknown[0][:40]!r}, which is not known")
    if len(set(names)) < len(names):
        raise _RefusedError("it has two arrays of one name")
    unpacked = sum(info.file_size for info in infos)
    if unpacked > max(_MOST_PACKED * size, _HARMLESS):
        raise _RefusedError(f"{in_bytes(size)} of it would unpack to {in_bytes(unpacked)}")
    require_memory(unpacked, f"{archive.filename}", "take a smaller file")
    return dict(zip(names, infos, strict=True))


def _array(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> NDArray[Any]:
    """Return one array, which its header and its length must agree on."""
    try:
        data = _unpacked(archive, info)
        dtype, shape, order, begin = _header(data)
    except (  # a damaged file: whatever zlib and NumPy make of it
        *(ValueError, TypeError, KeyError, EOFError, RuntimeError, struct.error, zlib.error),
    ) as error:
        raise _RefusedError(f"its array {name!r} is damaged, or not of numbers or text") from error
    if dtype.hasobject:
        raise _RefusedError(f"its array {name!r} holds Python objects, which are never read")
    if math.prod(shape) * dtype.itemsize != len(data) - begin:
        raise _RefusedError(f"its array {name!r} is shorter or longer than its header says")
    if not math.prod(shape):
        return np.empty(shape, dtype)
    return np.frombuffer(data, dtype, offset=begin).reshape(shape, order=order)


def _unpacked(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytearray:
    """Return the bytes of a part; those that it says, checked by its own checksum."""
    data = bytearray(info.file_size)
    at = 0
    with archive.open(info) as member, memoryview(data) as view:
        while part := member.read(_AT_ONCE):
            view[at : at + len(part)] = part  # ValueError if it is longer than it says
            at += len(part)
    if at < len(data):
        raise EOFError
    return data


def _header(data: bytearray) -> tuple[np.dtype[Any], tuple[int, ...], Literal["C", "F"], int]:
    """Return dtype, shape and order of an .npy file, and where its numbers begin."""
    form = _LENGTHS[bytes(data[:8])]
    text = 8 + struct.calcsize(form)
    (length,) = struct.unpack_from(form, data, 8)
    found = _HEADER.fullmatch(data, text, min(text + length, len(data)))
    if found is None:
        raise ValueError(data[text : text + 80])
    shape = tuple(int(n) for n in found[3].replace(b",", b" ").split())
    return np.dtype(found[1].decode()), shape, "F" if found[2] == b"True" else "C", text + length
