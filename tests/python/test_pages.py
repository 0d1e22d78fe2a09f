"""The Python blocks of README.md, CONTRIBUTING.md and docs/ run, those of a page one after another.

Each page has a process and an empty folder of its own, and every warning is an error there. In the
suite that always runs, trainings are cut off at 100 steps and batches of networks at 16 seeds (see
`support.pages.cap_trainings`), and nothing else: what trains nothing runs as printed. Marked
``slow``, every page runs as printed. `<!-- not run: reason -->` in the line above a block leaves it
out of both; it is for what a test cannot have, such as a cluster.
"""

import os
import subprocess
import sys

import pytest

from support import pages

WITH_BLOCKS = [
    pytest.param(page, id=str(page.relative_to(pages.ROOT)))
    for page in pages.PAGES
    if pages.compiled_blocks(page)
]


def run_page(page, folder, *options):
    path = os.pathsep.join([str(pages.ROOT / "tests"), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "support.pages", *options, str(page)],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": path.rstrip(os.pathsep), "MPLBACKEND": "agg"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_pages_with_blocks_are_found():
    assert len(WITH_BLOCKS) >= 8


@pytest.mark.parametrize("page", WITH_BLOCKS)
def test_page_runs_with_small_trainings(page, tmp_path):
    run_page(page, tmp_path, "--capped")


@pytest.mark.slow
@pytest.mark.parametrize("page", WITH_BLOCKS)
def test_page_runs_as_printed(page, tmp_path):
    run_page(page, tmp_path)
