"""Stores that were written before still open, resume and extend."""

import shutil

import numpy as np
import pytest

import golden
import ltens

OLD = golden.FOLDER / "sweep_of_2026_11.ltens"
ARGUMENTS = {
    "activations": ["relu", "silu"],
    "task": ltens.Task.from_function("square", samples=20),
    "training": ltens.Training(steps=20, held_out_every=5, patience=2),
    "checkpoints": 3,
    "held_out": ltens.Task.from_function("square", samples=10, sampling="random"),
    "keep_networks": True,
    "progress": False,
}


@pytest.fixture
def store(tmp_path):
    return shutil.copy(OLD, tmp_path)


def test_every_column_is_there(store):
    ds = ltens.open(store)
    kinds = {name: array.dtype.kind for name, array in ds.data_vars.items()}
    assert dict(ds.sizes).items() >= {"activation": 2, "width": 2, "seed": 3}.items()
    assert kinds.items() >= {
        "loss": "f", "status": "i", "engine": "O", "nodes": "i", "engine_error": "f",
        "held_out_loss": "f", "best_step": "i", "history": "f", "w_3": "f", "c_2": "f",
    }.items()  # fmt: skip
    assert (ds.status == 0).all()
    assert np.isfinite(ds.loss).all()
    assert set(ds.engine.values.ravel().tolist()) <= set(ltens.engines.names())


@pytest.mark.skipif(
    ltens.build_info()["numerics_id"] != "fma",
    reason="the store was written with fused multiply-add",
)
def test_the_same_call_finds_all_and_more_seeds_extend_it(store):
    before = ltens.open(store)
    again = ltens.sweep([2, 3], seeds=3, store=store, **ARGUMENTS)
    anew = ltens.sweep([2, 3], seeds=3, **ARGUMENTS)
    for name in before.data_vars:
        if name != "seconds":
            np.testing.assert_array_equal(again[name], before[name])
            np.testing.assert_array_equal(anew[name], before[name])
    more = ltens.sweep([2, 3], seeds=5, store=store, **ARGUMENTS)
    np.testing.assert_array_equal(more.loss[:, :, :3], before.loss)
    assert np.isfinite(more.loss).all()
    kept = ltens.networks(store, activation="silu", width=3, seeds=[4, 0])
    assert kept.w.shape == (2, 3, 1)
