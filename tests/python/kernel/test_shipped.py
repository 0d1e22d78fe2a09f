"""A build has the kernels that one for its kind of CPU should have; it uses those that run here."""

import os
import platform
import subprocess
import sys
from pathlib import Path

import pytest

import ltens

INFO = ltens.build_info()
MACHINE = platform.machine().lower()
X86, ARM = ["v4", "v3", "baseline"], ["neon"]
SHOULD_HAVE = {"x86_64": X86, "amd64": X86, "aarch64": ARM, "arm64": ARM}
NEEDS = {  # words of /proc/cpuinfo
    "v4": {"avx2", "fma", "avx512f", "avx512dq", "avx512bw", "avx512vl"},
    "v3": {"avx2", "fma"},
    "baseline": {"sse2"},
}

FLOATS = {"v4": 16, "v3": 8}  # in a vector; 4 in those of the others


def test_the_build_has_all_kernels_of_its_kind_of_cpu():
    assert INFO["simd_compiled"] == SHOULD_HAVE.get(MACHINE, ["generic"])


def test_it_uses_the_best_that_this_cpu_can_run():
    """Not every compiler's own question about the CPU is answered truly."""
    described = Path("/proc/cpuinfo")
    if MACHINE != "x86_64" or not described.exists():
        pytest.skip("there is no /proc/cpuinfo of an x86-64 CPU to compare with")
    text = described.read_text(encoding="utf-8")
    flags = set(text.partition("\nflags")[2].partition("\n")[0].split())
    assert INFO["simd_supported"] == [name for name, needs in NEEDS.items() if needs <= flags]


@pytest.mark.parametrize("name", INFO["simd_supported"])
def test_kernels_have_the_vectors_of_their_instruction_set(name):
    code = "from ltens import _core; print(_core.kernel_shape(dtype='float32')['lanes'])"
    lanes = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "LTENS_SIMD": name},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert int(lanes) == FLOATS.get(name, 4)


def test_threads_are_those_of_openmp_or_of_the_standard_library():
    assert INFO["openmp"] == 0 or INFO["openmp"] >= 201511
