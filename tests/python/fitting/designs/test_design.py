"""`ltens.design` on laws of one variable: budgets, lengths, targets, errors."""

import json
from pathlib import Path

import numpy as np
import pytest

import ltens
from ltens.fitting.designs.candidates import candidate_sizes, costs_of
from ltens.fitting.designs.curve_noise import noise_of
from ltens.fitting.designs.simulation import DesignExperiment, measure_design
from ltens.fitting.designs.surface_simulation import SurfaceDesignExperiment

SIZES = np.array([1, 2, 4, 8, 16, 32, 64])


@pytest.fixture(scope="module")
def losses():
    noise = np.random.default_rng(0).lognormal(sigma=0.3, size=(7, 20))
    return noise * (1 / SIZES + 0.01)[:, None]


@pytest.fixture(scope="module")
def law(losses):
    return ltens.fit(SIZES, losses, model="power_law_floor")


def test_a_budget_is_kept_and_beats_equal_spacing(law):
    found = ltens.design(law, budget=5000)
    assert found.cost <= 5000
    assert found.cost == sum(row.cost for row in found.rows)
    assert found.length < 0.7 * found.equal < found.now
    assert found.runs == sum(row.runs for row in found.rows)
    measured = {row.sizes["size"]: row.measured for row in found.rows}
    assert all(count == (20 if size in SIZES else 0) for size, count in measured.items())


def test_now_is_about_the_interval_there_is(law):
    low, high = law.interval()
    # The profile is no parabola and its scale is estimated: a third is what they differ by.
    assert ltens.design(law, budget=100).now == pytest.approx(high - low, rel=0.33)


def test_more_budget_is_a_shorter_interval(law):
    lengths = [ltens.design(law, budget=budget).length for budget in (500, 2000, 8000, 32000)]
    assert lengths == sorted(lengths, reverse=True)
    assert lengths[3] / lengths[2] == pytest.approx(0.5, abs=0.1)  # like 1 / sqrt(budget)


def test_a_length_is_reached_with_little_more_than_it_takes(law):
    found = ltens.design(law, length=0.1)
    assert 0.09 < found.length <= 0.1
    # 2 % of the budget by the search; steps of whole runs are below 3 %.
    assert ltens.design(law, budget=0.95 * found.cost).length > 0.1


def test_from_scratch_the_runs_so_far_count_for_nothing(law):
    found = ltens.design(law, budget=5000, extend=False)
    assert found.now == np.inf
    assert {row.measured for row in found.rows} == {0}
    assert min(row.runs for row in found.rows) >= 5
    assert len(found.rows) > 4
    assert found.length > ltens.design(law, budget=5000).length
    assert "now" not in found.summary()


def test_the_large_end_keeps_its_largest_size(law):
    found = ltens.design(law, budget=5000, target="end")
    sizes = [row.sizes["size"] for row in found.rows]
    assert max(sizes) == 64
    assert min(sizes) * 5 >= 64
    low, high = law.end.low, law.end.high
    assert found.now == pytest.approx(high - low, rel=1e-9)


def test_a_prediction_is_told_in_decades(law):
    found = ltens.design(law, budget=5000, target=1000)
    assert found.unit == "decades of loss"
    ends = law.predict([1000], interval=0.95)
    length = np.log10(ends.high / ends.low).item()
    assert found.length < found.now
    assert found.now == pytest.approx(length, rel=0.5)  # a floor near 0 bends the profile
    assert "the loss at size 1000" in str(found)


def test_larger_sizes_are_candidates_where_they_are_allowed(law):
    found = ltens.design(law, budget=5000, sizes=(1, 1000), target=1000)
    assert max(row.sizes["size"] for row in found.rows) > 64
    assert not found.notes or max(row.sizes["size"] for row in found.rows) == 1000
    at_the_end = ltens.design(law, budget=5000, target="end")
    assert "the largest size allowed is 64" in at_the_end.notes[-1]


def test_costs_are_what_they_are_said_to_be(law):
    cubic = ltens.design(law, budget=5000, cost=lambda n: n**3)
    assert all(row.cost == row.runs * row.sizes["size"] ** 3 for row in cubic.rows)
    listed = ltens.design(law, budget=50, sizes=[1, 8, 64], cost=[1, 1, 1])
    assert listed.cost == listed.runs == 50
    assert {row.sizes["size"] for row in listed.rows} <= {1.0, 8.0, 64.0}


def test_units_of_sizes_losses_and_costs_change_nothing(losses):
    law = ltens.fit(SIZES, losses, model="power_law")
    here = ltens.design(law, budget=4000, sizes=SIZES)
    law = ltens.fit(SIZES * 1e6, losses * 1e-9, model="power_law")
    there = ltens.design(law, budget=4000, sizes=SIZES * 1e6, cost=lambda n: n / 1e6)
    assert [row.runs for row in here.rows] == [row.runs for row in there.rows]
    assert there.length == pytest.approx(here.length, rel=1e-9)


