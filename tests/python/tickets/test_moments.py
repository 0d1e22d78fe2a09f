"""Bias, variance, correlation and ensembling recover what was planted."""

import numpy as np
import pytest

import ltens
from ltens.tickets import bias_variance, ensembling, slope
from support.planted import permuted, square, with_errors

EXACT = 1e-12  # sums of 200 terms of order 1 in float64: 200 eps, with room


def test_the_mean_loss_is_split():
    nets, task = with_errors(50, 0.3, 0.2)
    split = bias_variance(nets, task, exclude="none")
    loss = np.square(nets(task.x) - task.y).mean(axis=1)
    assert split.loss == pytest.approx(loss.mean(), abs=EXACT)
    assert split.bias2 + split.variance == pytest.approx(split.loss, abs=EXACT)
    assert split.share == pytest.approx(split.bias2 / split.loss, abs=EXACT)
    assert np.mean(split.bias2_x) == pytest.approx(split.bias2, abs=EXACT)
    assert np.mean(split.variance_x) == pytest.approx(split.variance, abs=EXACT)


def test_estimators_agree_with_their_definitions():
    nets, task = with_errors(12, 0.3, 0.2)
    split = bias_variance(nets, task, exclude="none")
    r = nets(task.x) - task.y
    products = [np.mean(r[s] * r[t]) for s in range(12) for t in range(12) if s != t]
    cosines = np.corrcoef(np.concatenate([r, -r], axis=1))  # doubled: the mean is zero
    assert split.bias2 == pytest.approx(np.mean(products), abs=EXACT)
    assert split.correlation == pytest.approx((cosines.sum() - 12) / (12 * 11), abs=EXACT)
    assert split.correlations == pytest.approx(cosines, abs=EXACT)


def test_standard_errors_are_those_of_leaving_seeds_out():
    nets, task = with_errors(10, 0.3, 0.2)
    split = bias_variance(nets, task, exclude="none")
    rows = [np.delete(np.arange(10), s) for s in range(10)]
    without = [bias_variance(nets[keep], task, exclude="none") for keep in rows]
    for name in ("bias2", "variance", "loss", "share", "correlation"):
        values = np.array([getattr(one, name) for one in without])
        error = np.sqrt(9 * np.mean((values - values.mean()) ** 2))
        # Differences lose 3 digits: 1e3 * eps = 2e-13.
        assert split.errors[name] == pytest.approx(error, rel=1e-11)


def coverage(trials, bias, spread, **options):
    truth = {"bias2": bias**2, "variance": spread**2, "share": bias**2 / (bias**2 + spread**2)}
    hits = dict.fromkeys(truth, 0)
    for trial in range(trials):
        nets, task = with_errors(60, bias, spread, rng=trial, samples=20, **options)
        split = bias_variance(nets, task, exclude="none")
        for name, value in truth.items():
            low, high = split.intervals[name]
            hits[name] += low <= value <= high
    return {name: count / trials for name, count in hits.items()}


@pytest.mark.parametrize("aligned", [True, False])
@pytest.mark.parametrize("share", [0.0, 0.03, 0.3])
def test_intervals_cover_the_planted_values(share, aligned):
    found = coverage(120, np.sqrt(share / (1 - share)), 1.0, aligned=aligned)
    # 95 % nominal; the standard error of 120 trials is 2 %. Student's t with the jackknife alone
    # gives 78 to 90 % for bias2 and share at 0.03.
    assert min(found["bias2"], found["share"]) >= 0.89
    assert found["variance"] >= 0.86  # the skew of squares costs 1-2 %


def test_the_estimate_of_no_bias_is_not_biased():
    values = []
    for trial in range(300):
        nets, task = with_errors(10, 0.0, 1.0, rng=trial, samples=20)
        values.append(bias_variance(nets, task, exclude="none").bias2)
    # The naive estimate is 1/10; the unbiased one scatters about 0.
    assert abs(np.mean(values)) < 4 * np.std(values) / np.sqrt(300)  # four standard errors


def test_a_shared_error_is_seen_as_bias():
    shared = [
        bias_variance(*with_errors(40, 0.0, 1.0, correlation=0.6, rng=k), exclude="none").bias2
        for k in range(300)
    ]
    # E mean_{s != t} z_s z_t is the correlation.
    assert abs(np.mean(shared) - 0.6) < 4 * np.std(shared) / np.sqrt(300)  # four standard errors


def test_order_of_seeds_and_neurons_changes_nothing():
    nets, task = with_errors(30, 0.3, 0.2)
    mixed = permuted(nets[np.random.default_rng(0).permutation(30)], [2, 0, 1])
    first, second = bias_variance(nets, task), bias_variance(mixed, task)
    for name in ("bias2", "variance", "correlation", "share"):
        # Sums in another order.
        assert getattr(first, name) == pytest.approx(getattr(second, name), rel=1e-13)


def test_dead_networks_are_left_out_and_counted():
    nets, task = with_errors(30, 0.1, 0.1)
    a = nets.a.copy()
    a[:5] = 0.0
    dead = ltens.Networks(nets.w, nets.b, a, nets.c, activation="relu")
    split = bias_variance(dead, task)
    assert (split.seeds, split.excluded) == (25, 5)
    assert bias_variance(dead, task, exclude="none").loss > 2 * split.loss
    assert bias_variance(dead, task, exclude=1.5).excluded > 5


