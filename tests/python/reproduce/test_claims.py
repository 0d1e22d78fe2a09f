"""Verdicts on the claims of the first paper, from planted measurements."""

import csv

import numpy as np
import pytest

import ltens
from ltens.reproduce.effort import NO_VERDICT, Effort
from ltens.reproduce.tickets import averages, claims, partners, splits
from ltens.reproduce.tickets.ensembles import Ensemble
from ltens.reproduce.tickets.verdicts import SAME, attained, paired, unbiased, verdicts


def fitted(activation, widths, exponent, half, protocol="[-2, 2]"):
    ends = {"exponent_low": exponent - half, "exponent_high": exponent + half}
    record = {"activation": activation, "protocol": protocol, "low": widths[0], "high": widths[1]}
    return record | {"exponent": exponent} | ends


def averaged(narrow, ratio, rule):
    record = {"activation": "silu", "protocol": "[-2, 2]", "k": 2, "narrow": narrow}
    for name, key, value in (("averaged", "averaged", ratio), ("rule", "rule", rule)):
        ends = (0.95 * value, 1.05 * value)
        record |= {f"{name}_ratio": value, f"{name}_low": ends[0], f"{name}_high": ends[1]}
        record[f"{key}_verdict"] = SAME.judge(ends)
    return record


FOUND = {
    "exponents": [
        fitted("silu", (5, 60), 1.06, 0.09),
        fitted("silu", (5, 60), 1.0, 0.05, "[-2, 2], 10 x longer"),
        fitted("silu", (20, 100), 0.52, 0.4),
        fitted("relu", (4, 20), 4.1, 0.2),
        fitted("relu", (20, 100), 2.2, 0.1),
    ],
    "partners": [
        {"activation": "silu", "protocol": "[-2, 2]", "mixed": 0.3, "others": 0.01,
         "verdict": paired((0.25, 0.35), (-0.05, 0.07))},
        {"activation": "silu", "protocol": "[-1, 1]", "mixed": 0.3, "others": 0.08,
         "verdict": paired((0.25, 0.35), (0.03, 0.13))},
        {"activation": "silu", "protocol": "untrained", "mixed": 0.0, "others": 0.0,
         "verdict": "contradicted"},
    ],
    "averages": [averaged(10, 1.0, 1.0), averaged(20, 2.0, 1.05)],
    "splits": [
        {"activation": "silu", "protocol": "[-2, 2]", "width": 10, "share": 0.7,
         "correlation": 0.9, "verdict": unbiased((0.6, 0.8), (0.8, 0.95))},
        {"activation": "relu", "protocol": "[-2, 2]", "width": 10, "share": 0.05,
         "correlation": 0.06, "verdict": unbiased((0.02, 0.08), (0.03, 0.09))},
    ],
    "polish": [
        {"activation": "silu", "width": 2, "networks": 24, "budget": 300, "trained": 4.3e-4,
         "best": 4.1e-9},
    ],
}  # fmt: skip


def by_number(found):
    return {row["claim"][0]: row for row in verdicts(found)}


def test_an_interval_that_meets_the_claim_does_not_hold_it():
    wide = dict(FOUND, exponents=[fitted("silu", (5, 60), 0.535, 0.385)])
    row = by_number(wide)["1"]
    assert row["holds if"] == "α is 1 within 0.1"
    assert row["measured"] == "[-2, 2], 5–60: 0.54 [0.15, 0.92]"
    assert row["verdict"] == "undecided (1 of 1)"


