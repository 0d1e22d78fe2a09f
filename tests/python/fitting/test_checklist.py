"""`law.checklist()`: what the law knows, what it does not, what the user states."""

import json

import numpy as np
import pytest
import xarray as xr

import ltens
from ltens.fitting.checklist.questions import QUESTIONS
from ltens.fitting.checklist.tuning import tuning_of
from ltens.fitting.origin import origin_of

SIZES = np.array([1, 2, 4, 8, 16, 32])
LOSSES = np.random.default_rng(1).lognormal(sigma=0.1, size=(6, 50)) / SIZES[:, None]


def known(checklist, name):
    return checklist.to_dict()[name]["known"]


def test_a_law_of_arrays_knows_what_was_fitted_and_asks_for_the_rest():
    law = ltens.fit(SIZES, LOSSES)
    found = law.checklist()
    assert tuple(found.to_dict()) == tuple(QUESTIONS)
    assert found.missing == ("n_counted", "tuning")
    assert known(found, "form").startswith("E + A N^(-alpha), the one that holds over the longest")
    assert known(found, "range") == "N = 1–32 (6 sizes)"
    assert known(found, "seeds") == "50 at each size, 300 in all"
    assert known(found, "exclusions") == "none of those given"
    low, high = law.interval()
    assert f"[{low:.3g}, {high:.3g}] at 95 %: profile likelihood" in known(found, "uncertainty")
    assert "the minimum was reached" in known(found, "starts")
    assert " dex" in known(found, "validation")
    assert 'not stated: checklist(n_counted="...")' in str(found)


def test_the_user_states_what_the_law_cannot_know():
    law = ltens.fit(SIZES, LOSSES, model="power_law", huber=0.5)
    found = law.checklist(n_counted="without embeddings", tuning="lr at each size", seeds="1 to 50")
    assert found.missing == ()
    assert "50 at each size, 300 in all; 1 to 50" in str(found)
    assert "asked for" in known(found, "form")
    assert "Huber's function (threshold 0.5)" in known(found, "objective")
    with pytest.raises(TypeError, match=r"'n_count', .*: did you mean 'n_counted'"):
        law.checklist(n_count="x")
    with pytest.raises(TypeError, match="tuning is '', but must be text"):
        law.checklist(tuning="")


def test_without_a_law_nothing_is_claimed():
    bent = np.random.default_rng(0).lognormal(sigma=0.05, size=(6, 30))
    law = ltens.fit(SIZES, bent * (SIZES**-2.0 * (1 + SIZES / 4) ** 1.6)[:, None])
    found = law.checklist()
    assert known(found, "form").startswith("none holds")
    assert known(found, "range") == "N = 8–32 (3 sizes); N = 1, 2, 4 measured, but not in it"
    assert known(found, "starts") == "none: the slope is exact"
    assert known(found, "validation") == "nothing: no law is claimed"
    assert str(law.end) in known(found, "uncertainty")


def test_one_loss_per_size_and_diverged_runs():
    law = ltens.fit(SIZES, LOSSES[:, 0], model="power_law")
    found = law.checklist()
    assert "all sizes with the same weight" in known(found, "objective")
    assert "scatter about the law only" in known(found, "uncertainty")
    runs = ltens.RunTable(np.repeat(SIZES, 50), LOSSES.ravel(), diverged=np.arange(300) < 2)
    assert "2 left out, 2 of them" in known(ltens.fit(runs).checklist(), "exclusions")
    counted = ltens.fit(runs, diverged="infinite").checklist()
    assert "2 that diverged count as infinite" in known(counted, "exclusions")


@pytest.fixture(scope="module")
def dataset():
    return ltens.sweep(
        widths=[2, 5, 10, 20],
        seeds=5,
        activations="silu",
        training=ltens.Training(steps=50),
        progress=False,
    )


