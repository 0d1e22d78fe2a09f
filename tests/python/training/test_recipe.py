"""What a task is made from can be varied: samples, noise, dimension, ...; noise is by place."""

import pickle

import numpy as np
import pytest

import ltens
from ltens import Task


def test_noise_has_its_size_and_no_mean():
    clean = Task.from_function("sin", samples=20_000)
    noisy = Task.from_function("sin", samples=20_000, noise=0.3)
    noise = noisy.y - clean.y
    # Five standard errors of a mean and of a standard deviation of 20,000 normal numbers.
    assert abs(noise.mean()) < 5 * 0.3 / np.sqrt(20_000)
    assert abs(noise.std() - 0.3) < 5 * 0.3 / np.sqrt(40_000)
    assert noisy.x.tobytes() == clean.x.tobytes()


def test_noise_and_points_of_fewer_samples_begin_those_of_more():
    few, many = (
        Task.from_function("sin", samples=n, sampling="random", dimension=2, noise=0.1, rng=7)
        for n in (10, 30)
    )
    np.testing.assert_array_equal(many.x[:10], few.x)
    np.testing.assert_array_equal(many.y[:10], few.y)


def test_noise_is_drawn_by_the_root_entropy():
    one, other = (Task.from_function("sin", noise=0.1, rng=rng) for rng in (0, 1))
    assert one.fingerprint != other.fingerprint
    assert Task.from_function("sin", rng=1).fingerprint == Task.from_function("sin").fingerprint


def test_a_generator_is_left_alone_where_nothing_is_drawn():
    generator = np.random.default_rng(0)
    Task.from_function("square", rng=generator)
    assert generator.random() == np.random.default_rng(0).random()


def test_replace_makes_the_task_that_the_arguments_make():
    task = Task.from_function(np.sinc, samples=20, sampling="random", rng=3)
    changed = task.replace(samples=30, noise=0.2, domain=(0, 1))
    made = Task.from_function(
        np.sinc, samples=30, sampling="random", rng=3, noise=0.2, domain=(0, 1)
    )
    assert changed.fingerprint == made.fingerprint
    assert task.replace().fingerprint == task.fingerprint


def test_parts_of_arrays_are_nested_keep_their_order_and_end_with_the_whole():
    task = Task(np.arange(50.0), np.arange(50.0) ** 2)
    parts = [set(task.replace(samples=n).x.ravel()) for n in (5, 20, 50)]
    assert parts[0] < parts[1] < parts[2]
    assert (np.diff(task.replace(samples=20).x.ravel()) > 0).all()
    assert task.replace(samples=50).fingerprint == task.fingerprint
    assert task.replace(samples=5).weights.sum() == pytest.approx(1)
    few, many = (task.replace(samples=n, noise=1.0) for n in (5, 20))
    shared = np.isin(many.x, few.x).ravel()
    np.testing.assert_array_equal(many.y[shared], few.y)


def test_tasks_go_to_other_processes_without_the_callers_function():
    own = pickle.loads(pickle.dumps(Task.from_function(lambda x: x, samples=5)))
    assert own.recipe is None
    named = pickle.loads(pickle.dumps(Task.from_function("sin", samples=5)))
    assert named.replace(samples=7).samples == 7


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        ({"dimension": 2}, ValueError, "given as arrays, so that its dimension cannot be changed"),
        ({"sample": 2}, TypeError, "'sample' is nothing a task is made from.*'samples'"),
        ({"samples": 4}, ValueError, "samples is 4, but the task has 3"),
        ({"samples": 0}, ValueError, "samples is 0, but must be an integer of at least 1"),
        ({"samples": 2}, ValueError, "weights that differ, but a part of it needs equal ones"),
        ({"noise": -1}, ValueError, "noise is -1.0, but must be at least 0"),
    ],
)
def test_what_arrays_cannot_become(changes, error, message):
    task = Task([0.0, 1.0, 2.0], [0.0, 1.0, 2.0], [1.0, 2.0, 3.0])
    with pytest.raises(error, match=message):
        task.replace(**changes)


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"noise": -0.1}, ValueError, "noise is -0.1, but must be at least 0"),
        ({"noise": "loud"}, TypeError, "noise is 'loud', but must be a number"),
        ({"rng": "now"}, TypeError, "rng is 'now'"),
    ],
)
def test_bad_arguments(options, error, message):
    with pytest.raises(error, match=message):
        ltens.Task.from_function("square", **options)
