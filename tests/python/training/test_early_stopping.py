"""Evaluation on another task, and early stopping on held-out data."""

import numpy as np
import pytest

import ltens
import reference
from support.registry import DTYPES, Shape, identical, make_instance, parameters_of, paths

EVERY = 5
TRAINING = ltens.Training(steps=60, lr=0.02, lr_decay_every=25, held_out_every=EVERY)
LOOKS = list(range(0, 61, EVERY))


def other_task(dimension: int, seed: int) -> ltens.Task:
    """Samples and noisy targets that are not trained on."""
    rng = np.random.default_rng(seed)
    x = rng.uniform(-2, 2, (30, dimension))
    return ltens.Task(x, (x**2).sum(axis=1) + rng.normal(size=30))


@pytest.mark.parametrize("width", [10, 300])
@pytest.mark.parametrize(("engine", "activation"), paths(activations=("relu", "silu")))
def test_loss_and_history_are_of_the_evaluation_task(engine, activation, width):
    instance = make_instance(Shape(5, width, 1, 40), "float32")
    nets, task, other = instance.networks(activation), instance.task(), other_task(1, 0)
    plain = ltens.train(nets, task, TRAINING, engine=engine)
    run = ltens.train(nets, task, TRAINING, engine=engine, evaluation=other, checkpoints=[0, 60])
    assert identical(run.networks, plain.networks)  # nobody trains on it
    assert run.engine_error.tobytes() == plain.engine_error.tobytes()
    for found, networks in ((run.history[:, 0], nets), (run.loss, run.networks)):
        expected = reference.loss(parameters_of(networks), activation, other.x, other.y)
        np.testing.assert_allclose(found, expected, rtol=1e-11)  # N + D roundings in float64
    assert run.history[:, 1].tobytes() == run.loss.tobytes()


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("width", [10, 300])
@pytest.mark.parametrize(
    ("engine", "activation", "batch_size"),
    [
        (*path, size)
        for path in paths(activations=("relu", "silu"))
        for size in (None, 16)
        if size is None or path[0] == "dense"  # the only engine that takes batches
    ],
)
def test_the_best_parameters_are_returned(engine, activation, width, dtype, batch_size):
    instance = make_instance(Shape(9, width, 1, 40), dtype)
    nets, task, other = instance.networks(activation), instance.task(), other_task(1, 1)
    numbers = {"lr": 0.02, "lr_decay_every": 25, "batch_size": batch_size}
    training = ltens.Training(steps=60, held_out_every=EVERY, **numbers)
    options = {"engine": engine, "evaluation": other}
    history = ltens.train(nets, task, training, checkpoints=LOOKS, **options).history
    run = ltens.train(nets, task, training, held_out=other, **options)
    assert np.all(run.status == ltens.STATUS.index("ok"))
    assert np.all(run.steps == 60)
    assert run.held_out_loss.tobytes() == history.min(axis=1).tobytes()
    assert run.loss.tobytes() == run.held_out_loss.tobytes()  # the same task
    assert run.best_step.tolist() == [LOOKS[i] for i in history.argmin(axis=1)]
    one = int(run.best_step.argmin())
    shorter = ltens.Training(steps=int(run.best_step[one]), **numbers)
    again = ltens.train(nets[one], task, shorter, engine=str(run.engines[one]), seeds=[one])
    assert identical(again.networks, run.networks[one])


@pytest.mark.parametrize("patience", [1, 3])
@pytest.mark.parametrize("width", [10, 300])
def test_patience_stops_each_network_by_itself(width, patience):
    instance = make_instance(Shape(11, width, 1, 40), "float32")
    nets, task, other = instance.networks("silu"), instance.task(), other_task(1, 2)
    training = ltens.Training(
        steps=60, lr=0.05, schedule="constant", held_out_every=EVERY, patience=patience
    )
    endless = ltens.Training(steps=60, lr=0.05, schedule="constant", held_out_every=EVERY)
    history = ltens.train(
        nets, task, endless, evaluation=other, checkpoints=LOOKS, engine="dense"
    ).history
    run = ltens.train(
        nets, task, training, held_out=other, evaluation=other, checkpoints=LOOKS, engine="dense"
    )
    for s, losses in enumerate(history):
        best = stop = 0
        for look in range(1, len(LOOKS)):
            stop = look
            best = look if losses[look] < losses[best] else best
            if look - best >= patience:
                break
        assert run.steps[s] == LOOKS[stop]
        assert run.best_step[s] == LOOKS[best]
        assert run.loss[s] == losses[best]
        assert run.history[s, : stop + 1].tobytes() == losses[: stop + 1].tobytes()
        assert np.all(np.isnan(run.history[s, stop + 1 :]))
    assert len(set(run.steps.tolist())) > 1, "networks of one group must stop at different steps"
    assert np.all(run.status == ltens.STATUS.index("ok"))
    alone = ltens.train(nets[[4]], task, training, held_out=other, engine="dense")
    assert identical(alone.networks, run.networks[[4]])
    assert alone.steps[0] == run.steps[4]


