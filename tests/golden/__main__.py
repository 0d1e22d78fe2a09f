"""Add what is missing to the file of the present numerics version; see the package."""

import json
import os
import subprocess
import sys

import ltens
from golden import path_of, stored


def computed(simd: str) -> tuple[str, dict[str, str]]:
    """Return the numerics id and hashes on one instruction set, in a process of its own."""
    program = (
        "import json, ltens, golden;"
        "print(json.dumps([ltens.build_info()['numerics_id'], golden.current()]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "LTENS_SIMD": simd},
        capture_output=True,
        text=True,
        check=True,
    )
    numerics_id, hashes = json.loads(done.stdout)
    return numerics_id, hashes


def main() -> int:
    """Return 1 if the present bits differ from stored ones."""
    info = ltens.build_info()
    version = info["numerics_version"]
    hashes, changed = stored(version), []
    for simd in info["simd_supported"]:
        numerics_id, found = computed(simd)
        known = hashes.setdefault(numerics_id, {})
        changed += [f"{simd}: {name}" for name, h in found.items() if known.get(name, h) != h]
        known.update({name: h for name, h in found.items() if name not in known})
    if changed:
        print("\n".join(changed), file=sys.stderr)
        print(
            f"these have other bits than version {version} has: raise numerics_version in "
            "cpp/include/ltens/build_info.hpp, say so in CHANGELOG.md, build, and run this again.",
            file=sys.stderr,
        )
        return 1
    text = json.dumps({key: dict(sorted(hashes[key].items())) for key in sorted(hashes)}, indent=1)
    path_of(version).write_text(text + "\n")
    print(f"{path_of(version)}: {sum(map(len, hashes.values()))} hashes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
