"""The programs of examples/ in other languages, built and run with the installed package."""

import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import ltens

EXAMPLES = Path(__file__).resolve().parents[3] / "examples"


def output_of(*command):
    return subprocess.run(
        [str(word) for word in command], capture_output=True, text=True, check=True
    ).stdout


def losses_in(text):
    return [float(value) for value in re.findall(r"loss (\S+) after 1000 steps", text)]


@pytest.fixture(scope="module")
def losses_in_python():
    """What the C examples train, by the Python interface."""
    x = np.array([-2 + 4 * j / 99 for j in range(100)])
    nets = ltens.Networks.init(width=10, seeds=8, activation="silu", dtype="float64")
    return ltens.train(nets, ltens.Task(x, x * x), ltens.Training(steps=1000)).loss.tolist()


def test_cpp_ensemble(built_example):
    text = output_of(built_example("cpp"))
    assert text.startswith(f"ltens {ltens.__version__}: start")


def test_c_ensemble_has_the_bits_of_python(built_example, losses_in_python):
    text = output_of(built_example("c"))
    assert losses_in(text) == losses_in_python
    assert text.splitlines()[-1] == "a mistake: size is 3, but the array holds 80 number(s)"


def test_ctypes_ensemble_has_the_bits_of_python(library, losses_in_python):
    assert losses_in(output_of(sys.executable, EXAMPLES / "c/ensemble.py", library)) == (
        losses_in_python
    )


def test_the_library_shows_nothing_but_its_header(library):
    if sys.platform != "linux":
        pytest.skip("nm -D is of Linux")
    try:
        text = output_of("nm", "-D", "--defined-only", library)
    except FileNotFoundError:
        pytest.skip("nm is not here")
    shown = {line.split()[-1] for line in text.splitlines()}
    header = Path(ltens.get_include(), "ltens.h").read_text(encoding="utf-8")
    declared = set(re.findall(r"\b(ltens_\w+)\(", header))
    assert declared >= {"ltens_create", "ltens_train", "ltens_loss_and_gradient", "ltens_free"}
    assert {name for name in shown if not re.match(r"_|std", name)} == declared


def test_scikit_build_core_finds_the_package():
    from importlib.metadata import PackageNotFoundError, distribution, entry_points

    try:
        files = {str(file) for file in distribution("ltens").files or ()}
    except PackageNotFoundError:
        pytest.skip("the package is not installed")
    if "ltens/lib/cmake/ltens/ltensConfig.cmake" not in files:
        pytest.skip("another package than the installed one is tested")
    (root,) = entry_points(group="cmake.root", name="ltens")
    assert os.path.dirname(root.load().__file__) == os.path.dirname(ltens.__file__)
