"""The package on CPUs this machine is not: an old one without AVX, and one with AVX2 only.

QEMU's user emulation runs the very extension module; it stops at an instruction the model lacks.
AVX-512 is not emulated; NEON needs a cross compiler, see tests/emulated/neon.sh.
"""

import os
import platform
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import golden
import ltens

TESTS = Path(__file__).parents[2]
QEMU = shutil.which("qemu-x86_64")
pytestmark = pytest.mark.skipif(
    QEMU is None or platform.machine() != "x86_64",
    reason="needs qemu-x86_64 (Debian's qemu-user) on x86-64",
)

# CPU model -> what the dispatch chooses there
MODELS = {"Nehalem": ("baseline", "no-fma"), "Haswell": ("v3", "fma")}

HASHES = """
import ltens, golden
info = ltens.build_info()
print(info["simd_active"], info["numerics_id"], info["numerics_version"])
for case in {cases!r}:
    print(golden.hash_of(*case))
"""

SWEEP = """
import ltens
task = ltens.Task.from_function("square", samples=40)
ds = ltens.sweep(widths=[2, 5], seeds=3, activations=["relu", "silu"], task=task,
                 training=ltens.Training(steps=20), progress=False)
print(ds.sizes["width"], ds.sizes["seed"], bool((ds.status == 0).all()))
"""

# vxorps ymm0, ymm0, ymm0; vzeroupper; ret
AVX = """
import ctypes, mmap
page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
page.write(bytes.fromhex("c5fc57c0c5f877c3"))
ctypes.CFUNCTYPE(None)(ctypes.addressof(ctypes.c_char.from_buffer(page)))()
print("survived")
"""


def emulated(model: str, program: str, **variables: str) -> subprocess.CompletedProcess[str]:
    # The emulated CPU chooses our kernels, and OpenBLAS's, by itself.
    forced = ("LTENS_SIMD", "OPENBLAS_")
    environment = {k: v for k, v in os.environ.items() if not k.startswith(forced)}
    environment["PYTHONPATH"] = os.pathsep.join([str(Path(ltens.__file__).parents[1]), str(TESTS)])
    return subprocess.run(
        [str(QEMU), "-cpu", model, sys.executable, "-c", program],
        env={**environment, **variables},
        capture_output=True,
        text=True,
        check=False,
    )


def assert_golden(model: str, names: list[str]) -> None:
    """The dispatch takes the set of that CPU, and the hashes are the stored ones."""
    simd, numerics_id = MODELS[model]
    done = emulated(model, HASHES.format(cases=[tuple(golden.cases()[name]) for name in names]))
    assert done.returncode == 0, done.stderr
    first, *hashes = done.stdout.splitlines()
    active, found_id, version = first.split()
    assert (active, found_id) == (simd, numerics_id)
    stored = golden.stored(int(version))[numerics_id]
    assert dict(zip(names, hashes, strict=True)) == {name: stored[name] for name in names}


@pytest.mark.parametrize("model", MODELS)
def test_some_bits(model):
    assert_golden(model, ["dense silu float32 N7 d1", "dense gelu float64 N7 d3"])


@pytest.mark.slow
@pytest.mark.parametrize("model", MODELS)
def test_all_bits_of_narrow_networks(model):
    """Every engine, activation and dtype; wide ones take minutes here and share their functions."""
    assert_golden(model, [name for name in golden.cases() if "N7" in name])


@pytest.mark.slow
@pytest.mark.parametrize("model", MODELS)
def test_bits_of_wide_networks(model):
    assert_golden(model, ["dense silu float32 N300 d1", "dense relu float64 N300 d1"])


@pytest.mark.slow
def test_a_sweep_on_an_old_cpu():
    done = emulated("Nehalem", SWEEP)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["2", "3", "True"]


def test_an_unsupported_set_is_an_error_there():
    done = emulated("Nehalem", "import ltens; ltens.build_info()", LTENS_SIMD="v3")
    assert done.returncode == 1
    assert "LTENS_SIMD='v3' is not an instruction set of this build and CPU" in done.stderr


def test_an_illegal_instruction_would_be_seen():
    """Negative control: an AVX instruction kills the process on the model without AVX."""
    assert emulated("Nehalem", AVX).returncode == -signal.SIGILL
    assert emulated("Haswell", AVX).stdout.strip() == "survived"
