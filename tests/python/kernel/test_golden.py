"""The bits of this numerics version are those that were stored for it."""

import json

import pytest

import golden
import golden.__main__ as command
import ltens
from ltens import _core

INFO = ltens.build_info()


def test_there_are_hashes_of_this_version_for_every_case():
    stored = golden.stored(_core.NUMERICS_VERSION)
    assert set(stored) == {"fma", "no-fma"}, "run `python -m golden`, see tests/golden"
    for hashes in stored.values():
        assert set(hashes) == set(golden.cases())
        assert len(set(hashes.values())) == len(hashes)  # no two cases are one path


@pytest.mark.parametrize("case", golden.cases())
def test_bits_are_those_of_the_version(case):
    expected = golden.stored(INFO["numerics_version"])[INFO["numerics_id"]][case]
    assert golden.hash_of(*golden.cases()[case]) == expected, (
        "the bits changed: raise numerics_version and run `python -m golden`, see tests/golden"
    )


def test_the_command_adds_but_never_changes(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(golden, "FOLDER", tmp_path)
    path = golden.path_of(INFO["numerics_version"])
    monkeypatch.setattr(command, "computed", lambda simd: ("fma", {"a": "1", "b": "2"}))
    assert command.main() == 0
    monkeypatch.setattr(command, "computed", lambda simd: ("fma", {"a": "1", "c": "3"}))
    assert command.main() == 0
    kept = {"fma": {"a": "1", "b": "2", "c": "3"}}
    assert json.loads(path.read_text()) == kept
    monkeypatch.setattr(command, "computed", lambda simd: ("fma", {"a": "9"}))
    assert command.main() == 1
    assert "raise numerics_version" in capsys.readouterr().err
    assert json.loads(path.read_text()) == kept