def test_one_learning_rate_for_all_widths_is_warned_of(dataset):
    found = ltens.fit(dataset.sel(activation="silu")).checklist()
    answer = found.to_dict()["tuning"]
    assert answer["known"] == "one learning rate, 0.01, for all widths"
    assert answer["warning"].startswith("one learning rate served all widths")
    assert "  ! one learning rate served all widths" in str(found)
    assert "**one learning rate served all widths" in found.markdown()
    assert "! one learning rate served all widths" in found._repr_html_()
    assert known(found, "n_counted").endswith("= 3 N + 1 for inputs of dimension 1")
    assert known(found, "variables").endswith("with activation silu")


def test_tuned_learning_rates_are_listed(dataset):
    tuned = dataset.sel(activation="silu").assign_coords(lr=("width", [0.1, 0.03, 0.03, 0.01]))
    tuned = tuned.assign_attrs(
        tuning=json.dumps({"parameter": "lr", "values": [0.01, 0.03, 0.1], "at_the_ends": [2]})
    )
    answer = ltens.fit(tuned).checklist().to_dict()["tuning"]
    assert answer["known"] == (
        "a learning rate for each width: 0.1 at 2, 0.03 at 5, 0.03 at 10, 0.01 at 20; lr tuned "
        "over 3 values, the best at an end of them somewhere"
    )
    assert answer["warning"] == ""


@pytest.mark.parametrize(
    ("origin", "size", "answer", "warned"),
    [
        ({}, "width", "", False),
        ({"lr": 0.1}, "lr", "", False),
        ({"lr": 0.1}, "samples", "one learning rate, 0.1, for all samples", True),
        (
            {"lr": 0.1, "parametrization": "mup", "base_width": 32},
            "width",
            "one learning rate, 0.1, for all widths, scaled with the width by mup, base width 32",
            False,
        ),
        ({"lr": 0.1, "parametrization": "mup"}, "samples", "one learning rate, 0.1", True),
        ({"lr": {"2": 0.1, "5": 0.1}}, "width", "one learning rate, 0.1, for all widths", True),
        (
            {"lr": {"2": 0.1, "5": 0.1}, "tuning": {"parameter": "lr", "values": [0.1, 1]}},
            "width",
            "tuned at each width: 0.1 at all; lr tuned over 2 values",
            False,
        ),
    ],
)
def test_tuning(origin, size, answer, warned):
    found, warning = tuning_of(origin, size)
    assert found.startswith(answer) if answer else found == ""
    assert bool(warning) is warned


def test_a_dataset_of_somebody_else_says_nothing_or_what_it_can():
    ds = xr.Dataset({"loss": ("width", [4.0, 2.0, 1.0])}, {"width": [1, 2, 4]})
    assert origin_of(ds, "width") == {}
    odd = ds.assign_attrs(configuration="{", tuning=3, lr=np.float64(0.1))
    assert origin_of(odd, "width") == {"lr": 0.1}
    assert ltens.fit(odd).checklist().to_dict()["tuning"]["warning"]


def test_surfaces():
    n, d = (a.ravel() for a in np.meshgrid(np.geomspace(1e6, 1e9, 4), np.geomspace(1e8, 1e11, 4)))
    losses = 2 + 90 / n**0.3 + 800 / d**0.3
    losses *= np.exp(0.01 * np.random.default_rng(0).normal(size=16))
    found = ltens.fit_surface({"N": n, "D": d}, losses, bootstrap=0).checklist()
    assert found.missing == ("n_counted", "exclusions", "tuning")
    assert known(found, "range") == "N = 1e+06–1e+09, D = 1e+08–1e+11"
    assert "Huber's function (threshold 0.001)" in known(found, "objective")
    assert "alpha_N 0." in known(found, "uncertainty")
    groups = list("abbaabababbabaab")
    law = ltens.fit_surface(
        {"N": n, "D": d}, losses, groups=groups, runs=np.arange(16) // 2, huber=None, bootstrap=0
    )
    found = law.checklist()
    assert "for 2 groups, which share exponents" in known(found, "form")
    assert known(found, "seeds") == "16 rows of 8 trainings"
    assert "whole trainings independent" in known(found, "uncertainty")
    two = ltens.fit_two_variables(n, d, losses, bootstrap=0).checklist(tuning="per size")
    assert two.to_dict()["tuning"]["stated"] == "per size"
