"""Polishing, pruning and the table of exponents."""

import numpy as np
import pytest

import ltens
from ltens.tickets import polish, prune, refit, sensitivity, slope
from ltens.tickets.activations import ACTIVATIONS, derivative, evaluate
from ltens.tickets.second_order import Residuals
from support.planted import pairs, square


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_derivatives_are_those_of_differences(name):
    z = np.linspace(-3, 3, 40)  # no kink on it
    h = 1e-5
    numeric = (evaluate(name, z + h) - evaluate(name, z - h)) / (2 * h)
    # Central differences: h^2 f'''/6 about 1e-10, rounding eps f / h about 1e-10.
    assert derivative(name, z) == pytest.approx(numeric, abs=1e-8)


def test_the_jacobian_is_that_of_differences():
    draw = np.random.default_rng(0)
    x, y = draw.normal(size=(9, 2)), draw.normal(size=9)
    problem = Residuals("silu", x, y, np.full(9, 1 / 3), (3, 2))
    p = draw.normal(size=13)
    h = 1e-5
    steps = h * np.eye(13)
    numeric = [(problem.residual(p + e) - problem.residual(p - e)) / (2 * h) for e in steps]
    assert pytest.approx(np.array(numeric), abs=1e-8) == problem.jacobian(p).T  # as above


@pytest.mark.parametrize("method", ["lm", "lbfgs"])
def test_a_student_finds_its_teacher_again(method):
    teacher = ltens.Networks.init(2, 3, dtype="float64")
    x = np.linspace(-2, 2, 60)
    draw = np.random.default_rng(0)
    start = ltens.Networks(
        *(getattr(teacher, n) + 0.01 * draw.normal(size=getattr(teacher, n).shape) for n in "wbac"),
        activation="silu",
    )
    for s in range(3):
        done = polish(start[s], ltens.Task(x, teacher[s](x)[0]), method=method, evaluations=2000)
        assert done.method == method
        assert isinstance(done.networks, ltens.Networks)
        # LM goes to rounding; L-BFGS stops where float64 differences of the loss end.
        assert done.loss[0] < (1e-20 if method == "lm" else 1e-6) * max(done.start[0], 1e-5)


def test_two_neurons_can_do_arbitrarily_well():
    """The infimum of the loss at N = 2 is 0 for a smooth activation: w -> 0, a ~ w^-2."""
    w = np.array([[[0.3], [-0.3]]])
    nets = ltens.Networks(w, [[0.0, 0.0]], [[11.0, 11.0]], [0.0], activation="silu")
    done = polish(nets, square(100), evaluations=2000)
    assert done.loss[0] < 1e-3 * done.start[0]
    assert done.loss[0] < 1e-7


def test_what_polish_refuses():
    with pytest.raises(ValueError, match="method is 'lm', but it needs at least as many samples"):
        polish(ltens.Networks.init(10, 1), square(20), method="lm")
    assert polish(ltens.Networks.init(10, 1), square(20), evaluations=5).method == "lbfgs"
    with pytest.raises(ValueError, match="method is 'newton', which is not known"):
        polish(ltens.Networks.init(10, 1), square(20), method="newton")


@pytest.mark.parametrize("method", ["backward", "clusters"])
def test_exact_copies_are_removed_without_loss(method):
    """Three neurons, each four times: three suffice."""
    draw = np.random.default_rng(2)
    w, b, a = (np.tile(draw.normal(size=3), 4)[None] for _ in range(3))
    nets = ltens.Networks(w[..., None], b, a, [0.1], activation="tanh")
    x = np.linspace(-2, 2, 50)
    done = prune(nets, ltens.Task(x, nets(x)[0]), keep=[12, 3, 2], method=method)
    assert done.loss[0, 0] < 1e-20
    assert done.loss[0, 1] < 1e-20  # rounding of a fit that is exact
    assert done.loss[0, 2] > 1e-8
    assert sorted(done.neurons[1][0] % 3) == [0, 1, 2]


def test_losses_are_those_of_refitted_networks():
    nets, task = ltens.Networks.init(6, 2, dtype="float64", activation="relu"), square(50)
    done = prune(nets, task, keep=[6, 2])
    for s in range(2):
        kept = done.neurons[1][s]
        h = np.maximum(task.x @ nets.w[s, kept].T + nets.b[s, kept], 0)
        design = np.column_stack([h, np.ones(50)])
        residual = design @ np.linalg.lstsq(design, task.y)[0] - task.y
        # Least squares by two methods: the loss is flat at its minimum; measured 2e-15.
        assert done.loss[s, 1] == pytest.approx(np.mean(residual**2), rel=1e-12)


def test_backward_removes_what_costs_least():
    nets, task = ltens.Networks.init(5, 4, dtype="float64", activation="sin"), square(50)
    done = prune(nets, task, keep=[5, 4])
    for s in range(4):
        every = []
        for left_out in range(5):
            kept = np.delete(np.arange(5), left_out)
            design = np.column_stack(
                [np.sin(task.x @ nets.w[s, kept].T + nets.b[s, kept]), np.ones(50)]
            )
            residual = design @ np.linalg.lstsq(design, task.y)[0] - task.y
            every.append(np.mean(residual**2))
        # The ridge of 1e-12 beside losses of 4e-8; measured 2e-8 of them.
        assert done.loss[s, 1] == pytest.approx(min(every), rel=1e-6, abs=0)


