"""`python -m bench.kernel`: the dense kernel beside what the ports of this core allow."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

from bench.kernel import sections
from bench.kernel.operations import disassemble, object_file
from bench.kernel.table import text
from bench.peers.machine import cores, description

TITLES = {
    "ports": "ports: ns per vector instruction, L1 hits, one core",
    "activations": "activations: S = 64, D = 1000, d = 1, one thread, CPU time; per neuron, sample "
    "and pack",
    "shapes": "shapes: D = 1000, float32; one thread by CPU time, more by the wall clock",
    "small": "small D: S = 64, one thread, CPU time",
    "batches": "batches: S = 16, D = 4096, float32, one thread, CPU time",
}


def arguments(argv: list[str] | None) -> argparse.Namespace:
    """Parse the command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.kernel", description=__doc__)
    parser.add_argument(
        "--simd", nargs="+", metavar="NAME", help="instruction sets; by default those with FMA"
    )
    parser.add_argument("--sections", nargs="+", default=list(TITLES), choices=list(TITLES))
    parser.add_argument(
        "--objects", type=Path, metavar="DIR",
        help="build folder with the kernels' object files; by default they are built first",
    )  # fmt: skip
    parser.add_argument("--seconds", type=float, default=0.1, help="length of a timed run")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--threads", type=int, default=cores())
    parser.add_argument("--json", action="store_true", help="one JSON object a line on stdout")
    return parser.parse_args(argv)


def run(options: argparse.Namespace) -> None:
    """Measure and print the sections with the instruction set in use."""
    import ltens

    effort = sections.Effort(options.seconds, options.repeats, options.threads)
    machine = description()
    simd = ltens.build_info()["simd_active"]
    if options.json:
        print(json.dumps({"machine": machine}), flush=True)
    else:
        print("\n".join(f"{name}: {value}" for name, value in machine.items()), flush=True)
    for name in options.sections:
        if name == "activations":
            listing = disassemble(object_file(simd, options.objects))
            rows = sections.activation_rows(effort, listing)
        else:
            make = {
                "ports": sections.port_rows,
                "shapes": sections.shape_rows,
                "small": sections.small_rows,
                "batches": sections.batch_rows,
            }[name]
            rows = make(effort)
        if options.json:
            print(json.dumps({"simd": simd, "section": name, "rows": rows}), flush=True)
        else:
            print(f"\n{simd}, {text(TITLES[name], rows)}", flush=True)


def main(argv: list[str] | None = None) -> int:
    """Run every instruction set in an interpreter of its own: it is chosen once."""
    words = sys.argv[1:] if argv is None else argv
    options = arguments(words)
    if "LTENS_SIMD" in os.environ:
        run(options)
        return 0
    import ltens

    supported = ltens.build_info()["simd_supported"]
    names = options.simd or [name for name in supported if name != "baseline"] or supported
    for name in names:
        environment = {**os.environ, "LTENS_SIMD": name}
        ended = subprocess.run(
            [sys.executable, "-m", "bench.kernel", *words], env=environment, check=False
        )
        if ended.returncode:
            return ended.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main())
