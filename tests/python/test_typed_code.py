"""What users write runs as well as it is typed; `mypy` alone, and pyright, read the types."""

from typed import user_code


def test_typed_code_runs(tmp_path, capsys):
    user_code.main(tmp_path)
    assert "silu" in capsys.readouterr().out
