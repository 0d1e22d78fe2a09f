"""Whatever arrays come in, the answer is right or a clear exception, never a crash.

The public functions take every layout and must give the bits of the plain one. The compiled
functions take views without copying: one layout only, and say so.
"""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ltens
from ltens import _core
from support.layouts import LAYOUTS, WRONG
from support.registry import ACTIVATIONS, DTYPES, Shape, identical, make_instance

SHAPES = st.builds(
    Shape,
    networks=st.integers(1, 18),
    width=st.sampled_from([1, 2, 5, 17, 256]),
    dimension=st.integers(1, 3),
    samples=st.integers(1, 20),
    outputs=st.sampled_from([1, 1, 2, 5]),
)
QUICK = settings(max_examples=60, deadline=None, derandomize=True)
TRAINING = ltens.Training(steps=2)
LAYOUT = st.sampled_from(list(LAYOUTS))


def loss_of(shape: Shape) -> str:
    """A loss that takes so many outputs; all three occur."""
    if shape.outputs > 1:
        return ("cross_entropy", "mse")[shape.samples % 2]
    return ("logistic", "mse")[shape.samples % 2]


def refusal(call: Callable[[], object]) -> Exception | None:
    """The exception of a call if it is of the kind that tells of a bad argument."""
    try:
        call()
    except (TypeError, ValueError) as error:
        return error
    return None


@given(
    shape=SHAPES,
    layouts=st.tuples(*[LAYOUT] * 8),
    activation=st.sampled_from(ACTIVATIONS),
    dtype=st.sampled_from(DTYPES),
)
@QUICK
def test_public_functions_take_any_layout(shape, layouts, activation, dtype):
    instance = make_instance(shape, dtype, weighted=True, loss=loss_of(shape))
    plain, task = instance.networks(activation), instance.task()
    arrays = [
        LAYOUTS[layout](array)
        for layout, array in zip(
            layouts, (*instance.parameters, instance.x, instance.y, instance.weights, instance.x),
            strict=True,
        )
    ]  # fmt: skip
    before = [np.array(array) for array in arrays]
    nets = ltens.Networks(*arrays[:4], activation=activation)
    laid_out = ltens.Task(*arrays[4:7], loss=task.loss, classes=task.classes)
    assert identical(nets, plain)
    assert laid_out.fingerprint == task.fingerprint
    assert nets(arrays[7]).tobytes() == plain(instance.x).tobytes()
    loss, gradient = ltens.loss_and_gradient(nets, laid_out)
    expected_loss, expected = ltens.loss_and_gradient(plain, task)
    assert loss.tobytes() == expected_loss.tobytes()
    assert identical(gradient, expected)
    run = ltens.train(nets, laid_out, TRAINING)
    assert identical(run.networks, ltens.train(plain, task, TRAINING).networks)
    for array, old in zip(arrays, before, strict=True):
        np.testing.assert_array_equal(array, old)


@given(
    which=st.sampled_from(["w", "b", "a", "c"]),
    wrong=st.sampled_from(list(WRONG)),
    shape=SHAPES,
    dtype=st.sampled_from(DTYPES),
)
@QUICK
def test_networks_refuse_what_is_no_parameter(which, wrong, shape, dtype):
    parameters = make_instance(shape, dtype).parameters._asdict()
    right = parameters[which]
    bad = WRONG[wrong](right)
    changed = {**parameters, which: bad, "activation": "silu"}
    if error := refusal(lambda: ltens.Networks(**changed)):
        assert which in str(error)
        assert " but must " in str(error) or " but S, N and d must " in str(error)
        return
    # the rare change that leaves a valid array: a list of float64, a second axis of length 1
    nets = ltens.Networks(**changed)
    taken = getattr(nets, which)
    assert taken.shape == right.shape
    assert taken.dtype == right.dtype
    assert np.isfinite(ltens.loss_and_gradient(nets, make_instance(shape, dtype).task())[0]).all()


@given(
    which=st.sampled_from(["x", "y", "weights"]), wrong=st.sampled_from(list(WRONG)), shape=SHAPES
)
@QUICK
def test_tasks_refuse_what_is_no_data(which, wrong, shape):
    instance = make_instance(shape, "float64", weighted=True)
    data = {"x": instance.x, "y": instance.y, "weights": instance.weights}
    changed = {**data, which: WRONG[wrong](data[which])}
    if error := refusal(lambda: ltens.Task(**changed)):
        assert " but must " in str(error) or " but at least one " in str(error)
        return
    task = ltens.Task(**changed)
    assert task.x.ndim == 2
    assert len(task.y) == len(task.weights) == task.samples
    sizes = {"dimension": task.dimension, "outputs": task.outputs}
    nets = ltens.Networks.init(2, 2, **sizes, dtype="float64")
    assert np.isfinite(ltens.loss_and_gradient(nets, task)[0]).all()


