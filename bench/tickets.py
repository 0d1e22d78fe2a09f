"""What looking inside networks costs: `python -m bench.tickets`, one thread, about three minutes.

Trains 1000 SiLU networks of N = 100 and one of N = 10,000 by the first paper's protocol, then
prints processor seconds of each analysis and the largest memory of the process. `--networks 100`
for a quick look.
"""

from __future__ import annotations

import argparse
import os
import resource
import time
from collections.abc import Callable

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import ltens
from ltens import tickets
from ltens.status import is_ok


def trained(width: int, seeds: int, task: ltens.Task) -> ltens.Networks:
    begun = time.process_time()
    run = ltens.train(ltens.Networks.init(width, seeds), task, threads=1)
    print(f"trained {seeds} of N = {width}: {time.process_time() - begun:.1f} s", flush=True)
    return run.networks[is_ok(run.status)]


def timed(name: str, analysis: Callable[[], object]) -> float:
    begun = time.process_time()
    analysis()
    seconds = time.process_time() - begun
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"| {name} | {seconds:.1f} | {megabytes:.0f} |", flush=True)
    return seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--networks", type=int, default=1000)
    networks = parser.parse_args().networks
    task = ltens.Task.from_function("square")
    half, nets = trained(50, networks, task), trained(100, networks, task)
    wide = trained(10_000, 1, task)
    print(f"{ltens.build_info()}\n\n| analysis | processor s | MB, largest so far |\n|---|---|---|")
    total = sum(
        timed(f"{name}, {networks} x N = 100", analysis)
        for name, analysis in {
            "symmetry": lambda: tickets.symmetry(nets),
            "pair_scores": lambda: tickets.pair_scores(nets, task),
            "find_tickets": lambda: tickets.find_tickets(nets, task),
            "bias_variance": lambda: tickets.bias_variance(nets, task),
            "ensembling": lambda: tickets.ensembling({50: half, 100: nets}, task),
            "refit": lambda: tickets.refit(nets, task),
            "prune, backward": lambda: tickets.prune(nets, task),
        }.items()
    )
    print(f"| all of these | {total:.1f} | |")
    timed(
        f"prune, clusters, {networks} x N = 100",
        lambda: tickets.prune(nets, task, method="clusters"),
    )
    timed("pair_scores, one N = 10,000", lambda: tickets.pair_scores(wide, task))
    timed("symmetry, one N = 10,000", lambda: tickets.symmetry(wide))


if __name__ == "__main__":
    main()
