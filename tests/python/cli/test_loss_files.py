"""Every command that reads losses takes every kind of file, with the same options."""

import json
import subprocess
import sys

import numpy as np
import pytest
import xarray as xr
from click.testing import CliRunner

import ltens
from ltens.cli import main

N = np.array([4, 8, 16, 32, 64, 128])
NAMES = ["relu", "silu"]


def run(*words, **options):
    return CliRunner().invoke(main, list(map(str, words)), **options)


def found(*words, **options):
    done = run(*words, "--json", **options)
    assert done.exit_code == 0, done.output
    return json.loads(done.output)


def losses(power):
    noise = np.random.default_rng(0).lognormal(0, 0.05, (6, 20))
    return (2.0 / N**power)[:, None] * noise


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """A sweep of two activations as netCDF, and as the table that `ltens export` writes."""
    pytest.importorskip("h5netcdf")
    folder = tmp_path_factory.mktemp("files")
    dims = ("activation", "width", "seed")
    ds = xr.Dataset(
        {
            "loss": (dims, np.stack([losses(1), losses(0.5)])),
            "held_out_loss": (dims, np.stack([losses(0.75), losses(0.25)])),
            "status": (dims, np.zeros((2, 6, 20), np.int8)),
        },
        {"activation": NAMES, "width": N, "seed": np.arange(20)},
        attrs={"dimension": 2},
    )
    ds.to_netcdf(folder / "sweep.nc", engine="h5netcdf")
    assert run("export", folder / "sweep.nc", "-o", folder / "sweep.csv").exit_code == 0
    return ds, folder / "sweep.nc", folder / "sweep.csv"


@pytest.mark.parametrize("kind", [1, 2])
def test_fit_of_a_sweep_and_of_its_table(files, kind):
    ds, file = files[0], files[kind]
    laws = found("fit", file, "--bootstrap", 0)
    expected = ltens.fit(ds, bootstrap=0)
    assert list(laws) == NAMES
    for name in NAMES:
        assert laws[name]["exponent"] == expected[name].exponent
    chosen = found("fit", file, "--activation", "silu", "--loss", "held_out_loss", "--bootstrap", 0)
    other = ltens.fit(ds, loss="held_out_loss", bootstrap=0)["silu"]
    assert {name: law["exponent"] for name, law in chosen.items()} == {"silu": other.exponent}
    part = found("fit", file, "--smallest", 8, "--largest", 64)["relu"]
    assert part["sizes"] == [8, 16, 32, 64]


@pytest.mark.parametrize("kind", [1, 2])
def test_classify_and_compare_of_a_sweep_and_of_its_table(files, kind):
    ds, file = files[0], files[kind]
    classified = found("classify", file, "--activation", "silu", "--loss", "held_out_loss")
    expected = ltens.regimes.classify(N, ds["held_out_loss"].values[1])
    assert list(classified) == ["silu"]
    assert classified["silu"]["verdict"] == expected.verdict
    assert found("classify", file, "--smallest", 8)["relu"]["sizes"] == N[1:].tolist()
    words = ["--dimension", 2, "--loss", "held_out_loss", "--largest", 64]
    compared = found("compare", file, *words)
    same = ltens.regimes.compare(N[:-1], ds["held_out_loss"].values[0, :-1], dimension=2)
    # Sums in another order.
    assert compared["relu"]["rows"][0]["exponent"] == pytest.approx(
        same.rows[0].exponent, rel=1e-12
    )


@pytest.mark.parametrize("kind", [1, 2])
@pytest.mark.parametrize("fits", ["--fits", "--no-fits"])
def test_plot_draws_what_is_chosen(files, kind, fits, tmp_path, monkeypatch):
    drawn = []
    monkeypatch.setattr("ltens.sweeps.result_files.write_figure", lambda ax, path: drawn.append(ax))
    words = ["--loss", "held_out_loss", "--smallest", 8, "--activation", "silu", fits]
    done = run("plot", files[kind], *words, "-o", tmp_path / "a.png")
    assert done.exit_code == 0, done.output
    (ax,) = drawn
    assert ax.get_ylabel() == "median held out loss"
    assert len(ax.lines[0].get_xdata()) == 5
    (label,) = (text.get_text() for text in ax.get_legend().get_texts())
    assert label.startswith("silu")
    assert ("alpha" in label) == (fits == "--fits")


