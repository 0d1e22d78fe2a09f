"""``ltens fit`` and ``ltens plot`` with several sizes: surfaces from anyone's table."""

import json

import matplotlib as mpl
import numpy as np
import pytest
import xarray as xr
from click.testing import CliRunner

import ltens
from ltens.cli import main
from support.surfaces import budgets, chinchilla, noise, trainings

mpl.use("agg")
SIZES = budgets(8)
LOSSES = chinchilla(**SIZES) * noise(72)
WORDS = ("--size", "params", "--size", "tokens", "--loss", "loss", "--bootstrap", 0)


def run(*words, **options):
    return CliRunner().invoke(main, list(map(str, words)), **options)


def found(*words):
    done = run(*words, "--json")
    assert done.exit_code == 0, done.output
    return json.loads(done.output)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("surfaces")
    rows = ["params,tokens,loss,dataset"]
    for i, (n, d, loss) in enumerate(zip(*SIZES.values(), LOSSES, strict=True)):
        rows.append(f"{n},{d},{loss},{'c4' if i % 2 else 'pile'}")
    (path / "runs.csv").write_text("\n".join(rows) + "\n")
    broken = [*rows, "1e9,2e10,OOM,c4", "1e9,3e10,99,c4", "1e9,4e10,inf,c4"]
    (path / "broken.csv").write_text("\n".join(broken) + "\n")
    sizes, losses, which = trainings()
    rows = ["params;tokens;loss;run"]
    for n, d, loss, name in zip(*sizes.values(), losses, which, strict=True):
        rows.append(f"{n};{d};{loss};run {name}".replace(".", ","))
    (path / "checkpoints.csv").write_text("\n".join(rows) + "\n")
    return path


def test_a_surface_is_that_of_the_function(folder):
    law = ltens.fit_surface(SIZES, LOSSES, bootstrap=0)
    done = run("fit", folder / "runs.csv", *WORDS, "--pool")
    assert done.exit_code == 0, done.output
    assert done.stdout == f"runs.csv\n{law.summary()}\n"
    plain = found("fit", folder / "runs.csv", *WORDS, "--pool")["runs.csv"]
    assert plain["coefficients"] == law.coefficients


def test_options_are_those_of_the_function(folder):
    file = folder / "runs.csv"
    names = np.where(np.arange(72) % 2, "c4", "pile")
    grouped = found("fit", file, *WORDS, "--groups", "dataset", "--shared", "exponents")["runs.csv"]
    expected = ltens.fit_surface(SIZES, LOSSES, groups=names, bootstrap=0)
    assert grouped["coefficients"] == expected.coefficients
    squares = found("fit", file, *WORDS, "--pool", "--huber", "inf", "--limit", 1.8)["runs.csv"]
    expected = ltens.fit_surface(SIZES, LOSSES, huber=None, limit=1.8, bootstrap=0)
    assert squares["coefficients"] == expected.coefficients
    product = found("fit", file, *WORDS, "--pool", "--product", "params,tokens")["runs.csv"]
    assert "C" in product["coefficients"]
    curves = found("fit", file, *WORDS, "--by", "dataset")
    assert set(curves) == {"c4", "pile"}
    half = {name: column[names == "c4"] for name, column in SIZES.items()}
    expected = ltens.fit_surface(half, LOSSES[names == "c4"], bootstrap=0)
    assert curves["c4"]["coefficients"] == expected.coefficients
    part = found("fit", file, *WORDS, "--pool", "--where", "params < 1e10")["runs.csv"]
    assert part["rows"] == int((SIZES["params"] < 1e10).sum())


def test_the_frontier_is_printed(folder):
    law = ltens.fit_surface(SIZES, LOSSES, bootstrap=0)
    words = [*WORDS, "--pool", "--compute", 1e21, "--compute", 1e23, "--cost", 2]
    done = run("fit", folder / "runs.csv", *words)
    assert "lowest loss where compute = 2 params tokens" in done.stdout
    best = found("fit", folder / "runs.csv", *words)["runs.csv"]["frontier"]["all"]
    expected = law.frontier([1e21, 1e23], 2, interval=0.95)
    assert best["first"] == expected.first.tolist()
    assert best["loss_interval"] == [each.tolist() for each in expected.loss_interval]


