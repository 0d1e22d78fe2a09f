"""Shapes and dtypes of all results, for any sizes; sizes that do not agree are refused."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ltens
from reference import Parameters
from support.registry import ACTIVATIONS, DTYPES, Shape, make_instance

shapes = st.builds(
    Shape,
    networks=st.integers(1, 20),
    width=st.integers(1, 140),
    dimension=st.integers(1, 5),
    samples=st.integers(1, 70),
)
PROFILE = settings(max_examples=60, deadline=None, derandomize=True)


def assert_form(nets: ltens.Networks, shape: Shape, dtype: str) -> None:
    """The four arrays have the shapes and dtype that `shape` asks for."""
    s, n, d = shape.networks, shape.width, shape.dimension
    for name, form in {"w": (s, n, d), "b": (s, n), "a": (s, n), "c": (s,)}.items():
        array = getattr(nets, name)
        assert array.shape == form
        assert array.dtype == dtype
        assert array.flags.c_contiguous


@given(shape=shapes, dtype=st.sampled_from(DTYPES), activation=st.sampled_from(ACTIVATIONS))
@PROFILE
def test_results_have_the_documented_form(shape, dtype, activation):
    instance = make_instance(shape, dtype)
    nets, task = instance.networks(activation), instance.task()
    s, m = shape.networks, shape.samples
    prediction = nets(instance.x)
    assert prediction.shape == (s, m)
    assert prediction.dtype == dtype
    loss, grad = ltens.loss_and_gradient(nets, task)
    assert loss.shape == (s,)
    assert loss.dtype == np.float64
    assert_form(grad, shape, dtype)
    run = ltens.train(nets, task, ltens.Training(steps=2), checkpoints=[0, 2])
    assert_form(run.networks, shape, dtype)
    assert run.loss.shape == run.status.shape == run.steps.shape == (s,)
    assert run.history.shape == (s, 2)
    assert run.loss.dtype == run.history.dtype == np.float64


@given(
    shape=shapes,
    wrong=st.sampled_from(["b", "a", "c"]),
    axis=st.integers(0, 1),
    change=st.sampled_from([-1, 1]),
)
@PROFILE
def test_arrays_that_do_not_agree_are_refused(shape, wrong, axis, change):
    p = make_instance(shape, "float32").parameters
    form = list(getattr(p, wrong).shape)
    form[min(axis, len(form) - 1)] += change
    bad = p._replace(**{wrong: np.zeros(form, np.float32)})
    with pytest.raises(ValueError, match=rf"{wrong} has shape .* must have shape"):
        ltens.Networks(*bad, activation="relu")


@given(shape=shapes, extra=st.integers(1, 3))
@PROFILE
def test_a_task_of_another_dimension_is_refused(shape, extra):
    instance = make_instance(shape, "float32")
    x = np.zeros((shape.samples, shape.dimension + extra))
    task = ltens.Task(x, instance.y)
    with pytest.raises(ValueError, match="dimension"):
        ltens.loss_and_gradient(instance.networks("relu"), task)
    with pytest.raises(ValueError, match="dimension"):
        ltens.train(instance.networks("relu"), task)
    with pytest.raises(ValueError, match="x has shape"):
        instance.networks("relu")(x)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("offset", range(4))
def test_views_and_misaligned_arrays_give_the_same_bits(dtype, offset):
    """Rows cut out of a larger buffer, at addresses that no vector load is aligned to."""
    instance = make_instance(Shape(3, 9, 2, 21), dtype)

    def shifted(array: np.ndarray) -> np.ndarray:
        buffer = np.empty(array.size + offset, array.dtype)
        view = buffer[offset:].reshape(array.shape)
        view[...] = array
        return view

    moved = Parameters(*(shifted(array) for array in instance.parameters))
    nets = ltens.Networks(*moved, activation="silu")
    loss, grad = ltens.loss_and_gradient(nets, instance.task())
    loss_plain, grad_plain = ltens.loss_and_gradient(instance.networks("silu"), instance.task())
    assert loss.tobytes() == loss_plain.tobytes()
    assert grad.w.tobytes() == grad_plain.w.tobytes()
