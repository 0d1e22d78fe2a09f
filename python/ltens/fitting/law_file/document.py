"""JSON, read strictly and written whole: no NaN, no name twice, nothing unexpected."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn

from ...build import __version__

FORMAT = "ltens law"
SCHEMA = 1
_MOST_BYTES = 256 * 2**20


def write(path: Path, kind: str, content: Mapping[str, Any]) -> None:
    """Write a document; the file is there whole or not at all.

    Raises
    ------
    ValueError
        If the folder does not exist or cannot be written.
    """
    head = {"format": FORMAT, "schema": SCHEMA, "ltens": __version__, "kind": kind}
    lines = [
        f" {json.dumps(name)}: {json.dumps(value, allow_nan=False, ensure_ascii=False)}"
        for name, value in {**head, **content}.items()
    ]
    text = "{\n" + ",\n".join(lines) + "\n}"
    beside = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        beside.write_text(text + "\n", encoding="utf-8")
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise ValueError(f"{path} cannot be written: {error.strerror}.") from error


def read(path: Path) -> dict[str, Any]:
    """Return a document.

    Raises
    ------
    ValueError
        If the file cannot be read, is no JSON, or no law of this schema.
    """
    found = _parsed(path)
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise ValueError(f"{path} is JSON, but no law: law.save(path) writes one.")
    schema = found.get("schema")
    if type(schema) is not int or schema != SCHEMA:
        raise ValueError(
            f"{path} has schema {schema!r:.40} of ltens {found.get('ltens')!r:.40}, but this ltens "
            f"{__version__} reads schema {SCHEMA}."
        )
    return found


def _parsed(path: Path) -> Any:
    try:
        size = path.stat().st_size
        if size > _MOST_BYTES:
            raise ValueError(
                f"{path} has {size} bytes, but a law has at most {_MOST_BYTES}: it is something "
                "else."
            )
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise ValueError(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError:
        raise ValueError(f"{path} is no text in UTF-8, but must be JSON.") from None
    try:
        return json.loads(text, parse_constant=_refused, object_pairs_hook=_once)
    except json.JSONDecodeError as error:
        what = "ends too early" if error.pos >= len(text.rstrip()) else "is no JSON"
        raise ValueError(f"{path} {what}: {error.msg}, line {error.lineno}.") from None
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{path} is no law: {_first_line(error)}.") from None


def _refused(constant: str) -> NoReturn:
    raise ValueError(f"it holds {constant}, which is no number of JSON")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"{twice!r} stands twice in it")
    return found


def _first_line(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    return str(error).partition("\n")[0].partition(";")[0].rstrip(".")
