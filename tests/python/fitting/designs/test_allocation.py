"""The convex problem against its optimality condition, and whole runs against all there are."""

import itertools

import numpy as np
import pytest

from ltens.fitting.designs.allocation import allocate
from ltens.fitting.designs.criterion import EndCriterion, LinearCriterion
from ltens.fitting.designs.whole_runs import Problem, best_runs, rounded


def linear(u, *, noise=None, excess=0.0, along=(0.0, 1.0), base=None):
    slopes = np.stack([np.ones(len(u)), -u], axis=1)
    noise = np.ones(len(u)) if noise is None else noise
    base = np.zeros((2, 2)) if base is None else base
    return LinearCriterion(
        slopes, noise, excess, np.array(along), base, lambda runs: float((runs > 0).sum() - 2)
    )


def test_the_slope_of_a_line_wants_its_two_ends():
    u = np.linspace(0, 3, 7)
    found = allocate(linear(u), np.zeros(7), np.ones(7), 100.0, np.ones(7, bool))
    # Within the tolerance of the condition, 1e-3 of the gain, some weight is left beside the ends.
    assert found[[0, -1]].sum() > 95
    assert found[0] == pytest.approx(found[-1], rel=1e-6)


def test_unequal_costs_and_noise_share_the_budget_as_neyman_does():
    costs, noise = np.array([1.0, 25.0]), np.array([1.0, 4.0])
    two = linear(np.array([0.0, 1.0]), noise=noise)
    found = allocate(two, np.zeros(2), costs, 100.0, np.ones(2, bool))
    # min v1/n1 + v2/n2 with c1 n1 + c2 n2 = B: n in proportion to sqrt(v / c).
    assert found[0] / found[1] == pytest.approx(np.sqrt((1 / 1) / (4 / 25)), rel=1e-2)
    assert found @ costs == pytest.approx(100.0)


@pytest.mark.parametrize("excess", [0.0, 0.02])
@pytest.mark.parametrize("seed", range(5))
def test_the_gain_per_cost_is_equal_where_something_is_spent_and_nowhere_higher(seed, excess):
    rng = np.random.default_rng(seed)
    u, costs = np.sort(rng.uniform(0, 5, 9)), rng.uniform(1, 20, 9)
    base = np.diag(rng.uniform(0, 5, 2))
    criterion = linear(u, noise=rng.uniform(0.5, 2, 9), excess=excess, along=(1.0, -8.0), base=base)
    measured = rng.integers(0, 5, 9).astype(float)
    found = allocate(criterion, measured, costs, 300.0, np.ones(9, bool))
    rate = criterion.gains(measured + found) / costs
    spent = found * costs / 300
    assert spent.sum() == pytest.approx(1)
    # 400 steps reach 1 %; the algorithm stops earlier at 0.1 %.
    assert rate.max() <= (spent @ rate) * 1.01


def test_gains_are_the_derivative_of_the_variance():
    u = np.array([0.0, 1.0, 2.5])
    runs = np.array([3.0, 2.0, 5.0])
    at_end = EndCriterion(u, np.array([1.0, 2.0, 0.5]), 2.0)
    for criterion in (linear(u, excess=0.1), at_end):
        for k in range(3):
            step = 1e-6 * np.eye(3)[k]  # central: error of the order of step^2
            slope = criterion.variance(runs + step) - criterion.variance(runs - step)
            assert criterion.gains(runs)[k] == pytest.approx(-slope / 2e-6, rel=1e-6)


def test_no_candidate_gets_more_than_allowed():
    u = np.linspace(0, 3, 5)
    found = allocate(linear(u), np.zeros(5), np.ones(5), 20.0, np.ones(5, bool), most=6.0)
    assert found.max() <= 6 + 1e-9
    assert found.sum() == pytest.approx(20.0)
    assert found[[0, 1, 3, 4]] == pytest.approx([6, 4, 4, 6], abs=0.1)
    all_full = allocate(linear(u), np.zeros(5), np.ones(5), 20.0, np.ones(5, bool), most=2.0)
    assert all_full == pytest.approx(np.full(5, 2.0))


def problem(u, costs, **changes):
    given = {"fewest": 1, "measured": np.zeros(len(u)), "kept": np.zeros(len(u), bool)}
    given |= {"level": 0.95, **changes}
    return Problem(linear(u), given.pop("measured"), costs, **given)


def test_whole_runs_keep_to_the_budget_and_to_the_fewest():
    costs = np.array([1.0, 3.0, 9.0, 27.0])
    given = problem(np.arange(4.0), costs, fewest=4)
    found = best_runs(given, 400.0)
    assert found.dtype == np.int64
    assert found @ costs <= 400
    assert found[found > 0].min() >= 4
    assert 400 - found @ costs < 1  # the cheapest run costs 1: no more fits


@pytest.mark.parametrize("budget", [15.0, 30.0])
def test_the_search_is_as_good_as_trying_everything(budget):
    costs = np.array([1.0, 2.0, 3.0, 4.0])
    given = problem(np.array([0.0, 0.7, 1.1, 1.4]), costs)
    ranges = [range(int(budget / cost) + 1) for cost in costs]
    lengths = [
        given.length(np.array(runs, float))
        for runs in itertools.product(*ranges)
        if np.dot(runs, costs) <= budget
    ]
    # 2 % are given away for fewer sizes, the rest for rounding.
    assert given.length(best_runs(given, budget).astype(float)) <= 1.06 * min(lengths)


def test_nothing_can_be_said_with_nothing():
    given = problem(np.arange(4.0), np.ones(4), fewest=5)
    assert not best_runs(given, 4.0).any()
    assert given.length(np.zeros(4)) == np.inf


def test_rounding_spends_what_is_left_where_it_gains_most():
    given = problem(np.arange(3.0), np.array([1.0, 1.0, 10.0]))
    found = rounded(given, np.array([4.6, 0.0, 1.3]), 20.0, np.array([True, False, True]))
    assert found.tolist() == [10, 0, 1]