def core_arguments(shape: Shape, dtype: str) -> dict[str, dict[str, object]]:
    """Right arguments of every compiled function that takes arrays.

    A name with a point in it is a key of a dictionary: "task.x".
    """
    instance = make_instance(shape, dtype, weighted=True, loss=loss_of(shape))
    p = instance.parameters._asdict()
    s = shape.networks
    data = {"x": instance.x, "y": instance.y, "weights": instance.weights}
    named = data | {"loss": instance.loss}
    task = {f"task.{k}": v.astype(dtype) for k, v in data.items()} | {
        f"exact.{k}": v for k, v in named.items()
    }
    task["task.loss"] = instance.loss
    defaults = {f"training.{k}": v for k, v in ltens.Training().kernel_settings(1, 1).items()}
    training = defaults | {
        "training.steps": 2, "training.optimizer": "sgd", "training.schedule": "cosine",
        "training.batch_size": 2, "training.held_out_every": 1, "training.patience": 1,
        "training.lr_factors": (1.0, 1.0, 0.5, 0.0),
    }  # fmt: skip
    evaluation = {f"{name}.{k}": v for name in ("evaluation", "held_out") for k, v in named.items()}
    words = np.zeros(2, np.uint64)
    return {
        "train": {
            **p, **task, **training, **evaluation,
            "activation": "silu", "engine": "dense", "threads": 1,
            "rtol": 1e-3, "checkpoints": np.array([0, 2], np.uint64),
            "results": np.zeros(s, _core.result_dtype()), "history": np.zeros((s, 2)),
            "error_history": np.zeros((s, 2)),
            "key": words, "seeds": np.arange(s, dtype=np.uint64),
        },
        "loss_and_gradient": {
            **p, **task, "activation": "gelu", "engine": "dense", "threads": 1,
            "rtol": 1e-3, "loss": np.zeros(s),
            **{f"grad_{k}": np.zeros_like(v) for k, v in p.items()},
        },
        "predict": {
            **p, "activation": "sin", "threads": 1, "x": task["task.x"],
            "out": np.zeros((s, shape.samples, *p["c"].shape[1:]), dtype),
        },
        "initialise": {**p, "scheme": "torch", "scales": [1.0] * 4, "law_width": 0,
                       "key": words, "seeds": np.arange(s, dtype=np.uint64)},
        "philox": {"key": words, "counters": np.ones((s, 4), np.uint64),
                   "out": np.zeros((s, 4), np.uint64)},
        "elementary": {"function": "erf", "simd": ltens.build_info()["simd_active"],
                       "x": p["b"][:, 0].copy(), "out": np.zeros(s, dtype)},
        "activation": {"activation": "gelu", "simd": ltens.build_info()["simd_active"],
                       "z": p["b"][:, 0].copy(), "value": np.zeros(s, dtype),
                       "slope": np.zeros(s, dtype)},
    }  # fmt: skip


WRITTEN = {
    "train": {"w", "b", "a", "c", "results", "history", "error_history"},
    "loss_and_gradient": {"loss", "grad_w", "grad_b", "grad_a", "grad_c"},
    "predict": {"out"},
    "initialise": {"w", "b", "a", "c"},
    "philox": {"out"},
    "elementary": {"out"},
    "activation": {"value", "slope"},
}
CALLS = list(core_arguments(Shape(1, 1, 1, 1), "float32"))


def arrays_of(arguments: dict[str, object]) -> list[str]:
    return [name for name, value in arguments.items() if isinstance(value, np.ndarray)]


def array_of(arguments: dict[str, object], name: str) -> np.ndarray:
    value = arguments[name]
    assert isinstance(value, np.ndarray)
    return value


def nested(arguments: dict[str, object]) -> dict[str, object]:
    """Names with a point in them as dictionaries."""
    whole: dict[str, object] = {}
    for name, value in arguments.items():
        outer, _, inner = name.partition(".")
        if inner:
            whole.setdefault(outer, {})[inner] = value
        else:
            whole[outer] = value
    return whole


def run_core(call: str, arguments: dict[str, object]) -> dict[str, bytes]:
    """Call on copies and return the bits of everything afterwards."""
    copies = {
        k: v.copy() if isinstance(v, np.ndarray) and v.flags.c_contiguous and v.flags.aligned
        and v.flags.writeable else v
        for k, v in arguments.items()
    }  # fmt: skip
    getattr(_core, call)(**nested(copies))
    return {k: bits(np.asarray(copies[k])) for k in arrays_of(copies)}


def bits(array: np.ndarray) -> bytes:
    """The bytes of an array; of records those of the fields, for what is between is nobody's."""
    if array.dtype.names is None:
        return array.tobytes()
    return b"".join(array[name].tobytes() for name in array.dtype.names)


