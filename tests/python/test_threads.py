"""thread_count: the order of who decides; cgroup limits."""

import math

import pytest

from ltens.threads import available_cpus, cgroup_cpus, thread_count

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
@pytest.mark.parametrize("text", ["0", "many", "-1"])
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
