"""fit_two_variables: the Chinchilla law, on a twin made from its published parameters."""

import json

import numpy as np
import pytest

import ltens

# Besiroglu et al., arXiv 2404.10102, table 1. Their 245 points have no licence, so runs with the
# same budgets are made here; |log residual| has the mean of theirs, 0.0047.
PUBLISHED = {"E": 1.8172, "A": 477.8, "B": 2143.9, "alpha": 0.3473, "beta": 0.3672}
BUDGETS = (6e18, 1e19, 3e19, 6e19, 1e20, 3e20, 6e20, 1e21, 3e21)
NOISE = 0.0047


def law(n, d):
    p = PUBLISHED
    return p["E"] + p["A"] / n ** p["alpha"] + p["B"] / d ** p["beta"]


def twin(noise=NOISE, rng=0):
    n = np.concatenate([0.07 * budget**0.514 * np.geomspace(0.15, 6, 27) for budget in BUDGETS])
    d = np.repeat(BUDGETS, 27) / 6 / n
    noise = np.random.default_rng(rng).laplace(scale=noise, size=len(n)) if noise else 0.0
    return n, d, law(n, d) * np.exp(noise)


def objective(theta, n, d, loss, *, reduce=np.sum):
    a, alpha, b, beta, e = theta
    parts = (a - alpha * np.log(n), b - beta * np.log(d), np.full_like(n, e))
    size = np.abs(np.logaddexp.reduce(parts) - np.log(loss))
    small = np.minimum(size, 1e-3)
    return reduce(0.5 * small**2 + np.where(size > 1e-3, 1e-3 * (size - 1e-3), 0.0))


@pytest.mark.parametrize("huber", [1e-3, None])
def test_published_parameters_are_recovered_without_noise(huber):
    found = ltens.fit_two_variables(*twin(noise=0), huber=huber, bootstrap=0)
    assert found.converged
    for name, value in PUBLISHED.items():
        # The slopes have a condition of 2e3: 2e3 * eps = 4e-13 of the logarithms of A and B, 8.
        assert getattr(found, name) == pytest.approx(value, rel=1e-11)
    assert found.allocation == pytest.approx(0.5139, abs=5e-5)  # to its digits; their a = 0.513


def test_published_figures_are_recovered_with_their_noise():
    found = [ltens.fit_two_variables(*twin(rng=i), bootstrap=0) for i in range(20)]
    for name, value, spread in (("alpha", 0.3473, 0.015), ("beta", 0.3672, 0.021)):
        values = np.array([getattr(each, name) for each in found])
        # Their standard errors; four of the mean of 20.
        assert abs(values.mean() - value) < 4 * spread / np.sqrt(20)
        assert values.std() < 1.5 * spread
    sums = [each.objective for each in found]
    # 243 runs of mean |r| 0.0047, each adding 1e-3 (|r| - 0.5e-3) or less: their sum is 0.00102.
    # The mean of 20 such sums errs by 1 / sqrt(243 * 20) = 1.4 %: five of them, and 5 parameters of
    # 243 values take 2 %.
    assert np.mean(sums) == pytest.approx(0.00102, rel=0.1)


def test_no_other_minimiser_does_better():
    from scipy.optimize import minimize

    data = twin(rng=3)
    ours = ltens.fit_two_variables(*data, bootstrap=0)
    theta = [np.log(ours.A), ours.alpha, np.log(ours.B), ours.beta, np.log(ours.E)]
    # 243 terms, residuals of 5e-3 of logarithms of order 1: 200 * eps = 4e-14.
    assert objective(theta, *data) == pytest.approx(ours.objective, rel=1e-12, abs=0)
    options = {"maxiter": 20_000, "xatol": 1e-10, "fatol": 1e-16}
    theirs = minimize(objective, theta, args=data, method="Nelder-Mead", options=options)
    # Both sums have 243 terms of 1e-6: relative rounding 1e-13; ours stops at a cosine of 1e-9.
    assert ours.objective <= theirs.fun * (1 + 1e-9)


def test_the_mean_instead_of_the_sum_stops_early():
    # What went wrong in Hoffmann et al.: the mean is 243 times flatter, so that default tolerances
    # are met far from the minimum.
    from scipy.optimize import minimize

    data = twin(rng=4)
    ours = ltens.fit_two_variables(*data, bootstrap=0)
    start = np.array([10.0, 0.5, 10.0, 0.5, 0.5])
    early = minimize(lambda t: objective(t, *data, reduce=np.mean), start, method="L-BFGS-B")
    assert early.success
    assert objective(early.x, *data) > 1.02 * ours.objective


