"""The names and parameters that users may rely on are those of docs/public_names.txt."""

import difflib

import pytest

from support import public_names

COMMAND = "PYTHONPATH=python:tests python -m support.public_names"


@pytest.mark.skipif(not public_names.FILE.exists(), reason="docs/ is not beside the tests")
def test_the_public_names_are_those_that_are_listed():
    listed = public_names.FILE.read_text(encoding="utf-8").splitlines()
    changes = [
        line
        for line in difflib.unified_diff(listed, public_names.lines(), lineterm="", n=0)
        if not line.startswith(("---", "+++", "@@"))
    ]
    assert not changes, (
        "what is added needs a line in CHANGELOG.md, what is removed or renamed needs the steps of "
        f"docs/guide/versions.md; then run `{COMMAND}`:\n" + "\n".join(changes)
    )


def test_parameters_that_must_be_named_are_told_apart():
    def function(self, a, b=1, *, c, d=2, **others): ...

    assert public_names.parameters(function) == "(a, b=, *, c, d=, **others)"


def test_members_of_classes_are_listed():
    assert {"ltens.Networks.init(width, seeds, *, activation=", "ltens.Run.loss"} <= {
        line.partition(", dimension")[0] for line in public_names.lines()
    }
