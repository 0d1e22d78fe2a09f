"""Data and functions of one's own on the command line and in TOML."""

import json

import numpy as np
import pytest

import ltens
from ltens.cli import main

TINY = ["--widths", "1,2,3", "--seeds", "4", "--steps", "20"]
TRAINING = ltens.Training(steps=20)


@pytest.fixture
def here(tmp_path, monkeypatch, capsys):
    """Run commands in this process, in a folder of their own; return exit code, stdout, stderr."""
    monkeypatch.chdir(tmp_path)

    def command(*words):
        with pytest.raises(SystemExit) as left:
            main(words)
        return left.value.code, *capsys.readouterr()

    return command


def data():
    draw = np.random.default_rng(0)
    return {"x": draw.normal(size=(30, 2)), "y": draw.normal(size=30), "weights": draw.random(30)}


def swept(here, *words, config=None):
    code, stdout, stderr = here("sweep", *TINY, *words, "--store", "a.ltens", "--json")
    assert code == 0, stderr
    return json.loads(stdout), ltens.open("a.ltens")


def alone(task):
    return ltens.sweep([1, 2, 3], 4, task=task, training=TRAINING, progress=False)


def test_a_file_of_data_is_the_task(here):
    np.savez("mine.npz", **data(), loss="mse")
    result, ds = swept(here, "--task", "mine.npz")
    task = ltens.Task(**data(), name="mine.npz")
    np.testing.assert_array_equal(ds.loss, alone(task).loss)
    assert ds.attrs["task_function"] == "mine.npz"
    assert ds.attrs["task_fingerprint"] == task.fingerprint
    assert result["configuration"]["task"]["function"] == "mine.npz"
    assert here("sweep", *TINY, "--task", "mine.npz", "--store", "a.ltens")[0] == 0  # resumes
    np.savez("mine.npz", x=data()["x"], y=data()["y"])
    code, _, stderr = here("sweep", *TINY, "--task", "mine.npz", "--store", "a.ltens")
    assert code == 3
    assert "task.fingerprint" in stderr


@pytest.mark.parametrize("labels", ["of classes", "probabilities"])
def test_a_file_of_classes(here, labels):
    x = np.random.default_rng(0).uniform(-1, 1, (40, 2))
    y = (x[:, 0] > 0).astype(int) + (x[:, 1] > 0.2)
    parts = {"x": x, "y": y if labels == "of classes" else np.eye(3)[y], "loss": "cross_entropy"}
    np.savez("mine.npz", **parts)
    result, ds = swept(here, "--task", "mine.npz")
    assert result["configuration"]["task"]["loss"] == "cross_entropy"
    task = ltens.Task(**parts, name="mine.npz")
    assert ds.attrs["task_fingerprint"] == task.fingerprint
    for name in ("loss", "error"):
        np.testing.assert_array_equal(ds[name], alone(task)[name])
    words = ["--task", "mine.npz", "--samples", "20", "--store", "b.ltens"]
    assert here("sweep", *TINY, *words)[0] == 0
    np.testing.assert_array_equal(
        ltens.open("b.ltens").error, alone(task.replace(samples=20)).error
    )
    code, _, stderr = here("sweep", *TINY, "--task", "mine.npz", "--noise", "0.1")
    assert code == 2
    assert "the task has 3 classes" in stderr
    np.savez("bad.npz", x=x, y=y + 0.5, loss="cross_entropy")
    code, _, stderr = here("sweep", *TINY, "--task", "bad.npz")
    assert code == 2
    assert "bad.npz holds no task" in stderr


def test_a_part_of_the_data_with_noise(here):
    parts = {name: data()[name] for name in "xy"}
    np.savez("mine.npz", **parts)
    words = ["--task", "mine.npz", "--samples", "10", "--noise", "0.5"]
    ds = swept(here, *words)[1]
    task = ltens.Task(**parts).replace(samples=10, noise=0.5)
    assert ds.attrs["task_fingerprint"] == task.fingerprint
    assert here("sweep", *TINY, "--task", "mine.npz", "--over", "samples=10,20")[0] == 0


def test_a_function_of_a_file_and_of_a_module(here, tmp_path):
    (tmp_path / "targets.py").write_text(
        "import numpy\ndef bump(x):\n    return numpy.exp(-x * x)\n"
        "class Kept:\n    @staticmethod\n    def plane(x):\n        return x @ [1.0, 2.0]\n"
    )
    ds = swept(here, "--function", "targets.py:bump", "--samples", "50")[1]
    task = ltens.Task.from_function(lambda x: np.exp(-x * x), samples=50)
    np.testing.assert_array_equal(ds.loss, alone(task).loss)
    assert ds.attrs["task_function"] == "targets.py:bump"
    assert ds.attrs["task_fingerprint"] == task.fingerprint
    again = here("sweep", *TINY, "--function", f"{tmp_path}/targets.py:bump", "--samples", "50",
                 "--store", "a.ltens", "--json")  # fmt: skip
    assert again[0] == 0
    words = ["--function", "targets:Kept.plane", "--dimension", "2", "--samples", "25"]
    code, stdout, _ = here("sweep", *TINY, *words, "--json", "--held-out-samples", "20")
    assert code == 0
    assert json.loads(stdout)["configuration"]["task"]["function"] == "targets:Kept.plane"