def test_plot_draws_a_table_with_its_own_names(tmp_path, monkeypatch):
    drawn = []
    monkeypatch.setattr("ltens.sweeps.result_files.write_figure", lambda ax, path: drawn.append(ax))
    (tmp_path / "runs.csv").write_text("params;val_loss\n1M;2,5\n10M;1,5\n")
    done = run("plot", tmp_path / "runs.csv", "-o", tmp_path / "a.png")
    assert done.exit_code == 0, done.output
    assert (drawn[0].get_xlabel(), drawn[0].get_ylabel()) == ("params", "median val loss")
    np.testing.assert_array_equal(drawn[0].lines[0].get_xdata(), [1e6, 1e7])


def test_the_standard_input(tmp_path):
    text = "steps\tloss\n" + "".join(f"{n}\t{3 / n**0.5}\n" for n in (1, 2, 4, 8))
    command = [sys.executable, "-m", "ltens", "fit", "-", "--json"]
    done = subprocess.run(
        command, cwd=tmp_path, input=text, capture_output=True, text=True, timeout=60, check=True
    )
    law = json.loads(done.stdout)["standard input"]
    assert law["exponent"] == pytest.approx(0.5, rel=1e-12)  # losses printed with all digits


def test_rows_of_a_table_are_chosen(tmp_path):
    path = tmp_path / "runs.csv"
    path.write_text(
        "params,loss,status\n15M,3,done\n30M,OOM,failed\n60M,2.8,done\n120M,2.7,done\n"
        "240M,N/A,done\n480M,2.4,done\n1B,11.5,done\n"
    )
    words = ["--where", "status == done", "--missing", "drop", "--diverged", "loss > 10"]
    law = found("fit", path, *words)["runs.csv"]
    assert law["sizes"] == [15e6, 60e6, 120e6, 480e6]
    assert (law["diverged"], law["excluded"]) == (1, 2)
    infinite = run("fit", path, *words, "--diverged", "infinite")
    assert infinite.exit_code == 2
    assert "so many runs diverged" in " ".join(infinite.output.split())


def test_a_table_of_several_curves(tmp_path):
    path = tmp_path / "runs.csv"
    rows = [(a, n, p / n**0.5) for a, p in zip("xy", (1, 2), strict=True) for n in (1, 2, 4)]
    path.write_text("kind,N,loss\n" + "".join(f"{a},{n},{loss}\n" for a, n, loss in rows))
    for command in ("fit", "classify", "plot"):
        out = ["-o", tmp_path / "a.png"] if command == "plot" else []
        refused = run(command, path, *out)
        assert refused.exit_code == 2
        assert "--by kind fits each by itself" in " ".join(refused.output.split())
    assert list(found("fit", path, "--by", "kind")) == ["x", "y"]
    assert list(found("classify", path, "--by", "kind")) == ["x", "y"]
    assert found("fit", path, "--pool")["runs.csv"]["samples"] == [2, 2, 2]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["fit", "SWEEP", "--by", "width"], "by is given, but"),
        (["fit", "SWEEP", "--where", "width > 3"], "is a sweep, not a table, which it is for"),
        (["fit", "SWEEP", "--diverged", "loss > 1"], "diverged is 'loss > 1', which is not known"),
        (["fit", "SWEEP", "--loss", "los"], "did you mean 'loss' (known: loss, held_out_loss)"),
        (["plot", "SWEEP", "-o", "a.png", "--activation", "rely"], "did you mean 'relu'"),
        (["fit", "TABLE", "--activation", "rely"], "where is 'activation == rely', which no row"),
        (["fit", "TABLE", "--smallest", "1000"], "sweep.csv has no size from 1000 to inf"),
        (["fit", "SWEEP", "--smallest", "1000"], "sweep.nc has no size from 1000 to inf"),
        (["fit", "TABLE", "--smallest", "9", "--largest", "3"], "must not be above the largest"),
        (["fit", "TABLE", "--tolerance", "2"], "tolerance is 2.0, but must be at least 0"),
        (["fit", "TABLE", "--missing", "skip"], "missing is 'skip', which is not known"),
    ],
)
def test_messages(files, words, message):
    places = {"SWEEP": files[1], "TABLE": files[2]}
    done = run(*(places.get(word, word) for word in words))
    assert done.exit_code == 2
    assert message in " ".join(done.output.split())
