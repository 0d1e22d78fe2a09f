"""``ltens classify``, ``ltens compare`` and the experiments on regimes."""

import csv
import io
import json
import subprocess
import sys

import matplotlib
import numpy as np
import pytest
import xarray as xr
from click.testing import CliRunner

import ltens
from ltens import reproduce
from ltens.cli import main
from ltens.regimes import classify, compare, dimension_table

matplotlib.use("agg")
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
    assert done.output.startswith("runs.csv\nvariance-limited: ")
    plain = json.loads(run("classify", runs, "--limit", 0.05, "--json").output)["runs.csv"]
    expected = classify(N, losses(), 0.05)
    assert plain["verdict"] == expected.verdict
    # The file has all digits.
    assert plain["above"]["exponent"] == pytest.approx(expected.above.exponent, rel=1e-12)


def test_compare_a_csv_file(runs):
    done = run("compare", runs, "--dimension", 2, "--smallest", 8)
    assert done.exit_code == 0, done.output
    assert "5 sizes from 8 to 128" in done.output
    plain = json.loads(run("compare", runs, "--dimension", 2, "--json").output)["runs.csv"]
    expected = compare(N, losses(), dimension=2)
    assert plain["rows"][0]["exponent"] == pytest.approx(expected.rows[0].exponent, rel=1e-12)


def test_a_sweep(sweep):
    found = json.loads(run("classify", sweep, "--statistic", "median", "--json").output)
    assert list(found) == ["relu", "silu"]
    assert found["relu"]["statistic"] == "median"
    rows = list(csv.DictReader(io.StringIO(run("compare", sweep, "--csv").output)))
    assert [row["curve"] for row in rows] == ["relu"] * 4 + ["silu"] * 4
    assert float(rows[0]["predicted"]) == 2.0  # 4/d with the sweep's own d


def test_a_curve_is_named_by_its_file_whatever_that_is_called(runs, tmp_path):
    path = tmp_path / 'my "best", run.csv'
    path.write_bytes(runs.read_bytes())
    table = run("compare", path, "--dimension", 2, "--csv").output
    rows = list(csv.DictReader(io.StringIO(table)))
    assert [row["curve"] for row in rows] == [path.name] * 4
    assert [row["verdict"] for row in rows] != [None] * 4


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["classify", "RUNS", "--limit", "9"], "limit is 9, but no loss is above it"),
        (["classify", "RUNS", "--statistic", "mode"], "statistic is 'mode'"),
        (["classify", "RUNS", "--size", "widht"], "did you mean 'width'"),
        (["compare", "RUNS"], "dimension is missing"),
        (["compare", "RUNS", "--dimension", "2", "--csv", "--json"], "csv and json are both given"),
        (["compare", "RUNS", "--dimension", "2", "--smallest", "100"], "has 1 width(s) from 100"),
        (["classify", "SWEEP", "--size", "width"], "size is given, but"),
    ],
)
def test_messages(runs, sweep, words, message):
    places = {"RUNS": runs, "SWEEP": sweep}
    done = run(*(places.get(word, word) for word in words))
    assert done.exit_code == 2
    assert message in " ".join(done.output.split())


NAMES = [name for name in reproduce.names() if name.startswith("regimes-")]
QUICK = ["regimes-quanta", "regimes-approximation", "regimes-verdicts"]
OWN = [
    *QUICK,
    "regimes-dimension",
    "regimes-superclasses",
    "regimes-input-noise",
    "regimes-labels",
    "regimes-classifier",
]


def check(name):
    product = reproduce.draw(name, quick=True, threads=1)
    if reproduce.item(name).is_table:
        rows = product.strip().splitlines()
        assert len(rows) > 5
        assert len({row.count("|") for row in rows}) == 1
        return
    for ax in product.axes:
        assert ax.has_data()
        assert ax.get_xlabel()


def test_names():
    assert set(OWN) <= set(NAMES)


@pytest.mark.parametrize("name", QUICK)
def test_quick_experiments(name):
    check(name)


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in OWN if name not in QUICK])
def test_other_quick_experiments(name):
    pytest.importorskip("sklearn")
    check(name)


def test_the_picture_of_a_verdict():
    found = classify(N, losses(), 0.05)
    ax = ltens.plot.regime(found)
    assert ax.get_title() == "variance-limited"
    labels = ax.get_legend_handles_labels()[1]
    assert f"L: {found.slope}" in labels
    assert f"L − limit: {found.above}" in labels
    peak = classify(N, np.array([1.0, 0.5, 3.0, 0.5, 0.2, 0.1])[:, None] * losses() ** 0.0001)
    assert len(ltens.plot.regime(peak).get_legend_handles_labels()[1]) == 1  # no law, no line


def test_the_picture_of_theories():
    found = compare(N, losses(), dimension=2)
    ax = ltens.plot.theories(found)
    assert [text.get_text().split("\n")[0] for text in ax.get_yticklabels()] == [
        row.theory for row in found.rows
    ]
    verdicts = [text.get_text().split(",")[0] for text in ax.texts]
    assert verdicts == [row.verdict for row in found.rows]


def test_the_picture_of_dimensions():
    table = dimension_table({"a": (N, losses())}, {"a": 3.0})
    ax = ltens.plot.inverse_exponent(table)
    # One point with two bars, and the line of 4/d.
    assert ax.get_legend_handles_labels()[1] == ["exponent = 4/d", "a"]
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("dimension d", "4 / exponent")


def test_the_package_knows_neither_trainer_nor_pictures():
    code = (
        "import sys, ltens.regimes; "
        "print([m for m in ('ltens._core', 'ltens.training.trainer', 'ltens.plot', 'matplotlib', "
        "'click') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