def test_rows_without_loss_and_diverged_runs_are_left_out_and_counted(folder):
    done = run("fit", folder / "broken.csv", *WORDS, "--pool")
    assert done.exit_code == 2
    assert "broken.csv, line 74, column loss, holds 'OOM'" in done.output
    words = ["--pool", "--missing", "drop", "--diverged", "loss > 10", "--diverged", "exclude"]
    done = run("fit", folder / "broken.csv", *WORDS, *words)
    assert done.exit_code == 0, done.output
    assert "72 runs, 2 diverged left out, 1 without a size or loss left out" in done.stdout
    same = ltens.fit_surface(SIZES, LOSSES, bootstrap=0)
    plain = found("fit", folder / "broken.csv", *WORDS, *words)["broken.csv"]
    assert plain["coefficients"] == same.coefficients
    assert (plain["diverged"], plain["left_out"]) == (2, 1)


def test_whole_trainings(folder):
    sizes, losses, which = trainings()
    law = ltens.fit_surface(sizes, losses, runs=which, bootstrap=0)
    done = run("fit", folder / "checkpoints.csv", *WORDS, "--runs", "run")
    assert "770 rows of 22 trainings" in done.stdout
    plain = found("fit", folder / "checkpoints.csv", *WORDS, "--runs", "run")["checkpoints.csv"]
    assert plain["intervals"]["E"] == pytest.approx(law.interval("E"), rel=1e-9)


def test_a_table_goes_into_the_function_as_it_is(folder):
    table = ltens.read_table(folder / "runs.csv", ["params", "tokens"], "loss", groups="dataset")
    assert repr(table) == (
        f"RunTable(72 runs, loss against params from {SIZES['params'].min():g} to "
        f"{SIZES['params'].max():g}, tokens)"
    )
    law = ltens.fit_surface(table, bootstrap=0)
    assert law.table.labels == ("c4", "pile")
    with pytest.raises(TypeError, match="sizes is a table of runs, which has its own"):
        ltens.fit_surface(table, LOSSES)
    with pytest.raises(TypeError, match="losses is missing"):
        ltens.fit_surface(SIZES)
    several = ltens.read_table(folder / "runs.csv", ["params", "tokens"], "loss", by="dataset")
    with pytest.raises(ValueError, match=r"sizes is a table of 2 curves \('pile', 'c4', ...\)"):
        ltens.fit_surface(several)


def test_pictures(folder, tmp_path):
    file, picture = folder / "runs.csv", tmp_path / "law.png"
    words = WORDS[:-2]
    done = run("plot", file, *words, "--groups", "dataset", "-o", picture)
    assert done.stdout == f"wrote {picture}\n", done.output
    done = run("plot", file, *words, "--by", "dataset", "-o", picture)
    paths = [tmp_path / f"law-{name}.png" for name in ("pile", "c4")]
    assert done.stdout == "".join(f"wrote {path}\n" for path in paths)
    done = run("plot", file, *words, "--pool", "--compute", 1e21, "-o", picture)
    assert "compute is given, but a picture shows the best sizes for all" in done.output
    assert all(path.read_bytes().startswith(b"\x89PNG") for path in (picture, *paths))


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--groups", "dataset"], "size is missing, but must be given because runs.csv has the"),
        (WORDS, "--by dataset fits each by itself, --groups dataset shares exponents, --pool"),
        ([*WORDS, "--groups", "datset"], "groups is 'datset', but runs.csv has no such column"),
        ([*WORDS, "--groups", "loss"], "groups is 'loss', but that column of runs.csv holds the"),
        ([*WORDS, "--size", "params"], "two sizes are both 'params', but must be two columns"),
        ([*WORDS, "--size", "loss"], "size and loss are both 'loss', but must be two columns"),
        ([*WORDS, "--model", "power_law"], "model is given, but a surface has none"),
        ([*WORDS, "--smallest", 1e7], 'smallest is given, but of several sizes: --where "params'),
        ([*WORDS, "--diverged", "infinite"], "but a surface leaves diverged runs out"),
        ([*WORDS, "--product", "params"], "product is 'params', but must be two sizes"),
        ([*WORDS, "--pool", "--shared", "floor"], "but there are no groups to share it"),
        ([*WORDS, "--compute", -1], "compute is -1.0, but must be above 0"),
        (["--size", "params", "--loss", "loss", "--cost", 2], "cost is given, but it is of surf"),
    ],
)
def test_messages(folder, words, message):
    done = run("fit", folder / "runs.csv", *words)
    assert done.exit_code == 2
    assert message in done.output.replace(f"{folder}/", "")
    assert done.stdout == ""


