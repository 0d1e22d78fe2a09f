"""The quadrature engine: how fast its error falls, that it knows it, and what it does about it."""

import threading

import numpy as np
import pytest
from scipy import stats

import ltens
from ltens.training.engines import RTOL, gauss_rule
from support.registry import SMOOTH, identical

SQUARE = ltens.Task.from_function("square")
SHORT = ltens.Training(steps=300)


def noisy(samples: int, seed: int = 0) -> ltens.Task:
    x = np.linspace(-2, 2, samples)
    return ltens.Task(x, x**2 + np.random.default_rng(seed).normal(size=samples))


def steep(seeds: int, slope: float, **options) -> ltens.Networks:
    """Networks whose |w| is `slope` times what it should be."""
    nets = ltens.Networks.init(**{"width": 10, "activation": "silu", **options}, seeds=seeds)
    nets.w[:] *= nets.w.dtype.type(slope)
    return nets


def gradient_error(nets: ltens.Networks, task: ltens.Task, nodes: int) -> float:
    """Largest error of the gradient on the nodes, relative to the largest element of its kind."""
    _, exact = ltens.loss_and_gradient(nets, task, engine="dense")
    _, found = ltens.loss_and_gradient(nets, gauss_rule(task, nodes)[0], engine="dense")
    return max(
        float(np.abs(getattr(found, name) - getattr(exact, name)).max())
        / float(np.abs(getattr(exact, name)).max())
        for name in ("w", "b", "a", "c")
    )


@pytest.mark.parametrize("w", [2.0, 4.0, 8.0])
@pytest.mark.parametrize(
    ("task", "order"),
    [(ltens.Task.from_function("square", samples=4001), 2), (noisy(4001), 1)],
    ids=["smooth", "noisy"],
)
def test_the_error_falls_geometrically_at_the_predicted_rate(w, task, order):
    """Rate of Gauss quadrature: rho^(-2K), rho the Bernstein ellipse through the nearest pole.

    silu(w x + b) has its nearest poles at x = (-b +- i pi)/w. Noise lies outside the polynomials,
    so it meets one factor rho^-K only. The poles of the gradient are of order up to three: K^2
    in front of the exponential bends the line by up to a fifth over the range fitted.
    """
    b = 0.3
    nets = ltens.Networks(
        np.full((1, 1, 1), w), np.full((1, 1), b), np.ones((1, 1)), np.zeros(1), activation="silu"
    )
    pole = (-b + 1j * np.pi) / w / 2  # the domain [-2, 2] is mapped to [-1, 1]
    root = abs(pole + np.sqrt(pole**2 - 1))
    rate = order * abs(np.log(root))
    nodes = np.arange(4, 60, 2)
    error = np.array([gradient_error(nets, task, int(k)) for k in nodes])
    falling = (error < 1e-2) & (error > 1e-12)  # after the start, before rounding
    assert falling.sum() >= 6
    slope = -np.polyfit(nodes[falling], np.log(error[falling]), 1)[0]
    assert slope == pytest.approx(rate, rel=0.25)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("activation", SMOOTH)
def test_gradient_agrees_with_dense(activation, dtype):
    """Below rtol 1e-9 of the loss; the gradient's error is of its square root's order at most."""
    nets = ltens.Networks.init(width=10, seeds=9, activation=activation, dtype=dtype)
    loss, grad = ltens.loss_and_gradient(nets, SQUARE, engine="quadrature", rtol=1e-9)
    exact_loss, exact = ltens.loss_and_gradient(nets, SQUARE, engine="dense")
    assert loss.tobytes() == exact_loss.tobytes()  # the loss is that of the full task
    allowed = 1e-6 + 300 * float(np.finfo(dtype).eps)  # 300: cancellation in sums of 1000 terms
    for name in ("w", "b", "a", "c"):
        found, expected = getattr(grad, name), getattr(exact, name)
        assert np.abs(found - expected).max() <= allowed * np.abs(expected).max()


