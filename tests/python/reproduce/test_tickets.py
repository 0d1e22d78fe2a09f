"""The tables on lottery tickets come from trained networks."""

import csv
from dataclasses import replace

import numpy as np
import pytest
from click.testing import CliRunner

import ltens
from ltens import reproduce
from ltens.cli import main
from ltens.reproduce.effort import Effort
from ltens.reproduce.tickets import arch as tickets_arch
from ltens.reproduce.tickets import averages as tickets_averages
from ltens.reproduce.tickets import claims as tickets_claims
from ltens.reproduce.tickets import counts as tickets_counts
from ltens.reproduce.tickets import coverage as tickets_coverage
from ltens.reproduce.tickets import distributions as tickets_distributions
from ltens.reproduce.tickets import ensembles as tickets_ensembles
from ltens.reproduce.tickets import exponents as tickets_exponents
from ltens.reproduce.tickets import modes as tickets_modes
from ltens.reproduce.tickets import partners as tickets_partners
from ltens.reproduce.tickets import peaks as tickets_peaks
from ltens.reproduce.tickets import plane as tickets_plane
from ltens.reproduce.tickets import plateau as tickets_plateau
from ltens.reproduce.tickets import polished as tickets_polished
from ltens.reproduce.tickets import refitted as tickets_refitted
from ltens.reproduce.tickets import sensitivity as tickets_sensitivity
from ltens.reproduce.tickets import splits as tickets_splits
from ltens.reproduce.tickets import starts as tickets_starts
from ltens.reproduce.tickets import synergy as tickets_synergy
from ltens.reproduce.tickets.ensembles import (
    INITS,
    PROTOCOLS,
    Ensemble,
    protocol,
    train_protocol,
)
from support.planted import with_errors

WIDTHS = (1, 2, 4, 5, 7, 10, 20, 40, 60)
TRAINED = ("base", "stop-500", "unit", "ten", "small")
MORE = ("stop-50000", "doubled", "init-he", "line", "huge-unit")  # one activation's tables suffice


@pytest.fixture(scope="module")
def data():
    """Ensembles trained for 300 steps only: enough for every line of the tables to be filled."""
    out = {}
    for name in (*TRAINED, *MORE):
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


@pytest.fixture(scope="module")
def document(data, tmp_path_factory):
    folder = tmp_path_factory.mktemp("tables")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tickets_polished, "BUDGETS", ((20, 2, (2, 5, 7, 10, 20)),))
        for module in (tickets_partners, tickets_counts):  # untrained controls: a few will do
            patch.setattr(module, "NETWORKS", 6)
        return tickets_claims.document(data, Effort(folder=folder)), folder


