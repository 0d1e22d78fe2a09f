"""The installed C and C++ libraries, and projects outside the tree that are built with them."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

import ltens

EXAMPLES = Path(__file__).resolve().parents[3] / "examples"


def run(*command, **options):
    """Run a command; its output is the message if it fails."""
    done = subprocess.run(
        [str(word) for word in command], capture_output=True, text=True, check=False, **options
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def where(function):
    """What an embedding function says; skipped where the package is not installed."""
    try:
        return Path(function())
    except FileNotFoundError as missing:
        pytest.skip(str(missing))


@pytest.fixture
def library():
    """The shared library with the C interface."""
    return where(ltens.get_library)


@pytest.fixture
def built_example(tmp_path):
    """Return a function that builds a project of examples/ with the installed package."""
    if shutil.which("cmake") is None:
        pytest.skip("CMake is not here")

    def build(name):
        ninja = ["-G", "Ninja"] if shutil.which("ninja") else []
        folder = tmp_path / name
        root = f"-Dltens_ROOT={where(ltens.get_cmake_dir)}"
        run("cmake", "-S", EXAMPLES / name, "-B", folder, *ninja, root, env=os.environ)
        run("cmake", "--build", folder)
        return folder / "ensemble"

    return build
