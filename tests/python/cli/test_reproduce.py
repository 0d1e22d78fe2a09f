"""The command ``ltens reproduce``."""

import matplotlib
import pytest
from click.testing import CliRunner

from ltens import reproduce
from ltens.cli import main

matplotlib.use("agg")


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
