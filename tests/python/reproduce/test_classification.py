"""Digits by classification: parts of the data, averages of classifiers, curves with regimes."""

import numpy as np
import pytest

from ltens import Task
from ltens.reproduce.beyond.class_averages import (
    WAYS,
    averages,
    mean_interval,
    ratio_interval,
)
from ltens.reproduce.beyond.digits import FEW, POOL, Grid, law, parts, training
from ltens.reproduce.beyond.digits_regimes import curves
from ltens.reproduce.beyond.digits_width import Widths
from ltens.reproduce.effort import Effort

LABELS = np.array([0, 1, 2, 1, 0])


def logits(networks=12, seed=0):
    return np.random.default_rng(seed).normal(size=(networks, len(LABELS), 3))


def test_parts_hold_every_training_image_once_and_no_test_image():
    task, held_out = parts(3)
    assert task.samples == POOL
    both = np.concatenate([task.x, held_out.x])
    whole = Task.digits("train")
    order = [np.lexsort(x.T) for x in (both, whole.x)]
    np.testing.assert_array_equal(both[order[0]], whole.x[order[1]])
    labels = np.concatenate([task.y, held_out.y])
    counts = labels.sum(axis=0)
    np.testing.assert_array_equal(counts, whole.y.sum(axis=0))
    assert task.fingerprint == parts(3)[0].fingerprint != parts(4)[0].fingerprint
    few = task.replace(samples=FEW).x
    more = {row.tobytes() for row in task.replace(samples=2 * FEW).x}
    assert all(row.tobytes() in more for row in few)


@pytest.mark.parametrize("quick", [True, False])
def test_the_looks_at_held_out_images(quick):
    chosen = training(Effort(quick=quick))
    assert 10 <= chosen.steps // chosen.held_out_every <= 40


def test_averages_are_those_of_the_definition():
    """Element by element, from probabilities."""
    given = logits()
    shares = np.exp(given) / np.exp(given).sum(axis=-1, keepdims=True)
    for k in (1, 3, 5):
        for way in WAYS:
            found = averages(given, LABELS, k, way)
            assert len(found.loss) == len(given) // k
            for g in range(len(given) // k):
                group = slice(g * k, (g + 1) * k)
                if way == "probabilities":
                    mean = shares[group].mean(axis=0)
                else:
                    mean = np.prod(shares[group], axis=0) ** (1 / k)
                    mean /= mean.sum(axis=-1, keepdims=True)
                picked = mean[np.arange(len(LABELS)), LABELS]
                assert found.loss[g] == pytest.approx(-np.log(picked).mean(), rel=1e-12)
                assert found.error[g] == np.mean(mean.argmax(axis=-1) != LABELS)


@pytest.mark.parametrize("way", WAYS)
def test_an_average_has_at_most_the_mean_loss(way):
    """Jensen's inequality: -log p is convex in the probabilities, and in the logits."""
    given = logits()
    single = averages(given, LABELS, 1, way).loss
    for k in (2, 4, 12):
        mean = single[: len(given) // k * k].reshape(-1, k).mean(axis=1)
        assert np.all(averages(given, LABELS, k, way).loss < mean)
    same = np.repeat(given[:1], 4, axis=0)
    assert averages(same, LABELS, 4, way).loss == pytest.approx(single[:1], rel=1e-12)


def test_large_logits_do_not_overflow():
    given = 1e4 * logits()
    for way in WAYS:
        assert np.all(np.isfinite(averages(given, LABELS, 12, way).loss))
    confident = np.array([[[1e4, 0.0, 0.0]], [[0.0, 1e4, 0.0]]])
    assert averages(confident, LABELS[:1], 2, "probabilities").loss == pytest.approx(np.log(2))


def test_intervals_hold_means_and_ratios():
    """Planted means 1 and 2, 200 times 32 values: about 95 % of the intervals hold them."""
    draws = np.random.default_rng(0)
    held = np.zeros(2)
    for _ in range(200):
        one, two = draws.normal(1, 0.3, 32), draws.normal(2, 0.3, 64)
        low, high = mean_interval(one)[1]
        held[0] += low <= 1 <= high
        low, high = ratio_interval(one, two)[1]
        held[1] += low <= 0.5 <= high
    assert np.all(held >= 178)  # 190 expected, four standard deviations of 3.1 below
    assert np.all(held < 200)


def grid():
    """Losses with a part 1/N above a limit, and draws that move all widths together."""
    widths, samples = (2, 4, 8, 16, 32, 64, 128), (FEW, 128, 256, 512, 1024)
    draws = np.random.default_rng(0).normal(0, 0.05, 6)
    n, d = np.array(widths)[:, None, None], np.array(samples)[None, :, None]
    losses = 0.5 + 2 / n + 20 / d + draws
    values = {"loss": losses, "error": losses / 10}
    return Grid(widths, samples, values, 0.5 + 20 / FEW + draws)


def test_curves_are_rows_and_columns_of_the_grid():
    found = grid()
    for curve in curves(found):
        assert curve.losses.shape == (len(curve.sizes), 6)
    np.testing.assert_allclose(found.above_far().std(axis=1), 0, atol=1e-12)
    np.testing.assert_allclose(
        found.above_far() - found.far.mean(), [[2 / n] * 6 for n in found.widths]
    )
    assert found.against_samples("error", 4).shape == (5, 6)
    known = [curve for curve in curves(found) if curve.limit is not None]
    assert [curve.classified().verdict for curve in known] == ["variance-limited"] * 2
    assert known[1].sizes == (16, 32, 64, 128)


def test_the_law_is_that_of_the_means():
    sizes = (2, 4, 8, 16, 32, 64)
    noise = np.random.default_rng(1).lognormal(sigma=0.02, size=(6, 12))
    found = law(sizes, noise / np.sqrt(sizes)[:, None])
    assert found.holds
    low, high = found.interval()
    assert low < 0.5 < high


@pytest.mark.parametrize("exponent", [1.0, 0.6])
def test_the_exponent_above_far_wider_networks(exponent):
    """Planted: L(N) = 0.5 + N^-alpha at N = 16 to 256, and at 1024 in place of the limit."""
    widths, draws, held, trials = (16, 32, 64, 128, 256), np.random.default_rng(0), 0, 100
    sizes = np.array([*widths, 1024])
    for _ in range(trials):
        noise = draws.normal(0, 0.01, (len(sizes), 200, 1))
        losses = 0.5 + sizes[:, None, None] ** -exponent + noise
        found = Widths(widths, (10,), losses[:-1], losses[-1], 1024)
        value, (low, high), p = found.power_law(0)
        assert low < value < high
        assert 0 <= p <= 1
        held += low <= exponent <= high
    assert 86 <= held < trials  # 95 expected, four standard deviations of 2.2 below


def test_a_change_of_sign_is_no_power_law():
    widths = (16, 32, 64, 128)
    noise = np.random.default_rng(0).normal(0, 0.001, (5, 100, 1))
    losses = np.array([0.4, 0.6, 0.55, 0.51, 0.5])[:, None, None] + noise
    assert Widths(widths, (10,), losses[:-1], losses[-1], 1024).power_law(0)[2] < 1e-3
