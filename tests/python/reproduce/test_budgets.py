"""The table of budgets: its learning rates, and what its cells come from."""

import numpy as np
import pytest

import ltens
from ltens.reproduce.beyond import budgets
from ltens.reproduce.beyond.protocol import BASE
from ltens.reproduce.effort import Effort

QUICK = Effort(quick=True)


def test_the_tuned_rate_is_the_best_of_its_own_seeds():
    found = budgets.tuning(QUICK, "silu")
    medians = []
    for lr in found.rates:
        nets = ltens.Networks.init(BASE, range(1000, 1004), activation="silu")
        task = ltens.Task.from_function("square")
        medians.append(np.median(ltens.train(nets, task, budgets.training(QUICK, lr)).loss))
    np.testing.assert_array_equal(np.median(found.losses, axis=1), medians)
    assert found.best == int(np.argmin(medians))


def test_a_best_rate_at_an_end_is_said_and_a_diverged_one_is_not_the_best():
    losses = np.array([[3.0, 3.0, 9.0], [1.0, 1.0, 1.0], [np.inf, np.inf, 0.1]])
    assert budgets.Tuning((0.1, 0.2, 0.4), losses).best == 1
    assert not budgets.Tuning((0.1, 0.2, 0.4), losses).at_end
    assert budgets.Tuning((0.2, 0.4), losses[1:]).at_end


def test_mup_is_the_standard_parametrisation_at_its_base():
    both = [budgets.measured(QUICK, "silu", kind, 0.01) for kind in ("standard", "mup")]
    same, others = ([ds.loss.sel(width=n).values for ds in both] for n in (BASE, 10))
    np.testing.assert_array_equal(*same)
    assert not np.array_equal(*others)


def test_cells_are_those_of_the_budget():
    ds = budgets.measured(QUICK, "relu", "standard", 0.01)
    task = ltens.Task.from_function("square")
    row = ltens.tickets.budget(ds, task)[40]
    cells = budgets._cells(ds.loss.sel(width=40).values.ravel(), row)
    assert cells[0].startswith(f"{float(ds.loss.sel(width=40).median()):.1e} [")
    assert cells[2].startswith(f"{row.approximation:.1e} [")
    assert float(cells[4].split()[0]) == pytest.approx(row.optimisation / row.loss, abs=0.005)
