"""Ctrl-C and cancel are answered at once wherever data are looped over, not after the work."""

import signal
import subprocess
import sys
import textwrap
import threading
import time

import numpy as np
import pytest

import ltens

_BEGIN = """
import signal
import numpy as np
import ltens

signal.signal(signal.SIGINT, signal.default_int_handler)  # whatever was inherited
rng = np.random.default_rng(0)

def task(samples):
    x = rng.uniform(-1, 1, samples)
    return ltens.Task(x, x**2)

def nets(activation="silu"):
    return ltens.Networks.init(3000, 40, activation=activation)
"""

# Each takes at least twenty seconds of one core, of which the second after the signal is in the
# part that its name says.
_LONG = {
    "evaluation": """
        arguments = nets(), task(1_000_000), ltens.Training(steps=1)
        call = lambda: ltens.train(*arguments, engine="dense", checkpoints=[0])""",
    "held_out": """
        arguments = nets(), task(10), ltens.Training(steps=1)
        other = task(1_000_000)
        call = lambda: ltens.train(*arguments, held_out=other)""",
    "gauss_rule": """
        of = task(3_000_000)
        call = lambda: ltens.engines.gauss_rule(of, 2000)""",
    "quadrature": """
        arguments = nets(), task(5_000_000), ltens.Training(steps=1000)
        call = lambda: ltens.train(*arguments, engine="quadrature")""",
    "piecewise": """
        arguments = nets("relu"), task(3_000_000), ltens.Training(steps=1000)
        call = lambda: ltens.train(*arguments, engine="piecewise")""",
    "loss_and_gradient": """
        arguments = nets(), task(1_000_000)
        call = lambda: ltens.loss_and_gradient(*arguments, engine="dense")""",
    "predict": """
        of, x = nets(), np.linspace(-1, 1, 1_000_000).astype("float32")
        call = lambda: of(x)""",
}

_END = """
print("begins", flush=True)
try:
    call()
except KeyboardInterrupt:
    print("interrupted", flush=True)
"""


@pytest.mark.parametrize("name", _LONG)
def test_ctrl_c_is_answered_long_before_the_work_is_done(name, monkeypatch):
    monkeypatch.setenv("LTENS_NUM_THREADS", "1")
    code = _BEGIN + textwrap.dedent(_LONG[name]) + _END
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "begins\n"
        time.sleep(1)
        process.send_signal(signal.SIGINT)
        sent = time.monotonic()
        answer = process.stdout.readline()
        waited = time.monotonic() - sent
    assert answer == "interrupted\n"
    assert waited < 5  # a fifth of a second where the machine does nothing else


@pytest.mark.parametrize("engine", ["dense", "quadrature"])
def test_a_cancelled_evaluation_leaves_a_network_as_it_is_without_a_loss(engine):
    cancel = threading.Event()
    nets = ltens.Networks.init(3000, 40, activation="silu")
    x = np.linspace(-1, 1, 1_000_000)
    timer = threading.Timer(0.5, cancel.set)
    timer.start()
    run = ltens.train(
        nets, ltens.Task(x, x**2), ltens.Training(steps=10), engine=engine, checkpoints=[0],
        cancel=cancel, threads=2,
    )  # fmt: skip
    timer.join()
    assert set(run.status) == {ltens.STATUS.index("cancelled")}
    assert np.isnan(run.loss).all()
    assert np.isnan(run.error).all()
    np.testing.assert_array_equal(run.steps, 0)
    assert set(run.engines) == {engine}
    for name, array in run.networks.arrays().items():
        np.testing.assert_array_equal(array, nets.arrays()[name])
