"""``ltens histories``: sweeps and tables of checkpoints."""

import json

import pandas as pd
import pytest
from click.testing import CliRunner

import ltens
from ltens.cli.group import main
from ltens.fitting.histories.planted import PlantedHistories


def run(*arguments, **options):
    return CliRunner().invoke(main, ["histories", *map(str, arguments)], **options)


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    data = pd.DataFrame(PlantedHistories(sizes=5, seeds=2, horizon=1.6).data(0))
    path = tmp_path_factory.mktemp("histories") / "runs.csv"
    data.rename(columns={"width": "params", "step": "tokens"}).to_csv(path, index=False)
    return path


@pytest.fixture(scope="module")
def sweep(tmp_path_factory):
    path = tmp_path_factory.mktemp("histories") / "sweep.ltens"
    ltens.sweep(
        [5, 10, 20],
        seeds=2,
        activations=["silu", "relu"],
        checkpoints=12,
        training=ltens.Training(steps=100, schedule="cosine"),
        progress=False,
        store=path,
    )
    return path


def test_a_table(table, tmp_path):
    picture = tmp_path / "a.png"
    found = run(table, "--size", "params", "--time", "tokens", "--collapse", "--plot", picture)
    assert found.exit_code == 0, found.output
    assert "alpha_tokens" in found.output
    assert "160 rows of 10 trainings" in found.output
    assert "The normalised curves of 5 sizes spread" in found.output
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_json_has_the_numbers(table):
    words = ("--size", "params", "--time", "tokens", "--discard", "0.3", "--limit", "0.1")
    found = json.loads(run(table, *words, "--collapse", "--json").output)["runs.csv"]
    law = ltens.fit_histories(
        ltens.read_table(table, "params", "loss", columns="tokens", by="run"),
        time="tokens",
        discard=0.3,
        limit=0.1,
    )
    assert found["coefficients"] == law.coefficients
    assert found["share"] == 0.3
    assert found["collapse"]["ratio"] == law.collapse().ratio


def test_a_sweep_has_a_law_for_each_activation(sweep):
    found = run(sweep, "--discard", "0.2")
    assert found.exit_code == 0, found.output
    assert found.output.startswith("silu\n")
    assert "\nrelu\n" in found.output
    assert found.output.count("falls along a cosine") == 2
    assert "relu" not in run(sweep, "--discard", "0.2", "--activation", "silu").output


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((), "size is missing, but runs.csv is a table: --size params."),
        (("--size", "params", "--time", "token"), "tokens"),
        (("--size", "params", "--time", "tokens", "--discard", "2"), "discard is 2, but must be"),
        (("--size", "params", "--time", "tokens", "--discard", "x"), "discard is 'x', but must"),
        (("--size", "params", "--time", "tokens", "--runs", "id"), "id"),
        (("--size", "params", "--time", "tokens", "--plot", "a.nothing"), "its suffix must be"),
    ],
)
def test_what_is_wrong_is_said(table, words, message):
    found = run(table, *words)
    assert found.exit_code == 2
    assert message in " ".join(found.output.split())


def test_one_picture_of_one_curve(sweep, tmp_path):
    found = run(sweep, "--discard", "0.2", "--plot", tmp_path / "a.png")
    assert found.exit_code == 2
    assert "plot is one picture, but there are the curves silu, relu." in found.output
