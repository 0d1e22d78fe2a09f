"""Look at the objects of the kernels: what they offer to the linker and what they ask of it.

Code compiled for an instruction set must define one symbol only, its table: an inline function or
a template instantiation would be merged by the linker with those of baseline code (one definition
rule), and might be the one that is kept and run on a CPU without that instruction set. It may ask
only for what compilers call on their own.
"""

import re
import subprocess
import sys

TABLE = re.compile(r"^ltens::simd::kernels_\w+$")
# Compilers call the C functions for copies and fills; the other two come with stack protection and
# position-independent code where a distribution turns them on.
ALLOWED_TO_ASK_FOR = {"memcpy", "memmove", "memset", "__stack_chk_fail", "_GLOBAL_OFFSET_TABLE_"}
LOCAL = set("abdrtnNpsi")  # nm's letters for symbols no other object can see


def symbols(nm: str, path: str) -> list[tuple[str, str]]:
    """Return (letter, name) of every symbol of an object."""
    lines = subprocess.run(
        [nm, "--demangle", "--format=posix", path], capture_output=True, text=True, check=True
    ).stdout.splitlines()
    # "name letter [value size]", the name with spaces in it
    parsed = [re.match(r"^(.+?) ([a-zA-Z?])( [0-9a-f]+){0,2} *$", line) for line in lines]
    return [(match[2], match[1]) for match in parsed if match]


def faults(found: list[tuple[str, str]]) -> list[str]:
    """Return what is against the rule, in words."""
    tables = [name for letter, name in found if letter in "RD" and TABLE.match(name)]
    wrong = [] if len(tables) == 1 else [f"defines {len(tables)} tables"]
    for letter, name in found:
        if letter == "U":
            if name not in ALLOWED_TO_ASK_FOR:
                wrong.append(f"asks for {name}")
        elif letter not in LOCAL and name not in tables:
            wrong.append(f"defines {name} ({letter}), which other objects can be linked to")
    return wrong


def main(nm: str, *paths: str) -> int:
    """Print faults; return how many objects have any."""
    bad = 0
    for path in paths:
        found = symbols(nm, path)
        wrong = faults(found)
        print(f"{path}: {len(found)} symbols, {len(wrong)} fault(s)")
        print("".join(f"  {fault}\n" for fault in wrong), end="")
        bad += bool(wrong)
    return bad


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
