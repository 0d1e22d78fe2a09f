"""Networks: shapes, indexing, prediction, initialisation by label, messages."""

import pickle

import numpy as np
import pytest

from ltens import Networks


def arrays(seeds=2, width=3, dimension=1, dtype="float64", outputs=()):
    generator = np.random.default_rng(0)
    shapes = {
        "w": (seeds, width, dimension),
        "b": (seeds, width),
        "a": (seeds, *outputs, width),
        "c": (seeds, *outputs),
    }
    return {name: generator.normal(size=s).astype(dtype) for name, s in shapes.items()}


def test_arrays_are_kept_without_a_copy():
    given = arrays()
    nets = Networks(**given, activation="relu")
    assert np.shares_memory(nets.w, given["w"])
    assert (len(nets), nets.width, nets.dimension, nets.dtype.name) == (2, 3, 1, "float64")


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_prediction_is_the_definition(dtype):
    given = arrays(dimension=2, dtype=dtype)
    x = np.random.default_rng(1).normal(size=(5, 2))
    got = Networks(**given, activation="relu")(x)
    z = np.einsum("snd,md->snm", given["w"], x.astype(dtype)) + given["b"][:, :, None]
    expected = np.einsum("sn,snm->sm", given["a"], np.maximum(z, 0)) + given["c"][:, None]
    assert got.dtype == dtype
    # Sums of 3 products of numbers of order 1, allowing for cancellation.
    np.testing.assert_allclose(got, expected, rtol=0, atol=50 * np.finfo(dtype).eps)


def test_indexing():
    nets = Networks(**arrays(seeds=4), activation="silu")
    assert len(nets[1]) == 1
    np.testing.assert_array_equal(nets[-1].b[0], nets.b[3])
    assert len(nets[1:3]) == 2
    np.testing.assert_array_equal(nets[[2, 0]].c, nets.c[[2, 0]])
    assert len(list(nets)) == 4
    with pytest.raises(IndexError, match=r"index is 4, but there are 4 network\(s\)"):
        nets[4]


def test_several_outputs():
    given = arrays(seeds=4, dimension=2, outputs=(5,))
    nets = Networks(**given, activation="relu")
    assert np.shares_memory(nets.a, given["a"])
    assert (nets.outputs, nets[1].outputs, nets[1:3].c.shape) == (5, 5, (2, 5))
    assert nets.copy().a.shape == nets.astype("float32").a.shape == (4, 5, 3)
    assert repr(nets) == "Networks(4 of width 3, relu, dimension=2, outputs=5, float64)"
    again = pickle.loads(pickle.dumps(nets))
    np.testing.assert_array_equal(again.a, nets.a)
    assert Networks(**arrays(), activation="relu").outputs == 1


def test_initialisation_of_several_outputs():
    nets = Networks.init(50, 20, outputs=10, dtype="float64")
    assert (nets.a.shape, nets.c.shape, nets.outputs) == ((20, 10, 50), (20, 10), 10)
    bound = 1 / np.sqrt(50)
    # 10,000 uniform numbers reach within 0.1 % of their bound
    assert 0.999 * bound < np.abs(nets.a).max() <= bound
    one = Networks.init(50, 20, dtype="float64")
    np.testing.assert_array_equal(nets.w, one.w)
    np.testing.assert_array_equal(nets.b, one.b)
    np.testing.assert_array_equal(nets.a[:, 0], one.a)
    np.testing.assert_array_equal(nets.c[:, 0], one.c)
    assert len(np.unique(nets.a)) == nets.a.size
    np.testing.assert_array_equal(nets[7].a, Networks.init(50, [7], outputs=10, dtype="float64").a)


def test_a_network_depends_on_its_label_only():
    together = Networks.init(5, 10)
    alone = Networks.init(5, [7])
    for name, array in alone.arrays().items():
        np.testing.assert_array_equal(array[0], together.arrays()[name][7])


def test_rng_kinds_agree_and_differ():
    same = [Networks.init(3, 2, rng=r).w for r in (5, np.random.SeedSequence(5))]
    np.testing.assert_array_equal(*same)
    assert not np.array_equal(same[0], Networks.init(3, 2, rng=6).w)
    generator = np.random.default_rng(0)
    drawn = [Networks.init(3, 2, rng=generator).w for _ in range(2)]
    assert not np.array_equal(*drawn)


def test_astype_and_copy():
    nets = Networks.init(3, 2)
    assert nets.astype("float64").dtype == np.float64
    assert not np.shares_memory(nets.copy().w, nets.w)


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        ({"w": np.ones((2, 3))}, ValueError, r"w has shape \(2, 3\).*give w\[:, :, None\]"),
        ({"b": np.ones((2, 4))}, ValueError, r"b has shape \(2, 4\), but must have shape \(2, 3\)"),
        ({"c": np.ones((2, 1))}, ValueError, r"c has shape \(2, 1\)"),
        ({"a": np.ones((2, 3), "float32")}, TypeError, "a has dtype float32"),
        ({"w": np.ones((2, 3, 1), int)}, TypeError, r"w has dtype int64.*astype\('float32'\)"),
        ({"w": np.ones((2, 0, 1))}, ValueError, "must be at least 1"),
        ({"a": np.ones((2, 1, 3)), "c": np.ones((2, 1))}, ValueError, r"give a\[:, 0\] and c"),
        ({"a": np.ones((2, 0, 3)), "c": np.ones((2, 0))}, ValueError, "C is at least 2"),
        ({"a": np.ones((2, 4, 3))}, ValueError, r"c has shape \(2,\), but must have .* \(2, 4\)"),
        ({"a": np.ones((2, 4, 2))}, ValueError, r"a has shape \(2, 4, 2\), but .* \(2, 4, 3\)"),
        ({"activation": "sillu"}, ValueError, "did you mean 'silu'"),
        ({"activation": 3}, TypeError, "activation is 3, but must be a name"),
    ],
)
def test_bad_arrays(changes, error, message):
    with pytest.raises(error, match=message):
        Networks(**{**arrays(), "activation": "relu", **changes})


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        ({"width": 0}, ValueError, "width is 0, but must be an integer of at least 1"),
        ({"outputs": 0}, ValueError, "outputs is 0, but must be an integer of at least 1"),
        ({"outputs": 2.0}, TypeError, "outputs is 2.0"),
        ({"outputs": 10**13}, MemoryError, "take fewer seeds"),
        ({"seeds": 1.5}, TypeError, "seeds is 1.5"),
        ({"seeds": [1, 1]}, ValueError, "seeds holds 1 more than once"),
        ({"seeds": [-1]}, ValueError, r"seeds\[0\] is -1"),
        ({"init": "lecunn"}, ValueError, "did you mean 'lecun'"),
        ({"scale": 0}, ValueError, "scale is 0.0, but must be above 0"),
        ({"dtype": "float16"}, ValueError, "dtype is 'float16', which is not known"),
        ({"rng": 1.5}, TypeError, "rng is 1.5, but must be a non-negative integer"),
        ({"width": 10**12, "seeds": 10**6}, MemoryError, "take fewer seeds"),
    ],
)
def test_bad_init(changes, error, message):
    with pytest.raises(error, match=message):
        Networks.init(**{"width": 3, "seeds": 2, **changes})


def test_bad_points():
    with pytest.raises(ValueError, match=r"x has shape \(4,\), but must have shape \(M, 2\)"):
        Networks.init(3, 2, dimension=2)(np.zeros(4))


def test_a_truth_value_is_no_index():
    with pytest.raises(TypeError, match="index is True, but must be an integer"):
        Networks.init(3, 2)[True]
