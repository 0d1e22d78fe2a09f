"""Many Python threads at once, each on networks of its own or all on the same: the same bits.

Where Python has no GIL (3.14t) they run in the kernel and in the binding at once; importing the
package must not bring the GIL back.
"""

import os
import subprocess
import sys
import sysconfig
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

import ltens

THREADS = 16
TASK = ltens.Task.from_function("square", samples=64)
TRAINING = ltens.Training(steps=60, batch_size=16)
CASES = [
    (activation, engine, dtype)
    for activation, engine in (("silu", "dense"), ("silu", "quadrature"), ("relu", "piecewise"))
    for dtype in ("float32", "float64")
]


def work(case):
    """Use every call that trains or evaluates; return all bits that came of it."""
    activation, engine, dtype = case
    nets = ltens.Networks.init(5, 3, activation=activation, dtype=dtype)
    training = TRAINING if engine == "dense" else ltens.Training(steps=60)
    run = ltens.train(nets, TASK, training, engine=engine, threads=2, checkpoints=4)
    loss, gradient = ltens.loss_and_gradient(run.networks, TASK, engine=engine, threads=1)
    arrays = [run.history, loss, nets(TASK.x), *gradient.arrays().values()]
    return b"".join(array.tobytes() for array in arrays)


def at_once(calls):
    """Call all in threads of their own that begin together."""
    start = threading.Barrier(len(calls))

    def begin(call):
        start.wait()
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return [future.result() for future in [pool.submit(begin, call) for call in calls]]


@pytest.mark.parametrize("case", CASES, ids="-".join)
def test_the_same_bits_in_every_thread(case):
    alone = work(case)
    assert at_once([lambda: work(case)] * THREADS) == [alone] * THREADS


def test_different_work_in_every_thread():
    alone = [work(case) for case in CASES]
    assert at_once([lambda case=case: work(case) for case in CASES * 3]) == alone * 3


def test_one_batch_of_networks_is_read_by_all():
    nets = ltens.Networks.init(8, 20)
    before = {name: array.copy() for name, array in nets.arrays().items()}
    losses = at_once([lambda: ltens.train(nets, TASK, TRAINING).loss] * THREADS)
    assert all(np.array_equal(losses[0], other) for other in losses)
    for name, array in nets.arrays().items():
        assert np.array_equal(array, before[name])


def test_mistakes_in_every_thread_are_errors_of_their_own():
    def fail(i):
        with pytest.raises(ValueError, match=f"engine is 'none{i}'"):
            ltens.train(ltens.Networks.init(2, 1), TASK, engine=f"none{i}")

    at_once([lambda i=i: fail(i) for i in range(THREADS)])


@pytest.mark.skipif(
    not sysconfig.get_config_var("Py_GIL_DISABLED"), reason="this Python is built with the GIL"
)
def test_the_package_leaves_the_gil_off():
    code = "import sys, ltens; ltens.build_info(); print(sys._is_gil_enabled())"
    environment = {name: value for name, value in os.environ.items() if name != "PYTHON_GIL"}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "False\n"
