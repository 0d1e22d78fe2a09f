"""List options that take their values in one word or in several: --widths 1,2,5 or 1 2 5."""

from __future__ import annotations

import re

import click

from ..sweeps.config_file import LISTS

LIST_OPTIONS = tuple(f"--{name.replace('_', '-')}" for name in LISTS)


class ListCommand(click.Command):
    """A command whose list options also take their values as separate words: --widths 1 2 5."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Join the words after a list option, then parse as usual."""
        return super().parse_args(ctx, join_lists(args))


def join_lists(args: list[str]) -> list[str]:
    """Return the arguments with the values of each list option joined into one word.

    Examples
    --------
    >>> join_lists(["--domain", "-1", "1", "--steps", "10"])
    ['--domain=-1 1', '--steps', '10']
    """
    joined: list[str] = []
    rest = list(args)
    while rest:
        word = rest.pop(0)
        if word not in LIST_OPTIONS:
            joined.append(word)
            continue
        values: list[str] = []
        while rest and re.match(r"-?[\w.]", rest[0]) and not re.match(r"-[A-Za-z]", rest[0]):
            values.append(rest.pop(0))
        joined.append(f"{word}={' '.join(values)}" if values else word)
    return joined
