"""The C interface through ctypes: what it computes is Python's, mistakes are statuses."""

import ctypes
from ctypes import byref, c_char_p, c_double, c_int, c_size_t, c_uint64, c_void_p

import numpy as np
import pytest

import ltens

OK, BAD_ARGUMENT, OUT_OF_MEMORY, CANCELLED = range(4)
FLOAT32, FLOAT64 = 0, 1
PROGRESS = ctypes.CFUNCTYPE(c_int, c_uint64, c_void_p)


class Result(ctypes.Structure):
    _fields_ = (("loss", c_double), ("steps", c_uint64), ("outcome", c_uint64))


@pytest.fixture
def c(library):
    loaded = ctypes.CDLL(str(library))
    loaded.ltens_last_error.restype = c_char_p
    loaded.ltens_version.restype = c_char_p
    handle, size, text = c_void_p, c_size_t, c_char_p
    for name, kinds in {
        "create": [size, size, size, text, c_int, text, c_void_p, c_void_p, c_void_p],
        "get": [handle, c_int, c_void_p, size],
        "set": [handle, c_int, c_void_p, size],
        "task_create": [size, size, c_void_p, c_void_p, c_void_p, c_void_p],
        "training_create": [c_void_p],
        "training_set": [handle, text, c_void_p, size],
        "training_choose": [handle, text, text],
        "train": [*[handle] * 3, text, c_double, c_int, c_void_p, c_void_p, c_void_p, size],
        "loss_and_gradient": [handle, handle, text, c_double, c_int, c_void_p, size, handle],
        "predict": [handle, c_void_p, size, c_int, c_void_p, size],
    }.items():
        getattr(loaded, f"ltens_{name}").argtypes = kinds
    for name in ("free", "task_free", "training_free"):
        getattr(loaded, f"ltens_{name}").argtypes = [handle]
        getattr(loaded, f"ltens_{name}").restype = None
    return loaded


def sentence(c):
    return c.ltens_last_error().decode()


def doubles(array):
    return array.ctypes.data_as(c_void_p)


def networks(c, *, count=3, width=5, dimension=1, real=FLOAT64):
    seeds, out = np.arange(count, dtype=np.uint64), c_void_p()
    status = c.ltens_create(
        count, width, dimension, b"silu", real, b"torch", doubles(seeds), None, byref(out)
    )
    assert status == OK, sentence(c)
    return out


def task(c, x, y, weights=None):
    out = c_void_p()
    given = None if weights is None else doubles(weights)
    dimension = 1 if x.ndim == 1 else x.shape[1]
    status = c.ltens_task_create(len(x), dimension, doubles(x), doubles(y), given, byref(out))
    assert status == OK, sentence(c)
    return out


def training(c, **settings):
    out = c_void_p()
    assert c.ltens_training_create(byref(out)) == OK
    for name, value in settings.items():
        if isinstance(value, str):
            status = c.ltens_training_choose(out, name.encode(), value.encode())
        else:
            values = np.atleast_1d(np.asarray(value, float))
            status = c.ltens_training_set(out, name.encode(), doubles(values), len(values))
        assert status == OK, sentence(c)
    return out


def parameters(c, handle, shapes):
    out = {}
    for i, (name, shape) in enumerate(shapes.items()):
        out[name] = np.empty(shape)
        assert c.ltens_get(handle, i, doubles(out[name]), out[name].size) == OK
    return out


X = np.linspace(-2, 2, 40)
Y = X * X
PLANE = np.stack([X, np.cos(X)], axis=1).copy()


