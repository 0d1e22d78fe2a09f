"""Turns errors in what the user gave into one message and an exit code."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click

from ..store import StoreError
from . import exit_codes


class StoreRefused(click.ClickException):
    """A store cannot be used."""

    exit_code = exit_codes.STORE


@contextmanager
def usage_errors() -> Iterator[None]:
    """Turn errors in what the user gave into a message and exit code 2, of a store 3."""
    try:
        yield
    except StoreError as error:
        raise StoreRefused(str(error)) from error
    except (TypeError, ValueError, MemoryError, NotImplementedError, ModuleNotFoundError) as error:
        raise click.UsageError(str(error)) from error
    except RuntimeError as error:
        if not str(error).startswith("LTENS_SIMD"):
            raise
        raise click.UsageError(str(error)) from error
