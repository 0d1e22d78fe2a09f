"""Random teachers: what they are a function of."""

import numpy as np
import pytest

from ltens.regimes import Teacher


def test_samples_are_nested_and_test_samples_are_others():
    teacher = Teacher(3, seed=2)
    x, y = teacher.samples(100)
    few, few_y = teacher.samples(10)
    assert np.array_equal(few, x[:10])
    # The products of a matrix with fewer rows may be summed in another order: two layers of sums of
    # 96 terms of order 1: 2e2 * eps = 4e-14.
    np.testing.assert_allclose(few_y, y[:10], rtol=1e-12, atol=1e-12)
    test, _ = teacher.samples(100, test=True)
    assert not np.isin(test, x).any()
    assert np.abs(x).max() <= 0.5


def test_targets_are_the_network_with_mean_zero_and_variance_one():
    teacher = Teacher(4, (7, 5), seed=1, bias=0.5)
    x, y = teacher.samples(50_000, test=True)
    h = x
    for weights, biases in zip(teacher.layers, teacher.biases, strict=False):
        h = np.maximum(h @ weights + biases, 0)
    raw = (h @ teacher.layers[-1])[:, 0]
    # Sums of 7 and 5 terms of order 1, and one subtraction of the mean, which is of that order.
    np.testing.assert_allclose(y * teacher.scale + teacher.mean, raw, rtol=1e-12, atol=1e-12)
    assert [w.shape for w in teacher.layers] == [(4, 7), (7, 5), (5, 1)]
    # means of 50,000 draws beside those of 16,384: five standard errors
    both = 1 / 50_000 + 1 / 16_384
    assert abs(y.mean()) < 5 * np.sqrt(both)
    assert abs(y.var() - 1) < 5 * np.sqrt((y**2).var() * both)


def test_without_biases_it_is_homogeneous():
    teacher, biased = Teacher(3, seed=1), Teacher(3, seed=1, bias=0.5)
    x = teacher.samples(20)[0]

    def raw(which, at):
        return which(at) * which.scale + which.mean

    # Sums of 96 terms, of which cancellation leaves 2.5e-3 or more: 400 * 96 * eps = 8e-12.
    np.testing.assert_allclose(raw(teacher, 3 * x), 3 * raw(teacher, x), rtol=1e-10)
    assert all(map(np.array_equal, teacher.layers, biased.layers))
    assert not np.allclose(raw(biased, 3 * x), 3 * raw(biased, x), rtol=0.1)


def test_weights_have_the_variance_of_he():
    weights = Teacher(8, (400, 400), seed=0).layers[1]
    # 160,000 normal draws: a variance errs by sqrt(2 / n)
    assert weights.var() == pytest.approx(2 / 400, rel=5 * np.sqrt(2 / weights.size))


def test_labels_dimensions_and_entropy_give_other_teachers():
    x = np.full((1, 2), 0.25)
    values = {float(Teacher(2, seed=s, rng=r)(x)[0]) for s in (0, 1) for r in (0, 1)}
    assert len(values) == 4
    assert Teacher(2, seed=3)(x) == Teacher(2, seed=3)(x)
    assert not np.array_equal(Teacher(2).samples(3)[0][:, 0], Teacher(3).samples(3)[0][:, 0])


def test_a_smooth_teacher_is_the_network_of_standardised_inputs():
    teacher = Teacher(4, (7, 5), seed=1, bias=0.5, activation="tanh")
    x, y = teacher.samples(200)
    h = x * np.sqrt(12)
    for weights, biases in zip(teacher.layers, teacher.biases, strict=False):
        h = np.tanh(h @ weights + biases)
    raw = (h @ teacher.layers[-1])[:, 0]
    # Sums of 7 and 5 terms of order 1, and one subtraction of the mean, which is of that order.
    np.testing.assert_allclose(y * teacher.scale + teacher.mean, raw, rtol=1e-12, atol=1e-12)
    # The same draws as a ReLU teacher: another function only.
    assert all(map(np.array_equal, teacher.layers, Teacher(4, (7, 5), seed=1).layers))


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"dimension": 0}, ValueError, "dimension is 0"),
        ({"dimension": 2, "hidden": (3, 0)}, ValueError, r"hidden\[1\] is 0"),
        ({"dimension": 2, "hidden": 5}, TypeError, "hidden is 5, but must be a sequence"),
        ({"dimension": 1, "hidden": (1, 1)}, ValueError, r"seed 0 is constant: .* dead"),
        ({"dimension": 2, "bias": -1}, ValueError, "bias is -1"),
        ({"dimension": 2, "activation": "sine"}, ValueError, "activation is 'sine'"),
        ({"dimension": 2, "seed": -1}, ValueError, "seed is -1"),
        ({"dimension": 2, "rng": "a"}, TypeError, "rng is 'a'"),
    ],
)
def test_arguments_are_checked(arguments, error, message):
    with pytest.raises(error, match=message):
        Teacher(**arguments)


def test_inputs_are_checked():
    with pytest.raises(ValueError, match=r"x has 2 dimension\(s\), but must have the teacher's 3"):
        Teacher(3)(np.ones((4, 2)))
    with pytest.raises(ValueError, match="must have 2 dimension"):
        Teacher(3)(np.ones(3))
    with pytest.raises(ValueError, match="is nan"):
        Teacher(1)([[np.nan]])


def test_count_is_checked():
    with pytest.raises(ValueError, match="count is 0"):
        Teacher(1).samples(0)