def test_what_bias_variance_refuses():
    nets, task = with_errors(5, 0.1, 0.1)
    with pytest.raises(ValueError, match="exclude is 'outliers', but must be 'none', 'dead' or"):
        bias_variance(nets, task, exclude="outliers")
    with pytest.raises(ValueError, match=r"nets has 2 network\(s\) left by exclude='dead'"):
        bias_variance(nets[:2], task)
    with pytest.raises(TypeError, match="task is a int, but must have x, y and weights"):
        bias_variance(nets, 3)
    broken = nets.c.copy()
    broken[3] = np.nan
    bad = ltens.Networks(nets.w, nets.b, nets.a, broken, activation="relu")
    with pytest.raises(ValueError, match=r"nets\[3\] has a parameter that is not finite"):
        bias_variance(bad, task)
    with pytest.raises(ValueError, match="task has dimension 2, but must have the networks' dim"):
        bias_variance(nets, ltens.Task(np.zeros((4, 2)), [1.0, 2, 3, 4]))


def test_averaging_uncorrelated_errors_follows_the_rule():
    nets, task = with_errors(4000, 0.0, 0.1)
    row = ensembling({1: nets, 2: nets}, task)[1, 2]
    mean = row.averaged_draws.mean()
    # Mean loss of the average of two is half the mean loss: z^2 has relative deviation sqrt(2).
    assert mean == pytest.approx(0.01 / 2, rel=4 * np.sqrt(2 / 2000))
    assert row.narrow_loss == pytest.approx(0.01 * 0.4549, rel=0.1)  # median of chi^2_1; 4 se
    assert row.observed == row.narrow_loss


def test_averaging_does_not_remove_a_shared_error():
    nets, task = with_errors(200, 0.5, 0.01)
    row = ensembling({1: nets, 4: nets}, task, k=[4], exclude="none")[1, 4]
    assert row.averaged == pytest.approx(0.25, rel=0.02)  # bias^2; the spread is 1/50 of the bias
    # The same spread, 2 % of each; no sampling error but its 200th part.
    assert row.uncorrelated == pytest.approx(0.25 / 4, rel=0.02)
    assert row.synergy == pytest.approx(1.0, rel=0.02)
    low, high = row.intervals["synergy"]
    assert low <= row.synergy <= high


def test_a_prediction_without_a_wide_network():
    nets, task = with_errors(64, 0.1, 0.1)
    found = ensembling({1: nets}, task, k=[2, 16], observed_only=False)
    assert [row.k for row in found.rows] == [2, 16]
    assert np.isnan(found[1, 16].synergy)
    assert found[1, 16].averaged < found[1, 2].averaged
    with pytest.raises(KeyError, match=r"\(3, 6\) was not compared"):
        found[3, 6]
    with pytest.raises(ValueError, match=r"nets_by_width has the widths \[1\]"):
        ensembling({1: nets}, task)
    with pytest.raises(TypeError, match="nets_by_width is Networks, but must be a mapping"):
        ensembling(nets, task)


def test_slopes_and_their_coverage():
    draw, n, hits = np.random.default_rng(0), np.array([5.0, 10, 20, 40, 80]), 0
    for _ in range(1000):
        value = 3 * n**-1.3 * draw.lognormal(sigma=0.1, size=5)
        low, high = slope(n, value, 0.1 * value).interval
        hits += low <= -1.3 <= high
    assert 0.93 <= hits / 1000 <= 0.97  # 95 %, three standard errors of 0.7 %
    with pytest.raises(ValueError, match=r"values holds -1.0, but every value must be positive"):
        slope([1, 2, 3], [1, -1, 1], [1, 1, 1])
    with pytest.raises(ValueError, match=r"sizes has 2 size\(s\), but must have at least 3"):
        slope([1, 2, 2], [1, 1, 1], [1, 1, 1])
    assert slope([1, 2, 4], [4.0, 2, 1], [0.1, 0.1, 0.1]).scatter < EXACT
    chi2 = [slope(n, 3 / n * draw.lognormal(sigma=0.1, size=5), 0.3 / n).chi2 for _ in range(300)]
    assert np.mean(chi2) == pytest.approx(1.0, abs=0.2)  # chi^2_3 / 3: four errors of 300 means
    assert slope(n, 3 / n + 1, 0.01 / n).chi2 > 100  # no power
    assert np.isnan(slope(n, 3 / n, 0 * n).chi2)
    with pytest.raises(ValueError, match="must all have the shape"):
        slope([1, 2], [1, 2, 3], [1, 2])


def test_predictions_are_those_of_the_networks():
    task = square(50)
    for activation in ("relu", "leaky_relu", "abs", "silu", "gelu", "tanh", "sigmoid"):
        _agrees(task, activation)
    for activation in ("softplus", "erf", "sin", "square"):
        _agrees(task, activation)


def _agrees(task, activation):
    from ltens.tickets.inputs import network_arrays

    nets = ltens.Networks.init(7, 3, activation=activation, dtype="float64")
    # The core's functions are right to a few ULP, see docs/guide/numerics.md; sums of 7 terms of
    # order 1.
    assert network_arrays(nets).predict(task.x) == pytest.approx(nets(task.x), abs=1e-13)
