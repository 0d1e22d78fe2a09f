"""ltens.solvable.simulate: against brute force, against the theory, whatever the threads."""

import numpy as np
import pytest

from ltens.solvable import Asymptotics, Spectrum, simulate, theory
from ltens.solvable.one_draw import Draw, exact_losses, sampled_losses, solution
from support.solvable_table import ANISOTROPIC, AROUND_M, RIDGE, RIDGELESS, TRAIN

SMALL = Spectrum.power_law(1.0, 40)


def brute_force(draw, spectrum, ridge, noise):
    """Return test and train loss by explicit inverses and M x M error matrices."""
    u, X = draw.u, draw.X
    lam, w2 = spectrum.eigenvalues, spectrum.v_squared / spectrum.eigenvalues
    phi = u @ X
    G = phi.T @ np.linalg.pinv(phi @ phi.T + ridge * np.eye(len(u)))
    E = X @ G @ u - np.eye(len(lam))
    test = (w2 @ (E**2 @ lam) + noise**2 * ((G @ u) ** 2 @ lam).sum()) / 2
    H = np.eye(X.shape[1]) - G @ phi
    train = (w2 @ ((X @ H) ** 2).sum(axis=1) + noise**2 * (H**2).sum()) / 2 / X.shape[1]
    return test, train


@pytest.mark.parametrize(
    "sizes", [(7, 20), (20, 7), (12, 12), (50, 60), (60, 45), (50, 10), (1, 1)]
)
@pytest.mark.parametrize(("ridge", "noise"), [(0.0, 0.0), (1e-3, 0.3), (0.0, 0.5), (10.0, 0.0)])
def test_exact_averages_equal_brute_force(sizes, ridge, noise):
    N, T = sizes
    draw = Draw.sample(SMALL.eigenvalues, N, T, np.random.default_rng(3))
    found = exact_losses(draw, SMALL.eigenvalues, np.full(40, 1 / 40), ridge, noise)
    expected = brute_force(draw, SMALL, ridge, noise)
    # The brute force inverts Phi Phi^T; the condition of Phi is up to 610, its square times eps
    # 8e-11. Losses that vanish are rounding on either side, at most 3e-16.
    np.testing.assert_allclose(found, expected, rtol=1e-10, atol=1e-14)


def test_solution_solves_the_normal_equations():
    rng = np.random.default_rng(0)
    for N, T in ((5, 9), (9, 5)):
        draw = Draw.sample(SMALL.eigenvalues, N, T, rng)
        phi = draw.u @ draw.X
        G = solution(phi, draw, 0.01)
        # y G (Phi Phi^T + ridge) = y Phi^T; a matrix of condition 42, values below 0.5: 5e-15
        np.testing.assert_allclose(G @ (phi @ phi.T + 0.01 * np.eye(N)), phi.T, rtol=0, atol=1e-14)


def test_small_losses_keep_their_digits():
    # Beyond M with a tiny ridge the loss is 1e-13 of the null loss: a difference would be noise.
    spectrum = Spectrum.power_law(1.0, 40)
    run = simulate(spectrum, N=160, T=160, ridge=1e-6, draws=32)
    predicted = theory(spectrum, N=160, T=160, ridge=1e-6).test_loss
    assert predicted < 1e-12 * spectrum.null_loss
    # 1/sizes of finite size and the spread of 32 draws
    assert run.test_loss == pytest.approx(predicted, rel=0.15, abs=0)


@pytest.mark.parametrize(("N", "T", "ridge", "noise"), [(20, 60, 0.0, 0.0), (60, 20, 1e-4, 0.02)])
def test_exact_and_sampled_agree(N, T, ridge, noise):
    spectrum = Spectrum.power_law(1.0, 100)
    arguments = {"N": N, "T": T, "ridge": ridge, "noise": noise, "draws": 6}
    exact = simulate(spectrum, **arguments)
    sampled = simulate(spectrum, method="sampled", outputs=400, test_samples=800, **arguments)
    # The same draws: the difference is that of 6 * 400 teachers (mean square of few modes, so a
    # relative spread of at most sqrt(2/2400) * 2) and of 800 test inputs, sqrt(2/800/6) * 2.
    assert sampled.test_loss == pytest.approx(exact.test_loss, rel=0.15)
    assert sampled.train_loss == pytest.approx(exact.train_loss, rel=0.15)


