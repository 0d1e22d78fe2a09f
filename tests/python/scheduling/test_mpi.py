"""A sweep on mpi4py's pool, started by mpiexec as on a cluster."""

import os
import shutil
import subprocess
import sys

import pytest

pytest.importorskip("mpi4py", reason="MPI is not part of the test extra: pip install mpi4py mpich")

SCRIPT = """
import sys
import ltens
from mpi4py.futures import MPIPoolExecutor

if __name__ == "__main__":
    sweep = dict(widths=[1, 2, 5], seeds=40, training=ltens.Training(steps=300), progress=False)
    with MPIPoolExecutor() as pool:
        ds = ltens.sweep(**sweep, executor=pool, store=sys.argv[1])
        print("planned for", ltens.plan([1], 2, executor=pool).workers)
    alone = ltens.sweep(**sweep)
    print("same bits", ds.drop_vars("seconds").equals(alone.drop_vars("seconds")))
"""


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("mpiexec") is None, reason="needs mpiexec: pip install mpich")
def test_two_mpi_workers_give_the_bits_of_one_process(tmp_path):
    script = tmp_path / "on_mpi.py"
    script.write_text(SCRIPT)
    words = [sys.executable, "-m", "mpi4py.futures", script, tmp_path / "a.ltens"]
    done = subprocess.run(
        ["mpiexec", "-n", "3", *words],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["planned for 2", "same bits True"]
