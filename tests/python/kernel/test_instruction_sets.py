"""Every instruction set with fused multiply-add gives the same bits; an unknown one is refused."""

import os
import subprocess
import sys

import pytest

import ltens
from support.registry import paths

SUPPORTED = ltens.build_info()["simd_supported"]

PROGRAM = """
import hashlib
import ltens
task = ltens.Task.from_function("square", samples=300)
digest = hashlib.sha256()
for width in (10, 40, 300, 1500):  # at 40 only the widest packs take the lean form of silu
    for dtype in ("float32", "float64"):
        for engine, activation in {paths!r}:
            nets = ltens.Networks.init(width, 3, activation=activation, dtype=dtype)
            run = ltens.train(nets, task, ltens.Training(steps=20), engine=engine)
            for array in run.networks.arrays().values():
                digest.update(array.tobytes())
print(ltens.build_info()["simd_active"], ltens.build_info()["numerics_id"], digest.hexdigest())
"""


def run_with(simd: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", PROGRAM.format(paths=paths())],
        env={**os.environ, "LTENS_SIMD": simd},
        capture_output=True,
        text=True,
        check=False,
    )


def test_same_bits_on_every_instruction_set_with_fma():
    lines = [run_with(name).stdout.split() for name in SUPPORTED]
    assert [line[0] for line in lines] == SUPPORTED  # each path was taken
    digests = {line[2] for line in lines if line[1] == "fma"}
    assert len(digests) <= 1
    others = {line[2] for line in lines if line[1] != "fma"}
    assert not others & digests  # the id tells apart what differs


@pytest.mark.parametrize("name", ["avx1024", "V3"])
def test_an_instruction_set_that_is_not_there_is_an_error_that_names_those_that_are(name):
    result = run_with(name)
    assert result.returncode != 0
    assert f"LTENS_SIMD='{name}' is not an instruction set of this build and CPU" in result.stderr
    assert SUPPORTED[0] in result.stderr
