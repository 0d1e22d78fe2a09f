"""Models and solver: derivatives, planted laws, no failures, agreement with other libraries."""

import numpy as np
import pytest

import ltens
from ltens.fitting.least_squares import minimise
from ltens.fitting.models import (
    MODELS,
    BrokenPowerLaw,
    FixedExponent,
    KnownLimit,
    PowerLaw,
    PowerLawFloor,
)

ALL = [
    PowerLaw(),
    PowerLawFloor(),
    BrokenPowerLaw(1),
    BrokenPowerLaw(2),
    FixedExponent(2.0),
    KnownLimit(0.3),
]
U = np.log(np.array([1, 2, 5, 10, 20, 50, 100, 200, 500.0]))


@pytest.mark.parametrize("model", ALL, ids=lambda model: model.name)
def test_derivatives(model):
    rng = np.random.default_rng(0)
    theta = rng.uniform(0.1, 0.9, (5, len(model.parameter_names)))
    slopes = model.curve(U, theta)[1]
    for j in range(theta.shape[1]):
        step = np.zeros(theta.shape[1])
        step[j] = 1e-6
        differences = model.curve(U, theta + step)[0] - model.curve(U, theta - step)[0]
        # Central differences: h^2 times a third derivative of order 10, plus eps / h.
        np.testing.assert_allclose(slopes[..., j], differences / 2e-6, rtol=0, atol=1e-8)


@pytest.mark.parametrize("model", ALL, ids=lambda model: model.name)
def test_models_start_at_their_level_and_know_their_names(model):
    theta = np.full((1, len(model.parameter_names)), 0.4)
    # u = 0 is the smallest size, where the first parameter is log loss itself: a few eps.
    expected = np.log(np.exp(0.4) + 0.3) if isinstance(model, KnownLimit) else 0.4
    assert model.curve(np.zeros(1), theta)[0][0, 0] == pytest.approx(expected, rel=0, abs=1e-14)
    assert MODELS[model.name].equation == model.equation
    assert "exponent" in model.coefficients(theta[0], 2.0)
    assert model.source


@pytest.mark.parametrize("model", ALL, ids=lambda model: model.name)
def test_coefficients_are_those_of_the_equation(model):
    theta = np.full((1, len(model.parameter_names)), 0.4)
    sizes = np.array([3.0, 7.0, 40.0])
    given = model.coefficients(theta[0], 3.0)
    value = given["amplitude"] * sizes ** -given.get("c0", given["exponent"])
    for i in range(1, getattr(model, "breaks", 0) + 1):
        c, d, f = (given[f"{name}{i}"] for name in "cdf")
        value *= (1 + (sizes / d) ** (1 / f)) ** (-c * f)
    value += given.get("floor", given.get("limit", 0.0))
    # A dozen roundings of numbers of order one.
    np.testing.assert_allclose(
        np.exp(model.curve(np.log(sizes / 3), theta)[0][0]), value, rtol=1e-13
    )


def planted(rng, count):
    """Return sizes and floored power laws with noise, over all that a user could bring."""
    sizes = int(rng.integers(4, 16))
    u = np.log(np.geomspace(1, 10 ** rng.uniform(0.5, 4), sizes))
    floor = 10 ** rng.uniform(-6, -0.3, count) * (rng.random(count) < 0.7)
    theta = np.stack([rng.normal(size=count), rng.uniform(0.05, 4, count), floor], axis=1)
    truth = PowerLawFloor().curve(u, theta)[0]
    noise = 10 ** rng.uniform(-3, 0.3, (count, 1)) * rng.normal(size=truth.shape)
    return u, truth, truth + noise, np.exp(rng.normal(size=truth.shape))


@pytest.mark.parametrize("model", [PowerLaw(), PowerLawFloor()], ids=lambda model: model.name)
def test_ten_thousand_random_problems_converge(model):
    rng = np.random.default_rng(20)
    for _ in range(20):
        u, truth, y, weights = planted(rng, 500)
        found = minimise(model, u, y, weights, model.starts(u, y, weights))
        assert found.converged.all()
        if isinstance(model, PowerLawFloor):
            # The truth is a candidate, so a minimum above it would be a wrong one; relative
            # rounding of a sum of 15 squares.
            cost = (weights * (y - truth) ** 2).sum(axis=1)
            assert (found.cost <= cost * (1 + 1e-12)).all()