def test_in_toml(here, tmp_path):
    np.savez("mine.npz", **data())
    (tmp_path / "a.toml").write_text('task = "mine.npz"\nsteps = 20\n')
    ds = swept(here, "--config", "a.toml")[1]
    assert ds.attrs["task_fingerprint"] == ltens.Task(**data()).fingerprint
    (tmp_path / "f.py").write_text("f = abs\n")
    (tmp_path / "b.toml").write_text('[task]\nfunction = "f.py:f"\nsamples = 9\n')
    code, stdout, _ = here("sweep", *TINY, "--config", "b.toml", "--json")
    assert code == 0
    found = json.loads(stdout)["configuration"]["task"]
    assert found["fingerprint"] == ltens.Task.from_function("abs", samples=9).fingerprint
    (tmp_path / "c.toml").write_text("task = 3\n")
    assert "task is 3, but must be a file name" in here("sweep", "--config", "c.toml")[2]
    (tmp_path / "c.toml").write_text('task = "none.npz"\n')
    assert "task is none.npz, but there is no such file" in here("sweep", "--config", "c.toml")[2]


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ({"x": [1.0, 2.0]}, "it has no array 'y'"),
        ({"x": [1.0, 2.0], "y": [1.0]}, "mine.npz holds no task: y has 1 value(s), but must"),
        ({"x": [1.0, np.nan], "y": [1.0, 1.0]}, "x[1] is nan, but every value must be finite"),
        ({"x": ["a"], "y": [1.0]}, "x has dtype <U1, but must be an array of real numbers"),
        ({"x": [1.0], "y": [1.0], "z": [1.0]}, "it has an array 'z', which is not known"),
        ({"x": [1.0], "y": [1.0], "weights": [-1.0]}, "weights[0] is -1.0"),
        ({"x": [1.0], "y": [1.0], "loss": "hinge"}, "mine.npz holds no task: "),
        ({"x": [1.0], "y": [1.0], "loss": [1.0]}, "not one text"),
        ({"x": np.array([None]), "y": [1.0]}, "Python objects, which are never read"),
    ],
)
def test_data_that_are_no_task(here, arrays, message):
    np.savez("mine.npz", **arrays)
    code, stdout, stderr = here("sweep", *TINY, "--task", "mine.npz")
    assert code == 2
    assert message in " ".join(stderr.split())
    assert stdout == ""


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--task", "none.npz"], "none.npz' does not exist"),
        (["--task", "words.txt"], "words.txt is no file of data with arrays x, y"),
        (["--function", "none.py:f"], "function is 'none.py:f', but there is no file none.py"),
        (["--function", "no_such:f"], "no_such cannot be imported: ModuleNotFoundError"),
        (["--function", "f.py:g"], "function is 'f.py:g', but f.py has no 'g'"),
        (["--function", "f.py:number"], "function is 'f.py:number', but that is a int"),
        (["--function", "f.py:"], "must be module:name or path.py:name"),
        (["--function", "broken.py:f"], "broken.py cannot be imported: SyntaxError"),
        (["--function", "leaves.py:f"], "leaves.py cannot be imported: SystemExit: 7"),
        (["--function", "f.py:raises"], "function f.py:raises raised ZeroDivisionError: division"),
        (["--function", "f.py:one"], "function f.py:one returned shape ()"),
        (["--task", "mine.npz", "--function", "sin"], "function is given, but task is mine.npz"),
        (["--task", "mine.npz", "--dimension", "2"], "dimension is given, but task is mine.npz"),
        (["--task", "mine.npz", "--held-out-samples", "5"], "held_out_samples is given, but task"),
        (["--task", "mine.npz", "--samples", "9"], "samples is 9, but the task has 2"),
    ],
)
def test_what_cannot_be_used(here, tmp_path, words, message):
    np.savez("mine.npz", x=[0.0, 1.0], y=[0.0, 1.0])
    (tmp_path / "words.txt").write_text("x y")
    (tmp_path / "f.py").write_text(
        "number = 3\ndef raises(x):\n    return 1 / 0\ndef one(x):\n    return 1.0\n"
    )
    (tmp_path / "broken.py").write_text("def f(:\n")
    (tmp_path / "leaves.py").write_text("import sys\nsys.exit(7)\n")
    code, stdout, stderr = here("sweep", *TINY, *words)
    assert code == 2
    assert message in " ".join(stderr.split())
    assert stdout == ""
