"""What a dtype rounds to zero, one or infinity is refused before any training."""

import numpy as np
import pytest

import ltens

TASK = ltens.Task.from_function("square", samples=20)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"epsilon": 1e-50}, "training.epsilon is 1e-50, but float32 holds numbers from 1.18e-38"),
        ({"epsilon": 1e-40}, "training.epsilon is 1e-40"),
        ({"lr": 1e-60}, "training.lr is 1e-60"),
        ({"lr": 1e39}, "training.lr is 1e.39"),
        ({"lr": 1e-30, "lr_factors": (1, 1e-10, 1, 1)}, "training.lr, times its lr_factors, is"),
        ({"lr_factors": (1, 1, 1e-45, 1)}, "training.lr_factors is 1e-45"),
        ({"weight_decay": -1e-45}, "training.weight_decay is 1e-45"),
        ({"beta1": 1 - 1e-9}, "training.beta1 is 0.999999999, but float32 rounds it to 1"),
        ({"beta2": 1 - 1e-9, "optimizer": "adamw"}, "training.beta2 is .*take at most 0.99999994"),
        ({"momentum": 1 - 1e-9, "optimizer": "sgd"}, "training.momentum is .* rounds it to 1"),
        ({"momentum": 1 - 1e-9, "optimizer": "sign"}, "training.momentum is .* rounds it to 1"),
    ],
)
def test_what_float32_cannot_hold_is_refused_and_float64_trains(settings, message):
    training = ltens.Training(steps=3, **settings)
    with pytest.raises(ValueError, match=message):
        ltens.train(ltens.Networks.init(3, 2), TASK, training)
    with pytest.raises(ValueError, match=message):
        ltens.sweep(widths=[3], seeds=2, task=TASK, training=training)
    if training.lr < 1:
        run = ltens.train(ltens.Networks.init(3, 2, dtype="float64"), TASK, training)
        assert set(run.status) == {ltens.STATUS.index("ok")}


@pytest.mark.parametrize("settings", [{"epsilon": 1e-320}, {"lr": 5e-324}])
def test_what_float64_cannot_hold_is_refused_too(settings):
    with pytest.raises(ValueError, match=r"but float64 holds numbers from 2\.23e-308"):
        ltens.train(
            ltens.Networks.init(3, 2, dtype="float64"), TASK, ltens.Training(steps=3, **settings)
        )


def test_an_axis_that_a_dtype_cannot_hold_is_refused_with_its_place():
    with pytest.raises(ValueError, match=r"at epsilon=1e-50: training\.epsilon is 1e-50"):
        ltens.sweep(widths=[3], seeds=2, task=TASK, over={"epsilon": [1e-8, 1e-50]})


def test_what_the_optimizer_does_not_use_is_not_looked_at():
    training = ltens.Training(steps=3, optimizer="sgd", epsilon=1e-50, beta1=1 - 1e-12)
    run = ltens.train(ltens.Networks.init(3, 2), TASK, training)
    assert set(run.status) == {ltens.STATUS.index("ok")}


def test_relu_networks_with_the_smallest_epsilon_do_not_diverge():
    training = ltens.Training(steps=200, epsilon=float(np.finfo("float32").tiny))
    run = ltens.train(ltens.Networks.init(50, 8, activation="relu"), TASK, training)
    assert set(run.status) == {ltens.STATUS.index("ok")}
