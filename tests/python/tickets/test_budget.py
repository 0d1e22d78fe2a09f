"""The budget of a loss: planted truths, the identity, and what it takes."""

import json
from types import SimpleNamespace

import numpy as np
import pytest
from matplotlib.container import BarContainer

import ltens
from ltens import tickets
from ltens.tickets.budget_terms import terms_of

X = np.linspace(-1.0, 1.0, 41)


class Planted:
    """Networks of 2 neurons that all seeds share; the read-out is off by a mean and by noise.

    y = 1 + 2 relu(x) + e with e outside the neurons' span: with the read-out solved every network
    has the error -e. As given, f_s = solved + mean + noise_s: approximation is <e^2>, all of it
    shared; optimisation is <mean^2> + <noise^2>, of which <mean^2> is shared.
    """

    def __init__(self, outside=0.05, mean=0.1, noise=0.2):
        span = np.stack([np.ones(len(X)), np.maximum(X, 0), np.maximum(-X, 0)])
        basis = np.linalg.qr(span.T)[0]
        e = np.cos(9 * X)
        self.e = outside * (e - basis @ (basis.T @ e))
        self.task = ltens.Task(X, 1 + 2 * np.maximum(X, 0) + self.e)
        gram = span[1:] @ span[1:].T / len(X)  # of the two neurons
        self.scale, self.gram = noise, gram
        self.mean = np.array([mean, 0.0])
        self.truth = {
            "approximation, shared": np.mean(self.e**2),
            "approximation, independent": 0.0,
            "optimisation, shared": self.mean @ gram @ self.mean,
            "optimisation, independent": noise**2 * np.trace(gram),
        }

    def networks(self, seeds, rng):
        a = np.array([2.0, 0.0]) + self.mean + self.scale * rng.normal(size=(seeds, 2))
        return ltens.Networks(
            np.broadcast_to([[1.0], [-1.0]], (seeds, 2, 1)).copy(),
            np.zeros((seeds, 2)),
            a,
            np.ones(seeds),
            activation="relu",
        )


def test_planted_parts_are_inside_their_intervals_as_often_as_they_say():
    planted, rng = Planted(), np.random.default_rng(0)
    inside = dict.fromkeys(planted.truth, 0)
    means = dict.fromkeys(planted.truth, 0.0)
    trials = 200
    for _ in range(trials):
        row = tickets.budget({2: planted.networks(40, rng)}, planted.task, exclude="none")[2]
        for name, truth in planted.truth.items():
            low, high = row.intervals[name]
            # The independent part of the approximation is 0 in every sample, up to rounding.
            inside[name] += low - 1e-12 <= truth <= high + 1e-12
            means[name] += row.parts[name] / trials
    # 95 % of 200, less three standard errors of 3.1 and the t-interval's want of a few percent.
    assert min(inside.values()) >= 174
    for name, truth in planted.truth.items():
        # The largest standard error of a mean of 200 estimates is 2 %.
        assert means[name] == pytest.approx(truth, rel=0.08, abs=1e-6), name


def test_the_shared_part_of_pure_noise_is_none():
    planted = Planted(mean=0.0)
    row = tickets.budget(
        {2: planted.networks(60, np.random.default_rng(1))}, planted.task, exclude="none"
    )[2]
    low, high = row.intervals["optimisation, shared"]
    assert low < 0 < high
    assert row.best == pytest.approx(np.mean(planted.e**2), rel=1e-9)
    assert row.neurons == pytest.approx(0.0, abs=1e-12)


@pytest.fixture(scope="module")
def trained():
    task = ltens.Task.from_function("sin", samples=60, domain=(-3.0, 3.0))
    training = ltens.Training(steps=300)
    ds = ltens.sweep(
        [2, 4, 8],
        12,
        activations="tanh",
        task=task,
        training=training,
        keep_networks=True,
        progress=False,
    )
    return task, ds