def test_commands_of_one_size_say_so(folder):
    for command in ("classify", "compare"):
        done = run(command, folder / "runs.csv", *WORDS[:6])
        assert done.exit_code == 2
        assert "size is given 2 times (params, tokens), but this command takes one" in done.output


def test_compare_without_the_dimension_says_what_to_give(folder):
    words = ["--size", "params", "--loss", "loss", "--pool"]
    done = run("compare", folder / "runs.csv", *words)
    assert "dimension is missing, but must be given, since runs.csv does not say it" in done.output


def test_the_networks_of_a_sweep_are_rows(tmp_path):
    """A sweep over widths and samples, in a file and as the table that is exported from it."""
    pytest.importorskip("h5netcdf")
    width, samples = np.array([4, 8, 16, 32, 64]), np.array([10, 30, 100, 300])
    dims = ("activation", "width", "samples", "seed")
    law = 0.5 + 2 / width[:, None] ** 0.7 + 3 / samples**0.5
    loss = law[None, ..., None] * np.random.default_rng(0).lognormal(0, 0.01, (2, 5, 4, 3))
    status = np.zeros(loss.shape, np.int8)
    status[0, 1, 2, 0] = 1
    ds = xr.Dataset(
        {"loss": (dims, loss), "status": (dims, status)},
        {"activation": ["relu", "silu"], "width": width, "samples": samples, "seed": range(3)},
    )
    ds.to_netcdf(tmp_path / "sweep.nc", engine="h5netcdf")
    words = ("--size", "width", "--size", "samples", "--bootstrap", 0)
    laws = found("fit", tmp_path / "sweep.nc", *words)
    assert list(laws) == ["relu", "silu"]
    assert [laws[name]["rows"] for name in laws] == [59, 60]
    assert laws["relu"]["diverged"] == 1
    n, d = (a.ravel() for a in np.meshgrid(width, samples, indexing="ij"))
    sizes = {"width": np.repeat(n, 3), "samples": np.repeat(d, 3)}
    expected = ltens.fit_surface(sizes, loss[1].ravel(), bootstrap=0)
    assert laws["silu"]["coefficients"] == expected.coefficients
    one = found("fit", tmp_path / "sweep.nc", *words, "--activation", "silu")
    assert one["sweep.nc"]["coefficients"] == expected.coefficients
    assert run("export", tmp_path / "sweep.nc", "-o", tmp_path / "sweep.csv").exit_code == 0
    table = found("fit", tmp_path / "sweep.csv", *words)
    assert table["silu"]["coefficients"] == expected.coefficients
    both = found("fit", tmp_path / "sweep.nc", *words, "--groups", "activation")["sweep.nc"]
    assert both["groups"] == ["relu", "silu"]
    done = run("fit", tmp_path / "sweep.nc", "--size", "width", "--size", "sample")
    assert "size is 'sample', which is not known: did you mean 'samples'" in done.output
    done = run("fit", tmp_path / "sweep.nc", *words, "--where", "width > 4")
    assert "where is given, but" in done.output
