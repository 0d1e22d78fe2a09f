"""Parametrisations: against their definitions, trained out; the standard one changes no bit."""

import dataclasses
import json
import math
from typing import Any

import numpy as np
import pytest

import ltens
import reference
from ltens.sweeps.configuration import Configuration
from ltens.training.parametrization import PARAMETRIZATIONS, rate_factors, start
from reference import Parameters
from support.registry import DTYPES, Shape, identical, make_instance, parameters_of, paths

WIDTHS = [12, 300]
OTHERS = [name for name in PARAMETRIZATIONS if name != "standard"]
INITS = ["torch", "lecun", "he", "xavier", "ntk", "mean_field"]


# Factors s of w, b, a for which an array p = s q, and by how much lr grows with N / base.
def scales(parametrization: str, ratio: float, dimension: int) -> tuple[Parameters, float]:
    """f = c + r sum alpha act(omega . x / root + b), r = 1/ratio or its root; lr with sgd."""
    root = 1 if parametrization == "mup" else math.sqrt(dimension)
    read_out = 1 / math.sqrt(ratio) if parametrization == "ntk" else 1 / ratio
    return Parameters(1 / root, 1.0, read_out, 1.0), 1.0 if parametrization == "ntk" else ratio


def trained_in_its_own_arrays(
    instance, activation: str, training: ltens.Training, base: int
) -> Parameters:
    """Descent in q by the twin's gradient: dL/dq = s dL/dp."""
    _, width, dimension = instance.parameters.w.shape
    s, growth = scales(training.parametrization, width / base, dimension)
    q = [p / scale for p, scale in zip(instance.parameters.double(), s, strict=True)]
    m = [np.zeros_like(each) for each in q]
    v = [np.zeros_like(each) for each in q]
    # the output bias is no neuron's: its rate does not grow
    rates = [training.lr * (growth if training.optimizer == "sgd" else 1.0)] * 3 + [training.lr]
    for t in range(1, training.steps + 1):
        now = Parameters(*(each * scale for each, scale in zip(q, s, strict=True)))
        _, grad = reference.gradient(now, activation, instance.x, instance.y)
        for k, scale in enumerate(s):
            g = grad[k] * scale
            if training.optimizer == "sgd":
                m[k] = training.momentum * m[k] + g
                q[k] = q[k] - rates[k] * m[k]
            elif training.optimizer == "sign":
                m[k] = training.momentum * m[k] + g
                q[k] = q[k] - rates[k] * np.sign(m[k])
            else:
                q[k] = q[k] - rates[k] * training.decay_of_arrays[k] * q[k]
                m[k] = training.beta1 * m[k] + (1 - training.beta1) * g
                v[k] = training.beta2 * v[k] + (1 - training.beta2) * g * g
                m_hat, v_hat = m[k] / (1 - training.beta1**t), v[k] / (1 - training.beta2**t)
                q[k] = q[k] - rates[k] * m_hat / (np.sqrt(v_hat) + training.epsilon)
    return Parameters(*(each * scale for each, scale in zip(q, s, strict=True)))


@pytest.mark.parametrize("parametrization", OTHERS)
@pytest.mark.parametrize("optimizer", ["sgd", "sign", "adamw"])
@pytest.mark.parametrize(
    ("shape", "engine", "activation"),
    [
        (shape, *path)
        for shape in (Shape(2, 12, 1, 30), Shape(2, 300, 1, 30), Shape(2, 12, 3, 30))
        for path in paths(shape.dimension, ("relu", "silu"), only_exact=True)
    ],
    ids=str,
)
def test_is_descent_in_the_arrays_of_its_definition(
    shape, engine, activation, optimizer, parametrization
):
    """Equal up to 40 steps of rounding; of adam's epsilon, which the factors do not move, 1e-30."""
    instance = make_instance(shape, "float64")
    training = ltens.Training(
        steps=40, lr=0.0005, optimizer=optimizer, schedule="constant", epsilon=1e-30,
        weight_decay=(1.0, 0.5, 2.0, 0.0) if optimizer == "adamw" else 0.0,
        parametrization=parametrization, base_width=4,
    )  # fmt: skip
    run = ltens.train(instance.networks(activation), instance.task(), training, engine=engine)
    expected = trained_in_its_own_arrays(instance, activation, training, base=4)
    assert run.engine == engine
    for found, wanted in zip(parameters_of(run.networks), expected, strict=True):
        np.testing.assert_allclose(found, wanted, rtol=0, atol=1e-9 * np.abs(wanted).max())