def test_sampled_losses_average_to_the_exact_ones():
    rng = np.random.default_rng(1)
    draw = Draw.sample(SMALL.eigenvalues, 10, 20, rng)
    w2 = np.full(40, 1 / 40)
    exact = exact_losses(draw, SMALL.eigenvalues, w2, 1e-3, 0.1)
    sampled = [
        sampled_losses(
            draw, SMALL.eigenvalues, w2, 1e-3, 0.1, outputs=200, test_samples=200, rng=rng
        )
        for _ in range(60)
    ]
    spread = np.std(sampled, axis=0) / np.sqrt(60)
    # five standard errors of the mean, for two numbers
    assert (np.abs(np.mean(sampled, axis=0) - exact) < 5 * spread).all()


def test_threads_and_draws_change_no_bit():
    one = simulate(SMALL, N=10, T=30, draws=6, threads=1)
    three = simulate(SMALL, N=10, T=30, draws=6, threads=3)
    fewer = simulate(SMALL, N=10, T=30, draws=4, threads=2)
    np.testing.assert_array_equal(one.losses, three.losses)
    np.testing.assert_array_equal(one.losses[:4], fewer.losses)
    np.testing.assert_array_equal(one.train_losses, three.train_losses)


def test_the_root_entropy():
    one = simulate(SMALL, N=5, T=9, draws=2, rng=5)
    same = simulate(SMALL, N=5, T=9, draws=2, rng=np.random.SeedSequence(5))
    other = simulate(SMALL, N=5, T=9, draws=2, rng=6)
    assert (one.entropy, other.entropy) == (5, 6)
    np.testing.assert_array_equal(one.losses, same.losses)
    assert (one.losses != other.losses).all()


def test_a_single_draw_has_no_error():
    run = simulate(SMALL, N=5, T=9, draws=1)
    assert np.isnan(run.standard_error)
    assert run.test_loss == run.losses[0]


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"N": 0}, ValueError, "N is 0, but must be an integer of at least 1"),
        ({"T": 2.5}, TypeError, "T is 2.5, but must be an integer of at least 1"),
        ({"ridge": -1}, ValueError, "ridge is -1.0, but must be above 0"),
        ({"noise": np.nan}, ValueError, "noise is nan, but must be finite"),
        ({"draws": 0}, ValueError, "draws is 0, but must be an integer of at least 1"),
        ({"method": "magic"}, ValueError, "method is 'magic', which is not known"),
        ({"outputs": 0}, ValueError, "outputs is 0, but must be an integer of at least 1"),
        ({"rng": "dice"}, TypeError, "rng is 'dice', but must be a non-negative integer"),
        ({"threads": 0}, ValueError, "threads is 0, but must be an integer of at least 1"),
    ],
)
def test_bad_arguments(arguments, error, message):
    with pytest.raises(error, match=message):
        simulate(SMALL, **{"N": 5, "T": 9, **arguments})


def check(spectrum, draws, **point):
    """Compare simulation and theory; return the relative difference."""
    finite = theory(spectrum, finite_size=True, **point)
    run = simulate(spectrum, draws=draws, **point)
    difference = abs(run.test_loss - finite.test_loss)
    # Finite size: the theory's error is of the order 1/|N - T| and 1/|n - M| without a ridge, at
    # most 2.5 % in the table (10 % next to M); the rest is five standard errors.
    n, gap = min(point["N"], point["T"]), abs(point["N"] - point["T"])
    near = 1 / max(gap, 15) if not point["ridge"] else 0.012
    near += 1.5 / max(abs(n - spectrum.M), 10) if point["ridge"] and n >= 0.9 * spectrum.M else 0
    assert difference < (0.01 + near) * finite.test_loss + 5 * run.standard_error
    return difference / finite.test_loss


QUICK_RIDGELESS = [RIDGELESS[i] for i in (6, 7, 10)]
QUICK_RIDGE = [RIDGE[i] for i in (1, 3, 8, 16, 20)]


@pytest.mark.parametrize(("alpha", "N", "T"), [row[:3] for row in QUICK_RIDGELESS])
def test_rows_without_ridge(alpha, N, T):
    check(Spectrum.power_law(alpha, 1500), 4, N=N, T=T, ridge=0.0, noise=0.0)


