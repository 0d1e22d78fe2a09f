"""The coordinate check: slopes of zero in muP, elsewhere those that theory says."""

import numpy as np
import pytest

import ltens
from support.registry import Shape, make_instance

WIDTHS = (32, 64, 128, 256, 512, 1024)


def check(parametrization: str, optimizer: str, **more) -> "ltens.CoordinateCheck":
    training = ltens.Training(lr=0.01, optimizer=optimizer, schedule="constant")
    return ltens.coordinate_check(
        WIDTHS, 8, training=training, parametrization=parametrization, base_width=32, **more
    )


@pytest.mark.parametrize("optimizer", ["adam", "adamw", "sgd", "sign"])
@pytest.mark.parametrize("activation", ["silu", "relu", "tanh"])
def test_no_size_depends_on_the_width_in_mup(activation, optimizer):
    """Within 0.05, and four standard errors over the 8 seeds for sizes that vary among them."""
    found = check("mup", optimizer, activation=activation)
    for name, slopes in found.slopes.items():
        assert np.all(np.abs(slopes) < 0.05 + 4 * found.errors[name]), name
        assert np.all(found.errors[name] < 0.05), name


@pytest.mark.parametrize(
    ("parametrization", "optimizer", "quantity", "slope"),
    [
        # adam moves every a by lr, all to the same side: their sum grows as N
        ("standard", "adam", "output_change", 1.0),
        ("standard", "sign", "output_change", 1.0),
        # the gradient of a does not know N, that of w and b is of the size of a, N^(-1/2)
        ("standard", "sgd", "output_change", 1.0),
        ("standard", "sgd", "preactivation_change", -0.5),
        # lazy: the kernel is fixed, the features move by N^(-1/2)
        ("ntk", "sgd", "output_change", 0.0),
        ("ntk", "sgd", "preactivation_change", -0.5),
        ("ntk", "adam", "output_change", 0.5),
        ("mean_field", "sgd", "preactivation_change", 0.0),
    ],
)
def test_first_steps_scale_as_theory_says(parametrization, optimizer, quantity, slope):
    """At N = 32 the parts of the gradient that fall with N still count: a tenth of the slope."""
    found = check(parametrization, optimizer, steps=[1])
    error = found.errors[quantity][0]
    assert found.slopes[quantity][0] == pytest.approx(slope, abs=0.1 + 3 * error)


def test_sizes_are_those_of_trained_networks():
    instance = make_instance(Shape(3, 8, 2, 40), "float64")
    found = ltens.coordinate_check(
        [16, 8], 3, steps=[2], activation="tanh", task=instance.task(), training=ltens.Training()
    )
    assert (found.widths.tolist(), found.steps.tolist()) == ([8, 16], [2])
    for w, width in enumerate(found.widths.tolist()):
        nets = ltens.Networks.init(width, 3, activation="tanh", dimension=2, dtype="float64")
        run = ltens.train(nets, instance.task(), ltens.Training(steps=2))
        after = run.networks
        z, z_0 = (n.w @ instance.x.T + n.b[:, :, None] for n in (after, nets))
        expected = {
            "activation": np.tanh(z),
            "preactivation_change": z - z_0,
            "output_change": (after(instance.x) - nets(instance.x))[:, None],
        }
        for name, values in expected.items():
            size = np.sqrt((values**2).mean(axis=(1, 2)))
            np.testing.assert_allclose(found.sizes[name][0, w], size, rtol=1e-12)


def test_slopes_are_of_the_logarithms():
    sizes = {"activation": np.array([[[1.0, 2.0], [2.0, 8.0], [4.0, 32.0]]])}
    found = ltens.CoordinateCheck("mup", np.array([1, 2, 4]), np.array([1]), sizes)
    assert found.slopes["activation"] == pytest.approx([1.5])
    assert found.errors["activation"] == pytest.approx([0.5])
    np.testing.assert_allclose(found.typical("activation"), [[2**0.5, 4.0, 128**0.5]])
    assert "size of the hidden activations" in str(found)
    assert "+1.500 ± 0.500" in str(found)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"widths": [8]}, "a slope needs at least two widths"),
        ({"steps": [0]}, r"steps\[0\] is 0"),
        ({"training": ltens.Training(schedule="cosine")}, "does not depend on the number of steps"),
        ({"training": ltens.Training(warmup=5)}, "a warmup of 5, but must have"),
        ({"parametrization": "sp"}, "parametrization is 'sp'"),
        (
            {"training": ltens.Training(lr=1e200, optimizer="sgd")},
            r"training.lr is 1e\+200, at which networks of width 4 diverge",
        ),
    ],
)
def test_arguments_are_checked(options, message):
    with pytest.raises(ValueError, match=message):
        ltens.coordinate_check(**{"widths": [4, 8], "seeds": 2, **options})
