"""The command line, run as a person runs it."""

import json
import signal
import subprocess
import sys
import time

import pytest

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
    assert "loss ~ width^(-exponent)" in done.stdout
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


def test_lists_as_separate_words_and_json(tmp_path):
    words = ["--widths", "1", "2", "--domain", "-1", "3", *TINY[2:], "--activations", "relu"]
    content = json.loads(ltens("sweep", *words, "--json", cwd=tmp_path).stdout)
    assert content["configuration"]["widths"] == [1, 2]
    assert content["configuration"]["task"]["domain"] == [-1.0, 3.0]
    assert content["networks"]["ok"] == 8
    assert content["laws"] == {"relu": None}


def test_flags_override_the_file(tmp_path):
    (tmp_path / "a.toml").write_text(
        'widths = [1, 2]\nseeds = 3\nactivations = "tanh"\n'
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


def test_not_a_result(tmp_path):
    (tmp_path / "a.nc").write_text("nothing")
    done = ltens("fit", "a.nc", cwd=tmp_path)
    assert done.returncode == 2
    assert "a.nc cannot be read as netCDF" in done.stderr


def test_bench_without_a_source_tree(tmp_path):
    done = ltens("bench", cwd=tmp_path)
    assert done.returncode == 2
    assert "bench-dir is bench, but bench/peers/__main__.py does not exist" in done.stderr


@pytest.mark.parametrize(("name", "code"), [("SIGINT", 130), ("SIGTERM", 143)])
def test_interruption_writes_what_is_finished(tmp_path, name, code):
    words = ["--widths", "1", "--seeds", "1", "--steps", "2000000000", "-o", "a.nc"]
    # A shell's background job ignores SIGINT, and a child would inherit that.
    previous = signal.signal(signal.SIGINT, signal.default_int_handler)
    process = subprocess.Popen(
        [sys.executable, "-m", "ltens", "sweep", *words],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    signal.signal(signal.SIGINT, previous)
    try:
        time.sleep(4)
        process.send_signal(getattr(signal, name))
        _, stderr = process.communicate(timeout=20)
    finally:
        process.kill()
    assert process.returncode == code
    assert "interrupted: what was finished is above, in a.nc" in stderr
    assert (tmp_path / "a.nc").exists()
