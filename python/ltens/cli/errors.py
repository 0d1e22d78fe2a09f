"""Turns errors in what the user gave into one message and an exit code."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click


@contextmanager
def usage_errors() -> Iterator[None]:
    """Turn errors in what the user gave into a message and exit code 2."""
    try:
        yield
    except (TypeError, ValueError, MemoryError, NotImplementedError, ModuleNotFoundError) as error:
        raise click.UsageError(str(error)) from error