@pytest.mark.parametrize("real", [FLOAT32, FLOAT64])
@pytest.mark.parametrize("x", [X, PLANE], ids=["line", "plane"])
@pytest.mark.parametrize(
    "settings",
    [
        {"steps": 50},
        {"steps": 30, "optimizer": "sgd", "batch_size": 8, "lr_factors": (1, 0, 1, 0.5)},
        {"steps": 30, "schedule": "cosine", "optimizer": "adamw", "weight_decay": (0.1, 0, 0, 0)},
    ],
    ids=["adam", "batches", "decay"],
)
def test_training_has_the_bits_of_python(c, real, x, settings):
    d = 1 if x.ndim == 1 else x.shape[1]
    dtype = ["float32", "float64"][real]
    nets = ltens.Networks.init(5, 3, activation="silu", dimension=d, dtype=dtype)
    run = ltens.train(nets, ltens.Task(x, Y), ltens.Training(**settings))
    handle, data, how = networks(c, dimension=d, real=real), task(c, x, Y), training(c, **settings)
    results = (Result * 3)()
    status = c.ltens_train(handle, data, how, None, 0, 2, None, None, results, 3)
    assert status == OK, sentence(c)
    assert [result.loss for result in results] == run.loss.tolist()
    assert [result.steps for result in results] == run.steps.tolist()
    shapes = {name: array.shape for name, array in nets.arrays().items()}
    for name, values in parameters(c, handle, shapes).items():
        assert np.array_equal(values, run.networks.arrays()[name])

    predicted = np.empty((3, len(x)))
    assert c.ltens_predict(handle, doubles(x), len(x), 1, doubles(predicted), predicted.size) == OK
    assert np.array_equal(predicted, run.networks(x))

    loss, gradient = ltens.loss_and_gradient(run.networks, ltens.Task(x, Y))
    slopes, losses = networks(c, dimension=d, real=real), np.empty(3)
    status = c.ltens_loss_and_gradient(handle, data, None, 0, 1, doubles(losses), 3, slopes)
    assert status == OK, sentence(c)
    assert np.array_equal(losses, loss)
    for name, values in parameters(c, slopes, shapes).items():
        assert np.array_equal(values, gradient.arrays()[name])
    for free, one in (("free", handle), ("free", slopes), ("task_free", data)):
        getattr(c, f"ltens_{free}")(one)
    c.ltens_training_free(how)


def test_what_is_set_is_got(c):
    handle, values = networks(c), np.arange(15.0)
    assert c.ltens_set(handle, 2, doubles(values), 15) == OK
    got = np.empty(15)
    assert c.ltens_get(handle, 2, doubles(got), 15) == OK
    assert np.array_equal(got, values)
    c.ltens_free(handle)


def test_progress_is_told_and_stops(c):
    told = []

    @PROGRESS
    def stop(done, user):
        told.append((done, user))
        return 1

    handle, data, results = networks(c, count=1, width=100), task(c, X, Y), (Result * 1)()
    how = training(c, steps=10**9)
    arguments = (handle, data, how, b"dense", 0, 1, stop, 17, results, 1)
    assert c.ltens_train(*arguments) == CANCELLED
    assert told[0][1] == 17
    assert 0 < results[0].steps < 10**9
    assert results[0].outcome == 2
    assert sentence(c) == "the progress function stopped the training"
    c.ltens_free(handle)


def test_version(c):
    assert c.ltens_version().decode() == ltens.__version__
    assert c.ltens_numerics_version() == ltens.build_info()["numerics_version"]


MANY = 2**62
CREATE = [2, 3, 1, b"silu", FLOAT32, b"torch", np.zeros(2, np.uint64).ctypes.data, None]


@pytest.mark.parametrize(
    ("place", "value", "status", "words"),
    [
        (0, 0, BAD_ARGUMENT, "must be above 0"),
        (1, 0, BAD_ARGUMENT, "must be above 0"),
        (2, 0, BAD_ARGUMENT, "must be above 0"),
        (1, MANY, OUT_OF_MEMORY, "not enough memory"),
        (2, MANY, OUT_OF_MEMORY, "not enough memory"),
        (1, 2**58, OUT_OF_MEMORY, "not enough memory"),
        (3, None, BAD_ARGUMENT, "activation is null"),
        (3, b"swish", BAD_ARGUMENT, "activation 'swish' is not known"),
        (4, 7, BAD_ARGUMENT, "real is 7"),
        (5, b"best", BAD_ARGUMENT, "init 'best' is not known"),
        (6, None, BAD_ARGUMENT, "seeds is null"),
    ],
)
def test_create_refuses(c, place, value, status, words):
    out = c_void_p(1)
    arguments = [*CREATE]
    arguments[place] = value
    assert c.ltens_create(*arguments, byref(out)) == status
    assert words in sentence(c)
    assert out.value is None
    assert c.ltens_create(*CREATE, None) == BAD_ARGUMENT


def test_handles_that_are_none_or_of_another_kind_are_refused(c):
    nets, data, values = networks(c), task(c, X, Y), np.empty(3)
    for wrong in (None, data):
        assert c.ltens_get(wrong, 3, doubles(values), 3) == BAD_ARGUMENT
        assert sentence(c).startswith("networks is ")
    for wrong in (None, nets):
        results = (Result * 3)()
        status = c.ltens_train(nets, wrong, None, None, 0, 1, None, None, results, 3)
        assert status == BAD_ARGUMENT
        assert sentence(c).startswith("task is ")
    assert c.ltens_training_set(data, b"lr", doubles(values), 1) == BAD_ARGUMENT
    for free in (c.ltens_free, c.ltens_task_free, c.ltens_training_free):
        free(None)
    c.ltens_free(data)  # of another kind: left as it is
    assert c.ltens_loss_and_gradient(nets, data, None, 0, 1, doubles(values), 3, nets) == (
        BAD_ARGUMENT
    )
    assert sentence(c) == "gradient and networks must not be the same"


