"""Minibatches: against the NumPy twin, and the numerics contract for them."""

import itertools
from functools import partial

import numpy as np
import pytest

import ltens
import reference
from ltens.randomness import philox_key
from reference import Parameters, Settings
from support.registry import DTYPES, Shape, identical, make_instance, parameters_of

NUMBERS = {"steps": 40, "lr": 0.005, "lr_decay_every": 15}


def twin(instance, activation, *, size, seeds, rng=0, **numbers):
    """The parameters of each network, trained by itself on its own batches."""
    parts = []
    for s, seed in enumerate(seeds):
        stream = reference.batches(
            philox_key(rng).tolist(),
            instance.parameters.b.shape[1],
            seed,
            samples=len(instance.x),
            size=size,
        )
        one = Parameters(*(array[s : s + 1] for array in instance.parameters))
        parts.append(
            reference.train(
                one,
                activation,
                instance.x,
                instance.y,
                settings=Settings(**{**NUMBERS, **numbers}),
                weights=instance.weights,
                batches=partial(next, stream),
            )
        )
    return Parameters(*(np.concatenate(arrays) for arrays in zip(*parts, strict=True)))


@pytest.mark.parametrize("optimizer", ["adam", "sgd"])
@pytest.mark.parametrize("size", [1, 7, 8, 29])  # 40 steps of 29 go 20 times through 57 samples
@pytest.mark.parametrize(
    ("width", "dimension", "activation"), [(1, 1, "silu"), (10, 3, "relu"), (300, 2, "silu")]
)
def test_agrees_with_twin(width, dimension, activation, size, optimizer):
    instance = make_instance(Shape(3, width, dimension, 57), "float64", weighted=True)
    seeds = [5, 0, 2**40]
    rates = {"lr": 0.005 if optimizer == "adam" else 1e-3 / width}  # sgd explodes beyond
    training = ltens.Training(**{**NUMBERS, **rates}, batch_size=size, optimizer=optimizer)
    run = ltens.train(instance.networks(activation), instance.task(), training, seeds=seeds, rng=3)
    expected = twin(
        instance, activation, size=size, seeds=seeds, rng=3, optimizer=optimizer, **rates
    )
    assert run.engine == "dense"
    for one, other in zip(parameters_of(run.networks), expected, strict=True):
        # 40 steps of float64 rounding, expanded by the loss surface by 1e7 at the most
        assert np.abs(one - other).max() <= 1e-9 * np.abs(other).max()


def test_an_order_holds_every_sample_once_and_all_orders_are_equally_likely():
    key = philox_key(0).tolist()
    first = []
    for seed in range(400):
        stream = reference.batches(key, 10, seed, samples=12, size=6)
        epochs = [np.concatenate([next(stream), next(stream)]) for _ in range(3)]
        for epoch in epochs:
            assert sorted(epoch.tolist()) == list(range(12))
        first.append([epoch[0] for epoch in epochs])
    counts = np.bincount(np.ravel(first), minlength=12)
    chi2 = ((counts - 100.0) ** 2 / 100).sum()
    assert chi2 < 31.3  # 99.9 % of chi^2 with 11 degrees of freedom


def test_the_mean_gradient_of_batches_is_that_of_the_task():
    """One step of SGD from the same start with 800 orders: the mean update is lr g."""
    instance = make_instance(Shape(1, 5, 2, 40), "float64", weighted=True)
    nets, seeds = instance.networks("tanh"), 800
    same = ltens.Networks(
        *(np.repeat(array, seeds, axis=0) for array in instance.parameters), activation="tanh"
    )
    training = ltens.Training(
        steps=1, lr=1.0, optimizer="sgd", momentum=0, schedule="constant", batch_size=8
    )
    run = ltens.train(same, instance.task(), training)
    _, gradient = ltens.loss_and_gradient(nets, instance.task())
    updates = (same.b - run.networks.b).astype(np.float64)
    error = updates.std(axis=0, ddof=1) / np.sqrt(seeds)
    assert np.all(np.abs(updates.mean(axis=0) - gradient.b[0]) < 5 * error)
    assert np.all(error > 0)  # the batches differ