def test_factors_are_those_of_the_sources():
    """Of w, b, a and c at N = 64, d = 4, base 16; arXiv 2203.03466, table 3, for mup."""
    expected = {
        ("mup", "sgd"): (4, 4, 1 / 4, 1),
        ("mup", "adam"): (1, 1, 1 / 4, 1),
        ("mup", "sign"): (1, 1, 1 / 4, 1),
        ("mean_field", "sgd"): (4 / 4, 4, 1 / 4, 1),
        ("mean_field", "adamw"): (1 / 2, 1, 1 / 4, 1),
        ("ntk", "sgd"): (1 / 4, 1, 1 / 4, 1),
        ("ntk", "adam"): (1 / 2, 1, 1 / 2, 1),
        ("standard", "sgd"): (1, 1, 1, 1),
    }
    for (parametrization, optimizer), factors in expected.items():
        assert rate_factors(parametrization, optimizer, 64, 4, 16) == factors
    assert start("standard", 64, 16) == (64, (1, 1, 1, 1))
    assert start("ntk", 64, 16) == (16, (1, 1, 1 / 2, 1))
    assert start("mean_field", 64, 16) == start("mup", 64, 16) == (16, (1, 1, 1 / 4, 1))


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("width", WIDTHS)
def test_standard_changes_no_bit(width, dtype):
    plain = ltens.Networks.init(width, 3, dtype=dtype, scale=1.5)
    named = ltens.Networks.init(
        width, 3, dtype=dtype, scale=1.5, parametrization="standard", base_width=5
    )
    assert identical(plain, named)
    task = ltens.Task.from_function("square", samples=30)
    runs = [
        ltens.train(plain, task, ltens.Training(steps=10, **more))
        for more in ({}, {"parametrization": "standard", "base_width": 5})
    ]
    assert identical(runs[0].networks, runs[1].networks)


@pytest.mark.parametrize("parametrization", OTHERS)
@pytest.mark.parametrize("init", INITS)
def test_is_standard_at_the_base_width(init, parametrization):
    plain = ltens.Networks.init(20, 3, init=init, scale=0.3)
    named = ltens.Networks.init(
        20, 3, init=init, scale=0.3, parametrization=parametrization, base_width=20
    )
    assert identical(plain, named)
    task = ltens.Task.from_function("square", samples=30)
    runs = [
        ltens.train(plain, task, ltens.Training(steps=10, **more))
        for more in ({}, {"parametrization": parametrization, "base_width": 20})
    ]
    assert identical(runs[0].networks, runs[1].networks)  # d = 1: the factor of w in d is one


@pytest.mark.parametrize(
    ("parametrization", "power"), [("ntk", -0.5), ("mean_field", -1), ("mup", -1)]
)
@pytest.mark.parametrize("init", INITS)
def test_spreads_follow_the_table(init, parametrization, power):
    """3200 and 25600 draws: standard errors of 1.3 % and 0.4 %; xavier's w knows the width."""
    base, wide = (
        ltens.Networks.init(
            width, 400, init=init, dimension=2, parametrization=parametrization, base_width=8
        )
        for width in (8, 64)
    )
    for name, expected in {"w": 1.0, "b": 1.0, "a": 8.0**power, "c": 1.0}.items():
        one, other = (getattr(nets, name).std() for nets in (base, wide))
        # c: 400 draws each, 3.5 % of standard error; five of them
        assert other == pytest.approx(expected * one, rel=0.18 if name == "c" else 0.07)


