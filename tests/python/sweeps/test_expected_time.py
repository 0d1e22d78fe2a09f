"""The progress bar, the plan and the blocks expect the same time of the same sweep."""

import math
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ltens
from ltens import _core
from ltens.computation import Cell
from ltens.scheduling.blocks import cut_for, expected_seconds
from ltens.training.engines import choose

LINE = ltens.Task.from_function("square", samples=50)


class Started(Exception):  # noqa: N818 - no error: the sweep got to its bar
    """Carries what the bar was told."""

    def __init__(self, total, seconds):
        self.total, self.seconds = total, seconds


def first_words_of_the_bar(**sweep):
    """The total work and the seconds that the bar of a sweep begins with; nothing is trained."""

    def bar(progress, total, seconds, unit):
        raise Started(total, seconds)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ltens.scheduling.runner.metering", bar)
        with pytest.raises(Started) as started:
            ltens.sweep(**sweep)
    return started.value


@pytest.mark.parametrize(
    "sweep",
    [
        {"widths": [10], "seeds": 5, "threads": 2},
        {"widths": range(1, 51), "seeds": 24, "threads": 2},
        {"widths": [5, 300], "seeds": 7, "threads": 3, "dtype": "float64"},
        {"widths": [5], "seeds": 7, "threads": 1, "training": ltens.Training(batch_size=10)},
    ],
)
def test_the_bar_begins_with_the_time_of_the_plan(sweep):
    planned, bar = ltens.plan(**sweep), first_words_of_the_bar(**sweep)
    assert bar.seconds == planned.seconds > 0
    assert bar.total == planned.work


@given(
    widths=st.lists(st.integers(1, 400), min_size=1, max_size=4, unique=True),
    seeds=st.integers(1, 70),
    threads=st.integers(1, 5),
    steps=st.integers(1, 200_000),
    dtype=st.sampled_from(["float32", "float64"]),
    workers=st.integers(0, 4),  # 0 for this process
)
@settings(max_examples=30, deadline=None, derandomize=True)
def test_they_agree_at_random(workers, steps, **sweep):
    sweep |= {"task": LINE, "training": ltens.Training(steps=steps)}
    if workers == 0:
        assert first_words_of_the_bar(**sweep).seconds == ltens.plan(**sweep).seconds
        return
    with ThreadPoolExecutor(workers) as executor:
        planned = ltens.plan(**sweep, executor=executor)
        assert first_words_of_the_bar(**sweep, executor=executor).seconds == planned.seconds


@given(
    seconds=st.floats(1e-6, 3.0),
    granule=st.sampled_from([1, 2, 4, 8, 16]),
    threads=st.integers(1, 4),
    labels=st.integers(1, 500),
)
@settings(deadline=None, derandomize=True)
def test_blocks_of_whole_granules_cost_what_the_whole_costs(seconds, granule, threads, labels):
    """Cutting adds no rounds; the sum differs by rounding, one addition for each block."""
    cell = Cell({"width": 1}, seconds=seconds, work=1.0, granule=granule)
    blocks = cut_for([cell], [np.arange(labels)], threads=threads, workers=1)
    rounds = math.ceil(labels / (granule * threads))
    assert sum(len(block.labels) for block in blocks) == labels
    total = expected_seconds(blocks, threads=threads, workers=1)
    assert total == pytest.approx(seconds * granule * rounds, rel=1e-15 * (2 + len(blocks)))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_networks_side_by_side_are_the_lanes_of_the_kernel(dtype):
    lanes = _core.kernel_shape(dtype=dtype)["lanes"]
    together = {
        (engine, width): choose(width, LINE, activation, dtype, engine=engine).side_by_side
        for engine, activation in (("dense", "relu"), ("piecewise", "relu"), ("quadrature", "silu"))
        for width in (1, 20, 21, 255, 256)
    }
    for engine, wide_from in (("dense", 256), ("piecewise", 21), ("quadrature", 256)):
        for width in (1, 20, 21, 255, 256):
            assert together[engine, width] == (1 if width >= wide_from else lanes)
    assert choose(5, LINE, "relu", dtype, engine="dense", batch_size=10).side_by_side == 1
    assert choose(5, LINE, "relu", dtype, engine="dense", batch_size=50).side_by_side == lanes
