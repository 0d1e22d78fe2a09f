"""``ltens classify`` and ``ltens compare``."""

import csv
import io
import json

import numpy as np
import pytest
import xarray as xr
from click.testing import CliRunner

from ltens.cli import main
from ltens.regimes import classify, compare

N = np.array([4, 8, 16, 32, 64, 128])


def run(*words):
    return CliRunner().invoke(main, list(map(str, words)))


def losses(seed=0):
    return (0.05 + 2.0 / N)[:, None] * np.random.default_rng(seed).lognormal(0, 0.1, (6, 20))


@pytest.fixture
def runs(tmp_path):
    path = tmp_path / "runs.csv"
    rows = [f"{n},{value}" for n, row in zip(N, losses(), strict=True) for value in row]
    path.write_text("width,loss\n" + "\n".join(rows) + "\n")
    return path


@pytest.fixture
def sweep(tmp_path):
    path = tmp_path / "sweep.nc"
    ds = xr.Dataset(
        {"loss": (("activation", "width", "seed"), np.stack([losses(), losses(1)]))},
        {"activation": ["relu", "silu"], "width": N},
        attrs={"dimension": 2},
    )
    pytest.importorskip("h5netcdf")
    ds.to_netcdf(path, engine="h5netcdf")
    return path


def test_classify_a_csv_file(runs):
    done = run("classify", runs, "--limit", 0.05)
    assert done.exit_code == 0, done.output
    head = "runs.csv\nmean loss of 20 replicates at 6 sizes, x = 4 to 128\nvariance-limited: "
    assert done.output.startswith(head)
    plain = json.loads(run("classify", runs, "--limit", 0.05, "--json").output)["runs.csv"]
    expected = classify(N, losses(), 0.05)
    assert plain["verdict"] == expected.verdict
    # The file has all digits.
    assert plain["above"]["exponent"] == pytest.approx(expected.above.exponent, rel=1e-12)


def test_compare_a_csv_file(runs):
    done = run("compare", runs, "--dimension", 2, "--smallest", 8)
    assert done.exit_code == 0, done.output
    assert "median loss, 5 sizes from 8 to 128" in done.output
    assert "  ensembling: 1: claim 1 within 0.1: measured " in done.output
    assert "  ! ltens.fit says " in done.output
    plain = json.loads(run("compare", runs, "--dimension", 2, "--json").output)["runs.csv"]
    expected = compare(N, losses(), dimension=2)
    # The file has all digits; the sums over it are the same.
    assert plain["rows"][0]["exponent"] == pytest.approx(expected.rows[0].exponent, rel=1e-12)


def test_a_sweep(sweep):
    found = json.loads(run("classify", sweep, "--statistic", "median", "--json").output)
    assert list(found) == ["relu", "silu"]
    assert found["relu"]["statistic"] == "median"
    rows = list(csv.DictReader(io.StringIO(run("compare", sweep, "--csv").output)))
    assert [row["curve"] for row in rows] == ["relu"] * 5 + ["silu"] * 5
    assert float(rows[0]["predicted"]) == 2.0  # 4/d with the sweep's own d


def test_compare_names_the_loss_that_was_chosen(tmp_path):
    path = tmp_path / "two.csv"
    rows = [f"{n},{2 / n**2},{value}" for n, value in zip(N, losses()[:, 0], strict=True)]
    path.write_text("width,train,test\n" + "\n".join(rows) + "\n")
    done = run("compare", path, "--dimension", 2, "--size", "width", "--loss", "test")
    assert done.exit_code == 0, done.output
    assert "median test, 6 sizes from 4 to 128" in done.output


def test_a_curve_is_named_by_its_file_whatever_that_is_called(runs, tmp_path):
    path = tmp_path / 'my "best", run.csv'
    path.write_bytes(runs.read_bytes())
    table = run("compare", path, "--dimension", 2, "--csv").output
    rows = list(csv.DictReader(io.StringIO(table)))
    assert [row["curve"] for row in rows] == [path.name] * 5
    assert [row["verdict"] for row in rows] != [None] * 5


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["classify", "RUNS", "--limit", "9"], "limit is 9, but no loss is above it"),
        (["classify", "RUNS", "--statistic", "mode"], "statistic is 'mode'"),
        (["classify", "RUNS", "--size", "widht"], "did you mean 'width'"),
        (["compare", "RUNS"], "dimension is missing"),
        (["compare", "RUNS", "--dimension", "2", "--csv", "--json"], "csv and json are both given"),
        (["compare", "RUNS", "--dimension", "2", "--smallest", "100"], "has 1 width(s) from 100"),
        (["classify", "SWEEP", "--by", "width"], "by is given, but"),
    ],
)
def test_messages(runs, sweep, words, message):
    places = {"RUNS": runs, "SWEEP": sweep}
    done = run(*(places.get(word, word) for word in words))
    assert done.exit_code == 2
    assert message in " ".join(done.output.split())
