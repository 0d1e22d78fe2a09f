"""The command line, run as a person runs it."""

import io
import json
import re
import signal
import subprocess
import sys
import time
from contextlib import contextmanager

import pandas
import pytest

from ltens.cli import main
from ltens.store import StoreError, read_store

pytest.importorskip("h5netcdf")
TINY = ["--widths", "1,2,3", "--seeds", "4", "--steps", "20", "--samples", "20"]


def ltens(*words, cwd):
    command = [sys.executable, "-m", "ltens", *map(str, words)]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sweep")
    done = ltens("sweep", *TINY, "-o", "a.nc", "--plot", "a.png", cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder, done


def test_sweep_prints_tables_and_files(result):
    folder, done = result
    assert "median loss over seeds" in done.stdout
    assert "silu: median loss, N = 1–3: 3 sizes, 4 losses at each" in done.stdout
    assert "wrote a.nc\nwrote a.png\n" in done.stdout
    lines = done.stderr.splitlines()  # not a terminal, so lines instead of a bar
    assert "  0 %  0 of 19.2 k upd" in lines[0]
    assert "100 %  19.2 k of 19.2 k upd" in lines[-1]
    assert (folder / "a.png").read_bytes().startswith(b"\x89PNG")


def test_fit_and_plot_read_the_file(result):
    folder, _ = result
    laws = json.loads(ltens("fit", "a.nc", "--json", cwd=folder).stdout)
    assert list(laws) == ["relu", "silu"]
    assert ltens("plot", "a.nc", "-o", "b.svg", cwd=folder).returncode == 0
    assert (folder / "b.svg").exists()


def test_ways_to_train_are_options(tmp_path):
    words = [
        "--batch-size", "8", "--schedule", "cosine", "--optimizer", "sgd", "--momentum", "0.5",
        "--lr-factors", "1", "1", "0.5", "0", "--evaluation-samples", "30",
        "--held-out-samples", "25", "--held-out-every", "4", "--patience", "2",
    ]  # fmt: skip
    done = ltens("sweep", *TINY, *words, "--store", "a.ltens", "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    configuration = json.loads(done.stdout)["configuration"]
    assert configuration["evaluation"]["samples"] == 30
    assert configuration["held_out"]["samples"] == 25
    assert configuration["evaluation"]["fingerprint"] != configuration["held_out"]["fingerprint"]
    assert configuration["training"].items() >= {
        "batch_size": 8, "schedule": "cosine", "optimizer": "sgd", "momentum": 0.5,
        "lr_factors": [1.0, 1.0, 0.5, 0.0], "held_out_every": 4, "patience": 2,
    }.items()  # fmt: skip
    again = ltens("sweep", *TINY, *words, "--store", "a.ltens", "--json", cwd=tmp_path)
    assert json.loads(again.stdout)["medians"] == json.loads(done.stdout)["medians"]
    other = ltens(
        "sweep", *TINY, *words, "--lr-factors", "1 1 1 1", "--store", "a.ltens", cwd=tmp_path
    )
    assert other.returncode == 3
    assert "lr_factors" in other.stderr


def test_lists_as_separate_words_and_json(tmp_path):
    words = ["--widths", "1", "2", "--domain", "-1", "3", *TINY[2:], "--activations", "relu"]
    content = json.loads(ltens("sweep", *words, "--json", cwd=tmp_path).stdout)
    assert content["configuration"]["widths"] == [1, 2]
    assert content["configuration"]["task"]["domain"] == [-1.0, 3.0]
    assert content["networks"]["ok"] == 8
    assert content["laws"] == {"relu": None}


def test_flags_override_the_file(tmp_path):
    (tmp_path / "a.toml").write_text(
        '\ufeffwidths = [1, 2]\nseeds = 3\nactivations = "tanh"\n'
        "[task]\nsamples = 10\n[training]\nsteps = 5\nlr-decay = 0.5\n"
    )
    done = ltens("sweep", "--config", "a.toml", "--seeds", "2", "--json", cwd=tmp_path)
    configuration = json.loads(done.stdout)["configuration"]
    assert configuration["seeds"] == 2
    assert configuration["task"]["samples"] == 10
    assert configuration["training"]["lr_decay"] == 0.5


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("sedes = 3", "unknown key 'sedes' of a.toml: did you mean 'seeds'?"),
        ("[training]\nstep = 3", "unknown key 'step' in the table [training] of a.toml"),
        ("[trainin]\nsteps = 3", "unknown table [trainin] in a.toml: did you mean [training]"),
        ("steps = 1\n[training]\nsteps = 3", "key 'steps' stands twice in a.toml"),
        ("steps = ", "a.toml is not a TOML file"),
        ("steps = 1.5", "steps is 1.5, but must be an integer"),
        (f"steps = {'[' * 5000}", "a.toml is nested too deeply"),
    ],
)
def test_bad_files(tmp_path, text, message):
    (tmp_path / "a.toml").write_text(text)
    done = ltens("sweep", "--config", "a.toml", cwd=tmp_path)
    assert done.returncode == 2
    assert message in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--lr", "0"], "lr is 0.0, but must be above 0."),
        (["--widths", "1,1"], "widths holds 1 more than once"),
        (["--seeds", "x"], "seeds holds 'x', but must be integers"),
        (["--activations", "rely"], "did you mean 'relu'"),
        (["-o", "none/a.nc"], "the folder none does not exist"),
        (
            ["-o", "a.xls"],
            "output is a.xls, but its suffix must be one of: .nc .csv .parquet (or -",
        ),
        (["-o", "a"], "output is a, but its suffix must be one of"),
        (["-o", "-", "--json"], "output is - and json is asked for, but stdout can hold only one"),
        (["--plot", "a.pgn"], "plot is a.pgn, but its suffix must be one of"),
        (["--rng", "-1"], "rng is '-1', but must be a non-negative integer"),
    ],
)
def test_bad_flags(tmp_path, words, message):
    done = ltens("sweep", *words, cwd=tmp_path)
    assert done.returncode == 2
    assert message in done.stderr


