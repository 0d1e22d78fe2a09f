"""The registry of engines and the choice among them."""

import pytest

import ltens
from ltens.training.engines import choose, names
from support.registry import ENGINES

LINE = ltens.Task.from_function("square", samples=50)


def test_the_tests_know_every_engine():
    assert [engine.name for engine in ENGINES] == list(names())


@pytest.mark.parametrize("engine", [engine.name for engine in ENGINES])
def test_an_engine_asked_for_is_the_one_taken(engine):
    activation = next(e for e in ENGINES if e.name == engine).activations[0]
    nets = ltens.Networks.init(width=3, seeds=2, activation=activation)
    assert choose(3, LINE, activation, engine=engine).reason == "it was asked for"
    assert ltens.train(nets, LINE, ltens.Training(steps=5), engine=engine).engine == engine


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("activation", ["relu", "silu"])
def test_auto_is_the_cheapest_that_applies(activation, dtype):
    auto = choose(10, LINE, activation, dtype)
    for engine in ENGINES:
        if activation in engine.activations:
            other = choose(10, LINE, activation, dtype, engine=engine.name)
            assert auto.seconds_per_network_step <= other.seconds_per_network_step


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        ({"width": 0}, ValueError, "width is 0, but must be an integer of at least 1"),
        ({"activation": "rely"}, ValueError, "did you mean 'relu'"),
        ({"dtype": "float16"}, ValueError, "dtype is 'float16'"),
        ({"engine": "dens"}, ValueError, "did you mean 'dense'"),
        ({"engine": 3}, TypeError, "engine is 3"),
    ],
)
def test_bad_arguments(changes, error, message):
    good = {"width": 3, "task": LINE, "activation": "relu", "dtype": "float32"}
    with pytest.raises(error, match=message):
        choose(**{**good, **changes})
