"""Pace, bar, log lines and callables, on a clock that the test holds."""

import fcntl
import io
import os
import pty
import re
import struct
import subprocess
import sys
import termios
import time
import types
import warnings

import pytest

import ltens
from ltens import progress
from ltens.pace import Pace
from ltens.progress import metering
from ltens.scheduling import run
from ltens.sweeps.sweeping import Interrupted
from support import scheduled


class Clock:
    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_before_anything_is_done_the_prediction_is_all_there_is():
    assert Pace(cost=90.0, clock=Clock()).seconds_left() == 90.0
    assert Pace(cost=None, clock=Clock()).seconds_left() is None


@pytest.mark.parametrize("factor", [0.2, 1.0, 5.0])
def test_time_left_settles_within_three_seconds_whatever_was_predicted(factor):
    """A computation of 100 s, predicted to take `factor` times that, in steps of 50 ms."""
    clock = Clock()
    pace = Pace(cost=100 * factor, clock=clock)
    for i in range(1, 61):
        clock.now += 0.05
        pace.update(work=i, share=i * 0.05 / 100)
    # The steps are even, the measure is exact: sums of 0.05 s round, measured 9e-13.
    assert pace.seconds_left() == pytest.approx(97, rel=1e-10)
    assert pace.rate == pytest.approx(20, rel=1e-10)


def test_time_left_follows_cost_not_work():
    """Half of the cost is in a tenth of the work: dense networks first, piecewise ones later."""
    clock = Clock()
    pace = Pace(cost=None, clock=clock)
    clock.now += 10
    pace.update(work=10.0, share=0.5)
    assert pace.seconds_left() == pytest.approx(10.0, rel=1e-15)  # quotients


def test_what_was_in_the_store_says_nothing_about_speed():
    clock = Clock()
    pace = Pace(cost=None, clock=clock)
    pace.restart(work=900.0, share=0.9)
    clock.now += 1
    pace.update(work=901.0, share=0.901)
    # 0.901 - 0.9 is known to eps / 1e-3.
    assert pace.rate == pytest.approx(1.0, rel=1e-12)
    assert pace.seconds_left() == pytest.approx(99.0, rel=1e-12)


def test_between_two_updates_the_time_counts_down_but_never_below_zero():
    clock = Clock()
    pace = Pace(cost=None, clock=clock)
    clock.now += 5
    pace.update(work=1.0, share=0.5)
    clock.now += 2
    assert pace.seconds_left() == pytest.approx(3.0, rel=1e-15)  # a difference of small integers
    clock.now += 60
    assert pace.seconds_left() == 0.0


def test_a_change_of_speed_shows_within_the_window():
    clock = Clock()
    pace = Pace(cost=None, clock=clock)
    for i in range(1, 2001):
        clock.now += 0.1
        pace.update(work=float(i if i < 1000 else 999 + (i - 999) * 3), share=i / 10_000)
    # The old speed left the window of 20 s long ago; sums of 0.1 s round, measured 9e-13.
    assert pace.rate == pytest.approx(30.0, rel=1e-10)


def test_the_bar_is_there_at_once_and_ends_with_what_it_took(monkeypatch):
    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    with metering(True, total=2e9, seconds=90.0) as meter:
        assert re.search(r"  0%\|.*\| 0 of 2 G upd, 1:30 left", screen.getvalue())
        meter.update(1e9, 0.5)
        meter.update(2e9, 1.0)
    last = screen.getvalue().rstrip("\n").rsplit("\r", 1)[1]
    assert re.search(r"100%\|[█#]+\| 2 G of 2 G upd, .*upd/s, took 0\.\d s", last)


def test_log_lines_come_at_once_seldom_and_at_the_end(monkeypatch):
    clock, screen = Clock(), io.StringIO()
    monkeypatch.setattr(time, "monotonic", clock)
    monkeypatch.setattr(sys, "stderr", screen)
    with metering(True, total=600.0, seconds=600.0) as meter:
        for i in range(1, 301):
            clock.now += 1
            meter.update(float(i), i / 600)
    lines = screen.getvalue().splitlines()
    assert re.fullmatch(r"\d\d:\d\d:\d\d   0 %  0 of 600 upd, 10:00 left", lines[0])
    done = [int(re.search(r"(\d+) of 600", line)[1]) for line in lines]
    assert done == [0, 5, 15, 35, 75, 135, 195, 255, 300]
    assert all("\r" not in line for line in lines)


def test_an_error_leaves_no_second_line(monkeypatch):
    screen = io.StringIO()
    monkeypatch.setattr(sys, "stderr", screen)
    with pytest.raises(ArithmeticError), metering(True, total=1.0, seconds=1.0):
        raise ArithmeticError
    assert len(screen.getvalue().splitlines()) == 1


def test_a_notebook_gets_a_bar_without_a_terminal(monkeypatch):
    shell = type("ZMQInteractiveShell", (), {})()
    ipython = types.SimpleNamespace(get_ipython=lambda: shell)
    monkeypatch.setitem(sys.modules, "IPython", ipython)
    screen = io.StringIO()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)  # no widgets: the text bar
    with metering(True, total=10.0, seconds=1.0) as meter:
        meter.update(10.0, 1.0)
    assert "100%|" in screen.getvalue()


