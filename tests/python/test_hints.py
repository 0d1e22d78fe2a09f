"""What is meant by a name that is not known: by meaning first, then by spelling."""

import doctest
import inspect
import pickle
import sys

import pytest

import ltens
from ltens import _core, hints
from ltens.sweeps.config_file import TRAINING_KEYS, read_config, sweep_arguments
from ltens.training.losses import LOSSES
from ltens.training.parametrization import PARAMETRIZATIONS

FUNCTIONS = [
    ltens.sweep, ltens.train, ltens.loss_and_gradient, ltens.fit, ltens.regimes.compare,
    ltens.regimes.classify, ltens.Networks.init, ltens.Task.from_function, ltens.Task,
    ltens.solvable.sweep, ltens.Training,
]  # fmt: skip
KEYWORDS = {name for each in FUNCTIONS for name in inspect.signature(each).parameters}
NAMES = {
    *_core.activations(), *_core.initialisations(), *_core.optimizers(), *_core.schedules(),
    *PARAMETRIZATIONS, *TRAINING_KEYS, *KEYWORDS,
}  # fmt: skip


def test_every_meaning_is_a_name_and_no_name_means_another():
    assert set(hints._MEANINGS.values()) <= NAMES | {*LOSSES}
    assert not set(hints._MEANINGS) & NAMES
    assert all(other == other.lower() and "-" not in other for other in hints._MEANINGS)


@pytest.mark.parametrize(
    ("name", "known", "meant"),
    [
        ("swish", _core.activations(), "silu"),
        ("Swish", _core.activations(), "silu"),
        ("kaiming", _core.initialisations(), "he"),
        ("glorot", _core.initialisations(), "xavier"),
        ("lion", _core.optimizers(), "sign"),
        ("signSGD", _core.optimizers(), "sign"),
        ("AdamW", _core.optimizers(), "adamw"),
        ("warmup-stable-decay", _core.schedules(), "wsd"),
        ("squared_relu", _core.activations(), "relu2"),
        ("kaiming_normal", _core.initialisations(), "he"),
        ("Nesterov", _core.optimizers(), "sgd"),
        ("inverse-sqrt", _core.schedules(), "power"),
        ("rely", _core.activations(), "relu"),  # by spelling
        ("lion", ["relu", "line"], "line"),  # whose meaning is not there
    ],
)
def test_what_is_meant(name, known, meant):
    assert hints.meant(name, known) == meant


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: ltens.Networks.init(2, 1, activation="swish"), "activation is 'swish'.*'silu'"),
        (lambda: ltens.Networks.init(2, 1, init="kaiming"), "init is 'kaiming'.*mean 'he'"),
        (lambda: ltens.Training(optimizer="lion"), "optimizer is 'lion'.*mean 'sign'"),
        (lambda: ltens.sweep([2], 1, activations=["relu", "swish"]), "activations.1. .*'silu'"),
    ],
)
def test_names_of_others_are_answered_by_ours(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_keywords_of_others_are_answered_by_ours(tmp_path):
    with pytest.raises(TypeError, match="no argument 'learning_rate': did you mean 'lr'"):
        ltens.Training(learning_rate=0.1)  # type: ignore[call-arg]  # which is the point
    with pytest.raises(TypeError, match="no argument 'stepz': did you mean 'steps'"):
        ltens.Training(stepz=3)  # type: ignore[call-arg]
    path = tmp_path / "a.toml"
    path.write_text("[training]\nlearning-rate = 0.1")
    with pytest.raises(ValueError, match=r"unknown key 'learning-rate'.* did you mean 'lr'"):
        read_config(path)


def test_one_weight_decay_on_the_command_line_is_that_of_all():
    for text, expected in {"0.1": (0.1,) * 4, "0.1 0 0.2 -1": (0.1, 0.0, 0.2, -1.0)}.items():
        training = sweep_arguments({"weight_decay": text, "optimizer": "adamw"})["training"]
        assert training.weight_decay == expected


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda f: f"{f.__module__}.{f.__qualname__}")
def test_every_function_answers_unknown_keywords(function):
    known = [name for name in inspect.signature(function).parameters if name != "self"]
    wrong = f"{known[-1]}z"
    with pytest.raises(TypeError, match=rf"has no argument '{wrong}': did you mean '{known[-1]}'"):
        function(**{wrong: 1})


@pytest.mark.parametrize(
    ("function", "keywords", "message"),
    [
        (ltens.sweep, {"activation": "relu"}, "sweep has .* mean 'activations'"),
        (ltens.sweep, {"width": [1]}, "'width': did you mean 'widths'"),
        (ltens.sweep, {"n_jobs": 2}, "'n_jobs': did you mean 'threads'"),
        (ltens.Networks.init, {"act": "relu"}, "Networks.init has .* mean 'activation'"),
        (ltens.Task.from_function, {"random_state": 3}, "did you mean 'rng'"),
        (ltens.fit, {"n_bootstrap": 3}, "fit has .* did you mean 'bootstrap'"),
        (ltens.regimes.compare, {"dim": 3}, "compare .* did you mean 'dimension'"),
    ],
)
def test_keywords_of_functions(function, keywords, message):
    with pytest.raises(TypeError, match=message):
        function(**keywords)


def test_a_function_that_answers_is_still_itself():
    """Found by doctest in its module, by inspect, by pickle; its other errors are its own."""
    module = sys.modules[ltens.sweep.__module__]
    finder = doctest.DocTestFinder(exclude_empty=False)
    assert "ltens.sweeps.sweeping.sweep" in {test.name for test in finder.find(module)}
    assert list(inspect.signature(ltens.sweep).parameters)[:2] == ["widths", "seeds"]
    assert pickle.loads(pickle.dumps(ltens.sweep)) is ltens.sweep
    with pytest.raises(TypeError, match="positional arguments but 4 were given"):
        ltens.Networks.init(1, 2, *[3])