def rows(folder, name):
    with (folder / f"{name}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_every_claim_has_a_verdict_and_every_section_its_tables(document):
    text, folder = document
    claims = rows(folder, "claims")
    assert [row["claim"][0] for row in claims] == list("123456")
    assert [row["claim"] for row in claims if not (row["measured"] and row["verdict"])] == []
    assert text.startswith("| claim | holds if | measured | verdict |\n|---|---|---|---|\n| 1 SiLU")
    assert " | α is 1 within 0.1 | [-2, 2], 5–60: " in text
    for title in tickets_claims.sections():
        part = text.split(f"**{title}**")[1].split("**")[0]
        assert part.count("\n|") >= 4, title
        for line in [line for line in part.splitlines() if line.startswith("|")]:
            assert line.endswith(" |") or set(line) == set("|-")
    assert "by protocol: base 6;" in text


def test_tables_are_kept_in_full_precision(data, document):
    _, folder = document
    kept = {(r["activation"], r["protocol"], int(r["width"])): r for r in rows(folder, "losses")}
    for n in WIDTHS:
        loss = data["base"]["silu"].loss[n]
        assert float(kept["silu", "[-2, 2]", n]["median"]) == np.median(loss)
    names = {path.stem for path in folder.iterdir()}
    assert names >= {"exponents", "partners", "averages", "splits", "tickets", "polish", "pruning"}


def test_exponents_and_medians_are_those_of_planted_losses(data):
    draw = np.random.default_rng(0)
    widths = (5, 7, 10, 14, 20, 40, 60)
    planted = {n: 3.0 / n * draw.lognormal(sigma=0.3, size=200) for n in widths}
    ensembles = {"base": {a: Ensemble({}, planted, 0, data["base"][a].task) for a in data["base"]}}
    found = [r for r in tickets_exponents.exponents(ensembles) if r["activation"] == "silu"]
    assert [(r["low"], r["high"]) for r in found] == [(5, 20), (5, 60)]
    assert all(r["exponent_low"] < 1 < r["exponent_high"] for r in found)
    records = tickets_exponents.losses(ensembles)
    held = [r["median_low"] < 3.0 / r["width"] < r["median_high"] for r in records]
    assert len(held) == 14
    assert sum(held) >= 10  # of seven widths, twice: 95 % each, so that five misses do not happen


def test_median_interval_covers_the_median():
    draw = np.random.default_rng(0)
    for size in (12, 60):
        held = [
            low <= 0.0 <= high
            for low, high in (
                tickets_exponents.median_interval(draw.normal(size=size)) for _ in range(2000)
            )
        ]
        assert 0.945 <= np.mean(held) <= 0.99  # 95 % at least, less three errors of 2000 trials


def test_untrained_networks_are_said_to_hold_no_partners(data):
    records = tickets_partners.partners({})
    assert {r["protocol"] for r in records} == {"untrained"}
    assert [r["verdict"] for r in records] == ["contradicted"] * 4
    assert max(abs(r["others"]) for r in records) < 0.1  # four errors of 100 networks of N = 10


def test_comparisons_are_two_networks_of_each_width_and_more_of_five(data):
    pairs = {(r["k"], r["narrow"]) for r in tickets_averages.averages(data)}
    assert pairs == {(2, 2), (2, 5), (4, 5), (2, 10), (2, 20)}  # N = 1 is dead after 300 steps


def test_share_along_training_has_a_row_for_each_number_of_steps(data):
    text = tickets_splits.training_time(tickets_splits.splits(data))
    assert [line.split(" | ")[0] for line in text.splitlines() if line[2:3].isdigit()] == [
        "| 500", "| 50000", "| 500000", "| 500", "| 50000", "| 500000",
    ]  # fmt: skip


def test_every_share_stands_with_both_rules(data):
    records = tickets_splits.splits(data)
    text = tickets_splits.table(records)
    assert "share of bias²" in text
    assert "share without them" in text
    assert "N^−α" not in text  # values by width: they follow no power
    planted = [r for r in records if r["outliers"]]
    assert all(r["trimmed_share"] != r["share"] for r in planted)
    assert "share of bias² (without losses > 10 medians)" in tickets_splits.training_time(records)


def test_distributions_of_equal_losses_have_ratio_one():
    nets, task = with_errors(600, 0.3, 0.2)
    same = {"silu": Ensemble({1: nets, 2: nets}, {}, 0, task)}
    found = tickets_distributions.quantiles({"doubled": {**same, "relu": same["silu"]}})
    assert [r["prediction"] for r in found[:2]] == ["outputs averaged", "rule Σl/k²"]
    for record in found:
        assert record["q10_low"] < record["q10"] < record["q10_high"]
        assert record["trained_q10"] < record["trained_q50"] < record["trained_q90"]
    above = tickets_distributions._how_often_above
    assert above(np.arange(5.0), np.arange(5.0)) == 0.5
    assert above(np.array([2.0, 3.0]), np.array([1.0])) == 1.0


def test_averages_end_in_the_planted_plateau():
    nets, task = with_errors(400, 0.5, 0.5)
    ensemble = Ensemble({20: nets}, {20: np.zeros(400)}, 0, task)
    found = tickets_plateau.plateaus({"doubled": {"silu": ensemble, "relu": ensemble}})
    assert {r["k"] for r in found} == {1, 2, 4, 8, 16, 32}
    for planted in (0.0, 1.0):
        own = [r for r in found if r["planted"] == planted]
        assert own[0]["plateau"] == pytest.approx((0.5 + 0.5 * np.sqrt(planted)) ** 2, rel=0.1)
        held = [r["measured_low"] <= r["predicted"] <= r["measured_high"] for r in own]
        assert np.mean(held) >= 0.5  # the prediction has an error too
    assert tickets_plateau.table(found).count("\n") == 5


def test_synergy_is_measured_at_every_stop(data):
    found = tickets_synergy.synergies(data)
    assert {r["steps"] for r in found} == {500, 50_000}
    silu = [r["pair"] for r in found if r["activation"] == "silu" and r["steps"] == 500]
    assert {"5 → 10", "10 → 20", "20 → 40"} <= set(silu)
    trends = tickets_synergy.trends(found)
    assert {r["change"] for r in trends} <= {"grows", "fades", "undecided"}
    assert tickets_synergy.change(
        {"synergy_low": 2, "synergy_high": 3}, {"synergy_low": 0, "synergy_high": 1}
    ) == "fades"  # fmt: skip


def test_neurons_on_the_arch_have_no_distance_and_without_arms_none_is_known():
    x, b = np.transpose(tickets_arch.ARCH)
    w = np.array([x, -x, 0 * x])[..., np.newaxis]
    nets = ltens.Networks(w, np.tile(b, (3, 1)), np.ones((3, 5)), np.zeros(3), activation="silu")
    distance, close, arms = tickets_arch.distances(nets)
    assert distance[:2].tolist() == [0.0, 0.0]
    assert close[:2].tolist() == [1.0, 1.0]
    assert arms.tolist() == [0.8, 0.8, 0.0]
    assert np.isnan([distance[2], close[2]]).all()


def test_every_initialisation_has_its_statistics(data):
    from ltens import _core

    assert tuple(_core.initialisations()) == INITS
    found = tickets_starts.starts(data)
    assert {r["protocol"] for r in found} == {"init he"}
    assert all(r["n95_low"] <= r["n95"] <= r["n95_high"] for r in found)
    text = tickets_starts.table(found)
    assert all(word in text for word in ("share without them", "tickets at R² ≥ 0.95"))


def test_two_dimensions_have_the_statistics_of_one(monkeypatch):
    for name in ("line", "plane"):
        small = replace(PROTOCOLS[name], widths=(5, 10), seeds=6)
        monkeypatch.setitem(PROTOCOLS, name, small)
    monkeypatch.setattr(tickets_ensembles, "_steps", lambda quick: 600)
    data = {name: train_protocol(name, Effort(quick=True)) for name in ("line", "plane")}
    assert data["plane"]["silu"].nets[5].dimension == 2
    assert data["plane"]["silu"].task.samples == 1024
    splits = tickets_plane.splits(data)
    averages = tickets_plane.averages(data)
    for records in (splits, averages):
        assert {r["protocol"] for r in records} == {"d = 1", "d = 2"}
    assert {(r["narrow"], r["wide"]) for r in averages} == {(5, 10)}


def test_coverage_is_better_than_that_of_the_jackknife():
    kind = "spread along one direction, bias along it"
    found = tickets_coverage.planted(kind, 0.03, 60)
    assert min(found["bias2"], found["share"]) >= 0.86  # three errors of 60 trials below 95 %
    assert found["bias2_student"] < found["bias2"]


def test_widths_without_living_networks_are_left_out(data):
    nets = ltens.Networks.init(5, 4)
    task = data["base"]["silu"].task
    for losses, rows in (([1.4] * 4, 0), ([0.1, 0.1, 0.1, 1.4], 1)):
        ensemble = Ensemble({5: nets}, {5: np.array(losses)}, 0, task)
        assert ensemble.living(5) == (3 if rows else 0)
    dead = {"base": {"silu": Ensemble({5: nets}, {5: np.full(4, 1.4)}, 0, task)}}
    assert tickets_splits.splits(dead) == []
    assert tickets_modes.modes(dead) == []


def test_peaks_and_refits_are_measured_where_there_are_networks(data):
    shares: dict[tuple[str, int], float] = {}
    for record in tickets_peaks.peaks(data):
        key = record["activation"], record["width"]
        shares[key] = shares.get(key, 0.0) + record["share"]
    assert list(shares.values()) == pytest.approx([1.0] * len(shares), rel=1e-14)  # a few parts
    for record in tickets_refitted.refitted(data):
        assert record["all"] <= record["steep"] * (1 + 1e-9) <= record["trained"] * 1e9
        assert record["all"] <= record["trained"] * (1 + 1e-9)  # least squares, float64 sums


def test_protocols_stretch_or_stop_the_schedule():
    base, ten, stopped = protocol("base"), protocol("ten"), protocol("stop-500")
    assert (base.training().steps, base.training().lr_decay_every) == (50_000, 10_000)
    assert (ten.training().steps, ten.training().lr_decay_every) == (500_000, 100_000)
    assert (stopped.training().steps, stopped.training().lr_decay_every) == (500, 10_000)
    assert base.training() == ltens.Training()
    with pytest.raises(ValueError, match="name is 'bse', which is not known: did you mean 'base'"):
        protocol("bse")


def test_every_section_names_known_protocols():
    for section in tickets_claims.sections().values():
        assert section.protocols
        assert set(section.protocols) <= set(PROTOCOLS)


def test_a_stopped_schedule_is_a_checkpoint_of_the_whole():
    start = ltens.Networks.init(4, 3)
    task = protocol("base").task
    steps = protocol("stop-500").training()
    whole = ltens.train(start, task, ltens.Training(steps=700), threads=1, checkpoints=[500])
    stopped = ltens.train(start, task, steps, threads=1)
    assert (stopped.loss == whole.history[:, 0]).all()


def test_one_sided_networks_start_with_positive_weights(monkeypatch):
    small = tickets_ensembles.Protocol("one-sided", widths=(3,), seeds=2, one_sided=True)
    monkeypatch.setitem(PROTOCOLS, "one-sided", small)
    monkeypatch.setattr(tickets_ensembles, "_QUICK_WIDTHS", (3,))
    begun = []
    original = tickets_ensembles.train  # type: ignore[attr-defined]  # replaced where it is used

    def watched(nets, *others, **options):
        begun.append(nets)
        return original(nets, *others, **options)

    monkeypatch.setattr(tickets_ensembles, "train", watched)
    found = train_protocol("one-sided", Effort(quick=True))
    assert all((nets.w > 0).all() for nets in begun)
    assert sorted(found) == ["relu", "silu"]


def test_networks_come_back_from_the_store(tmp_path, monkeypatch):
    small = tickets_ensembles.Protocol("small", widths=(2, 3), seeds=2)
    monkeypatch.setitem(PROTOCOLS, "base", small)
    monkeypatch.setattr(tickets_ensembles, "_QUICK_WIDTHS", (2, 3))
    first = train_protocol("base", Effort(quick=True, folder=tmp_path))
    again = train_protocol("base", Effort(quick=True, folder=tmp_path))
    for activation in ("relu", "silu"):
        for n in (2, 3):
            assert (first[activation].nets[n].w == again[activation].nets[n].w).all()
            nets, task = first[activation].nets[n].astype("float64"), first[activation].task
            loss = np.square(nets(task.x) - task.y).mean(axis=1)
            # Float64, 1000 terms.
            assert loss == pytest.approx(first[activation].loss[n], rel=1e-12)


def test_command_keeps_networks_and_table_in_the_folder(tmp_path, monkeypatch):
    small = tickets_ensembles.Protocol("small", widths=(1, 2), seeds=8)
    monkeypatch.setitem(PROTOCOLS, "small", small)
    monkeypatch.setitem(PROTOCOLS, "small-unit", small)
    command = ["reproduce", "tickets-peaks", "--quick", "--threads", "1", "--folder"]
    done = CliRunner().invoke(main, [*command, str(tmp_path)])
    assert done.exit_code == 0, done.output
    assert {path.name for path in tmp_path.iterdir()} >= {"peaks-quick.csv", "small-quick.ltens"}
    assert "Quick run (2,000 steps instead of 50,000" in done.output
    lost = CliRunner().invoke(main, [*command, str(tmp_path / "none")])
    assert lost.exit_code == 2
    assert "must be an existing folder" in lost.output
    with pytest.raises(ValueError, match="folder is given, but solvable-F6 keeps nothing there"):
        reproduce.draw("solvable-F6", quick=True, folder=tmp_path)


def test_variants_are_trained_and_fitted(tmp_path, monkeypatch):
    monkeypatch.setattr(tickets_sensitivity, "WIDTHS", (5, 8, 12))
    effort = Effort(quick=True, folder=tmp_path)
    names = ("base", "lr x 3")
    found = tickets_sensitivity.measured(effort, names=names, seeds=4)
    assert [(row.name, row.activation) for row in found.rows] == [
        ("base", "relu"), ("base", "silu"), ("lr x 3", "relu"), ("lr x 3", "silu"),
    ]  # fmt: skip
    assert found.rows[0].exponent != found.rows[2].exponent
    assert tickets_sensitivity.measured(effort, names=names, seeds=4) == found
    records = tickets_sensitivity.records(effort, names=names, seeds=4)
    assert [record["exponent"] for record in records] == [row.exponent for row in found.rows]


def test_every_variant_can_be_built():
    for task, training, options in tickets_sensitivity.VARIANTS.values():
        assert ltens.Task.from_function(**({"function": "square"} | task)).samples >= 100
        settings = {key: value for key, value in training.items() if key != "steps"}
        assert isinstance(ltens.Training(**settings), ltens.Training)
        assert set(options) <= {"init", "dtype", "activations", "seeds"}