def test_the_parts_sum_to_the_loss_and_agree_with_the_other_functions(trained):
    task, ds = trained
    found = tickets.budget(ds, task, exclude="none")
    assert found.widths == [2, 4, 8]
    for row in found.rows:
        nets = ltens.Networks(
            **{n: ds[f"{n}_{row.width}"].values[0] for n in "wbac"}, activation="tanh"
        )
        split, solved = tickets.bias_variance(nets, task, exclude="none"), tickets.refit(nets, task)
        tight = 1e-12 * row.loss  # 60 samples, 12 seeds: sums of some hundred rounding errors
        assert row.loss == pytest.approx(split.loss, abs=tight)
        assert row.shared == pytest.approx(split.bias2, abs=tight)
        assert row.independent == pytest.approx(split.variance, abs=tight)
        assert row.intervals["shared"] == split.intervals["bias2"]
        assert row.approximation == pytest.approx(solved.loss.mean(), abs=tight)
        assert row.best <= solved.loss.min()
        assert sum(row.parts.values()) == pytest.approx(row.loss, abs=tight)
        assert row.approximation + row.optimisation == pytest.approx(row.loss, abs=tight)
        assert row.shared + row.independent == pytest.approx(row.loss, abs=tight)
        low, high = row.intervals["loss"]
        assert low < row.loss < high
        assert sum(row.shares[name] for name in row.parts) == pytest.approx(1.0)
        assert row.shares["shared"] == pytest.approx(split.share)
        assert row.share_intervals["shared"] == split.intervals["share"]
        assert row.share_intervals["loss"] == pytest.approx((1.0, 1.0))


def test_a_refitted_error_is_orthogonal_to_what_the_optimiser_left(trained):
    task, ds = trained
    arrays = {n: ds[f"{n}_4"].values[0].astype(float) for n in "wbac"}
    nets = ltens.Networks(**arrays, activation="tanh")
    solved = tickets.refit(nets, task)
    after = ltens.Networks(nets.w, nets.b, solved.a, solved.c, activation="tanh")
    left, rest = after(task.x) - task.y, nets(task.x) - after(task.x)
    # lstsq's residual is orthogonal to the span to some eps of the sizes of both.
    assert np.abs((left * rest).mean(axis=1)).max() < 1e-12


def test_terms_and_errors_are_the_plain_definition():
    rng = np.random.default_rng(2)
    r, refitted = rng.normal(size=(7, 30)), rng.normal(size=(7, 30))
    whole, products = r @ r.T, refitted @ r.T
    values, errors = terms_of(whole, products)["values"]

    def plain(rows):
        pairs = [(s, t) for s in rows for t in rows if s != t]
        shared = np.mean([products[s, t] for s, t in pairs])
        return shared, np.mean([products[s, s] for s in rows]) - shared

    shared, independent = plain(range(7))
    assert values["approximation, shared"] == pytest.approx(shared)
    assert values["approximation, independent"] == pytest.approx(independent)
    without = np.array([plain([s for s in range(7) if s != left])[0] for left in range(7)])
    expected = np.sqrt(6 * np.mean((without - without.mean()) ** 2))
    assert errors["approximation, shared"] == pytest.approx(expected)
    shares, _ = terms_of(whole, products)["shares"]
    assert shares["approximation, shared"] == pytest.approx(shared / values["loss"])


def test_order_and_scale(trained):
    task, ds = trained
    one = tickets.budget(ds, task)[4]
    turned = tickets.budget(ds.isel(seed=slice(None, None, -1)), task)[4]
    assert turned.parts == pytest.approx(one.parts)
    assert turned.intervals["shared"] == pytest.approx(one.intervals["shared"])
    weighted = ltens.Task(task.x, task.y, np.full(60, 7.0))  # weights count by their share
    assert tickets.budget(ds, weighted)[4].parts == pytest.approx(one.parts)


def test_the_best_known_network_falls_with_width_and_with_polish(trained):
    task, ds = trained
    plain, polished = (tickets.budget(ds, task, polished=k) for k in (0, 2))
    best = [row.best for row in plain.rows]
    assert best == sorted(best, reverse=True)
    for before, after in zip(plain.rows, polished.rows, strict=True):
        assert after.best < before.best
        assert after.parts == before.parts