@pytest.mark.parametrize(
    ("width", "steps", "bound"),
    [(10, 2000, 1e-5), (30, 2000, 1e-5), (300, 1000, 1e-10)],
)
def test_trainings_stay_with_dense(width, steps, bound):
    """In float64. K = 16 nodes err by 1e-8 for N = 10, which 2,000 steps enlarge to 1e-6.

    Wide networks are chaotic under this learning rate: from N = 300 and 2,000 steps on, a dense
    training whose start differs by 1e-12 ends as far away as one by quadrature.
    """
    nets = ltens.Networks.init(width=width, seeds=3, activation="silu", dtype="float64")
    task = ltens.Task.from_function("square", samples=200)
    training = ltens.Training(steps=steps)
    dense = ltens.train(nets, task, training, engine="dense")
    run = ltens.train(nets, task, training, engine="quadrature")
    assert (run.nodes == 16).all()
    assert np.abs(run.networks.w - dense.networks.w).max() <= bound
    np.testing.assert_allclose(run.loss, dense.loss, rtol=10 * bound)


def ks_pvalue(seeds: int, steps: int, width: int = 10) -> float:
    nets = ltens.Networks.init(width=width, seeds=seeds, activation="silu")
    training = ltens.Training(steps=steps)
    fast = ltens.train(nets, SQUARE, training, engine="quadrature")
    assert (fast.engine_error <= RTOL).all()
    other = ltens.Networks.init(width=width, seeds=range(seeds, 2 * seeds), activation="silu")
    dense = ltens.train(other, SQUARE, training, engine="dense")
    return float(stats.ks_2samp(fast.loss, dense.loss).pvalue)


def test_final_losses_have_the_distribution_of_dense():
    """Other seeds, so that the samples are independent; at level 1 % one in 100 would fail."""
    assert ks_pvalue(seeds=64, steps=500) > 0.01


@pytest.mark.slow
def test_final_losses_have_the_distribution_of_dense_after_the_whole_protocol():
    """500 seeds, 50,000 steps, D = 1000: about ten minutes of one core, most of them dense."""
    assert ks_pvalue(seeds=500, steps=50_000) > 0.01


def test_the_reported_loss_is_that_of_the_full_task():
    task = noisy(500)
    nets = ltens.Networks.init(width=8, seeds=5, activation="silu", dtype="float64")
    run = ltens.train(nets, task, SHORT, engine="quadrature", checkpoints=[0, 10, 300])
    expected = np.mean((run.networks(task.x) - task.y) ** 2, axis=1)
    np.testing.assert_allclose(run.loss, expected, rtol=1e-12)  # 500 terms, no cancellation
    np.testing.assert_array_equal(run.history[:, -1], run.loss)
    assert (run.nodes == 16).all()


class TestNoticingAnError:
    """Where 16 nodes are too few, the engine must find out, and raise K or give up."""

    def test_steep_networks_need_more_nodes(self):
        nets = steep(8, 20.0)
        run = ltens.train(nets, SQUARE, SHORT, engine="quadrature")
        assert (run.nodes[run.engines == "quadrature"] > 16).all()
        assert (run.engine_error <= RTOL).all()
        # and 16 nodes would indeed have been wrong, by more than they may
        rule, constant = gauss_rule(SQUARE, 16)
        wrong = ltens.train(nets, rule, SHORT, engine="dense")
        full, _ = ltens.loss_and_gradient(wrong.networks, SQUARE, engine="dense")
        assert np.all(np.abs(wrong.loss + constant - full) > RTOL * full)

    def test_networks_too_steep_for_any_nodes_are_trained_densely(self):
        nets = steep(4, 1000.0, activation="sin")
        run = ltens.train(nets, SQUARE, SHORT, engine="quadrature")
        dense = ltens.train(nets, SQUARE, SHORT, engine="dense")
        assert run.engine == "quadrature"
        assert (run.engines == "dense").all()
        assert (run.nodes == 0).all()
        assert (run.engine_error == 0).all()
        assert identical(run.networks, dense.networks)
        assert run.loss.tobytes() == dense.loss.tobytes()

    def test_a_step_is_no_polynomial(self):
        task = ltens.Task.from_function("step")
        nets = ltens.Networks.init(width=30, seeds=4, activation="silu")
        run = ltens.train(nets, task, ltens.Training(steps=2000, lr=0.05), engine="quadrature")
        assert (run.nodes != 16).all()
        assert (run.engine_error <= RTOL).all()

    def test_more_parameters_than_nodes_may_fit_the_nodes_only(self):
        """301 parameters meet 16 noisy node values exactly, while the full loss stays."""
        task = noisy(200)
        nets = ltens.Networks.init(width=100, seeds=2, activation="silu", scale=4.0)
        training = ltens.Training(steps=3000)
        rule, constant = gauss_rule(task, 16)
        overfitted = ltens.train(nets, rule, training, engine="dense")
        full, _ = ltens.loss_and_gradient(overfitted.networks, task, engine="dense")
        off = np.abs(overfitted.loss + constant - full) / (full - constant)
        assert (off > RTOL).all()
        run = ltens.train(nets, task, training, engine="quadrature")
        assert (run.nodes != 16).all()
        assert (run.engine_error <= RTOL).all()

    def test_a_tighter_rtol_takes_more_nodes(self):
        nets = ltens.Networks.init(width=10, seeds=8, activation="silu", dtype="float64")
        loose = ltens.train(nets, SQUARE, SHORT, engine="quadrature")
        tight = ltens.train(nets, SQUARE, SHORT, engine="quadrature", rtol=1e-12)
        assert (loose.nodes == 16).all()
        assert (tight.nodes > 16).any()
        assert (tight.engine_error <= 1e-12).all()

    def test_the_gradient_checks_itself_too(self):
        nets = steep(4, 30.0, activation="sin", dtype="float64")
        _, grad = ltens.loss_and_gradient(nets, SQUARE, engine="quadrature")
        _, exact = ltens.loss_and_gradient(nets, SQUARE, engine="dense")
        _, naive = ltens.loss_and_gradient(nets, gauss_rule(SQUARE, 16)[0], engine="dense")
        scale = np.abs(exact.w).max()
        assert np.abs(naive.w - exact.w).max() > 0.1 * scale
        assert np.abs(grad.w - exact.w).max() <= 1e-2 * scale  # rtol of the loss, times 10


