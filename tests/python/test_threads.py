"""thread_count: the order of who decides; cgroup limits; what OpenMP may bind."""

import importlib
import math
import os
import subprocess
import sys

import pytest
from threadpoolctl import threadpool_info

import ltens
from ltens import tickets
from ltens.threads import (
    available_cpus,
    cgroup_cpus,
    count_and_reason,
    on_one_blas_thread,
    thread_count,
)

VARIABLES = ("LTENS_NUM_THREADS", "OMP_NUM_THREADS")


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch):
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


def test_order(monkeypatch):
    assert thread_count() == available_cpus()
    monkeypatch.setenv("OMP_NUM_THREADS", "7,2")
    assert thread_count() == 7
    monkeypatch.setenv("LTENS_NUM_THREADS", "5")
    assert thread_count() == 5
    assert thread_count(3) == 3


@pytest.mark.parametrize("name", VARIABLES)
@pytest.mark.parametrize("text", ["0", "many", "-1", "99999999999", "٣"])
def test_bad_environment(monkeypatch, name, text):
    monkeypatch.setenv(name, text)
    with pytest.raises(ValueError, match=f"environment variable {name} is '{text}'"):
        thread_count()


def test_cgroup_v2_takes_the_tightest_ancestor(tmp_path):
    (tmp_path / "a/b").mkdir(parents=True)
    (tmp_path / "a/cpu.max").write_text("150000 100000\n")
    (tmp_path / "a/b/cpu.max").write_text("max 100000\n")
    membership = tmp_path / "cgroup"
    membership.write_text("0::/a/b\n")
    assert cgroup_cpus(tmp_path, membership) == 1.5


def test_cgroup_v1(tmp_path):
    (tmp_path / "cpu").mkdir()
    (tmp_path / "cpu/cpu.cfs_quota_us").write_text("300000\n")
    (tmp_path / "cpu/cpu.cfs_period_us").write_text("100000\n")
    assert cgroup_cpus(tmp_path, tmp_path / "none") == 3


def test_no_limit(tmp_path):
    assert cgroup_cpus(tmp_path, tmp_path / "none") == math.inf


def test_limit_rounds_up(monkeypatch):
    monkeypatch.setattr("ltens.threads.cgroup_cpus", lambda: 0.5)
    assert available_cpus() == 1


def test_reason(monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "7")
    assert count_and_reason() == (7, "OMP_NUM_THREADS=7")
    monkeypatch.delenv("OMP_NUM_THREADS")
    monkeypatch.setattr("os.cpu_count", lambda: 8)
    monkeypatch.setattr("ltens.threads._affinity", lambda: 4)
    monkeypatch.setattr("ltens.threads.cgroup_cpus", lambda: math.inf)
    assert count_and_reason() == (4, "4 of 8 CPUs, those of the affinity mask")
    monkeypatch.setattr("ltens.threads.cgroup_cpus", lambda: 1.5)
    assert count_and_reason() == (2, "the cgroup allows 1.5 of 4 CPUs")


_CPUS_OF = """
import os, subprocess, sys
import ltens
ltens.build_info()
child = "import os; print(len(os.sched_getaffinity(0)))"
print(len(os.sched_getaffinity(0)), flush=True)
subprocess.run([sys.executable, "-c", child], check=True)
"""


@pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="no affinity on this system")
@pytest.mark.parametrize(
    "setting", ["OMP_PROC_BIND=true", "OMP_PROC_BIND=close", "OMP_PLACES=threads"]
)
def test_binding_by_openmp_leaves_all_cpus(setting):
    name, value = setting.split("=")
    done = subprocess.run(
        [sys.executable, "-c", _CPUS_OF],
        env={**os.environ, name: value},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == [str(len(os.sched_getaffinity(0)))] * 2


def _blas_threads():
    return {
        library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"
    }


def test_one_blas_thread_and_as_before_afterwards():
    before = _blas_threads()
    assert on_one_blas_thread(_blas_threads)() == {1}
    assert _blas_threads() == before


@pytest.mark.parametrize(
    ("room", "call"),
    [
        ("greedy", tickets.find_tickets),
        ("pruning", tickets.prune),
        ("readout", tickets.refit),
        ("second_order", lambda nets, task: tickets.polish(nets, task, evaluations=10)),
    ],
)
def test_loops_over_small_matrices_take_one_blas_thread(monkeypatch, room, call):
    seen = []
    module = importlib.import_module(f"ltens.tickets.{room}")
    check = module.check_task

    def watched(*args):
        seen.append(_blas_threads())
        return check(*args)

    monkeypatch.setattr(module, "check_task", watched)
    task = ltens.Task.from_function("square", samples=20)
    call(ltens.Networks.init(4, 2, activation="silu"), task)
    assert seen == [{1}]