@pytest.mark.parametrize(
    ("name", "values", "words"),
    [
        (b"lr", [0.0], "lr is 0.000000, but must be above 0"),
        (b"lr", [np.nan], "but must be finite"),
        (b"steps", [1.5], "but must be an integer of at least 0"),
        (b"steps", [-1.0], "but must be an integer of at least 0"),
        (b"lr_decay_every", [0.0], "but must be at least 1"),
        (b"held_out_every", [0.0], "but must be at least 1"),
        (b"beta1", [1.0], "at least 0 and below 1"),
        (b"lr_factors", [1.0], "size is 1, but lr_factors holds 4"),
        (b"lr_factors", [1.0, 1.0, -1.0, 1.0], "at least 0"),
        (b"optimizer", [1.0], "use ltens_training_choose"),
        (b"rate", [1.0], "name 'rate' is no setting"),
        (None, [1.0], "name is null"),
    ],
)
def test_settings_out_of_range_are_refused(c, name, values, words):
    how, numbers = training(c), np.array(values)
    assert c.ltens_training_set(how, name, doubles(numbers), len(numbers)) == BAD_ARGUMENT
    assert words in sentence(c)
    c.ltens_training_free(how)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"steps": 10, "warmup": 11}, "must not be longer than the run"),
        ({"patience": 3}, "patience needs held-out data"),
        ({"optimizer": "sgd", "weight_decay": (1000, 0, 0, 0)}, "must be below 1"),
    ],
)
def test_settings_that_do_not_go_together_are_refused(c, settings, words):
    handle, data, results = networks(c), task(c, X, Y), (Result * 3)()
    status = c.ltens_train(
        handle, data, training(c, **settings), None, 0, 1, None, None, results, 3
    )
    assert status == BAD_ARGUMENT
    assert words in sentence(c)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"engine": b"magic"}, "magic"),
        ({"engine": b"piecewise"}, "piecewise"),
        ({"rtol": -1.0}, "rtol"),
        ({"rtol": float("nan")}, "rtol"),
        ({"threads": 0}, "threads must be above 0"),
        ({"results": None}, "results is null"),
        ({"size": 2}, "size is 2, but results holds 3"),
    ],
)
def test_train_refuses(c, changes, words):
    usual = {"engine": None, "rtol": 0.0, "threads": 1, "results": (Result * 3)(), "size": 3}
    given = {**usual, **changes}
    status = c.ltens_train(
        networks(c),
        task(c, X, Y),
        None,
        given["engine"],
        given["rtol"],
        given["threads"],
        None,
        None,
        given["results"],
        given["size"],
    )
    assert status == BAD_ARGUMENT
    assert words in sentence(c)


@pytest.mark.parametrize(
    ("x", "y", "weights", "words"),
    [
        ([0.0, np.inf], [0.0, 1.0], None, "x must be finite"),
        ([0.0, 1.0], [0.0, np.nan], None, "y must be finite"),
        ([0.0, 1.0], [0.0, 1.0], [-1.0, 1.0], "weights must not be negative"),
        ([0.0, 1.0], [0.0, 1.0], [0.0, 0.0], "one must be above 0"),
    ],
)
def test_task_refuses(c, x, y, weights, words):
    out = c_void_p()
    arrays = [np.array(values) for values in (x, y) if values is not None]
    given = None if weights is None else doubles(np.array(weights))
    status = c.ltens_task_create(2, 1, *map(doubles, arrays), given, byref(out))
    assert status == BAD_ARGUMENT
    assert words in sentence(c)
    assert out.value is None


def test_a_number_too_large_for_float32_and_a_task_of_another_dimension_are_refused(c):
    large, plane = task(c, X, Y * 1e39), task(c, PLANE, Y)
    for data, words in ((large, "use LTENS_FLOAT64"), (plane, "networks have dimension 1")):
        results = (Result * 3)()
        handle = networks(c, real=FLOAT32)
        assert c.ltens_train(handle, data, None, None, 0, 1, None, None, results, 3) == BAD_ARGUMENT
        assert words in sentence(c)


def test_settings_are_those_of_python(c):
    """Every number of `ltens.Training` that the kernel has can be set, at its default."""
    how = training(c)
    names = {"optimizer", "schedule", "parametrization", "base_width"}
    for name, value in vars(ltens.Training()).items():
        if name in names:
            continue
        numbers = np.atleast_1d(np.asarray(0 if value is None else value, float))
        status = c.ltens_training_set(how, name.encode(), doubles(numbers), len(numbers))
        assert status == OK, sentence(c)
    c.ltens_training_free(how)
