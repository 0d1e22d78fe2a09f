"""Tasks with several outputs or classes: what y may be, what it becomes, messages."""

import pickle

import numpy as np
import pytest

from ltens import Task

X = np.arange(4.0)
EYE = np.eye(3)


def test_labels_become_probabilities():
    task = Task(X, [0, 2, 1, 2], loss="cross_entropy")
    np.testing.assert_array_equal(task.y, EYE[[0, 2, 1, 2]])
    assert (task.outputs, task.classes, task.loss) == (3, 3, "cross_entropy")
    same = Task(X, EYE[[0, 2, 1, 2]], loss="cross_entropy")
    assert task.fingerprint == same.fingerprint


@pytest.mark.parametrize("kind", [np.int64, np.uint8, np.float32])
def test_labels_may_be_of_any_type_of_numbers(kind):
    labels = np.array([0, 2, 1, 2]).astype(kind)
    np.testing.assert_array_equal(Task(X, labels, loss="cross_entropy").y, EYE[[0, 2, 1, 2]])


def test_bools_are_two_classes():
    labels = X > 1
    assert Task(X, labels, loss="cross_entropy").classes == 2
    np.testing.assert_array_equal(Task(X, labels, loss="logistic").y, labels.astype(float))


def test_classes_beyond_the_highest_label():
    task = Task(X, [0, 0, 0, 0], loss="cross_entropy", classes=5)
    assert task.y.shape == (4, 5)
    assert Task(X, [0, 0, 0, 0], loss="logistic", classes=2).classes == 2


def test_soft_labels_are_kept():
    soft = np.array([[0.25, 0.75], [1.0, 0.0], [0.5, 0.5], [0.0, 1.0]])
    np.testing.assert_array_equal(Task(X, soft, loss="cross_entropy").y, soft)
    rounded = np.full((4, 3), 1 / 3, np.float32)
    assert Task(X, rounded, loss="cross_entropy").outputs == 3


def test_digits_are_split_once_and_for_all():
    pytest.importorskip("sklearn", reason="the digits come with scikit-learn")
    every, train, test = (Task.digits(part) for part in ("all", "train", "test"))
    assert (every.samples, train.samples, test.samples) == (1797, 1437, 360)
    assert (train.dimension, train.outputs, train.loss) == (64, 10, "cross_entropy")
    rows = np.concatenate([train.x, test.x])
    np.testing.assert_array_equal(np.sort(rows, axis=0), np.sort(every.x, axis=0))
    # 36 of each digit are expected: within five times their standard deviation of 5
    assert np.all(np.abs(test.y.sum(axis=0) - 36) < 25)
    assert train.fingerprint == Task.digits("train").fingerprint
    with pytest.raises(ValueError, match="part is 'trian', which is not known: did you mean 'tra"):
        Task.digits("trian")


def test_several_outputs():
    task = Task(X, np.ones((4, 2)))
    assert (task.outputs, task.classes, task.y.shape) == (2, None, (4, 2))


@pytest.mark.parametrize("loss", ["mse", "logistic"])
def test_one_column_is_one_output(loss):
    y = np.array([0.0, 1.0, 1.0, 0.0])
    column = Task(X, y[:, None], loss=loss)
    assert column.outputs == 1
    assert column.y.shape == (4,)
    assert column.fingerprint == Task(X, y, loss=loss).fingerprint


def test_fingerprint_of_a_task_of_numbers_is_what_it_was():
    """As computed before there were losses: stores hold it."""
    expected = "14a112feb8f6eed4fc66399e3eaec330022e9b430e00dcdca92a0db42052ae4c"
    assert Task([-1.0, 0.0, 1.0], [1.0, 0.0, 1.0]).fingerprint == expected


def test_fingerprint_sees_loss_and_shape():
    y = [0.0, 1.0, 1.0, 0.0]
    both = np.eye(2)[[0, 1, 1, 0]]
    prints = {
        Task(X, y).fingerprint,
        Task(X, y, loss="logistic").fingerprint,
        Task(X, both).fingerprint,
        Task(X, both, loss="cross_entropy").fingerprint,
        Task(np.arange(8.0).reshape(4, 2), y).fingerprint,
    }
    assert len(prints) == 5


def test_repr_says_outputs_and_loss_where_they_are_not_the_default():
    assert repr(Task(X, X)) == "Task(custom, samples=4, dimension=1, domain=(0, 3))"
    text = repr(Task(X, [0, 2, 1, 2], loss="cross_entropy"))
    assert "dimension=1, outputs=3, domain=(0, 3), loss=cross_entropy)" in text


def test_pickle_and_replace_keep_everything():
    task = Task(X, [0, 1, 0, 1], loss="cross_entropy", classes=3, name="parity")
    for other in (pickle.loads(pickle.dumps(task)), task.replace()):
        assert other.fingerprint == task.fingerprint
        assert (other.loss, other.outputs, other.name) == ("cross_entropy", 3, "parity")


@pytest.mark.parametrize("loss", ["cross_entropy", "logistic"])
def test_fewer_samples_may_be_of_one_class(loss):
    task = Task(np.arange(100.0), np.arange(100) == 99, loss=loss)
    parts = [task.replace(samples=count) for count in (1, 10)]
    assert [part.samples for part in parts] == [1, 10]
    assert all(part.outputs == task.outputs and part.loss == loss for part in parts)
    assert set(parts[0].x[:, 0]) <= set(parts[1].x[:, 0])


