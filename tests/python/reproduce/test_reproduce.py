"""ltens.reproduce and its command: every name leads to a figure or a table."""

import importlib

import matplotlib
import pytest
from click.testing import CliRunner

from ltens import reproduce
from ltens.cli import main

matplotlib.use("agg")
QUICK = ["solvable-F6", "solvable-F7", "solvable-F8", "solvable-phases"]
SLOW = [name for name in reproduce.names() if name.startswith("solvable") and name not in QUICK]


@pytest.mark.parametrize("name", reproduce.names())
def test_every_name_has_its_function(name):
    found = reproduce.item(name)
    assert callable(found.load())
    assert importlib.import_module(f"ltens.reproduce.{found.module}").__doc__
    assert found.title


def check(name):
    product = reproduce.draw(name, quick=True, threads=1)
    if reproduce.item(name).is_table:
        rows = product.strip().splitlines()
        assert len(rows) > 5
        assert len({row.count("|") for row in rows}) == 1
        return
    for ax in product.axes:
        assert ax.get_xlabel() or ax.get_ylabel()
        assert ax.has_data()


@pytest.mark.parametrize("name", QUICK)
def test_quick_figures(name):
    check(name)


@pytest.mark.slow
@pytest.mark.parametrize("name", SLOW)
def test_all_other_quick_figures(name):
    check(name)


def test_command_writes_a_picture(tmp_path):
    path = tmp_path / "kink.png"
    done = CliRunner().invoke(main, ["reproduce", "solvable-F6", "--quick", "-o", str(path)])
    assert done.exit_code == 0, done.output
    assert path.read_bytes().startswith(b"\x89PNG")
    assert f"wrote {path}" in done.output


def test_command_lists_the_names():
    done = CliRunner().invoke(main, ["reproduce"])
    assert done.exit_code == 0
    assert [line.split()[0] for line in done.output.splitlines()] == reproduce.names()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["solvable-F1"], "name is 'solvable-F1', which is not known"),
        (["solvable-F6", "-o", "/nowhere/a.png"], "the folder /nowhere does not exist"),
        (["solvable-F6", "-o", "a.doc"], "its suffix must be one of"),
        (["solvable-F6", "--threads", "0"], "threads is 0, but must be an integer of at least 1"),
    ],
)
def test_command_refuses(arguments, message, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(main, ["reproduce", *arguments])
    assert done.exit_code == 2
    assert message in " ".join(done.output.split())
