"""Named arrays as bytes and back: no pickle, so that reading a stranger's file can run no code.

    4 bytes   length H of the header, little-endian
    H bytes   JSON: [[name, dtype, shape of a row, 1 if all rows are equal and stored once], ...]
    the arrays' bytes one after the other, little-endian, C order

The number of rows is not in the header, so that blocks of any size share it.
"""

from __future__ import annotations

import json
import math
import re
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray

_PLAIN = re.compile(r"[<|]([biuf][1248]|[SU][0-9]{1,6})")
_LENGTH = 4


@dataclass(frozen=True)
class Column:
    """One array of a payload."""

    name: str
    dtype: np.dtype[Any]
    shape: tuple[int, ...]
    constant: bool

    def size(self, rows: int) -> int:
        """Return its bytes."""
        return (1 if self.constant else rows) * math.prod(self.shape) * self.dtype.itemsize


def encode(arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """Return the bytes of arrays that have the same number of rows.

    Raises
    ------
    TypeError
        If an array holds objects, or anything but numbers and text.

    Examples
    --------
    >>> arrays = {"loss": np.array([0.5, 0.25]), "status": np.zeros(2, np.int8)}
    >>> decode(encode(arrays), 2)["loss"]
    array([0.5 , 0.25])
    """
    header, parts = [], []
    for name, given in arrays.items():
        array = np.ascontiguousarray(given, given.dtype.newbyteorder("<"))
        if not _PLAIN.fullmatch(array.dtype.str):
            raise TypeError(f"array {name} has dtype {given.dtype}, but must be numbers or text.")
        constant = len(array) > 1 and _all_rows_equal(array)
        header.append([name, array.dtype.str, list(array.shape[1:]), int(constant)])
        parts.append((array[:1] if constant else array).tobytes())
    text = json.dumps(header, separators=(",", ":")).encode()
    return b"".join([len(text).to_bytes(_LENGTH, "little"), text, *parts])


def decode(payload: bytes, rows: int) -> dict[str, NDArray[Any]]:
    """Return the arrays; ValueError if the bytes do not describe themselves."""
    body = np.frombuffer(payload, np.uint8)[np.newaxis]
    return {name: array[0] for name, array in decode_many(body, rows).items()}


def decode_many(payloads: NDArray[np.uint8], rows: int) -> dict[str, NDArray[Any]]:
    """Return arrays (R, rows, ...) of R payloads (R, bytes) with the same header."""
    length = header_size(payloads[0].tobytes())
    columns = parse_header(payloads[0, _LENGTH:length].tobytes())
    if sum(column.size(rows) for column in columns) != payloads.shape[1] - length:
        raise ValueError("the payload is shorter or longer than its header says")
    arrays: dict[str, NDArray[Any]] = {}
    at = length
    for column in columns:
        size = column.size(rows)
        part = np.ascontiguousarray(payloads[:, at : at + size]).view(column.dtype)
        stored = (len(payloads), 1 if column.constant else rows, *column.shape)
        full = (len(payloads), rows, *column.shape)
        arrays[column.name] = np.broadcast_to(part.reshape(stored), full)
        at += size
    return arrays


def header_size(payload: bytes) -> int:
    """Return how many bytes stand before the arrays."""
    size = _LENGTH + int.from_bytes(payload[:_LENGTH], "little")
    if size > len(payload):
        raise ValueError("the payload ends inside its header")
    return size


@lru_cache(maxsize=1024)
def parse_header(header: bytes) -> tuple[Column, ...]:
    """Return the columns a header describes; ValueError if it is none."""
    columns = []
    for name, dtype, shape, constant in json.loads(header):
        if not _PLAIN.fullmatch(dtype):
            raise ValueError(f"dtype {dtype!r} is not that of numbers or text")
        sizes = tuple(int(n) for n in shape)
        if any(n < 0 for n in sizes):
            raise ValueError("a shape is negative")
        columns.append(Column(str(name), np.dtype(dtype), sizes, bool(constant)))
    return tuple(columns)


def checksum(*parts: bytes) -> bytes:
    """Return 16 bytes that change when a part does, or when bytes move from one to the next."""
    sizes = struct.pack(f"<{len(parts)}q", *map(len, parts))
    return blake2b(b"".join([sizes, *parts]), digest_size=16).digest()


def _all_rows_equal(array: NDArray[Any]) -> bool:
    """Whether every row has the bits of the first (0.0 and -0.0 differ, NaN equals itself)."""
    width = array.nbytes // len(array)
    if width == 0:
        return True
    raw = array.reshape(len(array), -1).view(np.uint8) if array.ndim > 1 else array.view(np.uint8)
    table = raw.reshape(len(array), width)
    return bool((table == table[0]).all())