@pytest.mark.parametrize(
    ("width", "dtype", "activation"), list(itertools.product([10, 300], DTYPES, ["relu", "silu"]))
)
def test_bits_depend_on_the_label_alone(width, dtype, activation):
    instance = make_instance(Shape(7, width, 1, 65), dtype)
    nets, task = instance.networks(activation), instance.task()
    training = ltens.Training(steps=30, batch_size=16)
    labels = [3, 1, 4, 11, 5, 9, 2]
    whole = ltens.train(nets, task, training, seeds=labels, threads=2, checkpoints=[0, 7, 30])
    for pick in ([0], [2, 1], [6, 3, 4, 5]):
        part = ltens.train(nets[pick], task, training, seeds=[labels[i] for i in pick], threads=1)
        assert identical(part.networks, whole.networks[pick])
        assert part.loss.tobytes() == whole.loss[pick].tobytes()
    other = ltens.train(nets[[0]], task, training, seeds=[4])
    assert not identical(other.networks, whole.networks[[0]])
    moved = ltens.train(nets[[0]], task, training, seeds=[3], rng=1)
    assert not identical(moved.networks, whole.networks[[0]])


@pytest.mark.parametrize("threads", [2, 3, 7])
def test_one_wide_network_has_the_same_bits_for_any_number_of_threads(threads):
    instance = make_instance(Shape(1, 2100, 2, 50), "float32")
    nets, task = instance.networks("silu"), instance.task()
    training = ltens.Training(steps=5, batch_size=20)
    alone = ltens.train(nets, task, training, threads=1)
    assert identical(ltens.train(nets, task, training, threads=threads).networks, alone.networks)


@pytest.mark.parametrize("activation", ["relu", "silu"])
def test_a_batch_of_everything_is_the_task(activation):
    instance = make_instance(Shape(3, 10, 1, 65), "float32")
    nets, task = instance.networks(activation), instance.task()
    full = ltens.train(nets, task, ltens.Training(steps=20))
    for size in (65, 1000):
        run = ltens.train(nets, task, ltens.Training(steps=20, batch_size=size))
        assert run.engine == full.engine
        assert identical(run.networks, full.networks)


@pytest.mark.parametrize(("engine", "activation"), [("piecewise", "relu"), ("quadrature", "silu")])
def test_engines_for_full_batches_refuse(engine, activation):
    instance = make_instance(Shape(1, 10, 1, 65), "float32")
    with pytest.raises(ValueError, match=f"engine is '{engine}'.*batches of 16"):
        ltens.train(
            instance.networks(activation),
            instance.task(),
            ltens.Training(steps=1, batch_size=16),
            engine=engine,
        )
    assert ltens.engines.choose(10, instance.task(), activation, batch_size=16).engine == "dense"


def test_labels_are_checked():
    instance = make_instance(Shape(3, 5, 1, 20), "float32")
    nets, task = instance.networks("relu"), instance.task()
    with pytest.raises(ValueError, match=r"seeds has 2 label\(s\), but .* each of 3"):
        ltens.train(nets, task, ltens.Training(steps=1), seeds=2)
    with pytest.raises(TypeError, match="rng is 'x'"):
        ltens.train(nets, task, ltens.Training(steps=1), rng="x")


def test_a_sweep_draws_batches_by_seed_label():
    task = ltens.Task.from_function("square", samples=40)
    training = ltens.Training(steps=30, batch_size=8)
    ds = ltens.sweep(
        [3, 20], seeds=[4, 7], activations="relu", task=task, training=training, rng=5,
        keep_networks=True, progress=False,
    )  # fmt: skip
    nets = ltens.Networks.init(20, [7], activation="relu", rng=5)
    run = ltens.train(nets, task, training, seeds=[7], rng=5)
    assert ds.loss.sel(activation="relu", width=20, seed=7).item() == run.loss[0]
    assert ds.attrs["batch_size"] == 8
