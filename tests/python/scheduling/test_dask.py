"""A sweep on a Dask cluster of real processes, one of which is killed in the middle of a block."""

import os
import subprocess
import sys

import pytest

pytest.importorskip("distributed", reason="dask is an extra: pip install 'ltens[dask]'")

SCRIPT = """
import os, signal, sys, threading
from dask.distributed import Client, LocalCluster
import ltens

def kill_one_at_its_first_block(done, total):
    global victim
    if done > 0 and victim is not None:
        os.kill(victim, signal.SIGKILL)
        victim = None

if __name__ == "__main__":
    sweep = dict(widths=[1, 2, 5], seeds=200, training=ltens.Training(steps=400))
    with (LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None)
          as cluster, Client(cluster) as client):
        before = set(client.run(os.getpid).values())
        victim = min(before)
        ds = ltens.sweep(**sweep, executor=client, store=sys.argv[1],
                         progress=kill_one_at_its_first_block)
        after = set(client.run(os.getpid).values())
        print("processes", len(before), "survivors", len(before & after), os.getpid() in before)
        print("still open", client.submit(abs, -1).result())
    alone = ltens.sweep(**sweep, progress=False)
    print("same bits", ds.drop_vars("seconds").equals(alone.drop_vars("seconds")))
    opened = ltens.open(sys.argv[1])
    print("same store", opened.drop_vars("seconds").equals(alone.drop_vars("seconds")))
"""


def test_a_worker_killed_mid_block_costs_nothing(tmp_path):
    script = tmp_path / "on_dask.py"
    script.write_text(SCRIPT)
    done = subprocess.run(
        [sys.executable, script, tmp_path / "a.ltens"],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "processes 2 survivors 1 False",
        "still open 1",
        "same bits True",
        "same store True",
    ]
    assert "Restarting worker" in done.stderr  # Dask saw it die


def test_an_asynchronous_client_is_refused_with_the_line_that_adapts_it():
    import asyncio

    from distributed import Client

    from ltens.scheduling.executors import WorkerPool

    async def try_it():
        async with Client(processes=False, asynchronous=True, dashboard_address=None) as client:
            WorkerPool(client)

    with pytest.raises(TypeError, match=r"give executor=dask\.distributed\.Client\(address\)"):
        asyncio.run(try_it())