def test_the_old_rows_of_the_guide_are_parametrisations():
    """init="ntk", lr_factors (1/d, 1, 1/N, 0): a base width of 1 and no output bias."""
    nets = ltens.Networks.init(16, 3, init="ntk", dimension=2, dtype="float64")
    named = ltens.Networks.init(
        16, 3, init="ntk", dimension=2, dtype="float64", parametrization="ntk"
    )
    for one, other in zip(parameters_of(nets), parameters_of(named), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-15)  # 1 / sqrt 16 is exact
    task = ltens.Task.from_function("square", samples=25, dimension=2)
    sgd: dict[str, Any] = {"steps": 20, "lr": 0.5, "optimizer": "sgd", "momentum": 0.0}
    by_hand = ltens.train(nets, task, ltens.Training(**sgd, lr_factors=(0.5, 1, 1 / 16, 0)))
    by_name = ltens.train(
        nets, task, ltens.Training(**sgd, lr_factors=(1, 1, 1, 0), parametrization="ntk")
    )
    assert identical(by_hand.networks, by_name.networks)


def test_a_sweep_starts_and_trains_in_it(tmp_path):
    task, training = ltens.Task.from_function("square", samples=30), ltens.Training(steps=10)
    options = {"task": task, "training": training, "activations": "silu", "progress": False}
    ds = ltens.sweep(
        [4, 16], 3, parametrization="mup", base_width=4, store=tmp_path / "a.ltens", **options
    )
    mup = dataclasses.replace(training, parametrization="mup", base_width=4)
    for width in (4, 16):
        nets = ltens.Networks.init(width, 3, parametrization="mup", base_width=4)
        run = ltens.train(nets, task, mup)
        found = ds.loss.sel(activation="silu", width=width).values
        assert found.tobytes() == run.loss.tobytes()
    described = json.loads(ds.attrs["configuration"])["training"]
    assert (described["parametrization"], described["base_width"]) == ("mup", 4)
    with pytest.raises(ltens.StoreError, match="parametrization"):
        ltens.sweep([4], 3, store=tmp_path / "a.ltens", **options)
    same = ltens.sweep([4, 16], 3, store=tmp_path / "a.ltens", **{**options, "training": mup})
    assert same.loss.equals(ds.loss)


def test_the_identity_of_what_is_standard_is_that_of_old_stores():
    plain = Configuration.checked(widths=[1], seeds=1)
    named = Configuration.checked(widths=[1], seeds=1, parametrization="standard", base_width=1)
    assert named.identity() == plain.identity()
    new = {"parametrization", "base_width", "weight_decay", "warmup", "lr_floor", "cooldown"}
    assert not new & set(plain.identity()["training"])


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"parametrization": "mu-p"}, ValueError, "parametrization is 'mu-p'.* mean 'mup'"),
        ({"parametrization": 3}, TypeError, "parametrization is 3, but must be a name"),
        ({"base_width": 0}, ValueError, "base_width is 0"),
        (
            {"parametrization": "ntk", "training": ltens.Training(parametrization="mup")},
            ValueError,
            "parametrization is 'ntk', but training.parametrization is 'mup': give it once",
        ),
        (
            {"base_width": 3, "training": ltens.Training(base_width=4)},
            ValueError,
            "base_width is 3, but training.base_width is 4",
        ),
    ],
)
def test_sweeps_refuse_what_is_unknown_or_contradicts(options, error, message):
    with pytest.raises(error, match=message):
        ltens.sweep([2], 1, **options)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"parametrization": "sp"}, "parametrization is 'sp'.* mean 'standard'"),
        ({"base_width": -1}, "base_width is -1"),
    ],
)
def test_networks_refuse_what_is_unknown(options, message):
    with pytest.raises(ValueError, match=message):
        ltens.Networks.init(2, 1, **options)
