"""The package leaves the processor's floating-point mode alone: subnormal numbers survive.

Code linked with fast-math would set flush-to-zero when loaded, for everything in the process.
"""

import subprocess
import sys

import pytest

PROGRAM = """
import threading
import numpy as np

def subnormals_live():
    ok = True
    for dtype in (np.float32, np.float64):
        tiny = np.full(9, np.finfo(dtype).tiny)
        half = tiny * dtype(0.5)                    # flush-to-zero would give 0
        ok &= bool(np.all(half > 0)) and bool(np.all(half * dtype(2) == tiny))  # denormals-are-zero
    return ok

def report(when):
    found = []
    other = threading.Thread(target=lambda: found.append(subnormals_live()))
    other.start()
    other.join()
    print(when, subnormals_live(), found[0])

report("before")
{action}
report("after")
"""

IMPORT = "import ltens, ltens.plot"
TRAIN = """
import ltens
task = ltens.Task.from_function("square", samples=50)
for width in (5, 3000):
    nets = ltens.Networks.init(width, 20, activation="silu")
    ltens.train(nets, task, ltens.Training(steps=3), threads=3)
"""
FLUSH = """
import ctypes, mmap
# stmxcsr [rdi]; or dword [rdi], 0x8040; ldmxcsr [rdi]; ret: flush-to-zero, denormals-are-zero
code = bytes.fromhex("0fae1f 810f40800000 0fae17 c3".replace(" ", ""))
page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
page.write(code)
address = ctypes.addressof(ctypes.c_char.from_buffer(page))
ctypes.CFUNCTYPE(None, ctypes.c_void_p)(address)(ctypes.addressof(ctypes.c_uint32()))
"""


def lines_of(action: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.replace("{action}", action)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout.splitlines()


@pytest.mark.parametrize("action", [IMPORT, TRAIN], ids=["import", "train"])
def test_subnormals_survive(action):
    assert lines_of(action) == ["before True True", "after True True"]


def test_a_changed_mode_would_be_seen():
    """Negative control: a process that sets the mode of fast-math fails the same look."""
    import platform

    if platform.machine() not in {"x86_64", "AMD64"}:
        pytest.skip("the control is machine code for x86-64")
    assert lines_of(FLUSH)[1].startswith("after False")
