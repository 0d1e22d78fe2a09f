"""`ltens.design` on laws of sweeps: seconds by the cost model, and the calls to run."""

import numpy as np
import pytest

import ltens
from ltens.sweeps.run_seconds import seconds_per_run

SHORT = ltens.Training(steps=60)


@pytest.fixture(scope="module")
def law():
    ds = ltens.sweep(
        widths=[2, 5, 10, 20, 40], seeds=10, activations="silu", training=SHORT, progress=False
    )
    return ltens.fit(ds.sel(activation="silu"), model="power_law")


def planned(widths, **options):
    plan = ltens.plan(widths, seeds=1024, activations="silu", threads=1, **options)
    return [cell.seconds / cell.networks for cell in plan.cells]


def test_seconds_are_those_of_the_plan(law):
    seconds = seconds_per_run(law.observations.table.origin, "width")(np.array([3.0, 40.0]))
    # 1024 networks fill whole vectors, so that the two differ by rounding.
    assert seconds == pytest.approx(planned([3, 40], training=SHORT), rel=1e-12)


def test_seconds_of_other_tasks_and_axes():
    options = {
        "task": ltens.Task.from_function("sin", sampling="random", samples=300, dimension=2),
        "training": ltens.Training(steps=20, batch_size=64),
        "over": {"lr": [0.01, 0.1]},
    }
    ds = ltens.sweep([2, 5, 10], seeds=4, activations="silu", progress=False, **options)
    law = ltens.fit(ds.sel(activation="silu", lr=0.1), model="power_law")
    seconds = seconds_per_run(law.observations.table.origin, "width")(np.array([10.0]))
    assert seconds == pytest.approx(planned([10], **options)[:1], rel=1e-12)


def test_data_of_the_users_own_cost_the_same_as_any_of_their_size():
    x = np.random.default_rng(0).normal(size=(300, 2))
    task = ltens.Task(x, x[:, 0])
    ds = ltens.sweep(
        [2, 5, 10], seeds=4, activations="silu", training=SHORT, task=task, progress=False
    )
    law = ltens.fit(ds.sel(activation="silu"), model="power_law")
    seconds = seconds_per_run(law.observations.table.origin, "width")(np.array([10.0]))
    assert seconds == pytest.approx(planned([10], task=task, training=SHORT), rel=1e-12)


def test_seconds_are_the_unit_of_budget_and_costs(law):
    found = ltens.design(law, budget=0.5, cost="seconds", target="end")
    assert 0 < found.cost <= 0.5
    rate = [row.cost / row.runs for row in found.rows]
    assert rate == pytest.approx(
        planned([int(row.sizes["width"]) for row in found.rows], training=SHORT), rel=1e-12
    )


def test_the_calls_train_the_runs(law):
    found = ltens.design(law, budget=2000, target="end", sizes=[10, 15, 20, 40])
    lines = found.call.splitlines()
    assert all(line.startswith("ltens.sweep(widths=[") for line in lines)
    for row in found.rows:
        width, seeds = int(row.sizes["width"]), row.runs
        label = f"range(10, {10 + seeds})" if row.measured else str(seeds)
        assert any(f"{width}" in line and f"seeds={label}, " in line for line in lines)
    assert found.call in found._repr_html_()


def test_samples_as_the_size():
    task = ltens.Task.from_function("sin", sampling="random")
    ds = ltens.sweep(
        [4],
        seeds=5,
        activations="silu",
        over={"samples": [20, 50, 100]},
        task=task,
        training=SHORT,
        progress=False,
    )
    law = ltens.fit(ds, size="samples", model="power_law")
    found = ltens.design(law, budget=1.0, cost="seconds", target="end", most=100)
    assert 'ltens.sweep(over={"samples": [' in found.call
    costs = [row.cost / row.runs for row in found.rows]
    assert costs == sorted(costs)
