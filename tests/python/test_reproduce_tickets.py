"""The tables on lottery tickets come from trained networks."""

import matplotlib as mpl
import numpy as np
import pytest

import ltens
from ltens import reproduce
from ltens.reproduce import tickets_claims, tickets_ensembles, tickets_sensitivity
from ltens.reproduce.tickets_ensembles import Ensemble, protocol, train_protocol

WIDTHS = (1, 2, 4, 5, 10, 20)


@pytest.fixture(scope="module")
def data():
    """Ensembles trained for 300 steps only: enough for every line of the table to be filled."""
    out = {}
    for name in ("base", "unit", "four", "ten", "skewed"):
        task = ltens.Task.from_function("square", domain=protocol(name).domain, samples=64)
        kinds = {}
        for activation in ("relu", "silu"):
            nets, loss = {}, {}
            for n in WIDTHS:
                start = ltens.Networks.init(n, 6, activation=activation)
                run = ltens.train(start, task, ltens.Training(steps=300), threads=1)
                nets[n], loss[n] = run.networks, run.loss
            kinds[activation] = Ensemble(nets, loss, 0, task)
        out[name] = kinds
    return out


def test_every_claim_has_a_measured_line(data):
    rows = tickets_claims.rows(data, polished=1)
    assert {row.claim[0] for row in rows} >= set("123456")
    assert all(row.measured and row.verdict for row in rows)
    table = tickets_claims.markdown(rows, data, 1.0)
    assert table.count("\n| ") == len(rows)  # the head is the first line
    assert "Seeds per width and activation: [-2, 2]: 6" in table


def test_verdicts_follow_the_interval():
    assert tickets_claims._verdict((1.0, 0.95, 1.05), (0.9, 1.1)) == "holds"
    assert tickets_claims._verdict((1.4, 1.35, 1.45), (0.9, 1.1)) == "fails"
    assert tickets_claims._verdict((1.4, -2.0, 4.8), (0.9, 1.1)) == "undecided"
    both = tickets_claims._two_verdicts((2.0, 3.0), (0.3, 0.5))
    assert both == "wide net better; ensemble better"


def test_protocols_stretch_the_schedule():
    base, ten = protocol("base"), protocol("ten")
    assert (base.training().steps, base.training().lr_decay_every) == (50_000, 10_000)
    assert (ten.training().steps, ten.training().lr_decay_every) == (500_000, 100_000)
    assert base.training() == ltens.Training()
    with pytest.raises(ValueError, match="name is 'bse', which is not known: did you mean 'base'"):
        protocol("bse")


def test_networks_come_back_from_the_store(tmp_path, monkeypatch):
    small = tickets_ensembles.Protocol(widths=(2, 3), seeds=2)
    monkeypatch.setitem(tickets_ensembles.PROTOCOLS, "base", small)
    monkeypatch.setattr(tickets_ensembles, "_QUICK_WIDTHS", (2, 3))
    first = train_protocol("base", quick=True, threads=1, folder=tmp_path)
    again = train_protocol("base", quick=True, threads=1, folder=tmp_path)
    for activation in ("relu", "silu"):
        for n in (2, 3):
            assert (first[activation].nets[n].w == again[activation].nets[n].w).all()
            nets, task = first[activation].nets[n].astype("float64"), first[activation].task
            loss = np.square(nets(task.x) - task.y).mean(axis=1)
            assert loss == pytest.approx(first[activation].loss[n], rel=1e-9)  # both float64


def test_variants_are_trained_and_fitted(tmp_path, monkeypatch):
    monkeypatch.setattr(tickets_sensitivity, "WIDTHS", (5, 8, 12))
    short = {"threads": 1, "quick": True, "seeds": 4, "folder": tmp_path}
    found = tickets_sensitivity.measured(names=("base", "lr x 3"), **short)
    assert [(row.name, row.activation) for row in found.rows] == [
        ("base", "relu"), ("base", "silu"), ("lr x 3", "relu"), ("lr x 3", "silu"),
    ]  # fmt: skip
    assert found.rows[0].exponent != found.rows[2].exponent
    assert tickets_sensitivity.measured(names=("base", "lr x 3"), **short) == found


def test_every_variant_can_be_built():
    for task, training, options in tickets_sensitivity.VARIANTS.values():
        assert ltens.Task.from_function(**({"function": "square"} | task)).samples >= 100
        settings = {key: value for key, value in training.items() if key != "steps"}
        assert ltens.Training(**settings)
        assert set(options) <= {"init", "dtype", "activations", "seeds"}


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in reproduce.names() if "tickets" in name])
def test_every_quick_table_and_picture(name):
    mpl.use("agg")
    product = reproduce.draw(name, quick=True, threads=1)
    if reproduce.item(name).is_table:
        assert product.startswith("| ")
        return
    assert all(ax.has_data() for ax in product.axes)
