"""What the kernel says of each network, and what Python makes of it."""

import numpy as np

import ltens
from ltens import _core
from ltens.status import CANCELLED, DIVERGED, OK
from ltens.training.results import COLUMNS, RESULT, kept_columns, result_bytes


def test_statuses_are_those_of_the_kernel():
    assert _core.statuses() == list(ltens.STATUS)
    assert [ltens.STATUS[i] for i in (OK, DIVERGED, CANCELLED)] == ["ok", "diverged", "cancelled"]


def test_every_field_of_the_kernel_is_a_column_once():
    names = [column.name for column in COLUMNS.values()]
    assert sorted(names) == sorted(RESULT.names)


def test_every_column_is_an_attribute_of_a_run():
    nets = ltens.Networks.init(2, 3)
    run = ltens.train(nets, ltens.Task([0.0, 1.0], [0.0, 1.0]), ltens.Training(steps=1))
    for attribute, column in COLUMNS.items():
        values = getattr(run, attribute)
        assert values.shape == (3,)
        assert values.dtype.kind == "U" or values.dtype == np.dtype(column.dtype)


def test_columns_of_a_sweep():
    alone, both = kept_columns(held_out=False), kept_columns(held_out=True)
    assert set(both) - set(alone) == {"held_out_loss", "best_step"}
    assert "steps" not in both
    classes = kept_columns(held_out=False, classes=True)
    assert set(classes) - set(alone) == {"error"}
    assert list(classes)[:2] == ["loss", "error"]
    every = kept_columns(held_out=True, classes=True)
    assert set(every) - set(both) == {"error", "held_out_error"}


def test_bytes_are_those_of_the_arrays():
    results, history = np.zeros(5, RESULT).nbytes, np.zeros((5, 7)).nbytes
    assert result_bytes(5, 7) == results + history
    assert result_bytes(5, 7, classes=True) == results + 2 * history
