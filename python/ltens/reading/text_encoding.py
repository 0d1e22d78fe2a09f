"""Bytes of a text file into characters."""

from __future__ import annotations

import codecs
import re

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_NO_TEXT = re.compile(r"[\x00-\x08\x0e-\x1b\x7f]")
_LOOKED_AT = 4096


def decoded(data: bytes, source: str, encoding: str | None = None) -> str:
    r"""Return the text of a file.

    By its byte order mark, as UTF-16 where every second byte is zero, as UTF-8, else as
    Windows-1252, which older spreadsheets write.

    Raises
    ------
    ValueError
        If it is no text, or not in the encoding that is given.

    Examples
    --------
    >>> decoded("N;Verlust".encode("utf-16"), "a.csv"), decoded(b"Gr\xf6\xdfe", "a.csv")
    ('N;Verlust', 'Größe')
    """
    chosen = encoding or _encoding(data)
    try:
        text = data.decode(chosen).removeprefix("\ufeff").rstrip("\x1a")
    except LookupError:
        raise ValueError(
            f"encoding is {encoding!r}, which is not known: give such as utf-8, utf-16 or cp1252."
        ) from None
    except UnicodeError as error:
        what = f"in {chosen}" if encoding or chosen != "cp1252" else "in UTF-8 or Windows-1252"
        raise ValueError(
            f"{source} is no text {what} ({_place(error)}): --encoding gives another."
        ) from error
    if bad := _NO_TEXT.search(text):
        line = 1 + len(re.findall(r"\r\n?|\n", text[: bad.start()]))
        raise ValueError(
            f"{source}, line {line}, holds the byte {ord(bad[0]):#04x}, but a table must be text."
        )
    return text


def _encoding(data: bytes) -> str:
    for mark, name in _MARKS:
        if data.startswith(mark):
            return name
    start = data[:_LOOKED_AT]
    for first, name in ((1, "utf-16-le"), (0, "utf-16-be")):
        if start[first::2].count(0) > 0.9 * len(start[first::2]) and 0 not in start[1 - first :: 2]:
            return name
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _place(error: UnicodeError) -> str:
    if isinstance(error, UnicodeDecodeError):
        return f"byte {error.start + 1}, {error.object[error.start]:#04x}"
    return str(error)
