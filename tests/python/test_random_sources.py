"""Every public function that takes `rng` checks it first, in the same words."""

import importlib
import inspect
import pkgutil

import numpy as np
import pytest

import ltens
from ltens import fitting, regimes, solvable, tickets

SIZES = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0]
LOSSES = [4.0, 2.0, 1.0, 0.5, 0.25, 0.125]
POINTS = np.random.default_rng(0).normal(size=(20, 2))
N, D = (grid.ravel() for grid in np.meshgrid([1.0, 2, 4, 8], [1.0, 2, 4, 8]))
SPECTRUM = solvable.Spectrum.power_law(1.0, M=60)


def nets():
    return ltens.Networks.init(2, 4)


def task():
    return ltens.Task.from_function("square", samples=10)


def population():
    return regimes.gaussian_features(SPECTRUM)


CALLS = {
    "training.networks.Networks.init": lambda rng: ltens.Networks.init(2, 3, rng=rng),
    "training.task.Task.from_function": lambda rng: ltens.Task.from_function(
        "square", samples=4, sampling="random", rng=rng
    ),
    "training.coordinates.coordinate_check": lambda rng: ltens.coordinate_check(
        [2, 4], 1, steps=[1], rng=rng
    ),
    "training.trainer.train": lambda rng: ltens.train(
        nets(), task(), ltens.Training(steps=1), rng=rng
    ),
    "sweeps.sweeping.sweep": lambda rng: ltens.sweep(
        [1, 2], 2, activations="relu", task=task(), training=ltens.Training(steps=1), rng=rng
    ),
    "fitting.fit_losses.fit": lambda rng: ltens.fit(SIZES, LOSSES, rng=rng),
    "fitting.two_variables.fit_two_variables": lambda rng: ltens.fit_two_variables(
        N, D, 1 + 1 / N + 2 / D**0.5, bootstrap=0, rng=rng
    ),
    "fitting.surface.fit_runs.fit_surface": lambda rng: ltens.fit_surface(
        {"n": N, "d": D}, 1 + 1 / N + 2 / D**0.5, bootstrap=0, rng=rng
    ),
    "fitting.histories.fit_trainings.fit_histories": lambda rng: ltens.fit_histories(
        {"n": np.repeat(SIZES, 4), "step": np.tile([10.0, 20, 40, 80], len(SIZES))},
        (1 / np.repeat(SIZES, 4) + 3 / np.tile([10.0, 20, 40, 80], len(SIZES))),
        runs=np.repeat(np.arange(len(SIZES)), 4).astype(str),
        bootstrap=0,
        rng=rng,
    ),
    "fitting.coverage.Experiment.draw": lambda rng: fitting.Experiment(sizes=4, seeds=5).draw(rng),
    "fitting.coverage.measure_coverage": lambda rng: fitting.measure_coverage(
        fitting.Experiment(sizes=6, seeds=5), trials=2, rng=rng
    ),
    "tickets.mirror.symmetry": lambda rng: tickets.symmetry(nets(), null=2, rng=rng),
    "tickets.averaging.ensembling": lambda rng: tickets.ensembling(
        {2: nets(), 4: ltens.Networks.init(4, 4)}, task(), exclude="none", rng=rng
    ),
    "solvable.simulation.simulate": lambda rng: solvable.simulate(
        SPECTRUM, N=4, T=5, draws=1, rng=rng
    ),
    "solvable.parameter_sweep.sweep": lambda rng: solvable.sweep(
        SPECTRUM, N=4, T=5, draws=1, rng=rng
    ),
    "solvable.training_time.simulate_gradient_flow": lambda rng: solvable.simulate_gradient_flow(
        SPECTRUM, [1.0], N=4, draws=1, rng=rng
    ),
    "solvable.one_pass_simulation.simulate_one_pass_sgd": lambda rng: (
        solvable.simulate_one_pass_sgd(SPECTRUM, [1], N=4, draws=1, rng=rng)
    ),
    "solvable.one_pass_simulation.expected_one_pass_sgd": lambda rng: (
        solvable.expected_one_pass_sgd(SPECTRUM, [1], N=4, draws=1, rng=rng)
    ),
    "solvable.real_data.photo_patches": lambda rng: solvable.photo_patches(3, 4, rng=rng),
    "solvable.real_data.DataProblem.isotropic": lambda rng: solvable.DataProblem.isotropic(
        POINTS, 2, rng=rng
    ),
    "solvable.real_data.DataProblem.simulate": lambda rng: solvable.DataProblem.isotropic(
        POINTS, 2
    ).simulate(N=3, T=4, ridge=0.1, draws=1, rng=rng),
    "solvable.nonlinear.Neurons": lambda rng: solvable.Neurons(SPECTRUM, 4, rng=rng),
    "regimes.teachers.Teacher": lambda rng: regimes.Teacher(2, [3], rng=rng),
    "regimes.dimension.manifolds.Manifold.draw": lambda rng: regimes.manifold("cube", 2).draw(
        3, rng
    ),
    "regimes.dimension.approximants.approximation": lambda rng: regimes.approximation(
        "distance", 1, sizes=[16, 32, 64], draws=2, tests=20, rng=rng
    ),
    "regimes.theories.quanta.Quanta.simulate_data": lambda rng: regimes.Quanta(0.5).simulate_data(
        [10], quanta=100, draws=1, rng=rng
    ),
    "regimes.theories.counter_examples.NonConvexSamples.descend": lambda rng: (
        regimes.NonConvexSamples(0.7).descend(3, 0.1, draws=2, rng=rng)
    ),
    "regimes.theories.counter_examples.UnboundedDerivative.descend": lambda rng: (
        regimes.UnboundedDerivative(0.7).descend(3, draws=2, rng=rng)
    ),
    "regimes.features.exponent_duality.duality": lambda rng: regimes.duality(
        population(), [8, 16, 32], ranks=(8, 40), draws=2, rng=rng
    ),
    "regimes.features.spectrum_exponents.kernel_exponent": lambda rng: regimes.kernel_exponent(
        POINTS @ POINTS.T + np.eye(20), ranks=(2, 5), halves=4, rng=rng
    ),
    "regimes.features.regime_curves.measure_regimes": lambda rng: regimes.measure_regimes(
        population(), sizes=[4, 8, 16], fixed=4, large_sizes=[16, 32, 48], draws=2, rng=rng
    ),
    "regimes.features.pooled_data.pooled_patches": lambda rng: regimes.pooled_patches(3, rng=rng),
    "regimes.features.feature_simulation.simulate": lambda rng: regimes.simulate(
        population(), D=4, P=5, draws=1, rng=rng
    ),
    "regimes.kernels.label_scans.kernel_data_scan": lambda rng: regimes.kernel_data_scan(
        POINTS, POINTS[:, 0], [4, 6, 8], draws=2, rng=rng
    ),
    "regimes.kernels.label_scans.noisy_inputs": lambda rng: regimes.noisy_inputs(POINTS, 0.1, rng),
    "regimes.kernels.kernel_regression.kernel_learning_curve": lambda rng: (
        regimes.kernel_learning_curve(
            regimes.arc_cosine_kernel, POINTS, [4, 6], test_samples=4, draws=1, rng=rng
        )
    ),
    "regimes.kernels.kernel_functions.relu_features": lambda rng: regimes.relu_features(
        POINTS, 3, rng=rng
    ),
}
ENDLESS: list[object] = []
ENDLESS.append(ENDLESS)


