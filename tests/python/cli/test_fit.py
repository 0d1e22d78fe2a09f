"""``ltens fit`` on anyone's data."""

import json
import subprocess
import sys

import numpy as np
import pytest


def ltens(*words, cwd):
    command = [sys.executable, "-m", "ltens", *map(str, words)]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("csv")
    rng = np.random.default_rng(0)
    lines = ["run,width,loss"]
    for run, n in enumerate(np.repeat([1, 3, 10, 30, 100, 300], 20)):
        lines.append(f"{run},{n},{(2 / n + 0.05) * rng.lognormal(sigma=0.2)}")
    (path / "runs.csv").write_text("\n".join(lines) + "\n")
    pairs = "\n".join(f"{n}\t{3 / n**0.5}" for n in (1, 2, 4, 8))
    (path / "pairs.tsv").write_text(f"steps\tloss\n{pairs}\n")
    (path / "bad.csv").write_text("\na,b\n1,2\n\n3,x\n")
    (path / "wide.csv").write_text("a,b\n1,2\n3,4,5\n")
    (path / "latin.csv").write_bytes(b"a,b\n1,2\n\xff,4\n")
    (path / "empty.csv").write_text("")
    return path


def test_a_csv_file(folder):
    done = ltens("fit", "runs.csv", "--size", "width", "--loss", "loss", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("runs.csv\nmedian loss, N = 1–300: 6 sizes, 20 losses at each")
    assert "  exponent 0.308 [0.232, 0.384] at the large end, N = " in done.stdout
    assert "20 losses at each" in done.stdout


def test_options_and_json(folder):
    words = ["--size", "width", "--loss", "loss", "--model", "known_limit", "--limit", "0.05"]
    done = ltens("fit", "runs.csv", *words, "--statistic", "0.25", "--json", cwd=folder)
    law = json.loads(done.stdout)["runs.csv"]
    assert (law["model"], law["statistic"]) == ("known_limit", "quantile 0.25")
    assert law["interval"][0] < law["exponent"] < law["interval"][1]


def test_two_columns_need_no_names(folder):
    law = json.loads(ltens("fit", "pairs.tsv", "--json", cwd=folder).stdout)["pairs.tsv"]
    assert law["exponent"] == pytest.approx(0.5, rel=1e-12)  # losses printed with all digits


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["runs.csv"], "size is missing, but must be given because runs.csv has the columns run"),
        (["runs.csv", "--size", "widht", "--loss", "loss"], "did you mean 'width'"),
        (["bad.csv"], "bad.csv, line 5, column b, holds 'x', but must hold a number"),
        (
            ["wide.csv"],
            "wide.csv, line 3, has 3 cells up to '5', but the header has 2: a cell that",
        ),
        (["latin.csv"], "latin.csv, line 3, column a, holds 'ÿ', but must hold a number"),
        (["empty.csv"], "empty.csv is empty, but must hold a table of sizes and losses"),
        (["pairs.tsv", "--model", "pow"], "did you mean 'power_law'"),
    ],
)
def test_messages(folder, words, message):
    done = ltens("fit", *words, cwd=folder)
    assert done.returncode == 2
    assert message in done.stderr
    assert done.stdout == ""