def mixed() -> ltens.Networks:
    """Networks of which some need no retry, some more nodes, and some the dense engine."""
    nets = steep(12, 1.0, activation="sin")
    nets.w[3::4] *= 20
    nets.w[2::4] *= 1000
    return nets


@pytest.fixture(scope="module")
def whole():
    run = ltens.train(mixed(), SQUARE, SHORT, engine="quadrature", threads=1)
    assert len(set(run.nodes.tolist())) >= 3
    return run


@pytest.mark.parametrize("pick", [[0], [2], [3], [7, 2, 0], [11, 10, 9, 8, 6]])
@pytest.mark.parametrize("threads", [1, 2])
def test_company_changes_no_bit_through_retries(whole, pick, threads):
    run = ltens.train(mixed()[pick], SQUARE, SHORT, engine="quadrature", threads=threads)
    assert identical(run.networks, whole.networks[pick])
    for name in ("loss", "nodes", "engine_error", "engines", "status", "steps"):
        assert getattr(run, name).tolist() == getattr(whole, name)[pick].tolist()


def test_a_history_changes_no_retry(whole):
    run = ltens.train(mixed(), SQUARE, SHORT, engine="quadrature", checkpoints=[0, 1, 7, 100, 299])
    assert identical(run.networks, whole.networks)
    assert run.engine_error.tolist() == whole.engine_error.tolist()
    assert np.isfinite(run.history).all()


def test_repeated_samples_are_merged_and_exact():
    """A thousand samples at twelve places: twelve nodes, no error."""
    x = np.tile(np.linspace(-2, 2, 12), 84)
    task = ltens.Task(x, np.sin(3 * x) + np.arange(len(x)) % 5)
    nets = steep(4, 30.0, dtype="float64")
    run = ltens.train(nets, task, SHORT, engine="quadrature")
    assert (run.nodes == 12).all()
    assert (run.engine_error < 1e-12).all()  # rounding of losses of order one


def test_weights_of_zero_and_uneven_weights():
    rng = np.random.default_rng(0)
    x = rng.uniform(-2, 2, 400)
    weights = rng.uniform(0, 1, 400) * (x < 1) / 400
    task = ltens.Task(x, x**2, weights)
    nets = ltens.Networks.init(width=10, seeds=4, activation="silu", dtype="float64")
    run = ltens.train(nets, task, SHORT, engine="quadrature")
    dense = ltens.train(nets, task, SHORT, engine="dense")
    assert (run.nodes == 16).all()
    np.testing.assert_allclose(run.loss, dense.loss, rtol=RTOL)