def test_noise_is_for_numbers():
    several = Task(np.arange(50.0), np.zeros((50, 2))).replace(noise=0.5)
    assert several.y.shape == (50, 2)
    assert 0.3 < several.y.std() < 0.7  # 100 numbers of 0.5: five standard errors of 0.035
    task = Task(X, [0, 2, 1, 2], loss="cross_entropy")
    assert task.replace(noise=0.0).fingerprint == task.fingerprint
    with pytest.raises(ValueError, match=r"noise is 0.1, but the task has 3 classes, and noise"):
        task.replace(noise=0.1)


def test_functions_may_be_classes():
    task = Task.from_function("step", samples=10, loss="logistic")
    assert (task.outputs, task.classes, task.y.tolist()) == (1, 2, [0.0] * 5 + [1.0] * 5)
    right = task.replace(domain=(0.5, 1.0))  # where there is one class only
    assert (right.loss, right.y.min()) == ("logistic", 1.0)
    bands = Task.from_function(np.floor, samples=40, domain=(0, 2.99), loss="cross_entropy")
    assert bands.outputs == 3
    few = bands.replace(samples=2, domain=(0.0, 1.5))
    np.testing.assert_array_equal(few.y, EYE[[0, 1]])
    with pytest.raises(ValueError, match=r"y\[1\] is 4, but with classes=3 a label must be"):
        bands.replace(samples=2, domain=(0.0, 4.0))
    with pytest.raises(ValueError, match="but with loss 'logistic' targets are classes"):
        task.replace(noise=0.1)


def test_functions_of_several_outputs():
    task = Task.from_function(lambda x: np.stack([x, x**2], axis=1), samples=9, noise=0.1)
    assert (task.outputs, task.y.shape) == (2, (9, 2))
    assert task.replace(samples=5).outputs == 2
    with pytest.raises(ValueError, match=r"returned shape \(9, 2, 1\), but .* of them, \(9, C\)"):
        Task.from_function(lambda x: np.ones((9, 2, 1)), samples=9)
    with pytest.raises(ValueError, match=r"returned nan at x = \[-2.0\]"):
        Task.from_function(lambda x: np.full((9, 2), np.nan), samples=9)


@pytest.mark.parametrize(
    ("y", "options", "message"),
    [
        ([0, -1, 1, 2], {}, r"y\[1\] is -1, but a label must be a whole number from 0 on"),
        ([0, 0.5, 1, 2], {}, r"y\[1\] is 0.5, but a label must be a whole number"),
        ([0, 3, 1, 2], {"classes": 3}, r"y\[1\] is 3, but with classes=3 a label must be 0 to 2"),
        ([1, 1, 1, 1], {}, r"y holds the class 1 only, but there must be at least two"),
        ([0, 1, 1], {}, r"y has 3 value\(s\), but must have one for each of the 4"),
        ([0, np.nan, 1, 2], {}, r"y\[1\] is nan, but every value must be finite"),
        (X[:, None], {}, r"y has shape \(4, 1\), but loss 'cross_entropy' takes labels"),
        (EYE[[0, 1, 2, 0]] * 2, {}, r"y\[0\] sums to 2, but the probabilities of a sample"),
        (EYE[[0, 1, 2, 0]] - 1, {}, r"y\[0, 1\] is -1, but a probability must be at least 0"),
        (EYE[[0, 1, 2, 0]], {"classes": 4}, r"y has shape \(4, 3\), but classes is 4"),
        (np.ones((4, 2, 1)), {}, r"y has shape \(4, 2, 1\), but must have 1 or 2"),
        ([0, 1, 2, 0], {"classes": 1}, "classes is 1, but must be an integer of at least 2"),
        ([0, 1, 2, 0], {"loss": "mse", "classes": 3}, "classes is 3, but loss 'mse' has none"),
        ([0, 1, 2, 0], {"loss": "logistic"}, r"y\[2\] is 2, but with loss 'logistic' it must be 0"),
        ([0, 1, -1, 0], {"loss": "logistic"}, r"y\[2\] is -1, but with loss 'logistic'"),
        ([1, 1, 1, 1], {"loss": "logistic"}, "y holds the class 1 only"),
        ([0, 1, 1, 0], {"loss": "logistic", "classes": 3}, "classes is 3, but loss 'logistic'"),
        (EYE[[0, 1, 2, 0]], {"loss": "logistic"}, r"y has shape \(4, 3\), but loss 'logistic'"),
        (np.ones((4, 0)), {"loss": "mse"}, r"y has shape \(4, 0\), but must have at least one"),
        ([0, 1, 1, 0], {"loss": "crossentropy"}, "did you mean 'cross_entropy'"),
        ([0, 1, 1, 0], {"loss": "softmax"}, "did you mean 'cross_entropy'"),
        ([0, 1, 1, 0], {"loss": "bce"}, "did you mean 'logistic'"),
    ],
)
def test_bad_targets(y, options, message):
    with pytest.raises(ValueError, match=message):
        Task(X, y, **{"loss": "cross_entropy", **options})


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"loss": 3}, "loss is 3, but must be a name"),
        ({"loss": "cross_entropy", "classes": 2.5}, "classes is 2.5"),
    ],
)
def test_wrong_kinds(options, message):
    with pytest.raises(TypeError, match=message):
        Task(X, [0, 1, 1, 0], **options)


def test_names_are_no_labels():
    with pytest.raises(TypeError, match="y has dtype <U1, but must be an array of real numbers"):
        Task([0.0, 1.0], ["a", "b"], loss="cross_entropy")