@pytest.mark.parametrize(("alpha", "N", "T", "share", "variance"), [row[:5] for row in QUICK_RIDGE])
def test_rows_with_ridge(alpha, N, T, share, variance):
    ridge = share * Asymptotics(alpha, 1500).optimal_ridge(N, T)
    check(Spectrum.power_law(alpha, 1500), 4, N=N, T=T, ridge=ridge, noise=variance**0.5)


@pytest.mark.slow
@pytest.mark.parametrize(("alpha", "N", "T"), [row[:3] for row in RIDGELESS])
def test_all_rows_without_ridge(alpha, N, T):
    check(Spectrum.power_law(alpha, 1500), 16, N=N, T=T, ridge=0.0, noise=0.0)


@pytest.mark.slow
@pytest.mark.parametrize(("alpha", "N", "T", "share", "variance"), [row[:5] for row in RIDGE])
def test_all_rows_with_ridge(alpha, N, T, share, variance):
    ridge = share * Asymptotics(alpha, 1500).optimal_ridge(N, T)
    check(Spectrum.power_law(alpha, 1500), 16, N=N, T=T, ridge=ridge, noise=variance**0.5)


@pytest.mark.slow
@pytest.mark.parametrize(("N", "T", "ridge", "variance"), [row[:4] for row in AROUND_M])
def test_all_rows_around_the_latent_dimension(N, T, ridge, variance):
    check(Spectrum.power_law(1.0, 300), 16, N=N, T=T, ridge=ridge, noise=variance**0.5)


@pytest.mark.slow
@pytest.mark.parametrize(("source", "N", "T", "ridge"), [row[:4] for row in ANISOTROPIC])
def test_all_anisotropic_rows(source, N, T, ridge):
    check(Spectrum.source_capacity(1.5, source, 1500), 40, N=N, T=T, ridge=ridge / 1500, noise=0.0)


@pytest.mark.parametrize(("N", "T", "share", "variance"), [row[:4] for row in TRAIN])
def test_train_loss_and_trace(N, T, share, variance):
    spectrum = Spectrum.power_law(1.0, 1500)
    ridge = share * Asymptotics(1.0, 1500).optimal_ridge(N, T)
    predicted = theory(spectrum, N=N, T=T, ridge=ridge, noise=variance**0.5)
    run = simulate(spectrum, N=N, T=T, ridge=ridge, noise=variance**0.5, draws=3)
    assert run.train_loss == pytest.approx(predicted.train_loss, rel=0.03)  # table: 1.8 %, 4 draws
    draw = Draw.sample(spectrum.eigenvalues, N, T, np.random.default_rng(0))
    s = np.linalg.svd(draw.u @ draw.X, compute_uv=False) ** 2
    assert (s / (s + ridge)).sum() == pytest.approx(predicted.z, rel=0.01)  # table: 0.3 %
    zeros = N - len(s)
    trace = (1 / (s + ridge)).sum() + zeros / ridge  # Tr (Phi Phi^T + ridge)^-1 = (N - z) / ridge
    # The error of z above, and N - z is not small against z.
    assert trace == pytest.approx((N - predicted.z) / ridge, rel=0.01)


def test_parts_of_the_variance():
    """Predictors on shared features or data: their products give each part of the theory."""
    spectrum = Spectrum.power_law(1.0, 200)
    N, T, ridge, pairs = 30, 50, 1e-3, 30
    lam, rng = spectrum.eigenvalues, np.random.default_rng(0)

    def error(u, X):
        return X @ solution(u @ X, Draw(u, X), ridge) @ u - np.eye(200)

    products = []
    for _ in range(pairs):
        one, two = (Draw.sample(lam, N, T, rng) for _ in range(2))
        errors = [
            error(one.u, one.X),
            error(two.u, two.X),
            error(one.u, two.X),
            error(two.u, one.X),
        ]
        product = [
            (errors[0] * errors[k] @ lam).sum() / 400 for k in range(4)
        ]  # itself; nothing, features, data in common
        products.append(product)
    mean = np.mean(products, axis=0)
    spread = np.std(products, axis=0, ddof=1) / np.sqrt(pairs)
    found = theory(spectrum, N=N, T=T, ridge=ridge)
    expected = np.array(
        [
            found.test_loss,
            found.bias,
            found.bias + found.variance_features,
            found.bias + found.variance_data,
        ]
    )
    # four standard errors and 1/N of finite size
    assert (np.abs(mean - expected) < 4 * spread + expected / N).all()
