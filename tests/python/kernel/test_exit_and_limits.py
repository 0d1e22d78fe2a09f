"""What the process does at its end and at its limits: it never crashes."""

import subprocess
import sys
import textwrap

import pytest

_JOBS = {
    "train": "ltens.train(nets, task, ltens.Training(steps=100_000))",
    "loss_and_gradient": "ltens.loss_and_gradient(nets, task, engine='dense')",
    "predict": "nets(np.linspace(-1, 1, 10_000))",
    "sweep": "ltens.sweep(widths=[50, 60], seeds=20, training=ltens.Training(steps=100_000))",
}

_DAEMON = """
import threading, time
import numpy as np
import ltens

task = ltens.Task.from_function("square", samples=500)
nets = ltens.Networks.init(100, 32, activation="silu")
started = threading.Event()

def work():
    while True:
        started.set()
        {job}

for _ in range(3):
    threading.Thread(target=work, daemon=True).start()
started.wait()
time.sleep({delay})
print("last line", flush=True)
"""


def _run(code):
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize("delay", [0.0, 0.1])
@pytest.mark.parametrize("job", _JOBS)
def test_daemon_threads_at_the_end_of_the_interpreter(job, delay):
    done = _run(_DAEMON.format(job=_JOBS[job], delay=delay))
    assert (done.returncode, done.stdout) == (0, "last line\n"), done.stderr


def test_functions_registered_with_atexit_still_compute():
    done = _run(
        """
        import atexit
        def last():
            print(len(train(nets, task, short).loss))
        atexit.register(last)  # before the package registers its own, so that it is called after
        import ltens
        task = ltens.Task.from_function("square", samples=5)
        nets, short, train = ltens.Networks.init(3, 2), ltens.Training(steps=5), ltens.train
        """
    )
    assert (done.returncode, done.stdout) == (0, "2\n"), done.stderr


def test_a_forked_child_ends_while_its_parent_computes():
    done = _run(
        """
        import os, threading, time
        import ltens
        task = ltens.Task.from_function("square", samples=500)
        nets = ltens.Networks.init(100, 32, activation="silu")
        train = lambda: ltens.train(nets, task, ltens.Training(steps=100_000))
        threading.Thread(target=train, daemon=True).start()
        time.sleep(0.1)
        child = os.fork()
        if child == 0:
            raise SystemExit(7)  # runs what atexit keeps, as no worker of a pool does
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
        """
    )
    assert (done.returncode, done.stdout) == (0, "7\n"), done.stderr


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="limits of Linux")
@pytest.mark.parametrize("room", [0, 4, 20, 100, 400])  # MiB; a thread asks for 8
def test_where_no_threads_can_be_made(room):
    done = _run(
        f"""
        import resource
        import ltens
        task = ltens.Task.from_function("square", samples=50)
        nets = ltens.Networks.init(10, 64)
        expected = ltens.train(nets, task, ltens.Training(steps=20), threads=1).loss
        used = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (used + {room} * 2**20,) * 2)
        try:
            run = ltens.train(nets, task, ltens.Training(steps=20), threads=64)
        except MemoryError:
            print("MemoryError")
        else:
            print((run.loss == expected).all())
        """
    )
    assert (done.returncode, done.stdout) in [(0, "True\n"), (0, "MemoryError\n")], done.stderr
    if room >= 100:
        assert done.stdout == "True\n"
