"""The command line: ``ltens sweep``, ``fit``, ``plot``, ``info``, ``bench``.

Results go to stdout, progress and messages to stderr. Exit codes: see `exit_codes`. One file holds
one command, called ``command``; a new one is added to the table in `group` by its name.
"""

from __future__ import annotations

from .group import main

__all__ = ["main"]