def test_every_claim_says_tolerance_measurement_and_verdict():
    rows = by_number(FOUND)
    assert rows["1"]["measured"] == (
        "[-2, 2], 5–60: 1.06 [0.97, 1.15]; "
        "[-2, 2], 10 x longer, 5–60: 1.00 [0.95, 1.05]; "
        "[-2, 2], 20–100: 0.52 [0.12, 0.92]"
    )
    assert rows["1"]["verdict"] == "undecided (holds 1, undecided 2 of 3)"
    assert rows["2"]["holds if"] == "α is 4 within 0.4 for N = 4–20, 1 within 0.1 from 20 on"
    assert rows["2"]["verdict"] == "N⁻⁴: holds (1 of 1); N⁻¹: contradicted (1 of 1)"
    assert rows["3"]["holds if"] == "both scores are at least 0.1"
    assert rows["3"]["measured"] == (
        "silu: closer than independent neurons by 0.30 to 0.30, than another seed's by 0.01 to 0.08"
    )
    assert rows["3"]["verdict"] == "contradicted (contradicted 1, undecided 1 of 2)"
    assert rows["4"]["holds if"] == "predicted / trained is 0.8 to 1.25"
    assert rows["4"]["verdict"] == (
        "outputs averaged: contradicted (holds 1, contradicted 1 of 2); "
        "uncorrelated rule: holds (2 of 2)"
    )
    assert rows["5"]["holds if"] == "share of bias² and correlation are at most 0.1"
    assert rows["5"]["verdict"] == "silu: contradicted (1 of 1); relu: holds (1 of 1)"
    assert rows["6"]["holds if"] == "the best loss over the trained median is at least 0.01"
    assert rows["6"]["verdict"] == "contradicted (1 of 1)"


def test_what_is_not_measured_has_no_verdict():
    for row in verdicts({name: [] for name in FOUND}):
        assert row["verdict"].endswith("not measured"), row


@pytest.mark.parametrize("nan", [(np.nan, np.nan), (-np.inf, np.inf)])
def test_unknown_intervals_decide_nothing(nan):
    assert paired(nan, nan) == unbiased(nan, nan) == "undecided"
    assert paired((0.2, 0.3), nan) == unbiased((0.0, 0.05), nan) == "undecided"
    wide = dict(FOUND, exponents=[fitted("silu", (5, 60), 1.0, nan[1])])
    assert by_number(wide)["1"]["verdict"] == "undecided (1 of 1)"


def test_a_search_without_success_proves_nothing():
    assert attained(1e-4, 0.9e-4) == "undecided"
    assert attained(1e-4, 0.9e-6) == "contradicted"


@pytest.fixture
def data(monkeypatch):
    """Networks of 300 steps: what the tables say of them is nothing."""
    monkeypatch.setattr(partners, "NETWORKS", 6)
    task = ltens.Task.from_function("square", samples=64)
    ensembles = {}
    for activation in ("relu", "silu"):
        nets, loss = {}, {}
        for n in (5, 10, 20):
            start = ltens.Networks.init(n, 6, activation=activation)
            run = ltens.train(start, task, ltens.Training(steps=300), threads=1)
            nets[n], loss[n] = run.networks, run.loss
        ensembles[activation] = Ensemble(nets, loss, 0, task)
    return {"base": ensembles}


@pytest.mark.parametrize("module", [partners, averages, splits])
@pytest.mark.parametrize("quick", [False, True])
def test_a_quick_run_gives_no_verdict(module, quick, data, tmp_path):
    effort = Effort(quick=quick, folder=tmp_path)
    found = module.SECTION.measured(data, effort)
    name = module.__name__.rpartition(".")[2]
    cells = {v for r in found[name] for key, v in r.items() if key.endswith("verdict")}
    assert cells
    assert cells == {NO_VERDICT} if quick else cells <= {"holds", "contradicted", "undecided"}
    text = module.SECTION.render(found)
    assert (NO_VERDICT in text) == quick
    with (tmp_path / f"{name}{'-quick' * quick}.csv").open(encoding="utf-8") as file:
        kept = list(csv.DictReader(file))
    assert {r[k] for r in kept for k in r if k.endswith("verdict")} == cells


def test_no_claim_is_judged_by_a_quick_run(monkeypatch, tmp_path):
    monkeypatch.setattr(claims, "sections", dict)
    monkeypatch.setattr(claims, "verdicts", lambda _: verdicts(FOUND))
    text = claims.document({}, Effort(quick=True, folder=tmp_path))
    table = [line for line in text.splitlines() if line.startswith("|")]
    assert len(table) == 8
    assert all(line.endswith(f" {NO_VERDICT} |") for line in table[2:])
    assert (tmp_path / "claims-quick.csv").read_text(encoding="utf-8").count(NO_VERDICT) == 6
    assert not (tmp_path / "claims.csv").exists()
