"""Networks of several outputs: what takes them agrees with one output, the rest says so."""

import numpy as np
import pytest

import ltens
import reference
from ltens import tickets
from ltens.tickets.inputs import network_arrays
from support.registry import Shape, make_instance, parameters_of

EXACT = 1e-12  # sums of 40 terms of order 1 in float64: 50 eps, with room
SHAPE = Shape(20, 6, 1, 40, outputs=3)


def doubled() -> tuple[ltens.Networks, ltens.Task, ltens.Networks, ltens.Task]:
    """Networks and a task of one output, and the same with that output twice."""
    instance = make_instance(Shape(20, 6, 1, 40), "float64", weighted=True)
    p = instance.parameters
    a, c = (np.stack([part, part], axis=1) for part in (p.a, p.c))
    nets = ltens.Networks(p.w, p.b, a, c, activation="silu")
    twice = ltens.Task(instance.x, np.stack([instance.y] * 2, axis=1), instance.weights)
    return instance.networks("silu"), instance.task(), nets, twice


def test_predictions_agree_with_the_twin():
    nets = make_instance(SHAPE, "float64").networks("silu")
    x = np.linspace(-2, 2, 7)[:, None]
    found = network_arrays(nets, several=True).predict(x)
    expected = reference.predict(parameters_of(nets), "silu", x)
    np.testing.assert_allclose(found, expected, rtol=0, atol=EXACT)


def test_bias_and_variance_of_an_output_twice_are_twice_those_of_one():
    one, task, two, twice = doubled()
    single = tickets.bias_variance(one, task, exclude="none")
    both = tickets.bias_variance(two, twice, exclude="none")
    for name in ("bias2", "variance", "loss"):
        assert getattr(both, name) == pytest.approx(2 * getattr(single, name), rel=EXACT)
        assert both.errors[name] == pytest.approx(2 * single.errors[name], rel=1e-9)
    for name in ("share", "correlation"):
        assert getattr(both, name) == pytest.approx(getattr(single, name), rel=EXACT)
    np.testing.assert_allclose(both.bias2_x, 2 * single.bias2_x, atol=EXACT)
    np.testing.assert_allclose(both.variance_x, 2 * single.variance_x, rtol=EXACT)
    np.testing.assert_allclose(both.bias_x, np.stack([single.bias_x] * 2, axis=1), atol=EXACT)


def test_ensembles_of_an_output_twice_lose_twice_as_much():
    one, task, two, twice = doubled()
    options = {"observed_only": False, "bootstrap": 100, "exclude": "none"}
    (single,) = tickets.ensembling({6: one}, task, **options).rows
    (both,) = tickets.ensembling({6: two}, twice, **options).rows
    for name in ("narrow_loss", "averaged", "uncorrelated"):
        assert getattr(both, name) == pytest.approx(2 * getattr(single, name), rel=EXACT)


def test_the_dead_are_judged_by_all_outputs():
    """A network that is right in one of three equal outputs keeps 2/3 of the variance."""
    x = np.linspace(-1, 1, 41)
    target = np.stack([x, x, x], axis=1)
    ones = np.ones((6, 1))
    a = np.ones((6, 3, 1))
    a[3:, 1:] = 0
    nets = ltens.Networks(ones[:, :, None], 0 * ones, a, np.zeros((6, 3)), activation="sin")
    task = ltens.Task(x, np.sin(target))
    assert tickets.bias_variance(nets, task, exclude="dead").excluded == 3


def test_the_picture_of_the_shared_error_is_of_one_output():
    _, _, two, twice = doubled()
    with pytest.raises(ValueError, match="split has 2 outputs, but the picture is of networks"):
        ltens.plot.shared_error(tickets.bias_variance(two, twice, exclude="none"))


@pytest.mark.parametrize(
    "look",
    [
        lambda nets, task: tickets.symmetry(nets),
        lambda nets, task: tickets.canonical(nets),
        lambda nets, task: tickets.kinks(nets),
        lambda nets, task: tickets.algorithms(nets, np.ones(len(nets))),
        tickets.pair_scores,
        tickets.find_tickets,
        tickets.refit,
        tickets.polish,
        tickets.prune,
    ],
)
def test_the_rest_says_that_it_looks_at_one_output(look):
    instance = make_instance(SHAPE, "float64")
    with pytest.raises(ValueError, match="nets have 3 outputs, but this looks at networks of one"):
        look(instance.networks("relu"), instance.task())


def test_classes_and_other_numbers_of_outputs_are_refused():
    nets = make_instance(SHAPE, "float64").networks("silu")
    x, labels = np.arange(3.0), np.arange(3)
    with pytest.raises(ValueError, match="task has the loss 'cross_entropy', but this looks at"):
        tickets.bias_variance(nets, ltens.Task(x, labels, loss="cross_entropy"))
    with pytest.raises(ValueError, match=r"task has 2 output\(s\), but must have .* networks, 3"):
        tickets.bias_variance(nets, ltens.Task(x, np.ones((3, 2))))
    with pytest.raises(ValueError, match=r"task has 1 output\(s\), but must have .* networks, 3"):
        tickets.ensembling({6: nets}, ltens.Task(x, x))