def test_least_squares_agree_with_scipy():
    from scipy.optimize import least_squares

    n, d, loss = twin(rng=5)
    ours = ltens.fit_two_variables(n, d, loss, huber=None, bootstrap=0)

    def residual(theta):
        a, alpha, b, beta, e = theta
        return np.log(np.exp(a) * n**-alpha + np.exp(b) * d**-beta + e) - np.log(loss)

    theirs = least_squares(
        residual,
        [np.log(400.0), 0.34, np.log(2000.0), 0.37, 1.8],
        x_scale="jac",
        xtol=1e-15,
        ftol=1e-15,
        gtol=1e-15,
    )
    # Finite-difference derivatives of theirs: 1e-8 times the condition of 2e3; measured 1e-8.
    np.testing.assert_allclose([ours.alpha, ours.beta], theirs.x[[1, 3]], rtol=2e-5)


def test_the_frontier_is_where_the_loss_is_lowest():
    found = ltens.fit_two_variables(*twin(noise=0), bootstrap=0)
    for compute in (1e19, 5.76e23):
        n, d = found.frontier(compute)
        # Powers whose logarithms are up to 50: 50 * eps = 1e-14.
        assert n * d * 6 == pytest.approx(compute, rel=1e-13)
        for factor in (0.99, 1.01):
            assert found.predict(n * factor, d / factor) > found.predict(n, d)
    # About 20 tokens for each parameter at Chinchilla's budget: 26 by table 3 of the replication.
    assert 15 < d / n < 35
    sizes, _ = found.frontier([1e20, 1e22])
    # The same powers, and a logarithm of them.
    assert np.log(sizes[1] / sizes[0]) / np.log(100) == pytest.approx(found.allocation, rel=1e-13)


def test_intervals_hold_what_was_planted():
    inside = {"alpha": 0, "beta": 0, "E": 0}
    for i in range(40):
        found = ltens.fit_two_variables(*twin(rng=100 + i), bootstrap=120, rng=i)
        for name in inside:
            low, high = found.interval(name)
            inside[name] += low <= PUBLISHED[name] <= high
    for count in inside.values():
        # 40 trials of 0.95 with a binomial standard error of 0.034: three of them, and 2 % for a
        # percentile interval of 120 resamples.
        assert count / 40 > 0.95 - 3 * 0.034 - 0.02


def test_a_part_that_is_not_there_is_found_to_be_nothing():
    n, d, _ = twin(noise=0)
    found = ltens.fit_two_variables(n, d, 480 / n**0.35 + 1.8, bootstrap=0)
    # Exact data: rounding, and what is left of steps that converge quadratically; measured 5e-16.
    assert found.alpha == pytest.approx(0.35, rel=1e-10)
    # What is left of the D part, or the E it takes over, adds up to the planted 1.8.
    total = found.predict(np.inf, d)
    np.testing.assert_allclose(total, 1.8, rtol=1e-10)


def test_losses_of_any_unit_and_runs_that_never_moved_apart():
    n, d, loss = twin(rng=1)
    found = ltens.fit_two_variables(n, d, loss, bootstrap=0)
    tiny = ltens.fit_two_variables(n, d, loss * 1e-20, bootstrap=0)
    # Promised; a solver that ends at rounding does it to 1e-12.
    assert tiny.alpha == pytest.approx(found.alpha, abs=1e-9)
    with pytest.raises(ValueError, match="samples is 20 times parameters in every run"):
        ltens.fit_two_variables(n, 20 * n, loss)
    assert found.surface.interval("alpha_parameters")[0] < found.alpha


def test_what_a_law_says():
    found = ltens.fit_two_variables(*twin(), bootstrap=50)
    content = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert content["alpha"] == found.alpha
    assert content["intervals"]["alpha"] == list(found.interval("alpha"))
    assert "alpha" in found.summary()
    assert found._repr_html_().count("<tr>") == 7
    assert repr(found).startswith("<TwoVariableLaw E + A / N^alpha + B / D^beta: alpha 0.3")
    again = ltens.fit_two_variables(*twin(), bootstrap=50)
    assert again.interval("beta") == found.interval("beta")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"samples": np.ones(4)}, r"samples has shape \(4,\), but must have shape \(243,\)"),
        ({"losses": -np.ones(243)}, "losses holds -1.0, but every value must be positive"),
        ({"losses": np.full(243, np.nan)}, r"losses\[0\] is nan"),
        ({"parameters": np.ones(243)}, "parameters has 1 different value.s., but needs at least 3"),
        ({"huber": -1}, "huber is -1.0, but must be above 0"),
    ],
)
def test_bad_input(change, message):
    n, d, loss = twin()
    arguments = {"parameters": n, "samples": d, "losses": loss, **change}
    with pytest.raises(ValueError, match=message):
        ltens.fit_two_variables(**arguments)


def test_bad_questions():
    with pytest.raises(ValueError, match=r"losses has 3 run.s., but the law has 5 parameters"):
        ltens.fit_two_variables([1, 2, 3], [1, 2, 3], [3, 2, 1])
    found = ltens.fit_two_variables(*twin(), bootstrap=0)
    with pytest.raises(ValueError, match="bootstrap=0"):
        found.interval("alpha")
    with pytest.raises(ValueError, match="did you mean 'alpha'"):
        found.interval("alhpa")
    with pytest.raises(ValueError, match="level is 2"):
        found.interval("alpha", 2)