def test_patience_and_an_engine_that_approximates():
    instance = make_instance(Shape(11, 10, 1, 200), "float64")
    nets, task, other = instance.networks("silu"), instance.task(), other_task(1, 2)
    training = ltens.Training(steps=200, lr=0.05, held_out_every=EVERY, patience=1)
    run = ltens.train(nets, task, training, held_out=other, engine="quadrature")
    assert (run.nodes > 0).any(), "the path under test was not taken"
    assert np.all(run.engine_error <= 1e-3)
    alone = ltens.train(nets[[4]], task, training, held_out=other, engine="quadrature")
    assert identical(alone.networks, run.networks[[4]])
    assert alone.engine_error[0] == run.engine_error[4]


def test_a_diverged_network_keeps_its_best_parameters():
    instance = make_instance(Shape(3, 10, 1, 40), "float32")
    nets, other = instance.networks("square"), other_task(1, 3)
    training = ltens.Training(steps=200, lr=1e30, held_out_every=1)
    run = ltens.train(nets, instance.task(), training, held_out=other)
    assert np.all(run.status == ltens.STATUS.index("diverged"))
    assert np.all(np.isfinite(run.loss))
    assert identical(run.networks, nets)
    assert np.all(run.best_step == 0)


@pytest.mark.parametrize("patience", [None, 20, 70])
def test_patience_does_not_hide_divergence(patience):
    instance = make_instance(Shape(3, 4, 1, 20), "float32")
    training = ltens.Training(
        steps=130, lr=1e30, optimizer="sgd", held_out_every=1, patience=patience
    )
    run = ltens.train(
        instance.networks("relu"), instance.task(), training, held_out=other_task(1, 3)
    )
    # the losses are not finite after a few steps, and such looks use up no patience
    assert np.all(run.status == ltens.STATUS.index("diverged"))
    assert np.all(np.isfinite(run.loss))


def test_a_network_that_was_never_finite_is_diverged():
    instance = make_instance(Shape(2, 4, 1, 20), "float64")
    huge = {name: 1e200 * getattr(instance.parameters, name) for name in ("w", "a")}
    broken = instance.parameters._replace(**huge)
    nets = ltens.Networks(*broken, activation="relu")
    training = ltens.Training(steps=100, held_out_every=1, patience=1)
    run = ltens.train(nets, instance.task(), training, held_out=other_task(1, 3))
    assert np.all(run.status == ltens.STATUS.index("diverged"))
    assert np.all(np.isnan(run.held_out_loss))


def test_patience_needs_held_out_data():
    instance = make_instance(Shape(1, 4, 1, 20), "float32")
    training = ltens.Training(patience=3)
    with pytest.raises(ValueError, match="patience is 3, but there is no held-out task"):
        ltens.train(instance.networks("relu"), instance.task(), training)
    with pytest.raises(ValueError, match="patience is 3, but there is no held-out task"):
        ltens.sweep(2, 1, training=training, progress=False)


def test_without_held_out_data_the_last_parameters_are_returned():
    instance = make_instance(Shape(3, 10, 1, 40), "float32")
    run = ltens.train(instance.networks("relu"), instance.task(), TRAINING)
    assert run.best_step.tolist() == run.steps.tolist() == [60] * 3
    assert np.all(np.isnan(run.held_out_loss))


@pytest.mark.parametrize("argument", ["evaluation", "held_out"])
def test_tasks_to_be_judged_on_are_checked(argument):
    instance = make_instance(Shape(1, 5, 1, 20), "float32")
    nets, task = instance.networks("relu"), instance.task()
    for call in (
        lambda judge: ltens.train(nets, task, TRAINING, **{argument: judge}),
        lambda judge: ltens.sweep(2, 1, task=task, progress=False, **{argument: judge}),
    ):
        with pytest.raises(TypeError, match=f"{argument} is a str, but must be an ltens.Task"):
            call("square")
        with pytest.raises(ValueError, match=f"{argument} has dimension 2, but must have.* 1"):
            call(other_task(2, 0))


def test_sweep_and_store_know_both_tasks(tmp_path):
    options = {
        "task": ltens.Task.from_function("square", samples=40),
        "training": ltens.Training(steps=40, batch_size=8, held_out_every=5, patience=4),
        "evaluation": other_task(1, 4),
        "held_out": other_task(1, 5),
        "store": tmp_path / "a.ltens",
        "progress": False,
    }
    ds = ltens.sweep([2, 5], 3, **options)
    assert np.all(ds.best_step <= 40)
    assert np.all(np.isfinite(ds.held_out_loss))
    assert ltens.open(tmp_path / "a.ltens").identical(ds)
    more = ltens.sweep([2, 5], 5, **options)
    assert more.loss.sel(seed=slice(0, 2)).equals(ds.loss)
    nets = ltens.networks(tmp_path / "a.ltens", activation="relu", width=5)
    again = reference.loss(
        parameters_of(nets), "relu", options["evaluation"].x, options["evaluation"].y
    )
    # N + D roundings in float64, as above
    np.testing.assert_allclose(again, more.loss.sel(activation="relu", width=5), rtol=1e-11)
    with pytest.raises(ltens.StoreError, match="held_out"):
        ltens.sweep([2, 5], 3, **{**options, "held_out": other_task(1, 6)})
    ds.to_netcdf(tmp_path / "a.nc", engine="h5netcdf")


def test_training_settings_of_before_are_described_as_before():
    """Stores that were written before there were batches stay valid."""
    assert set(ltens.Training().describe()) == {
        "steps", "lr", "lr_decay", "lr_decay_every", "beta1", "beta2", "epsilon"
    }  # fmt: skip