def test_diverged_and_dead_networks_are_left_out(trained):
    task, ds = trained
    status, parameter = ds.status.values.copy(), ds.a_4.values.copy()
    status[0, 1, 3], parameter[0, 3] = 1, np.nan
    changed = ds.assign(status=(ds.status.dims, status), a_4=(ds.a_4.dims, parameter))
    assert tickets.budget(changed, task, exclude="none")[4].seeds == 11
    dead = ds.a_4.values.copy()
    dead[0, 5] = 0.0
    row = tickets.budget(ds.assign(a_4=(ds.a_4.dims, dead)), task)[4]
    assert (row.seeds, row.excluded) == (11, 1)
    assert "11 seeds, 1 left out" in str(row)


def test_it_is_printed_and_is_plain_data(trained):
    task, ds = trained
    found = tickets.budget(ds, task)
    lines = str(found[2]).splitlines()
    assert [line.split("  ")[0] for line in lines[1:]] == [
        "approximation", "optimisation", "in all", "best known network",
    ]  # fmt: skip
    assert " ".join(lines[0].split()) == ("N = 2, 12 seeds shared independent in all of the loss")
    assert f"{found[2].loss:.3g}" in lines[3]
    assert "100.0 %" in lines[3]
    assert str(found).count("best known network") == len(found) == 3
    assert json.loads(json.dumps(found.to_dict()))["4"]["loss"] == found[4].loss
    with pytest.raises(KeyError, match="width 3 has no budget, but these have: 2, 4, 8"):
        found[3]


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        (lambda ds, _: ds.drop_vars("w_4"), ValueError, "data has no 'w_4', .* keep_networks=True"),
        (lambda ds, _: ds.drop_vars("loss"), ValueError, "data has no 'loss'"),
        (lambda ds, _: {}, ValueError, "data holds no width"),
        (lambda ds, _: 3, TypeError, "data is a int, but must be a mapping of widths"),
        (lambda ds, nets: {3: nets}, ValueError, r"data\[3\] is Networks.* must be networks of"),
        (lambda ds, nets: {4: 7}, ValueError, r"data\[4\] is 7, but must be networks"),
        (lambda ds, nets: {4: nets[:2]}, ValueError, r"data\[4\] has 2 network\(s\) left by"),
    ],
)
def test_what_has_no_budget(trained, change, error, message):
    task, ds = trained
    nets = ltens.Networks.init(4, 5, activation="tanh")
    with pytest.raises(error, match=message):
        tickets.budget(change(ds, nets), task, exclude="none")


def test_several_curves_outputs_and_other_losses(trained):
    task, ds = trained
    two = ltens.sweep([2], 3, task=task, training=ltens.Training(steps=5), progress=False,
                      keep_networks=True)  # fmt: skip
    with pytest.raises(ValueError, match="data has 2 values of 'activation', but a budget"):
        tickets.budget(two, task)
    assert tickets.budget(two.sel(activation="silu"), task, exclude="none")[2].seeds == 3
    several = SimpleNamespace(
        w=np.ones((3, 2, 1)), b=np.ones((3, 2)), a=np.ones((3, 5, 2)), c=np.ones((3, 5)),
        activation="relu",
    )  # fmt: skip
    with pytest.raises(ValueError, match=r"data\[2\] has several outputs, but a budget is of one"):
        tickets.budget({2: several}, task)
    classes = SimpleNamespace(x=task.x, y=task.y, weights=task.weights, loss="cross_entropy")
    with pytest.raises(ValueError, match="task has the loss 'cross_entropy', but a budget is of"):
        tickets.budget(ds, classes)
    with pytest.raises(ValueError, match="polished is -1"):
        tickets.budget(ds, task, polished=-1)
    with pytest.raises(ValueError, match="exclude is 'some'"):
        tickets.budget(ds, task, exclude="some")


def test_a_picture_has_every_part_of_every_width(trained):
    task, ds = trained
    found = tickets.budget(ds, task)
    ax = ltens.plot.budget(found)
    bars = [part for part in ax.containers if isinstance(part, BarContainer)]
    heights = np.array([[bar.get_height() for bar in part] for part in bars])
    assert heights.shape == (4, 3)
    np.testing.assert_allclose(heights.sum(axis=0), 100.0)
    assert [label.get_text() for label in ax.get_xticklabels()] == ["2", "4", "8"]
