"""The pictures show what they are given."""

import matplotlib as mpl
import numpy as np
import pytest

import ltens
from ltens import plot, tickets
from support.planted import pairs, square, with_errors

mpl.use("agg")


def points(container):
    """Of an error bar."""
    return container.lines[0]


@pytest.fixture(autouse=True)
def _closed():
    import matplotlib.pyplot as plt

    yield
    plt.close("all")


def test_scatter_shows_every_neuron():
    nets = pairs(10, 2)
    ax = plot.neuron_scatter(nets, 1)
    drawn = np.asarray(ax.collections[0].get_offsets())
    assert (drawn == np.column_stack([nets.w[1, :, 0], nets.b[1]])).all()
    low, high = ax.get_xlim()
    assert low == -high
    with pytest.raises(ValueError, match="nets have dimension 2, but the picture needs 1"):
        plot.neuron_scatter(ltens.Networks.init(3, 1, dimension=2))
    with pytest.raises(ValueError, match="index is 2, but must be at most 1"):
        plot.neuron_scatter(nets, 2)


def test_histogram_counts_every_network_once():
    draw = np.random.default_rng(0)
    nets = ltens.Networks.init(2, 300)
    found = tickets.algorithms(nets, 10 ** draw.choice([-6.0, -2.0], 300) * draw.uniform(1, 2, 300))
    ax = plot.loss_histogram(found)
    top = np.max([[bar.get_y() + bar.get_height() for bar in group] for group in ax.containers], 0)
    assert top.sum() == 300
    assert len(found.peaks) == 2
    marks = [line.get_xdata()[0] for line in ax.lines]
    assert marks == [peak.loss for peak in found.peaks]
    shares = sum((found.types == name).mean() for name in set(found.types.tolist()))
    assert shares == pytest.approx(1.0, rel=1e-15)  # a few fractions of 300


def test_pair_map_is_ordered_by_its_pairs():
    scores = tickets.pair_scores(ltens.Networks.init(7, 1), square(60))
    ax = plot.pair_score_map(scores)
    image = np.asarray(ax.images[0].get_array())
    assert image.shape == (7, 7)
    assert image[0, 1] == pytest.approx(-np.log10(1 - scores.pair_r2[0, 0]), rel=1e-15)  # a log
    wide = tickets.PairScores(**{**vars(scores), "matrix": None})
    with pytest.raises(ValueError, match="scores has no matrix, but the picture needs one"):
        plot.pair_score_map(wide)


def test_ensembling_shows_three_losses_for_each_pair():
    nets, task = with_errors(40, 0.1, 0.1)
    found = tickets.ensembling({1: nets, 2: nets, 4: nets}, task)
    ax = plot.ensembling(found)
    assert [label.get_text() for label in ax.get_xticklabels()] == ["2×1\nvs 2", "2×2\nvs 4"]
    assert len(ax.containers) == 3
    observed = points(ax.containers[0]).get_ydata()
    assert observed.tolist() == [row.observed for row in found.rows]


def test_bias_and_variance_against_width():
    nets, task = with_errors(40, 0.1, 0.1)
    splits = {n: tickets.bias_variance(nets, task) for n in (8, 2)}
    ax = plot.bias_variance(splits)
    assert points(ax.containers[2]).get_xdata().tolist() == [2, 8]
    assert ax.get_xscale() == ax.get_yscale() == "log"


def test_a_squared_bias_that_may_be_none_is_drawn_as_a_bound():
    nets, task = with_errors(40, 0.0, 0.1)
    split = tickets.bias_variance(nets, task)
    assert split.intervals["bias2"][0] == 0
    ax = plot.bias_variance({4: split})
    *_, arrow = ax.containers
    assert points(arrow).get_ydata().tolist() == [split.intervals["bias2"][1]]


def test_losses_of_averages_are_drawn_beside_those_of_wide_networks():
    nets, task = with_errors(40, 0.1, 0.1)
    row = tickets.ensembling({1: nets, 2: nets}, task)[1, 2]
    ax = plot.ensemble_losses(row)
    labels = [text.get_text() for text in ax.get_legend().get_texts()]
    assert labels[:2] == ["one network of the wide width", "outputs of k narrow ones averaged"]
    medians = [line.get_xdata()[0] for line in ax.lines]
    draws = (row.observed_draws, row.averaged_draws, row.uncorrelated_draws)
    # Through a logarithm and back.
    assert medians == pytest.approx([10 ** np.median(np.log10(d)) for d in draws], rel=1e-12)


def test_correlations_of_at_most_so_many_seeds():
    split = tickets.bias_variance(*with_errors(40, 0.1, 0.1))
    ax = plot.error_correlation(split, largest=30)
    assert np.asarray(ax.images[0].get_array()).shape == (30, 30)
    assert f"{split.correlation:.2f}" in ax.get_title()


def test_forest_has_a_line_for_each_protocol():
    rows = [
        tickets.Variant(name, kind, 1.0 + k, (0.5 + k, 1.5 + k), (5, 50), 100, 0.01, 0)
        for name in ("base", "random samples")
        for k, kind in enumerate(("relu", "silu"))
    ]
    ax = plot.sensitivity(tickets.Sensitivity(tuple(rows)))
    assert [label.get_text() for label in ax.get_yticklabels()] == ["base", "random samples"]
    assert len(ax.containers) == 2
    assert points(ax.containers[1]).get_xdata().tolist() == [2.0, 2.0]


def test_pictures_draw_where_they_are_told():
    import matplotlib.pyplot as plt

    _, ax = plt.subplots()
    assert plot.neuron_scatter(pairs(3, 1), ax=ax) is ax


def test_medians_leave_out_what_is_not_finite():
    ax = plot.medians({"short": {5: [0.2, 0.4, np.nan], 10: [0.1]}, "long": {5: [0.01]}})
    # A mean.
    assert ax.lines[0].get_xydata() == pytest.approx(np.array([[5, 0.3], [10, 0.1]]), rel=1e-15)
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["short", "long"]
    with pytest.raises(ValueError, match="curves is empty, but must hold at least one"):
        plot.medians({})
    with pytest.raises(ValueError, match=r"curves\['a'\]\[3\] holds no finite loss"):
        plot.medians({"a": {3: [np.nan]}})


def test_shared_error_is_the_mean_over_seeds():
    nets, task = with_errors(40, 0.1, 0.1)
    split = tickets.bias_variance(nets, task)
    ax = plot.shared_error(split)
    np.testing.assert_array_equal(ax.lines[1].get_ydata(), split.bias_x[np.argsort(split.x[:, 0])])
    assert f"{split.share:.0%}" in ax.get_title()
    flat = tickets.BiasVariance(**{**vars(split), "x": np.zeros((len(split.x), 2))})
    with pytest.raises(ValueError, match="split has samples of dimension 2, but the picture"):
        plot.shared_error(flat)


def test_pruning_is_drawn_beside_trained_networks():
    done = tickets.prune(ltens.Networks.init(8, 3), square(60), keep=[8, 4, 2])
    ax = plot.pruning({"backward": done}, {4: [1.0, 3.0, np.nan], 2: [5.0]})
    expected = np.column_stack([[8, 4, 2], np.median(done.loss, axis=0)])
    np.testing.assert_array_equal(ax.lines[0].get_xydata(), expected)
    np.testing.assert_array_equal(ax.lines[-1].get_ydata(), [5.0, 2.0])