def test_no_other_start_does_better():
    rng = np.random.default_rng(21)
    model = PowerLawFloor()
    for _ in range(10):
        u, _, y, weights = planted(rng, 40)
        found = minimise(model, u, y, weights, model.starts(u, y, weights))
        elsewhere = np.stack(
            [
                rng.normal(size=(40, 30)) + y[:, :1],
                10 ** rng.uniform(-1.5, 1, (40, 30)),
                rng.uniform(0, 1, (40, 30)) ** 4,
            ],
            axis=-1,
        )
        best = minimise(model, u, y, weights, elsewhere)
        assert (found.cost <= best.cost * (1 + 1e-9)).all()  # both stop at a flat 1e-9 cosine


@pytest.mark.parametrize("breaks", [1, 2])
def test_broken_laws_are_fitted_as_well_as_the_truth(breaks):
    model, rng = BrokenPowerLaw(breaks), np.random.default_rng(22)
    u = np.log(np.geomspace(1, 1000, 24))
    count, span = 25, u.max()
    theta = np.concatenate(
        [
            rng.normal(size=(count, 1)),
            rng.uniform(0, 3, (count, breaks + 1)),
            np.sort(rng.uniform(0.2, 0.8, (count, breaks)), axis=1) * span,
            rng.uniform(-2, 0, (count, breaks)),
            10 ** rng.uniform(-6, -3, (count, 1)),
        ],
        axis=1,
    )
    truth = model.curve(u, theta)[0]
    y = truth + 0.05 * rng.normal(size=truth.shape)
    weights = np.ones_like(y)
    found = minimise(model, u, y, weights, model.starts(u, y, weights))
    assert (found.cost <= ((y - truth) ** 2).sum(axis=1)).all()


def test_the_example_of_the_broken_law_paper():
    # The noiseless 4-digit addition curve of Caballero et al. 2210.14891, by its own parameters;
    # the break at 613 is beyond the last size fitted.
    given = {"limit": 0.4139, "amplitude": 2.2773, "c0": 0.0551}
    c1, d1, f1 = 5.6629, 612.58, 0.0592

    def curve(x):
        broken = (1 + (x / d1) ** (1 / f1)) ** (-c1 * f1)
        return given["limit"] + given["amplitude"] * x ** -given["c0"] * broken

    sizes = np.geomspace(60, 570, 14)
    law = ltens.fit(sizes, curve(sizes), model="broken_power_law")
    # The tail is 1e-3 of the loss at the last point fitted; the noise is rounding, 1e-16.
    assert law.scatter < 1e-9
    # Rounding times the condition: measured 1e-12, 2e-13 and 6e-12 of the tail that is not fitted.
    assert law.coefficients["d1"] == pytest.approx(d1, rel=1e-8)
    assert law.coefficients["c0"] == pytest.approx(0.0551, rel=1e-8)
    beyond = np.array([620.0, 700.0, 800.0])
    # The published extrapolation error is 0.011 in log loss, with noise; here there is none.
    np.testing.assert_allclose(law.predict(beyond), curve(beyond), rtol=1e-8)


def test_agreement_with_curve_fit():
    from scipy.optimize import curve_fit

    rng = np.random.default_rng(23)
    sizes = np.geomspace(1, 300, 10)
    for _ in range(20):
        losses = (2 * sizes**-1.1 + 0.01) * np.exp(0.05 * rng.normal(size=10))

        def log_law(x, log_a, exponent, log_e):
            return np.logaddexp(log_a - exponent * np.log(x), log_e)

        start = (np.log(2), 1.1, np.log(0.01))  # it needs to be told; near the truth it is right
        theirs, _ = curve_fit(log_law, sizes, np.log(losses), p0=start, ftol=1e-15, xtol=1e-15)
        ours = ltens.fit(sizes, losses, model="power_law_floor")
        # Two minimisers that stop at relative changes of about 1e-9; measured 3e-9 and 1e-8.
        assert ours.exponent == pytest.approx(theirs[1], rel=1e-6)
        assert ours.floor == pytest.approx(np.exp(theirs[2]), rel=1e-5)


