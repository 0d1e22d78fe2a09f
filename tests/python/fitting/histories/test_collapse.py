"""Normalised curves: planted to collapse, or not."""

import numpy as np
import pytest

import ltens
from ltens.fitting.histories.normalised import NormalisedCurves
from ltens.fitting.histories.planted import PlantedHistories

TOGETHER = PlantedHistories(seeds=4, horizon=1.6)  # T grows as N^(alpha / beta)


def law_of(planted, rng=0, **options):
    return ltens.fit_histories(planted.data(rng), discard=0, bootstrap=0, **options)


def test_curves_that_collapse_by_construction():
    """Without noise the normalised curves of all sizes are x^-beta."""
    law = law_of(TOGETHER)
    found = law.collapse(0.1)
    losses = TOGETHER.losses().reshape(TOGETHER.trainings, -1)
    exact = NormalisedCurves(losses, 0.1, found.groups)
    np.testing.assert_allclose(exact.normalised, exact.normalised[:1].repeat(32, 0), rtol=1e-12)
    assert found.p_value > 0.05
    assert found.interval[0] < 1
    assert found.holds is not False
    assert "is not shown" in found.sentence
    assert found.spread[-1] == 0
    assert found.curves[:, -1].tolist() == [1.0] * TOGETHER.trainings
    assert found.labels[0] == "width 8" and len(found.labels) == 8  # noqa: PT018


def test_curves_of_one_length_do_not_collapse():
    found = law_of(PlantedHistories(seeds=4)).collapse(0.1)
    assert found.holds is False
    assert found.p_value < 0.01
    assert "no supercollapse; they depend on the size" in str(found)


def test_noise_that_a_training_has_as_a_whole_is_a_supercollapse():
    """Normalising takes it off: the curves spread less than the losses of the seeds."""
    planted = PlantedHistories(seeds=8, noise="heavy-tailed offset", horizon=1.6)
    found = law_of(planted).collapse(0.1)
    assert found.ratio < 0.7
    assert found.holds is True
    assert "a supercollapse" in found.sentence


def test_a_fitted_limit_widens_the_interval():
    law = law_of(TOGETHER)
    known, fitted = law.collapse(law.limit), law.collapse()
    assert fitted.ratio == known.ratio
    assert fitted.interval[0] <= known.interval[0]
    assert fitted.interval[1] > known.interval[1]
    assert fitted.p_value >= known.p_value
    low, high = law.interval("E")
    assert low <= fitted.limits.min() < fitted.limits.max() <= high
    given = law_of(TOGETHER, limit=0.1).collapse()
    assert given.limits.tolist() == [0.1]


def test_units_and_order_change_nothing():
    data = TOGETHER.data(0)
    found = law_of(TOGETHER).collapse(0.1)
    for other, limit in (
        ({**data, "loss": 1e3 * data["loss"]}, 100.0),
        ({**data, "step": 1e-3 * data["step"]}, 0.1),
        ({name: column[::-1] for name, column in data.items()}, 0.1),
    ):
        again = ltens.fit_histories(other, discard=0, bootstrap=0).collapse(limit)
        assert again.ratio == pytest.approx(found.ratio, rel=1e-9)
        assert again.interval == pytest.approx(found.interval, rel=1e-9)
        assert again.p_value == found.p_value


def test_the_variances_are_those_of_their_definition():
    """Three sizes of 2, 3 and 4 curves of two points: by hand."""
    groups = np.repeat([0, 1, 2], [2, 3, 4])
    losses = np.column_stack([np.arange(1.0, 10.0), np.ones(9)])
    parts = NormalisedCurves(losses, 0.0, groups)
    means = np.array([1.5, 4.0, 7.5])
    deviations = losses[:, 0] / means.mean()
    within = np.mean([deviations[groups == g].var(ddof=1) for g in range(3)])
    between = (means / means.mean()).var(ddof=1)
    seeds_part = within * np.mean([1 / 2, 1 / 3, 1 / 4])
    assert parts.spread[0] == pytest.approx(between - seeds_part + within)
    relative = losses[:, 0] / means[groups]
    noise = np.mean([relative[groups == g].var(ddof=1) for g in range(3)])
    assert parts.noise.tolist() == pytest.approx([noise, 0.0])
    assert parts.ratio == pytest.approx(np.sqrt(parts.spread.mean() / parts.noise.mean()))


def test_curves_depend_on_the_size_as_often_as_the_level_says():
    """Under the null hypothesis, noise of one size eight times that of another: binomial bounds."""
    rng = np.random.default_rng(0)
    groups = np.repeat(np.arange(6), 4)
    scale = np.geomspace(0.002, 0.016, 6)[groups][:, None]
    signs = rng.choice([-1.0, 1.0], size=(199, 24))
    rejected = 0
    for _ in range(200):
        walks = np.cumsum(rng.normal(size=(24, 10)), axis=1)[:, ::-1]
        losses = np.geomspace(10, 1, 10) * np.exp(scale * walks)
        rejected += NormalisedCurves(losses, 0.0, groups).p_value(signs) <= 0.05
    # Binomial (200, 0.05): 19 or fewer in 99.6 %.
    assert rejected <= 19


def test_what_cannot_be_told_is_refused_in_a_sentence():
    law = law_of(TOGETHER)
    with pytest.raises(ValueError, match=r"limit is 0.2, but the last loss of training \d+ is 0.1"):
        law.collapse(0.2)
    with pytest.raises(ValueError, match=r"8 size\(s\) with at most 1 training\(s\), but a collap"):
        law_of(PlantedHistories(seeds=1)).collapse()
    late = ltens.fit_histories(TOGETHER.data(0), discard=0.9, bootstrap=0)
    with pytest.raises(ValueError, match=r"only t/T from 0.63 to 1 in common"):
        late.collapse(0.1)
    exact = {**TOGETHER.data(0), "loss": TOGETHER.losses()}
    with pytest.raises(ValueError, match="trainings of one size have the same losses"):
        ltens.fit_histories(exact, discard=0, bootstrap=0).collapse(0.05)
    with pytest.raises(ValueError, match="level is 95"):
        law.collapse(0.1, level=95)


def test_two_trainings_of_one_size_only():
    """Whether curves differ cannot be tested, and the ratio has no interval."""
    data = PlantedHistories(seeds=2).data(0)
    kept = (data["run"] % 2 == 0) | (data["run"] == 1)
    law = ltens.fit_histories(
        {name: column[kept] for name, column in data.items()}, discard=0, bootstrap=0
    )
    found = law.collapse(0.1)
    assert found.interval == (0.0, float("inf"))
    assert np.isnan(found.p_value)
    assert found.holds is None
    assert "undecided" in found.sentence
