"""`python -m bench.peers`, or `python bench/peers` from anywhere."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

if not __package__:
    sys.path[0] = str(Path(__file__).resolve().parents[2])

from bench.peers import LIBRARIES, PEERS
from bench.peers.comparison import compare
from bench.peers.machine import cores, description
from bench.peers.problem import ACTIVATIONS, PeerProblem
from bench.peers.table import machine_lines, text


def arguments(argv: list[str] | None) -> argparse.Namespace:
    """Parse the command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.peers", description=__doc__)
    parser.add_argument(
        "--activations", nargs="+", default=["silu", "relu"], choices=ACTIVATIONS, metavar="NAME"
    )
    parser.add_argument(
        "--task", default="square", choices=["square", "digits"],
        help="|x|^2, or handwritten digits by cross-entropy: 64 inputs, 10 classes, 1437 samples",
    )  # fmt: skip
    parser.add_argument("--widths", nargs="+", type=_positive, default=[10, 100], metavar="N")
    parser.add_argument("--networks", type=_positive, default=64, metavar="S")
    parser.add_argument("--samples", type=_positive, default=1000, metavar="D")
    parser.add_argument("--dimension", type=_positive, default=1, metavar="d")
    parser.add_argument("--dtype", choices=["float32", "float64"], default="float32")
    parser.add_argument(
        "--steps", type=_positive, help="for every peer; by default each gets what fits --seconds"
    )
    parser.add_argument("--seconds", type=float, default=1.5, help="length of a timed run")
    parser.add_argument("--repeats", type=_positive, default=5)
    parser.add_argument("--threads", type=_positive, default=cores())
    parser.add_argument(
        "--peers", nargs="+", default=list(LIBRARIES), choices=[*LIBRARIES, *PEERS], metavar="PEER",
        help=f"libraries ({', '.join(LIBRARIES)}) or single formulations, as the table names them",
    )  # fmt: skip
    parser.add_argument("--json", action="store_true", help="one JSON object on stdout")
    return parser.parse_args(argv)


def problem_of(activation: str, width: int, options: argparse.Namespace) -> PeerProblem:
    """The networks of seed labels 0 ... S-1, initialised by ltens."""
    import ltens

    digits = options.task == "digits"
    nets = ltens.Networks.init(
        width, options.networks, activation=activation, dtype=options.dtype,
        dimension=64 if digits else options.dimension, outputs=10 if digits else 1,
    )  # fmt: skip
    start = (nets.w, nets.b, nets.a, nets.c)
    samples = 1437 if digits else options.samples
    return PeerProblem(activation, start, samples, options.threads, options.task)


def wanted(words: list[str]) -> list[str]:
    """Return the formulations of what was asked for."""
    return [name for name, each in PEERS.items() if name in words or each.library in words]


def main(argv: list[str] | None = None) -> int:
    """Print the table; 1 if a peer failed or trained to other losses."""
    options = arguments(argv)
    machine = description()
    if not options.json:
        print(machine_lines(machine), flush=True)
    comparisons = []
    for activation in options.activations:
        for width in options.widths:
            comparison = compare(
                problem_of(activation, width, options), wanted(options.peers),
                steps=options.steps, seconds=options.seconds, repeats=options.repeats,
            )  # fmt: skip
            comparisons.append(comparison)
            if not options.json:
                print(f"\n{text(comparison)}", flush=True)
    if options.json:
        results = [comparison.as_dict() for comparison in comparisons]
        print(json.dumps({"machine": machine, "comparisons": results}, indent=2, default=str))
    states = {row.state for comparison in comparisons for row in comparison.rows}
    return 0 if states <= {"ok", "not installed"} else 1


def _positive(word: str) -> int:
    number = int(word)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{word} is not a positive integer")
    return number


if __name__ == "__main__":
    sys.exit(main())
