"""The numerics contract: a network's bits do not depend on its company or on how it was run."""

import dataclasses
import itertools
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ltens
from support.registry import DTYPES, Shape, identical, make_instance, paths

NETWORKS = 11
TRAINING = ltens.Training(steps=30, lr_decay_every=20)
OTHERS = {
    "adamw": ltens.Training(
        steps=30, optimizer="adamw", weight_decay=(1, 0, 2, -1), schedule="wsd", warmup=5
    ),
    "sign": ltens.Training(steps=30, lr=0.001, optimizer="sign", schedule="power", weight_decay=1),
    "mup": ltens.Training(steps=30, weight_decay=0.1, parametrization="mup", base_width=3),
}
CHECKPOINTS = (0, 7, 30)
WIDTHS = [10, 300]  # one lane a network; lanes across the neurons of one network


@dataclass(frozen=True)
class Case:
    """One kernel path, and how to run part of one fixed batch on it."""

    engine: str
    width: int
    dtype: str
    activation: str
    how: str = ""  # a name in OTHERS

    def run(self, pick: slice | list[int], **options: object) -> ltens.Run:
        """Train the picked networks."""
        instance = make_instance(Shape(NETWORKS, self.width, 1, 65), self.dtype)
        nets = instance.networks(self.activation)[pick]
        options = {"checkpoints": CHECKPOINTS, "threads": 1, "engine": self.engine, **options}
        training = OTHERS.get(self.how, TRAINING)
        return ltens.train(nets, instance.task(), training, **options)


CASES = [
    Case(engine, width, dtype, activation)
    for engine, activation in paths(activations=("relu", "silu", "sin"))
    for width, dtype in itertools.product(WIDTHS, DTYPES)
] + [
    Case(engine, width, dtype, activation, how)
    for engine, activation in paths(activations=("relu", "silu"))
    for width, dtype, how in itertools.product(WIDTHS, DTYPES, OTHERS)
]


@pytest.fixture(scope="module", params=CASES, ids=str)
def case(request):
    return request.param


@pytest.fixture(scope="module")
def whole(case):
    run = case.run(slice(None))
    assert run.engine == case.engine
    assert (run.engines == case.engine).any(), "the path under test was not taken"
    return run


def assert_same(run: ltens.Run, whole: ltens.Run, pick: slice | list[int]) -> None:
    """All results of `run` are those of the picked networks of `whole`."""
    assert identical(run.networks, whole.networks[pick])
    assert run.loss.tobytes() == whole.loss[pick].tobytes()
    assert run.status.tobytes() == whole.status[pick].tobytes()
    assert run.engine_error.tobytes() == whole.engine_error[pick].tobytes()
    assert run.nodes.tolist() == whole.nodes[pick].tolist()
    assert run.engines.tolist() == whole.engines[pick].tolist()
    if run.history.size:
        assert run.history.tobytes() == whole.history[pick].tobytes()


@pytest.mark.parametrize("batch", [1, 3, 8])
def test_splitting_the_batch_changes_no_bit(whole, case, batch):
    for first in range(0, NETWORKS, batch):
        pick = slice(first, first + batch)
        assert_same(case.run(pick), whole, pick)


@pytest.mark.parametrize("threads", [2, 7])
def test_threads_change_no_bit(whole, case, threads):
    assert_same(case.run(slice(None), threads=threads), whole, slice(None))


def test_order_changes_no_bit(whole, case):
    pick = [int(s) for s in np.random.default_rng(0).permutation(NETWORKS)]
    assert_same(case.run(pick), whole, pick)


def test_watching_changes_no_bit(whole, case):
    quiet = case.run(slice(None), checkpoints=None)
    assert_same(quiet, whole, slice(None))
    assert quiet.history.shape == (NETWORKS, 0)
    assert_same(case.run(slice(None), progress=lambda done, total: None), whole, slice(None))


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("batch", "threads"), [(1, 1), (3, 2), (256, 7)])
def test_hundreds_of_networks_in_batches(dtype, batch, threads):
    nets = ltens.Networks.init(3, 300, activation="silu", dtype=dtype)
    task, training = ltens.Task.from_function("square", samples=9), ltens.Training(steps=4)
    whole = ltens.train(nets, task, training, engine="dense", threads=1)
    for first in range(0, 300, batch):
        part = ltens.train(
            nets[first : first + batch], task, training, engine="dense", threads=threads
        )
        assert_same(part, whole, slice(first, first + batch))


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("width", [5000, 20_001])
@pytest.mark.parametrize(("engine", "activation"), paths(activations=("relu", "tanh")))
@pytest.mark.parametrize("how", ["", "adamw"])
def test_threads_inside_one_wide_network_change_no_bit(how, engine, activation, width, dtype):
    instance = make_instance(Shape(1, width, 1, 17), dtype)
    nets, task = instance.networks(activation), instance.task()
    training = dataclasses.replace(OTHERS.get(how, TRAINING), steps=3, warmup=0)
    runs = [
        ltens.train(nets, task, training, threads=threads, engine=engine) for threads in (1, 2, 3)
    ]
    assert identical(runs[1].networks, runs[0].networks)
    assert identical(runs[2].networks, runs[0].networks)


@given(
    shape=st.builds(
        Shape,
        networks=st.integers(1, 20),
        width=st.integers(1, 70),
        dimension=st.integers(1, 3),
        samples=st.integers(1, 40),
    ),
    dtype=st.sampled_from(DTYPES),
    data=st.data(),
)
@settings(max_examples=60, deadline=None, derandomize=True)
def test_any_subset_of_any_batch(shape, dtype, data):
    engine, activation = data.draw(st.sampled_from(paths(shape.dimension)))
    everyone = range(shape.networks)
    pick = data.draw(st.lists(st.sampled_from(everyone), min_size=1, unique=True))
    instance = make_instance(shape, dtype)
    nets, task, training = instance.networks(activation), instance.task(), ltens.Training(steps=3)
    together = ltens.train(nets, task, training, threads=2, engine=engine)
    some = ltens.train(nets[pick], task, training, threads=1, engine=engine)
    assert_same(some, together, pick)