def test_a_resumed_sweep_starts_where_it_was(tmp_path):
    seen = []
    of = scheduled.computation((1, 3), labels=range(4))
    run(of, scheduled.table(of), store=tmp_path / "a.ltens")
    of = scheduled.computation((1, 3), labels=range(8))
    table = scheduled.table(of)
    listener = lambda done, total: seen.append((done, total))  # noqa: E731
    run(of, table, store=tmp_path / "a.ltens", progress=listener)
    assert seen[0] == (16, 32)  # four labels of 1 + 3 units
    assert seen[-1] == (32, 32)
    assert seen == sorted(seen)


def test_what_diverges_early_still_ends_at_the_total():
    seen = []
    training = ltens.Training(steps=2000, lr=1e30)
    ltens.sweep([1], 3, training=training, progress=lambda *args: seen.append(args))
    assert seen[-1][0] == seen[-1][1] == 2 * 3 * 2000 * 1000


SHORT = {"training": ltens.Training(steps=10)}


def test_a_listener_that_raises_harms_nothing_and_is_not_asked_again():
    calls = []

    def listener(done, total):
        calls.append(done)
        raise LookupError("mine")

    with pytest.warns(RuntimeWarning, match="progress raised LookupError: mine; the work goes on"):
        ds = ltens.sweep([1, 2], 3, progress=listener, **SHORT)
    assert (ds.status == 0).all()
    assert len(calls) == 1
    assert ds.loss.equals(ltens.sweep([1, 2], 3, progress=False, **SHORT).loss)


def test_a_listener_that_raises_harms_nothing_where_warnings_are_errors():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        ds = ltens.sweep([1], 3, progress=lambda *_: 1 / 0, **SHORT)
        run = ltens.train(
            ltens.Networks.init(2, 2),
            ltens.Task.from_function("square", samples=9),
            ltens.Training(steps=10),
            progress=lambda *_: 1 / 0,
        )
    assert (ds.status == 0).all()
    assert (run.status == 0).all()


def test_ctrl_c_in_a_listener_goes_through():
    def listener(done, total):
        raise KeyboardInterrupt

    with pytest.raises(Interrupted):
        ltens.sweep([1], 3, progress=listener, **SHORT)


class Broken(io.StringIO):
    """A screen that is gone."""

    def write(self, text):
        raise BrokenPipeError(32, "Broken pipe")


class BrokenTerminal(Broken, Terminal):
    pass


@pytest.mark.parametrize("screen", [None, Broken(), BrokenTerminal(), object()])
def test_a_screen_that_is_gone_harms_nothing(monkeypatch, screen):
    monkeypatch.setattr(sys, "stderr", screen)
    ds = ltens.sweep([1, 2], 3, progress=True, **SHORT)
    assert (ds.status == 0).all()


def test_a_terminal_that_goes_away_meanwhile_harms_nothing(monkeypatch):
    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    with metering(True, 10, None) as meter:
        assert "0%" in screen.getvalue()
        monkeypatch.setattr(screen, "write", Broken().write)
        for done in (5, 10):
            meter.restart(done, done / 10)


@pytest.mark.parametrize("kind", ["a closed pipe", "a full disk"])
def test_a_command_whose_messages_cannot_be_written_gives_its_result(tmp_path, kind):
    words = ["sweep", "--widths", "1,2,3", "--seeds", "4", "--steps", "20", "-o", "a.csv"]
    if kind == "a closed pipe":
        reader, writer = os.pipe()
        os.close(reader)
    else:
        writer = os.open("/dev/full", os.O_WRONLY)
    command = [sys.executable, "-m", "ltens", *words]
    pipes = {"stdout": subprocess.PIPE, "stderr": writer}
    done = subprocess.run(command, cwd=tmp_path, timeout=60, check=False, **pipes)
    os.close(writer)
    assert b"wrote a.csv" in done.stdout
    assert len((tmp_path / "a.csv").read_text().splitlines()) == 1 + 2 * 3 * 4


@pytest.mark.parametrize("wrong", ["yes", 1, [print]])
def test_what_is_no_progress(wrong):
    with pytest.raises(TypeError, match=r"but must be True, False, None or a callable of \(done"):
        progress.check_progress(wrong)


def test_in_a_real_terminal(tmp_path):
    """The bar as a person sees it: drawn again and again on one line of a pseudo-terminal."""
    main, side = pty.openpty()
    fcntl.ioctl(side, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 90, 0, 0))  # rows, columns
    words = ["sweep", "--widths", "1,2", "--seeds", "4", "--steps", "3000", "--store", "a.ltens"]
    process = subprocess.Popen(
        [sys.executable, "-m", "ltens", *words],
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
        stderr=side,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    os.close(side)
    screen = b""
    while True:
        try:
            screen += os.read(main, 65_536)
        except OSError:  # the other side is closed
            break
    os.close(main)
    assert process.wait(timeout=60) == 0
    states = screen.decode().split("\r")
    assert re.search(r"  0%\| +\| 0 of 72 M upd, \d+\.\d s left", states[1])
    assert "100%|" in states[-2] or "100%|" in states[-1]
