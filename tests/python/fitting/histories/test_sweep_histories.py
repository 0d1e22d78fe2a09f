"""Histories of sweeps: which trainings and checkpoints enter, and what is said of the schedule."""

import numpy as np
import pytest
import xarray as xr

import ltens

STEPS = np.array([0, 20, 50, 100, 200, 500, 1000, 2000])
WIDTHS = [8, 16, 32, 64]


def planted(**attrs):
    """A Dataset of a sweep whose histories follow a law."""
    n, _, t = np.meshgrid(WIDTHS, range(3), np.maximum(STEPS, 1e-9), indexing="ij")
    values = np.where(t < 1, 5.0, 0.1 + 2 / n**0.8 + 3 / t**0.5)[None]
    dims = ("activation", "width", "seed", "checkpoint")
    status = np.zeros((1, 4, 3), np.int8)
    return xr.Dataset(
        {
            "history": (dims, values),
            "status": (dims[:3], status),
            "loss": (dims[:3], values[..., -1]),
        },
        {"activation": ["silu"], "width": WIDTHS, "seed": [0, 1, 2], "checkpoint": STEPS},
        {"steps": 2000, "lr_decay": 0.2, "lr_decay_every": 10_000, **attrs},
    )


def fit(ds, **options):
    return ltens.fit_histories(ds, bootstrap=0, **options)


def test_a_law_of_widths_and_steps():
    law = fit(planted())
    assert law.exponents == pytest.approx({"width": 0.8, "step": 0.5}, rel=1e-7)
    assert "12 at 0" in law.rule
    assert law.histories.run_names[0] == "width 8, seed 0"
    assert fit(planted().sel(activation="silu")).exponents == law.exponents


def test_trainings_that_did_not_end_well_are_counted():
    ds = planted()
    ds["status"][0, 1, 2] = 1
    ds["history"][0, 1, 2, 3:] = np.nan
    law = fit(ds)
    assert len(law.histories.run_names) == 11
    assert "1 of 12 trainings diverged or did not end: they are left out." in law.warnings


def test_a_training_that_stopped_early_has_a_shorter_history():
    ds = planted()
    ds["history"][0, 1, 2, 6:] = np.nan
    law = fit(ds)
    assert len(law.histories.run_names) == 12
    assert len(law.kept) == 12 * 8 - 2
    assert "1 of 12 trainings stopped early: their histories end there." in law.warnings
    assert law.exponents == pytest.approx({"width": 0.8, "step": 0.5}, rel=1e-7)


def test_a_third_axis():
    parts = [planted() + 4 / d**0.6 for d in (100, 400, 1600)]
    ds = xr.concat(parts, xr.DataArray([100, 400, 1600], dims="samples", name="samples"))
    ds["status"] = ds["status"] * 0
    law = fit(ds, sizes=["width", "samples"])
    assert law.exponents == pytest.approx({"width": 0.8, "samples": 0.6, "step": 0.5}, rel=1e-6)
    with pytest.raises(ValueError, match=r"several curves, over samples: select one, such as data"):
        fit(ds)
    with pytest.raises(ValueError, match="sizes holds 'sample', but the axes of the sweep's hist"):
        fit(ds, sizes=["width", "sample"])
    with pytest.raises(ValueError, match="'activation', whose values are no numbers: silu, "):
        fit(planted(), sizes=["activation", "width"])


@pytest.mark.parametrize(
    ("attrs", "said"),
    [
        ({}, None),
        ({"lr_decay_every": 500}, "falls in steps before the end"),
        ({"lr_decay_every": 500, "lr_decay": 1.0}, None),
        ({"schedule": "cosine"}, "a checkpoint before the end is not what a training of that leng"),
        ({"schedule": "wsd"}, "a checkpoint before that is no finished training"),
        ({"schedule": "constant"}, None),
        ({"schedule": "power"}, None),
    ],
)
def test_a_learning_rate_that_falls_is_said(attrs, said):
    found = [warning for warning in fit(planted(**attrs)).warnings if "learning rate" in warning]
    assert len(found) == (said is not None)
    assert said is None or said in found[0]


def test_the_schedule_may_be_an_axis():
    ds = planted().assign_coords(schedule="cosine")
    assert "cosine" in fit(ds).warnings[0]


def test_warm_up_is_that_of_the_training():
    law = fit(planted(warmup=50))
    assert law.histories.steps[law.kept].min() == 100
    assert (~fit(planted(warmup=50), warmup=0).rows).sum() == 12


def test_a_sweep_without_history_is_refused():
    with pytest.raises(ValueError, match=r"data has no 'history', but must be a sweep with checkp"):
        fit(planted().drop_vars("history"))
    ds = planted()
    ds["status"][:] = 1
    with pytest.raises(ValueError, match="no training that ended well"):
        fit(ds)


def test_a_sweep_that_was_trained():
    ds = ltens.sweep(
        [5, 10, 20, 40],
        seeds=3,
        activations="silu",
        checkpoints=24,
        training=ltens.Training(steps=400, schedule="constant", warmup=10),
        progress=False,
    )
    law = fit(ds)
    assert law.warmup == 10
    assert law.histories.steps[law.rows].min() > 10
    kept = law.histories
    for row in np.flatnonzero(law.kept)[::37]:
        values = ds["history"].sel(width=kept.sizes["width"][row], checkpoint=kept.steps[row])
        assert kept.losses[row] in values
    assert law.interval("alpha_step")[0] < law.exponents["step"] < law.interval("alpha_step")[1]