def test_agreement_with_minos():
    iminuit = pytest.importorskip("iminuit")
    rng = np.random.default_rng(24)
    sizes = np.geomspace(1, 300, 10)
    law = ltens.fit(
        sizes,
        (2 * sizes[:, None] ** -1.1 + 0.01) * np.exp(0.5 * rng.normal(size=(10, 100))),
        model="power_law_floor",
    )
    error = law.standard_errors

    def chi_square(log_a, exponent, floor):
        with np.errstate(invalid="ignore", divide="ignore"):
            value = np.log(np.exp(log_a) * sizes**-exponent + floor)
        return float((((np.log(law.losses) - value) / np.hypot(error, spread)) ** 2).sum())

    spread = np.sqrt(law.chosen.fitted.excess[0])
    minuit = iminuit.Minuit(chi_square, np.log(2), 1.1, 0.01)
    minuit.limits["floor"] = (0, None)
    minuit.migrad()
    # MINOS profiles chi-square to a rise of 1 scale * t^2: the same as ours, in its tolerance.
    from scipy.special import stdtrit

    scale = law.chosen.fitted.scale[0]
    minuit.errordef = scale * stdtrit(7, 0.975) ** 2
    minuit.minos("exponent")
    low, high = law.interval()
    # Minuit stops at an expected change of 1e-7 of the objective's unit; measured 4e-7 and, of the
    # errors, 8e-6.
    assert law.exponent == pytest.approx(minuit.values["exponent"], abs=1e-5)
    assert law.exponent - low == pytest.approx(-minuit.merrors["exponent"].lower, rel=1e-3)
    assert high - law.exponent == pytest.approx(minuit.merrors["exponent"].upper, rel=1e-3)


def test_outliers_move_huber_less():
    rng = np.random.default_rng(25)
    sizes = np.geomspace(1, 100, 12)
    losses = 2 / sizes * np.exp(0.02 * rng.normal(size=12))
    losses[9] *= 3
    plain = ltens.fit(sizes, losses, model="power_law")
    robust = ltens.fit(sizes, losses, model="power_law", huber=0.03)
    # An outlier of 1.1 near the end moves a line by 1.1 * (2.5 - ...) / sum u^2 = 0.08; Huber's
    # function counts it as 0.03.
    assert abs(plain.exponent - 1) > 0.05
    assert abs(robust.exponent - 1) < 0.02
    low, high = robust.interval(method="residuals")
    assert low < 1 < high
    assert high - low < np.subtract(*plain.interval(method="residuals")[::-1])


def test_a_known_limit_is_the_variance_limited_test():
    rng = np.random.default_rng(26)
    sizes = np.geomspace(10, 1000, 8)
    losses = (0.3 + 2 / sizes)[:, None] * np.exp(0.1 * rng.normal(size=(8, 200)))
    law = ltens.fit(sizes, losses, model="known_limit", limit=0.3)
    assert law.p_value(1.0) > 0.01
    assert law.p_value(0.5) < 0.01
    assert law.floor == 0.3


def test_fixed_exponents_are_compared_with_free_ones():
    rng = np.random.default_rng(27)
    sizes = np.geomspace(1, 100, 9)
    losses = (2 / sizes)[:, None] * np.exp(0.3 * rng.normal(size=(9, 100)))
    right = ltens.fit(sizes, losses, model="fixed_exponent", exponent=1.0)
    wrong = ltens.fit(sizes, losses, model="fixed_exponent", exponent=4.0)
    assert right.alternatives[0].model == "fixed_exponent"
    assert wrong.alternatives[-1].model == "fixed_exponent"
    assert right.exponent == 1.0
    assert right.amplitude == pytest.approx(2, rel=0.05)  # 9 medians of 100, each known to 4 %
