"""``ltens design``, and ``ltens fit -o``."""

import json

import numpy as np
import pytest
from click.testing import CliRunner

import ltens
from ltens.cli.group import main


def run(*words):
    return CliRunner().invoke(main, [str(word) for word in words])


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("design")
    rng = np.random.default_rng(0)
    lines = ["width,loss,kind"]
    for n in np.repeat([1, 2, 4, 8, 16, 32, 64], 20):
        lines.append(f"{n},{(1 / n + 0.01) * rng.lognormal(sigma=0.3)},{'ab'[len(lines) % 2]}")
    (path / "runs.csv").write_text("\n".join(lines) + "\n")
    return path


def test_a_law_is_written_and_designed_for(folder):
    table = (folder / "runs.csv", "--size", "width", "--loss", "loss", "--pool")
    file = folder / "law.json"
    done = run("fit", *table, "--model", "power_law_floor", "-o", file)
    assert done.exit_code == 0, done.output
    law = ltens.load_law(file)
    assert law.model == "power_law_floor"
    done = run("design", file, "--budget", 3000)
    assert done.exit_code == 0, done.output
    assert done.output.rstrip("\n") == str(ltens.design(law, budget=3000))
    same = run("design", *table, "--model", "power_law_floor", "--budget", 3000)
    assert same.output == done.output


def test_options_reach_the_design(folder):
    table = (folder / "runs.csv", "--size", "width", "--loss", "loss", "--pool")
    words = ["--length", 0.1, "--target", "end", "--most", 5000, "--json"]
    done = run("design", *table, *words)
    assert done.exit_code == 0, done.output
    found = json.loads(done.output)
    assert 0.08 < found["length"] <= 0.1
    power = ["--model", "power_law", "--cost", 2, "--to", 300, "--scratch", "--target", 1000]
    done = run("design", *table, "--budget", 1e5, *power, "--json")
    assert done.exit_code == 0, done.output
    found = json.loads(done.output)
    assert found["now"] is None
    for row in found["rows"]:
        assert row["cost"] == pytest.approx(row["runs"] * row["sizes"]["width"] ** 2)
        assert row["sizes"]["width"] <= 300


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--budget", 10], "has the curves b, a, but a design is made for one"),
        (["--pool"], "budget and length are neither given"),
        (["--pool", "--budget", 10, "--cost", "much"], "cost is 'much'"),
        (["--pool", "--budget", 10, "--cost", "seconds"], "from no result of ltens.sweep"),
        (["--pool", "--budget", 10, "--from", 70], "from is 70, but must be below to, 64"),
        (["--pool", "--budget", 10, "--target", "ende"], "did you mean 'end'"),
    ],
)
def test_errors(folder, words, message):
    by = [] if "--pool" in words else ["--by", "kind"]
    done = run("design", folder / "runs.csv", "--size", "width", "--loss", "loss", *by, *words)
    assert done.exit_code == 2
    assert message in done.output


def test_laws_of_several_curves_are_not_written_to_one_file(folder):
    table = (folder / "runs.csv", "--size", "width", "--loss", "loss", "--by", "kind")
    done = run("fit", *table, "-o", folder / "both.json")
    assert done.exit_code == 2
    assert "holds one law, but there are 2 curves: b, a" in done.output
    assert not (folder / "both.json").exists()


def test_a_file_of_another_law(folder):
    n, d = (a.ravel() for a in np.meshgrid(np.geomspace(1e6, 1e9, 4), np.geomspace(1e8, 1e11, 4)))
    losses = 2 + 90 / n**0.3 + 800 / d**0.3
    losses *= np.exp(0.01 * np.random.default_rng(0).normal(size=16))
    file = folder / "surface.json"
    ltens.fit_surface({"N": n, "D": d}, losses, bootstrap=0).save(file)
    done = run("design", file, "--budget", 1e20, "--target", "alpha_D", "--most", 1)
    assert done.exit_code == 0, done.output
    assert "for alpha_D" in done.output
    done = run("design", file, "--budget", 1e20, "--to", 5)
    assert "from and to are given, but the law is of several sizes" in done.output
    ltens.fit_two_variables(n, d, losses, bootstrap=0).save(file)
    assert "holds a TwoVariableLaw" in run("design", file, "--budget", 1).output
    file.write_text('{"format": "ltens law", "schema": 1')
    assert "ends too early" in run("design", file, "--budget", 1).output