@given(call=st.sampled_from(CALLS), shape=SHAPES, dtype=st.sampled_from(DTYPES), data=st.data())
@settings(max_examples=250, deadline=None, derandomize=True)
def test_compiled_functions_take_one_layout_or_say_so(call, shape, dtype, data):
    arguments = core_arguments(shape, dtype)[call]
    which = data.draw(st.sampled_from(arrays_of(arguments)))
    layout = data.draw(LAYOUT)
    changed = {**arguments, which: LAYOUTS[layout](array_of(arguments, which))}
    expected = run_core(call, arguments)
    if error := refusal(lambda: run_core(call, changed)):
        assert layout not in {"plain", "subclass"}
        assert which in str(error)
        assert "must be" in str(error)
        return
    given_array = array_of(changed, which)
    assert given_array.flags.c_contiguous
    assert given_array.flags.aligned
    assert given_array.dtype.isnative
    assert layout != "read-only" or which not in WRITTEN[call]
    assert run_core(call, changed) == expected


@given(call=st.sampled_from(CALLS), shape=SHAPES, dtype=st.sampled_from(DTYPES), data=st.data())
@settings(max_examples=250, deadline=None, derandomize=True)
def test_compiled_functions_refuse_wrong_arrays(call, shape, dtype, data):
    arguments = core_arguments(shape, dtype)[call]
    which = data.draw(st.sampled_from(arrays_of(arguments)))
    wrong = data.draw(st.sampled_from(list(WRONG)))
    right = array_of(arguments, which)
    bad = WRONG[wrong](right)
    if isinstance(bad, np.ndarray) and (bad.shape, bad.dtype) == (right.shape, right.dtype):
        return  # the same after all
    if error := refusal(lambda: run_core(call, {**arguments, which: bad})):
        assert str(error)
        return
    # the array that sets the size may have another one if no other array depends on it
    assert isinstance(bad, np.ndarray)
    assert bad.dtype == right.dtype
    assert bad.ndim == right.ndim


@given(call=st.sampled_from(CALLS), shape=SHAPES, dtype=st.sampled_from(DTYPES), data=st.data())
@settings(max_examples=150, deadline=None, derandomize=True)
def test_compiled_functions_refuse_output_that_overlaps(call, shape, dtype, data):
    """Output in the memory of another argument would be read as input half-way."""
    arguments = core_arguments(shape, dtype)[call]
    names = arrays_of(arguments)
    target = data.draw(st.sampled_from(sorted(WRITTEN[call])))
    other = data.draw(st.sampled_from([name for name in names if name != target]))
    one, two = array_of(arguments, target), array_of(arguments, other)
    raw = np.zeros(one.nbytes + two.nbytes, np.uint8)
    gap = 8 * data.draw(st.integers(0, (one.nbytes - 1) // 8))
    first = raw[: one.nbytes].view(one.dtype).reshape(one.shape)
    second = raw[gap : gap + two.nbytes].view(two.dtype).reshape(two.shape)
    second[...] = two
    first[...] = one
    with pytest.raises(ValueError, match=f"(?s)({target}|{other}).*({target}|{other}).*memory"):
        getattr(_core, call)(**nested({**arguments, target: first, other: second}))


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("training.lr", "fast", "training.lr is 'fast', which is of the wrong type"),
        ("training.steps", -1, "training.steps is -1, which is of the wrong type"),
        ("training.lr_factors", (1.0, 1.0), "training.lr_factors is .* of the wrong type"),
        ("training.optimizer", "lion", "training.optimizer 'lion' is not known"),
        ("training.schedule", "wave", "training.schedule 'wave' is not known"),
        ("training.held_out_every", 0, "held_out_every must be at least 1"),
        ("training.warm", 3, "training has the unknown key 'warm'"),
        ("task.z", np.zeros(3), "task has the unknown key 'z'"),
        ("task.x", [[0.0]], "task.x must be an array"),
        ("task.loss", "hinge", "loss 'hinge' is not known"),
        ("exact.loss", 3, "exact.loss is 3, which is of the wrong type"),
        ("held_out.loss", "cross_entropy", "must have the same outputs and loss"),
    ],
)
def test_compiled_functions_refuse_wrong_dictionaries(key, value, message):
    arguments = core_arguments(Shape(1, 1, 1, 1), "float32")["train"] | {key: value}
    with pytest.raises((TypeError, ValueError), match=message):
        _core.train(**nested(arguments))


@pytest.mark.parametrize("key", ["training.momentum", "exact.weights"])
def test_compiled_functions_miss_every_key(key):
    arguments = core_arguments(Shape(1, 1, 1, 1), "float32")["train"]
    del arguments[key]
    with pytest.raises(ValueError, match="lacks the key"):
        _core.train(**nested(arguments))


def test_networks_whose_arrays_share_memory_train_apart():
    """The public function copies before it trains."""
    shared = np.linspace(0.1, 1, 12, dtype=np.float32)
    w, b = shared.reshape(3, 4, 1), shared.reshape(3, 4)
    task = ltens.Task.from_function("square", samples=20)
    together = ltens.train(ltens.Networks(w, b, b, b[:, 0], activation="tanh"), task, TRAINING)
    apart = ltens.Networks(w.copy(), b.copy(), b.copy(), b[:, 0].copy(), activation="tanh")
    assert identical(together.networks, ltens.train(apart, task, TRAINING).networks)
