"""One peer in its own interpreter: `python -m bench.peers.worker PEER PROBLEM.npz`.

Reads one request a line on stdin, answers with one JSON object a line on stdout.
{"prepare": steps} -> {"seconds": compile time};  {"run": null} -> {"seconds": ...};
{"losses": null} -> {"losses": [...]} of the last run.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import os
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path

from bench.peers import PEERS
from bench.peers.problem import Arrays, load, losses


def main() -> None:
    """Answer requests until stdin ends."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # whatever a library prints must not look like an answer
    warnings.simplefilter("ignore")

    def answer(**fields: object) -> None:
        print(json.dumps(fields), file=answers, flush=True)

    formulation = PEERS[sys.argv[1]]
    peer = formulation.module
    missing = [name for name in peer.REQUIRES if importlib.util.find_spec(name) is None]
    if missing:
        answer(missing=missing)
        return
    for name in peer.REQUIRES:
        importlib.import_module(name)  # counted neither as compilation nor as a run
    problem = load(Path(sys.argv[2]))
    versions = {name: getattr(sys.modules[name], "__version__", "") for name in peer.REQUIRES}
    answer(ready=versions)
    run: Callable[[], Arrays] | None = None
    end: Arrays | None = None
    for line in sys.stdin:
        request = json.loads(line)
        began = time.perf_counter()
        if "prepare" in request:
            run = peer.prepare(problem, request["prepare"], **formulation.options)
            answer(seconds=time.perf_counter() - began)
        elif "run" in request:
            assert run is not None, "asked to run before it was prepared"
            end = run()
            answer(seconds=time.perf_counter() - began)
        else:
            assert end is not None, "asked for losses before a run"
            answer(losses=losses(problem, end).tolist())


if __name__ == "__main__":
    main()
