"""Instructions per neuron, sample and pack of lanes, read from the kernel's object file.

The loops over the neurons are the innermost loops with a fused multiply-add of the function
`narrow_gradient_d<Activation, Real, 1>`; one turn of each takes one neuron and a block of samples.
An instruction counts by what it occupies:

    fma         fused multiply-add and multiplication
    arithmetic  every vector instruction that computes (the former among them; a division as one)
    divide, root
    load        one with a memory operand that is read;  store  a move to memory
"""

from __future__ import annotations

import re
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
REALS = {"float32": "float", "float64": "double"}

HEAD = re.compile(r"^[0-9a-f]+ <(?P<name>.*)>:$")
LINE = re.compile(r"^\s*(?P<at>[0-9a-f]+):\s+(?P<what>\S+)\s*(?P<operands>[^#<]*)")
FMA = re.compile(r"^(vfn?m|vmul)")
MOVE = re.compile(r"^(vmov|vbroadcast|kmov)")


@dataclass(frozen=True)
class Instruction:
    """One line of the listing."""

    at: int
    what: str
    operands: str

    def target(self) -> int | None:
        """Where it jumps to, None if it does not."""
        if not self.what.startswith("j"):
            return None
        return int(self.operands.split()[0], 16)

    def kinds(self) -> Iterable[str]:
        """What it counts as; nothing for a move between registers."""
        if self.what[0] not in "vk" or self.what == "vzeroupper":
            return
        source, _, last = self.operands.strip().rpartition(",")
        writes = "(" in last.split("{")[0] and MOVE.match(self.what) is not None
        reads = "(" in self.operands and not writes
        if reads:
            yield "load"
        if writes:
            yield "store"
        if "div" in self.what:
            yield "divide"
        if "sqrt" in self.what:
            yield "root"
        if FMA.match(self.what):
            yield "fma"
        masked = "{" in self.operands and "{1to" not in self.operands
        moves_mask = self.what.startswith("kmov") and not writes
        if not MOVE.match(self.what) or moves_mask or (masked and not reads and source):
            yield "arithmetic"


@dataclass
class Listing:
    """The functions of one object file."""

    functions: dict[str, list[Instruction]] = field(default_factory=dict)

    @classmethod
    def parse(cls, text: str) -> Listing:
        """Read what `objdump -d -C --no-show-raw-insn` printed."""
        listing = cls()
        body: list[Instruction] = []
        for line in text.splitlines():
            if head := HEAD.match(line):
                body = listing.functions.setdefault(head["name"], [])
            elif found := LINE.match(line):
                body.append(Instruction(int(found["at"], 16), found["what"], found["operands"]))
        return listing

    def neuron_loops(self, activation: str, dtype: str) -> list[list[Instruction]]:
        """The loops over neurons in the gradient of narrow networks in one dimension."""
        what = re.compile(
            rf"narrow_gradient_d<.*\b{class_of(activation)}, {REALS[dtype]}, 1>(?!.*cold)"
        )
        bodies = [body for name, body in self.functions.items() if what.search(name)]
        if len(bodies) != 1:
            raise LookupError(
                f"the object has {len(bodies)} gradients of {activation} in {dtype}, not one"
            )
        return [loop for loop in innermost_loops(bodies[0]) if any(map(is_fused, loop))]

    def count(self, activation: str, dtype: str, block: int) -> dict[str, float]:
        """Instructions of each kind per neuron, sample and pack."""
        counts = Counter(
            kind
            for loop in self.neuron_loops(activation, dtype)
            for instruction in loop
            for kind in instruction.kinds()
        )
        return {kind: number / block for kind, number in counts.items()}


def class_of(activation: str) -> str:
    """The struct of the kernels with its function, `LeakyRelu` of leaky_relu."""
    return activation.title().replace("_", "")


def is_fused(instruction: Instruction) -> bool:
    """Whether it is a fused multiply-add."""
    return instruction.what.startswith(("vfm", "vfnm"))


def innermost_loops(body: list[Instruction]) -> list[list[Instruction]]:
    """Stretches from the target of a backward jump to the jump that hold no other such stretch."""
    spans = sorted(
        {
            (target, instruction.at)
            for instruction in body
            if (target := instruction.target()) is not None and target <= instruction.at
        }
    )
    inner = [
        (first, last)
        for first, last in spans
        if not any(
            first <= other_first
            and other_last <= last
            and (first, last) != (other_first, other_last)
            for other_first, other_last in spans
        )
    ]
    return [[i for i in body if first <= i.at <= last] for first, last in inner]


def object_file(simd: str, objects: Path | None) -> Path:
    """The object of one instruction set: below `objects`, or built from the source now."""
    if objects is not None:
        found = sorted(objects.glob(f"**/ltens_kernels_{simd}.dir/**/table.cpp.o"))
        if not found:
            raise LookupError(f"objects is {objects}, but no kernels of {simd} lie below it")
        return found[0]
    folder = Path(tempfile.mkdtemp(prefix="ltens-kernels-"))
    for command in (
        ["cmake", "-S", str(ROOT), "-B", str(folder)],
        ["cmake", "--build", str(folder), "--target", f"ltens_kernels_{simd}"],
    ):
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return object_file(simd, folder)


def disassemble(path: Path) -> Listing:
    """The listing of an object file, by binutils."""
    command = ["objdump", "-d", "-C", "--no-show-raw-insn", str(path)]
    return Listing.parse(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