def test_divergence_is_exit_code_1(tmp_path):
    done = ltens("sweep", *TINY, "--lr", "1e30", cwd=tmp_path)
    assert done.returncode == 1
    assert "24 network(s) diverged" in done.stderr


def test_info(tmp_path):
    assert "threads" in ltens("info", cwd=tmp_path).stdout
    assert "numerics_version" in json.loads(ltens("info", "--json", cwd=tmp_path).stdout)


def test_an_instruction_set_that_does_not_exist(tmp_path, monkeypatch):
    monkeypatch.setenv("LTENS_SIMD", "v9")
    done = ltens("info", cwd=tmp_path)
    assert done.returncode == 2
    assert "Error: LTENS_SIMD='v9' is not an instruction set of this build" in done.stderr


def test_not_a_result(tmp_path):
    (tmp_path / "a.nc").write_text("nothing")
    done = ltens("fit", "a.nc", cwd=tmp_path)
    assert done.returncode == 2
    assert "a.nc cannot be read as netCDF" in done.stderr


def test_bench_without_a_source_tree(tmp_path):
    done = ltens("bench", cwd=tmp_path)
    assert done.returncode == 2
    assert "bench-dir is bench, but bench/peers/__main__.py does not exist" in done.stderr


LONG = ["--widths", "1", "--seeds", "1", "--steps", "2000000000"]


@contextmanager
def running(*words, cwd):
    """Start a sweep and wait until its first line says that it computes."""
    # A shell's background job ignores SIGINT, and a child would inherit that.
    previous = signal.signal(signal.SIGINT, signal.default_int_handler)
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    command = [sys.executable, "-m", "ltens", "sweep", *words]
    with subprocess.Popen(command, cwd=cwd, **pipes) as process:
        signal.signal(signal.SIGINT, previous)
        try:
            assert "  0 %  0 of" in process.stderr.readline()
            yield process
        finally:
            process.kill()


@pytest.mark.parametrize(("name", "code"), [("SIGINT", 130), ("SIGTERM", 143)])
def test_interruption_writes_what_is_finished(tmp_path, name, code):
    with running(*LONG, "-o", "a.nc", cwd=tmp_path) as process:
        time.sleep(0.5)
        process.send_signal(getattr(signal, name))
        process.send_signal(getattr(signal, name))  # the second one must not spoil the writing
        _, stderr = process.communicate(timeout=60)
    assert process.returncode == code
    last = stderr.splitlines()[-1]
    assert last.startswith("interrupted: what was finished is above, in a.nc; ")
    assert "add --store FILE" in last
    assert (tmp_path / "a.nc").exists()


@pytest.mark.parametrize(("name", "code"), [("SIGINT", 130), ("SIGTERM", 143)])
def test_a_stored_sweep_stops_at_once_and_says_how_to_resume(tmp_path, name, code):
    words = ["--widths", "1,2,3", "--seeds", "64", "--steps", "100000", "--store", "my sweep.ltens"]
    with running(*words, cwd=tmp_path) as process:
        while not ltens_blocks(tmp_path / "my sweep.ltens"):
            time.sleep(0.05)
        start = time.monotonic()
        process.send_signal(getattr(signal, name))
        line = ""
        while "interrupted" not in line:
            line = process.stderr.readline()
        reaction = time.monotonic() - start
        rest, _ = process.stderr.read(), process.wait(timeout=60)
    assert process.returncode == code
    assert rest == ""  # it was the last line
    assert re.fullmatch(
        r"interrupted: \d+ of \d+ blocks are finished, in my sweep.ltens; resume with: "
        r"ltens sweep --widths 1,2,3 .* --store 'my sweep.ltens'\n",
        line,
    )
    # 0.2 s is what is promised on a machine of one's own; the tests share theirs.
    assert reaction < 1.0
    assert ltens_blocks(tmp_path / "my sweep.ltens") > 0


