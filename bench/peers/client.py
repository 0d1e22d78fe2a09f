"""The table's side of a worker."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench.peers import PEERS

ROOT = Path(__file__).resolve().parents[2]


class PeerError(Exception):
    """The worker ended; the message is the last line it wrote on stderr."""


class NotInstalledError(Exception):
    """A package that the peer needs is missing."""


class Client:
    """A running worker for one peer and one problem."""

    def __init__(self, peer: str, problem: Path, threads: int) -> None:
        formulation = PEERS[peer]
        path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
        environment = {
            **os.environ,
            "PYTHONPATH": path,
            **formulation.module.environment(threads, **formulation.options),
        }
        self.errors = tempfile.TemporaryFile("w+")  # noqa: SIM115 - closed by close()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bench.peers.worker", peer, str(problem)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.errors,
            text=True, env=environment,
        )  # fmt: skip
        hello = self._answer()
        if "missing" in hello:
            self.close()
            raise NotInstalledError(", ".join(hello["missing"]))
        self.versions: dict[str, str] = hello["ready"]

    def prepare(self, steps: int) -> float:
        """Compile a training of `steps`; return the seconds it took."""
        return float(self._ask(prepare=steps)["seconds"])

    def run(self) -> float:
        """Run what was prepared; return the seconds it took."""
        return float(self._ask(run=None)["seconds"])

    def losses(self) -> list[float]:
        """Return the losses after the last run."""
        return list(self._ask(losses=None)["losses"])

    def close(self) -> None:
        """End the worker."""
        if self.process.stdin:
            self.process.stdin.close()
        if self.process.stdout:
            self.process.stdout.close()
        self.process.wait()
        self.errors.close()

    def _ask(self, **request: object) -> dict[str, Any]:
        assert self.process.stdin is not None
        try:
            self.process.stdin.write(json.dumps(request) + "\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            pass  # the answer says why
        return self._answer()

    def _answer(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if line:
            return dict(json.loads(line))
        self.process.wait()
        self.errors.seek(0)
        lines = self.errors.read().strip().splitlines()
        raise PeerError(lines[-1] if lines else f"exit code {self.process.returncode}")
