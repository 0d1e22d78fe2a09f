"""Further axes on the command line and in TOML: --over, [over], export, --dry-run."""

import csv
import json

import pytest
from click.testing import CliRunner

import ltens
from ltens.cli import main
from ltens.sweeps.config_file import parse_over

TINY = ["--widths", "1,2,4", "--seeds", "3", "--steps", "20", "--no-progress"]


def run(*words):
    return CliRunner().invoke(main, ["sweep", *TINY, *map(str, words)])


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def test_two_axes_are_trained_printed_stored_and_exported():
    done = run("--over", "lr=0.001,0.03", "--over", "samples=10 20", "--store", "a.ltens")
    assert done.exit_code == 0, done.output
    lines = done.output.splitlines()
    assert lines[1].split() == [
        *("activation", "lr", "samples"),
        *("width", "1", "width", "2", "width", "4"),
    ]
    assert "relu, lr=0.001, samples=10: median loss, N = 1–4: 3 sizes" in done.output
    ds = ltens.open("a.ltens")
    assert dict(ds.loss.sizes) == {"activation": 2, "lr": 2, "samples": 2, "width": 3, "seed": 3}
    exported = CliRunner().invoke(main, ["export", "a.ltens", "-o", "a.csv"])
    assert exported.exit_code == 0, exported.output
    with open("a.csv", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0])[:6] == ["activation", "lr", "samples", "width", "seed", "loss"]
    assert len(rows) == ds.loss.size


def test_json_has_every_combination():
    done = run("--over", "lr=0.001,0.03", "--json")
    printed = json.loads(done.stdout)
    names = ["relu, lr=0.001", "relu, lr=0.03", "silu, lr=0.001", "silu, lr=0.03"]
    assert list(printed["medians"]) == list(printed["laws"]) == names
    assert printed["configuration"]["over"] == {"lr": [0.001, 0.03]}


def test_hundreds_of_values_stay_readable():
    values = ",".join(str(0.001 * i) for i in range(1, 101))
    done = run("--over", f"lr={values}", "--activations", "silu")
    assert done.exit_code == 0, done.output
    assert "of 100 combinations of activation, lr" in done.output
    assert len(done.output.splitlines()) < 12


def test_one_width_and_several_samples_are_a_law_of_the_samples():
    done = run("--widths", "2", "--over", "samples=10,20,40", "--plot", "a.png")
    assert done.exit_code == 0, done.output
    assert "median loss, D = 10–40: 3 sizes" in done.output


def test_toml_has_a_table_of_axes_that_flags_add_to_and_override(tmp_path):
    (tmp_path / "a.toml").write_text(
        "widths = [1, 2, 3]\n[over]\nlr = [0.1, 0.2]\ninit-scale = [1, 2]\n[task]\nnoise = 0.1\n"
    )
    done = run("--config", "a.toml", "--over", "lr=0.5", "--dry-run")
    assert done.exit_code == 0, done.output
    heads = ["activation", "width", "lr", "init_scale", "engine", "networks", "blocks", "time"]
    lines = [line.split() for line in done.output.splitlines()]
    assert heads in lines
    assert {line[2] for line in lines[lines.index(heads) + 1 :]} == {"0.5"}


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["lr"], "over is 'lr', but must be an axis and its values, such as lr=0.001,0.01"),
        (["lr=1", "lr=2"], "over has 'lr' twice"),
        (["lr="], "over['lr'] is empty"),
        (["lr=a"], "over['lr'][0] is 'a', but must be a number"),
        (["lrr=1"], "did you mean 'lr'"),
        (["steps=5"], "over has 'steps', but training.steps is 20: leave one of the two out"),
        (["domain=1"], "over['domain'][0] is 1, but must be two numbers"),
    ],
)
def test_bad_axes_are_a_usage_error(words, message):
    done = run(*(part for word in words for part in ("--over", word)))
    assert done.exit_code == 2
    assert message in done.output


def test_words_become_values():
    assert parse_over(["init-scale=1,2.5", "lr_factors=1:1:0:0", "optimizer=adam"]) == {
        "init_scale": [1, 2.5],
        "lr_factors": [(1.0, 1.0, 0.0, 0.0)],
        "optimizer": ["adam"],
    }