def ltens_blocks(path):
    """Return how many blocks a store has, 0 as long as it has no tables."""
    try:
        return sum(len(batch.keys) for batch in read_store(path).batches)
    except StoreError:
        return 0


@pytest.fixture
def here(tmp_path, monkeypatch, capsys):
    """Run commands in this process, in a folder of their own; return exit code, stdout, stderr."""
    monkeypatch.chdir(tmp_path)

    def command(*words):
        with pytest.raises(SystemExit) as left:
            main(words)
        return left.value.code, *capsys.readouterr()

    return command


def test_the_same_command_resumes_extends_and_reads(here, tmp_path):
    words = ["sweep", *TINY, "--store", "a.ltens"]
    first, again = here(*words), here(*words)
    assert first[0] == again[0] == 0
    assert first[1] == again[1]
    assert here("sweep", "--seeds", "6", *TINY[:2], *TINY[4:], "--store", "a.ltens")[0] == 0
    assert list(json.loads(here("fit", "a.ltens", "--json")[1])) == ["relu", "silu"]
    assert here("export", "a.ltens", "-o", "a.csv")[:2] == (0, "wrote a.csv\n")
    lines = (tmp_path / "a.csv").read_text().splitlines()
    assert lines[0].startswith("activation,width,seed,loss,status")
    assert len(lines) == 1 + 2 * 3 * 6
    assert here("export", "a.ltens", "-o", "a.nc")[0] == 0
    assert here("export", "a.nc", "-o", "b.csv")[0] == 0
    assert (tmp_path / "b.csv").read_text().splitlines() == lines


def test_another_sweep_in_the_store_is_exit_code_3(here, tmp_path):
    assert here("sweep", *TINY, "--store", "a.ltens")[0] == 0
    code, _, stderr = here("sweep", *TINY, "--lr", "0.5", "--store", "a.ltens")
    assert code == 3
    assert "training.lr  0.01 in the store, 0.5 asked for" in stderr
    (tmp_path / "b.ltens").write_text("a shopping list, long enough to be read as a header" * 9)
    code, _, stderr = here("sweep", *TINY, "--store", "b.ltens")
    assert code == 3
    assert "b.ltens is damaged or no store" in stderr


def test_a_dry_run_writes_nothing(here, tmp_path):
    code, stdout, _ = here("sweep", *TINY, "--store", "a.ltens", "--dry-run")
    assert code == 0
    assert stdout.startswith("networks  24, of which 0 are in the store")
    assert list(tmp_path.iterdir()) == []
    planned = json.loads(here("sweep", *TINY, "--calibrate", "--json")[1])
    assert planned["calibrated"]
    assert planned["seconds"] > 0


@pytest.mark.parametrize("name", ["a.csv", "a.parquet", "A.CSV"])
def test_the_suffix_of_a_sweep_s_output_decides(here, tmp_path, name):
    if name.endswith("parquet"):
        pytest.importorskip("pyarrow")
    code, stdout, _ = here("sweep", *TINY, "-o", name)
    assert code == 0
    assert f"wrote {name}" in stdout
    read = pandas.read_parquet if name.endswith("parquet") else pandas.read_csv
    assert len(read(tmp_path / name)) == 2 * 3 * 4
    assert len(list(tmp_path.iterdir())) == 1


def test_a_dash_is_the_standard_output_and_nothing_else_stands_there(here, tmp_path):
    code, stdout, stderr = here("sweep", *TINY, "-o", "-", "--store", "a.ltens")
    assert code == 0
    table = pandas.read_csv(io.StringIO(stdout))
    assert list(table)[:4] == ["activation", "width", "seed", "loss"]
    assert len(table) == 2 * 3 * 4
    assert "median loss over seeds" in stderr
    assert here("export", "a.ltens", "-o", "-")[1] == stdout


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["-o", "a.xls"], "output is a.xls, but its suffix must be one of: .nc .csv .parquet"),
        (["-o", "none/a.csv"], "the folder none does not exist"),
        (["-o", "a.csv", "--history"], "ds has no 'history'"),
    ],
)
def test_bad_exports(here, result, monkeypatch, words, message):
    monkeypatch.chdir(result[0])
    code, _, stderr = here("export", "a.nc", *words)
    assert code == 2
    assert message in stderr
