"""The trained experiments on the four regimes, small: what must hold whatever the exponent is."""

import numpy as np
import pytest

import ltens
from ltens.reproduce.effort import Effort
from ltens.reproduce.regimes import data as regimes_data
from ltens.reproduce.regimes import teacher as regimes_teacher
from ltens.reproduce.regimes import width as regimes_width


@pytest.fixture(scope="module")
def width_scan():
    return regimes_width.measured(Effort(quick=True))


def test_the_control_variate_changes_the_scatter_and_not_the_mean(width_scan):
    """L(N) - L(infinity) from the losses alone, of other starts, within five standard errors."""
    task, test = regimes_width.tasks()
    for k, steps in enumerate(width_scan.steps[:2]):
        for i, width in enumerate(width_scan.widths[:2]):
            nets = ltens.Networks.init(
                width, range(5000, 9000), activation="relu", dimension=2, init="ntk",
                dtype="float64",
            )  # fmt: skip
            training = ltens.Training(
                steps=steps, lr=regimes_width.LR, schedule="constant", optimizer="sgd",
                momentum=0.0, lr_factors=(1 / 2, 1.0, 1 / width, 0.0),
            )  # fmt: skip
            losses = ltens.train(nets, task, training, evaluation=test).loss
            excess = losses.mean() - width_scan.limit[k]
            error = np.hypot(losses.std() / np.sqrt(losses.size), width_scan.error[i, k])
            assert abs(excess - width_scan.mean[i, k]) < 5 * error
            own = width_scan.error[i, k] * np.sqrt(width_scan.excess.shape[1])
            assert own < 0.8 * losses.std()


def test_the_limit_is_approached(width_scan):
    """After ten steps: 1/N is expected, so from 16 to 64 the excess falls at least twofold."""
    k = width_scan.steps.index(10)
    first, last = width_scan.mean[[0, -1], k]
    error = np.hypot(*width_scan.error[[0, -1], k])
    assert abs(last) < abs(first) / 2 + 3 * error


def test_too_small_networks_are_limited_by_variance_in_data():
    """1/D (theorem 1 of Bahri et al.); 60 data sets decide between 1 and 1/2."""
    scan = regimes_data.scan("ReLU, SGD, full batch, 60 steps", (32, 64, 128, 256), 60, threads=1)
    low, high = scan.law().interval()
    assert low < 1 < high
    assert low > 0.5
    assert np.all(np.diff(scan.losses.mean(axis=1)) < 0)
    assert scan.limit < scan.losses.mean(axis=1).min()


def test_students_are_a_function_of_their_label():
    training = ltens.Training(steps=400, schedule="cosine", batch_size=32, held_out_every=50)
    losses = [
        regimes_teacher.student_loss(4, 3, width=16, samples=size, training=training)
        for size in (16, 512, 512)
    ]
    assert losses[1] == losses[2]
    assert losses[1] < losses[0]
    scan = regimes_teacher.scan(
        4, (16, 512), against="samples", held=16, seeds=4, training=training, threads=2
    )
    assert scan.losses[:, 3].tolist() == losses[:2]
    assert scan.expected == 1.0