def test_at_most_so_many_runs(law):
    found = ltens.design(law, budget=5000, most=50)
    assert max(row.runs for row in found.rows) <= 50
    assert found.length > ltens.design(law, budget=5000).length


def test_one_loss_per_size_takes_the_scatter(losses):
    law = ltens.fit(SIZES, losses[:, 0], model="power_law")
    found = ltens.design(law, budget=200)
    low, high = law.interval(method="residuals")
    assert found.now == pytest.approx(high - low, rel=0.01)  # a line: the profile is a parabola
    assert min(row.runs for row in found.rows) >= 1
    assert noise_of(law).variances == pytest.approx(
        np.full(7, law.chosen.fitted.cost[0] / law.degrees)
    )


def test_without_a_law_the_exponent_is_that_at_the_large_end(losses):
    law = ltens.fit(SIZES, losses)
    assert not law.holds
    found = ltens.design(law, budget=3000)
    assert "no law holds" in found.notes[0]
    assert found.rows == ltens.design(law, budget=3000, target="end").rows


def test_excess_scatter_is_told_and_spreads_the_runs():
    rng = np.random.default_rng(3)
    sizes = np.arange(1, 11) ** 2
    noise = rng.lognormal(sigma=0.02, size=(10, 40)) * rng.lognormal(sigma=0.3, size=(10, 1))
    law = ltens.fit(sizes, noise / sizes[:, None], model="power_law")
    found = ltens.design(law, budget=1e5)
    assert "beyond what the seeds explain" in found.notes[0]
    assert sum(row.measured == 0 for row in found.rows) >= 3
    with pytest.raises(ValueError, match=r"length is 0\.001, but .* still leaves"):
        ltens.design(law, length=0.001)


def test_it_is_told_in_text_html_and_json(law):
    found = ltens.design(law, budget=3000)
    text = found.summary()
    assert text == str(found)
    assert text.splitlines()[0] == f"{found.runs} runs for the exponent of the law"
    assert "expected of the 95 % interval" in text
    assert "equal seeds" in text
    assert found._repr_html_().startswith("<p><b>")
    assert json.loads(json.dumps(found.to_dict()))["length"] == found.length
    assert repr(found).startswith("<Design: ")
    assert found.call == ""


def test_the_page_shows_what_is_printed(law):
    page = Path(__file__).parents[4] / "docs" / "guide" / "design.md"
    assert str(ltens.design(law, budget=5000)) in page.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "budget and length are neither given"),
        ({"budget": 1, "length": 1}, "budget and length are both given"),
        ({"budget": -1}, "budget is -1"),
        ({"budget": 10, "target": "exponant"}, "did you mean 'exponent'"),
        ({"budget": 10, "target": -5}, "target is -5"),
        ({"budget": 10, "sizes": (5, -1)}, "must be \\(smallest, largest\\)"),
        ({"budget": 10, "sizes": range(1, 100)}, "at most 60"),
        ({"budget": 10, "cost": "money"}, "cost is 'money'"),
        ({"budget": 10, "cost": "seconds"}, "from no result of ltens.sweep"),
        ({"budget": 10, "cost": [1, 2]}, "cost has shape \\(2,\\), but must have shape"),
        ({"budget": 10, "cost": lambda n: -n}, "every cost must be above 0"),
        ({"budget": 0.5}, "budget is 0.5, but the fewest runs"),
        ({"budget": 10, "most": 0}, "most is 0"),
        ({"budget": 10, "level": 2}, "level"),
        ({"length": 10}, "already without further runs"),
    ],
)
def test_errors(law, options, message):
    with pytest.raises((TypeError, ValueError), match=message):
        ltens.design(law, **options)


def test_errors_of_laws(losses):
    law = ltens.fit(SIZES, losses)
    with pytest.raises(ValueError, match="no law holds that says it"):
        ltens.design(law, budget=10, target=500)
    with pytest.raises(TypeError, match="law is a dict, but must be one law"):
        ltens.design({"silu": law}, budget=10)
    given = ltens.fit(SIZES, losses, model="fixed_exponent", exponent=1.0)
    with pytest.raises(ValueError, match="it was given as 1"):
        ltens.design(given, budget=10)


def test_candidates():
    assert candidate_sizes(None, np.array([1.5, 3.0])).tolist()[0] == 1.5
    whole = candidate_sizes(None, np.array([1.0, 1000.0]))
    assert (whole == np.round(whole)).all()
    assert len(whole) == 16
    many = candidate_sizes(None, np.arange(1.0, 500.0))
    assert len(many) <= 60
    assert costs_of("size", many).tolist() == many.tolist()


def test_the_simulation_counts_what_it_says():
    found = measure_design(DesignExperiment("short", budget=5000), trials=10)
    assert found.ratio < 0.9
    assert found.covered >= 0.6  # of 10; a chance of 1e-4 at 95 %
    assert 0.5 < found.expected < 2


def test_the_simulation_of_surfaces():
    found = measure_design(SurfaceDesignExperiment("short", "allocation"), trials=2)
    assert found.ratio < 1
