"""Intervals: do they hold the planted exponent as often as they say?"""

import numpy as np
import pytest

import ltens
from ltens.fitting.coverage import NOISES, Experiment, experiments, markdown, measure_coverage

TRIALS = 400

ALWAYS = [
    *[Experiment("power_law", noise, 3, 30) for noise in NOISES],
    *[Experiment("power_law_floor", noise, 6, 30, floor=0.1) for noise in NOISES],
    Experiment("power_law", sizes=12),
    Experiment("power_law_floor", sizes=12),
    Experiment("power_law_floor", sizes=5, seeds=30, floor=0.1),
    Experiment("power_law", sizes=6, misfit=5.0),
    Experiment("power_law_floor", sizes=8, floor=0.03, misfit=1.0),
    Experiment("power_law", sizes=6, statistic="geometric_mean"),
    Experiment("power_law", sizes=6, statistic="mean"),
    Experiment("power_law", sizes=6, statistic=0.9),
]


@pytest.mark.parametrize("experiment", ALWAYS, ids=str)
def test_nominal_95_covers_93_to_97(experiment):
    result = measure_coverage(experiment, trials=TRIALS, rng=1)
    # 400 trials know a coverage of 0.95 to a binomial standard error of 0.011; three of them on
    # either side, so that one of 370 such tests would fail by chance.
    margin = 3 * result.standard_error
    assert 0.93 - margin <= result.covered <= 0.97 + margin


@pytest.mark.parametrize("level", [0.5, 0.9])
def test_other_levels_mean_what_they_say_too(level):
    experiment = Experiment("power_law_floor", sizes=8, seeds=30, floor=0.1)
    result = measure_coverage(experiment, trials=TRIALS, level=level)
    assert abs(result.covered - level) <= 0.02 + 3 * result.standard_error


def test_a_line_through_a_floor_is_sure_and_wrong():
    result = measure_coverage(Experiment("power_law_floor", floor=0.1), trials=200)
    assert result.line_covered == 0.0
    assert result.line_exponent < 0.6
    # 200 exponents that spread by 0.1: 4 * 0.1 / sqrt(200).
    assert result.exponent == pytest.approx(1.0, abs=0.03)


def test_an_approximate_law_is_covered_because_the_scale_is_measured():
    experiment = Experiment("power_law", sizes=6, misfit=5.0)
    rng = np.random.default_rng(0)
    widened = 0
    for _ in range(20):
        observations = experiment.draw(rng)
        law = ltens.fit(
            observations.table.sizes, np.stack(observations.table.losses), model="power_law"
        )
        widened += any("times as much about the law as their seeds" in w for w in law.warnings)
    assert widened >= 18  # the misfit is 5 standard errors at every point


def test_the_interval_of_a_law_is_what_the_simulation_counts():
    experiment = Experiment("power_law_floor", sizes=6, seeds=30, floor=0.05)
    rng = np.random.default_rng(5)
    result = measure_coverage(experiment, trials=40, rng=5)
    inside = 0
    for _ in range(40):
        observations = experiment.draw(rng)
        losses = np.stack(observations.table.losses)
        law = ltens.fit(observations.table.sizes, losses, model="power_law_floor", bootstrap=0)
        low, high = law.interval()
        inside += low <= 1.0 <= high
    assert inside / 40 == result.covered


@pytest.mark.parametrize(("misfit", "lowest"), [(0.0, 0.89), (5.0, 0.84)])
def test_the_bootstrap_covers_where_it_should(misfit, lowest):
    experiment = Experiment("power_law", sizes=6, seeds=60, misfit=misfit)
    rng = np.random.default_rng(6)
    inside = 0
    for _ in range(120):
        observations = experiment.draw(rng)
        losses = np.stack(observations.table.losses)
        law = ltens.fit(observations.table.sizes, losses, model="power_law", bootstrap=400)
        low, high = law.interval(method="bootstrap")
        inside += low <= 1.0 <= high
    # 120 trials: binomial standard error 0.02, three of them below the 0.95 and 0.90 that
    # docs/results/coverage.md states for this design.
    assert lowest <= inside / 120 <= 1.0


@pytest.mark.slow
@pytest.mark.parametrize("experiment", experiments(), ids=str)
def test_the_published_table(experiment):
    result = measure_coverage(experiment, trials=4000, rng=99)
    # 4000 trials know 0.95 to 0.0034.
    margin = 3 * result.standard_error
    assert 0.93 - margin <= result.covered <= 0.97 + margin


def test_results_print_as_a_table():
    result = measure_coverage(Experiment(sizes=5, seeds=10), trials=5)
    assert markdown([result]).count("\n") == 2
    with pytest.raises(ValueError, match="noise is 'pink', which is not known"):
        measure_coverage(Experiment(noise="pink"))
    with pytest.raises(ValueError, match="model is 'broken_power_law', which is not known"):
        measure_coverage(Experiment(model="broken_power_law"))