def public_functions_with_rng():
    """Those of every package's `__all__`, methods of its classes among them."""
    names = [each.name for each in pkgutil.walk_packages(ltens.__path__, "ltens.") if each.ispkg]
    for package in map(importlib.import_module, ["ltens", *names]):
        for name in getattr(package, "__all__", ()):
            yield from _with_rng(getattr(package, name))


def _with_rng(public):
    methods = [
        getattr(public, name)
        for name in (dir(public) if inspect.isclass(public) else [])
        if not name.startswith("_")
    ]
    for each in filter(callable, [public, *methods]):
        try:
            known = inspect.signature(each).parameters
        except (TypeError, ValueError):  # of the kernel: no text signature
            continue
        if "rng" in known:
            yield f"{each.__module__}.{each.__qualname__}".removeprefix("ltens.")


def test_every_public_function_with_rng_is_driven_here():
    assert set(public_functions_with_rng()) == set(CALLS)


@pytest.mark.parametrize("name", CALLS)
def test_a_wrong_source_is_refused_in_one_sentence(name):
    for wrong in (ENDLESS, np.zeros((2, 2)), None, "0", 1.5, True, np.random.RandomState(0)):
        with pytest.raises(TypeError, match=r"^rng is .*, but must be a non-negative integer") as e:
            CALLS[name](wrong)
        assert str(e.value).count("\n") == 0
    for wrong in (-1, 2**300):
        with pytest.raises(ValueError, match=r"^rng is "):
            CALLS[name](wrong)


@pytest.mark.parametrize("name", CALLS)
def test_every_kind_of_source_is_taken(name):
    for make in (int, np.int64, np.random.SeedSequence, np.random.default_rng):
        CALLS[name](make(3))