def test_default_counts_and_refusals():
    nets, task = pairs(15, 2), square(50)
    done = prune(nets, task)
    assert done.kept[0] == 30
    assert done.kept[-1] == 1
    assert (np.diff(done.kept) < 0).all()
    with pytest.raises(ValueError, match=r"keep\[0\] is 31, but must be at most 30"):
        prune(nets, task, keep=[31])
    assert prune(pairs(1, 1)[0], task, keep=[1], method="clusters").kept.tolist() == [1]


def law(exponent, rng):
    import xarray as xr

    widths = np.array([2, 5, 10, 20, 50])
    noise = np.random.default_rng(rng).lognormal(sigma=0.2, size=(1, 5, 40))
    loss = noise * (1e-3 * widths.astype(float) ** -exponent)[None, :, None]
    return xr.Dataset(
        {"loss": (("activation", "width", "seed"), loss)},
        {"activation": ["silu"], "width": widths},
    )


def test_exponents_of_variants_are_recovered():
    found = sensitivity({"steep": law(2.0, 0), "flat": law(1.0, 1)})
    assert [row.name for row in found.rows] == ["steep", "flat"]
    for row, truth in zip(found.rows, (2.0, 1.0), strict=True):
        assert row.widths == (5, 50)
        # Medians of 40 scatter by 4 % over a factor 10: four of both ends.
        assert row.exponent == pytest.approx(truth, abs=0.15)
        assert row.interval[0] < row.exponent < row.interval[1]
    assert found.table().count("\n") == 3


def test_a_callable_makes_the_sweeps():
    asked = []

    def train(name):
        asked.append(name)
        return law(1.0, len(name))

    assert len(sensitivity(train, ["a", "bb"], smallest=1).rows) == 2
    assert asked == ["a", "bb"]
    with pytest.raises(TypeError, match="names is missing, but must be given with a callable"):
        sensitivity(train)
    with pytest.raises(ValueError, match="names holds 'c', but sweeps has: a"):
        sensitivity({"a": law(1.0, 0)}, ["c"])
    with pytest.raises(ValueError, match=r"sweeps\['a'\] has 2 width\(s\) of at least 20"):
        sensitivity({"a": law(1.0, 0)}, smallest=20)
    with pytest.raises(TypeError, match="sweeps is a int, but must be a mapping of names"):
        sensitivity(3)


def test_a_slope_prints_itself():
    assert str(slope([1, 2, 4], [4.0, 2, 1], [0.0, 0, 0])) == "-1.00 [-1.00, -1.00]"


def test_a_dead_neuron_does_not_stop_the_polish():
    """Its columns of the Jacobian are nearly zero, and must not be given the whole step."""
    live = ltens.Networks.init(4, 3, dtype="float64")
    dead = np.full((3, 1), 1e-33)
    b, a = (np.concatenate([part, dead], axis=1) for part in (live.b, live.a))
    nets = ltens.Networks(
        np.concatenate([live.w, dead[..., None]], axis=1),
        b,
        a,
        live.c,
        activation="silu",
    )
    done = polish(nets, square(100), evaluations=100)
    assert (done.loss < 1e-2 * done.start).all()


def test_a_refitted_readout_is_the_least_squares_solution():
    nets, task = ltens.Networks.init(6, 3, dtype="float64", activation="relu"), square(50)
    weighted = ltens.Task(task.x, task.y, np.linspace(1.0, 2.0, 50))
    for each in (task, weighted):
        done = refit(nets, each)
        q = each.weights / each.weights.sum()
        for s in range(3):
            phi = np.maximum(each.x @ nets.w[s].T + nets.b[s], 0)
            residual = phi @ done.a[s] + done.c[s] - each.y
            assert done.loss[s] == pytest.approx(q @ residual**2, rel=1e-13)  # the same sum of 50
            # At the minimum the gradient vanishes: 50 terms of order one, 50 * eps = 1e-14, times
            # the condition of 6 neurons; measured 2e-15.
            assert q @ residual == pytest.approx(0.0, abs=1e-12)
            assert phi.T @ (q * residual) == pytest.approx(np.zeros(6), abs=1e-12)
    assert (done.loss <= done.trained).all()
    np.testing.assert_array_equal(done.largest, np.abs(done.a).max(axis=1))


def test_a_large_cutoff_leaves_few_directions():
    nets, task = ltens.Networks.init(30, 4, dtype="float64"), square(100)
    ranks = [refit(nets, task, cutoff=cutoff).rank for cutoff in (1e-13, 1e-6, 1e-2)]
    losses = [refit(nets, task, cutoff=cutoff).loss for cutoff in (1e-13, 1e-6, 1e-2)]
    assert (np.diff(ranks, axis=0) < 0).all()
    assert (np.diff(losses, axis=0) > 0).all()
    with pytest.raises(ValueError, match=r"cutoff is 1\.0, but must be at least 0 and below 1"):
        refit(nets, task, cutoff=1)
