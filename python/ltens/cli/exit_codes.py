"""What the exit codes mean."""

from __future__ import annotations

DONE = 0
DIVERGED = 1  # some networks did
USAGE = 2  # or configuration; also click's own
STORE = 3  # it holds another sweep, or cannot be used
INTERRUPTED = 130  # Ctrl-C
TERMINATED = 143  # SIGTERM