@pytest.mark.parametrize("samples", [1, 2, 15, 17])
def test_few_samples(samples):
    x = np.linspace(-1, 1, samples)
    nets = ltens.Networks.init(width=3, seeds=2, activation="tanh", dtype="float64")
    run = ltens.train(nets, ltens.Task(x, x**3), SHORT, engine="quadrature")
    dense = ltens.train(nets, ltens.Task(x, x**3), SHORT, engine="dense")
    assert (run.nodes == min(samples, 24)).all()
    # 300 steps of rounding.
    np.testing.assert_allclose(run.networks.w, dense.networks.w, rtol=0, atol=1e-7)


def test_a_cancelled_training_does_not_pass_for_a_finished_one():
    """Cancelled before the first step, when 16 nodes are known to be too few."""
    cancel = threading.Event()
    cancel.set()
    run = ltens.train(
        steep(4, 20.0), SQUARE, ltens.Training(steps=10**7), engine="quadrature", cancel=cancel
    )
    assert (run.status == ltens.STATUS.index("cancelled")).all()


def test_progress_never_goes_back():
    seen = []
    ltens.train(
        mixed(), SQUARE, ltens.Training(steps=2000), engine="quadrature", threads=1,
        progress=lambda done, total: seen.append((done, total)),
    )  # fmt: skip
    done = [count for count, _ in seen]
    assert done == sorted(done)
    assert seen[-1][0] == seen[-1][1]


def test_divergence_is_confirmed_by_the_dense_engine():
    nets = ltens.Networks.init(width=3, seeds=2, activation="square")
    run = ltens.train(nets, SQUARE, ltens.Training(steps=200, lr=1e30), engine="quadrature")
    assert (run.status == ltens.STATUS.index("diverged")).all()
    assert (run.engines == "dense").all()


def _of_each(nets: ltens.Networks) -> np.ndarray:
    """All parameters of each network: (S, P)."""
    arrays = (array.reshape(len(nets), -1) for array in nets.arrays().values())
    return np.concatenate(list(arrays), axis=1).astype("float64")


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("width", [4, 300])
@pytest.mark.parametrize("seed", [6, 7, 11])
def test_a_gradient_that_is_wrong_where_the_loss_is_right_is_found(seed, width, dtype):
    """Samples far out, x = exp(2 z), where the sine turns faster than the polynomials do."""
    x = np.exp(2 * np.random.default_rng(seed).normal(size=1000))
    task = ltens.Task(x, np.sin(x))
    nets = ltens.Networks.init(width, 8, activation="sin", dtype=dtype)
    _, found = ltens.loss_and_gradient(nets, task, engine="quadrature")
    _, exact = ltens.loss_and_gradient(
        ltens.Networks(**{k: v.astype("float64") for k, v in nets.arrays().items()},
                       activation="sin"),
        task, engine="dense",
    )  # fmt: skip
    norm = np.linalg.norm(_of_each(exact), axis=1)
    error = np.linalg.norm(_of_each(found) - _of_each(exact), axis=1) / norm
    # sin(w x + b) of x up to 1e3 in float32: its argument is off by up to 1e3 eps
    rounding = 0 if dtype == "float64" else 1e3 * np.finfo(dtype).eps
    assert error.max() <= RTOL + rounding


def test_the_case_before_is_one_where_the_loss_is_right():
    """On the nodes whose loss agrees to rtol, some gradients are off by a hundred times that."""
    x = np.exp(2 * np.random.default_rng(6).normal(size=1000))
    task = ltens.Task(x, np.sin(x))
    nets = ltens.Networks.init(4, 8, activation="sin", dtype="float64")
    loss, exact = ltens.loss_and_gradient(nets, task, engine="dense")
    worst = 0.0
    for nodes in 16 * 2 ** np.arange(5):
        rule, constant = gauss_rule(task, int(nodes))
        on_nodes, found = ltens.loss_and_gradient(nets, rule, engine="dense")
        right = np.abs(on_nodes + constant - loss) <= RTOL * (loss - constant)
        off = np.linalg.norm(_of_each(found) - _of_each(exact), axis=1)
        share = off / np.linalg.norm(_of_each(exact), axis=1)
        worst = max(worst, share[right].max(initial=0.0))
    assert worst > 100 * RTOL
