"""Symmetry, pairs, tickets, solution types and canonical forms of networks built by hand."""

import numpy as np
import pytest

import ltens
from ltens.tickets import algorithms, canonical, find_tickets, kinks, pair_scores, symmetry
from ltens.tickets.mirror import _nearest_first
from support.planted import pairs, permuted, square

ORDER = [3, 0, 7, 2, 5, 1, 6, 4]


@pytest.mark.parametrize("k", [1, 4, 30])
def test_exact_pairs_are_read_as_such(k):
    found = symmetry(pairs(k, 3), null=5)
    assert found.score.tolist() == [1.0, 1.0, 1.0]
    assert found.distance.tolist() == [0.0, 0.0, 0.0]
    assert (found.partner == np.r_[np.arange(k, 2 * k), np.arange(k)]).all()
    assert found.odd_share.max() < 1e-25  # squares of rounding errors, eps^2 times a few hundred


def test_shuffled_signs_are_not_a_symmetry():
    found = symmetry(pairs(20, 40, shuffled=True), null=19)
    # Of shuffled pairs half still are pairs, before as after drawing signs again: no difference.
    assert abs(found.score.mean()) < 4 * found.score.std() / np.sqrt(40)  # four standard errors
    assert found.odd_share.min() > 1e-4
    assert np.mean(found.p_value <= 0.05) < 0.25  # 5 % expected of 40: 0.25 is six errors away
    assert (symmetry(pairs(20, 40), null=19).p_value == 0.05).all()


def test_independent_symmetric_neurons_are_no_closer_than_across_seeds():
    nets = ltens.Networks.init(40, 30, dtype="float64")
    found = symmetry(nets, null=9)
    for score in (found.score, found.score_others):
        assert abs(score.mean()) < 5 * score.std() / np.sqrt(30) + 0.02  # 5 errors and a self-image


def test_symmetry_does_not_depend_on_the_order_of_neurons():
    nets = pairs(4, 5, noise=0.1)
    first, second = symmetry(nets), symmetry(permuted(nets, ORDER))
    assert first.distance == pytest.approx(second.distance, rel=1e-12)  # rounding of sums
    assert first.odd_share == pytest.approx(second.odd_share, rel=1e-13)  # the same


def test_wide_networks_are_matched_by_neighbours():
    nets = pairs(400, 1)
    found = symmetry(nets, null=1)
    assert not found.exact
    assert found.score.tolist() == [1.0]
    assert sorted(found.partner[0].tolist()) == list(range(800))


def test_nearest_neighbours_match_everything_once():
    draw = np.random.default_rng(0)
    points = draw.normal(size=(50, 3))
    partner = _nearest_first(points, np.zeros((50, 3)))
    assert sorted(partner.tolist()) == list(range(50))


def test_pair_scores_are_those_of_a_fit():
    task = square(60)
    nets = ltens.Networks.init(6, 2, dtype="float64")
    found = pair_scores(nets, task)
    z = task.x @ nets.w[1].T + nets.b[1]
    h = z / (1 + np.exp(-z)) * nets.a[1]
    for i, j in ((0, 1), (2, 5), (3, 3)):
        g = h[:, i] + h[:, j] if i != j else h[:, i]
        r2 = np.corrcoef(g, task.y)[0, 1] ** 2
        assert found.matrix[1, i, j] == pytest.approx(r2, abs=1e-12)  # 60 terms in float64
    assert found.single[1, 3] == found.matrix[1, 3, 3]
    np.testing.assert_array_equal(found.pair_loss, found.variance * (1 - found.pair_r2))
    assert sorted(found.pairs[0].ravel().tolist()) == list(range(6))


def test_wide_networks_are_scored_alike():
    from ltens.tickets import pairing
    from ltens.tickets.inputs import network_arrays

    nets, task = ltens.Networks.init(61, 1, dtype="float64"), square(60)
    arrays, y = network_arrays(nets), task.y
    whole = pairing._narrow(arrays, slice(0, 1), task.x, y, task.weights)
    blocks = pairing._wide(arrays, 0, task.x, y, task.weights)
    assert blocks[1] == pytest.approx(whole[1], abs=1e-12)  # 60 terms in float64
    # The best pairs are the same; later ones are chosen among each neuron's best 16 partners.
    assert blocks[3][0, :3].tolist() == whole[3][0, :3].tolist()
    assert sorted(blocks[3].ravel().tolist()) == sorted(set(blocks[3].ravel().tolist()))
    assert blocks[3].shape == (1, 30, 2)


def test_scores_do_not_depend_on_the_order_of_neurons():
    nets, task = ltens.Networks.init(8, 3, dtype="float64"), square(60)
    first, second = pair_scores(nets, task), pair_scores(permuted(nets, ORDER), task)
    assert first.pair_r2 == pytest.approx(second.pair_r2, abs=1e-12)  # rounding of sums
    both = (find_tickets(each, task, threshold=0.9) for each in (nets, permuted(nets, ORDER)))
    one, two = both
    assert (one.count == two.count).all()
    # Sums of errors of 1e-3, in another order.
    assert one.correlation == pytest.approx(two.correlation, nan_ok=True, abs=1e-9)


def test_a_constant_neuron_and_cancelling_neurons_score_zero():
    nets = ltens.Networks(
        [[[0.0], [1.0], [1.0]]], [[1.0, 0.2, 0.2]], [[1.0, 1.0, -1.0]], [0.0], activation="silu"
    )
    found = pair_scores(nets, square(60))
    assert found.single[0, 0] == 0.0
    assert found.matrix[0, 1, 2] == 0.0


def planted_tickets(n, noise=0):
    """n pairs that fit x^2 nearly, and neurons far too steep to be of any use."""
    draw = np.random.default_rng(1)
    w = draw.uniform(0.1, 0.3, n)
    w, b, a = np.r_[w, -w], np.zeros(2 * n), np.r_[1 / w**2, 1 / w**2] / n
    w = np.r_[w, draw.choice([-1, 1], noise) * 30.0]
    b = np.r_[b, draw.uniform(-20, 20, noise)]
    a = np.r_[a, draw.normal(0, 0.1, noise)]
    order = draw.permutation(len(w))
    return ltens.Networks(
        w[order][None, :, None], b[order][None], a[order][None], [0.0], activation="silu"
    )


@pytest.mark.parametrize("n", [1, 3, 8])
@pytest.mark.parametrize("noise", [0, 7])
def test_planted_tickets_are_counted(n, noise):
    found = find_tickets(planted_tickets(n, noise), square(), threshold=0.999)
    assert found.count[0, 1] == n
    assert found.by_size[0, 1].tolist() == [0, n, 0]
    assert all(len(group) == 2 for group in found.members[0])
    assert (found.r2[0] >= 0.999).all()


def test_counts_fall_with_the_threshold():
    nets = ltens.Networks.init(30, 10, activation="silu")
    found = find_tickets(nets, square(), threshold=0.5, thresholds=(0.3, 0.6, 0.9, 0.99))
    assert (np.diff(found.count, axis=1) <= 0).all()
    assert found.count[:, 0].min() > 0


def test_a_triple_is_found():
    task = square(100)
    x = task.x[:, 0]
    z = [1.0, -1.0, 0.0]
    # |x - 1| + |x + 1| + |x| resembles x^2 better than any two of the three do.
    nets = ltens.Networks([[[1.0], [1.0], [1.0]]], [z], [[1.0, 1.0, 1.0]], [0.0], activation="abs")
    r2 = np.corrcoef(sum(np.abs(x + b) for b in z), task.y)[0, 1] ** 2
    pair = pair_scores(nets, task).matrix[0].max()
    assert pair < r2
    found = find_tickets(nets, task, threshold=(pair + r2) / 2)
    assert found.members == (((0, 1, 2),),)
    assert found.r2[0][0] == pytest.approx(r2, abs=1e-12)  # 100 terms in float64


def test_tickets_with_the_same_error_are_one_effectively():
    w = [[[0.2], [-0.2], [0.2], [-0.2], [0.2], [-0.2]]]
    nets = ltens.Networks(w, np.zeros((1, 6)), np.ones((1, 6)), [0.0], activation="silu")
    found = find_tickets(nets, square())
    assert found.count[0, 1] == 3
    assert found.correlation[0] == pytest.approx(1.0, abs=1e-6)  # errors of 1e-5 of the target
    assert found.effective[0] == pytest.approx(1.0, abs=1e-5)  # as above; measured 5e-11


def test_error_correlation_is_that_of_the_fits():
    nets, task = ltens.Networks.init(12, 1, dtype="float64", activation="silu"), square()
    found = find_tickets(nets, task, threshold=0.3)
    z = task.x @ nets.w[0].T + nets.b[0]
    h = z / (1 + np.exp(-z)) * nets.a[0]
    errors = []
    for group in found.members[0]:
        g = h[:, list(group)].sum(axis=1)
        errors.append(np.polyval(np.polyfit(g, task.y, 1), g) - task.y)
    n = len(errors)
    assert n > 1
    expected = (np.corrcoef(errors).sum() - n) / (n * (n - 1))
    # Fits by two methods; measured 1e-15.
    assert found.correlation[0] == pytest.approx(expected, abs=1e-12)


def test_what_pairs_and_tickets_refuse():
    nets, task = ltens.Networks.init(3, 1), square(20)
    with pytest.raises(ValueError, match="nets have width 1, but pairs need networks of at least"):
        pair_scores(ltens.Networks.init(1, 2), task)
    with pytest.raises(ValueError, match="task has a constant target"):
        pair_scores(nets, ltens.Task([0.0, 1.0], [2.0, 2.0]))
    with pytest.raises(ValueError, match=r"threshold is 1.5, but must be above 0 and below 1"):
        find_tickets(nets, task, threshold=1.5)
    with pytest.raises(TypeError, match="nets is a list, but must be networks with w, b, a, c"):
        symmetry([1, 2])


@pytest.mark.parametrize("activation", ["relu", "abs", "tanh", "sigmoid", "square", "silu", "erf"])
def test_canonical_form_keeps_the_function_and_is_unique(activation):
    nets = ltens.Networks.init(8, 4, activation=activation, dtype="float64")
    x = np.linspace(-2, 2, 30)[:, None]
    standard = canonical(nets)
    assert standard.predict(x) == pytest.approx(nets(x), abs=1e-12)  # 8 terms, ULPs of activations
    again = canonical(permuted(nets, ORDER))
    for name in "wbac":
        # The same neurons in another order; only a sum of constants rounds: some eps.
        assert getattr(standard, name) == pytest.approx(getattr(again, name), abs=1e-15)
    if activation in ("relu", "abs"):
        np.testing.assert_array_equal(np.abs(standard.w), 1.0)


def test_scaled_relu_networks_have_one_canonical_form():
    nets = ltens.Networks.init(4, 3, activation="relu")
    scaled = ltens.Networks(nets.w * 8, nets.b * 8, nets.a / 8, nets.c, activation="relu")
    assert (canonical(nets).w == canonical(scaled).w).all()
    assert (canonical(nets).a == canonical(scaled).a).all()


def mixture():
    w = [[1.0, -1.0], [1.0, -1.05], [1.0, 0.4], [0.5, 0.0]]
    b = [[0.1, 0.1], [0.1, 0.1], [0.5, 0.2], [0.2, 0.3]]
    a = [[2.0, 2.0], [2.0, 2.0], [1.0, 1.5], [0.0, 0.0]]
    return ltens.Networks(np.array(w)[..., None], b, a, np.zeros(4), activation="silu")


def test_types_are_read_from_the_parameters():
    found = algorithms(mixture(), [1e-6, 1e-4, 1e-2, 1.0])
    assert found.types.tolist() == ["1 pair", "1 near pair", "2 single", "constant"]
    swapped = permuted(mixture(), [1, 0])
    assert algorithms(swapped, [1e-6, 1e-4, 1e-2, 1.0]).types.tolist() == found.types.tolist()


def test_pairs_are_seen_through_the_scale_of_relu():
    nets = ltens.Networks(
        [[[2.0], [-0.5], [1.0]]], [[1.0, 0.25, 3.0]], [[1.0, 4.0, 1.0]], [0.0], activation="relu"
    )
    assert algorithms(nets, [1.0]).types.tolist() == ["1 pair + 1 single"]


def test_planted_peaks_are_found_with_their_shares():
    draw = np.random.default_rng(0)
    kind = draw.choice(3, size=1000, p=[0.5, 0.3, 0.2])
    loss = np.array([1e-6, 1e-4, 1.0])[kind] * 10 ** draw.normal(0, 0.1, 1000)
    base = mixture()
    nets = base[np.array([0, 2, 3])[kind]]
    found = algorithms(nets, loss)
    # One bin.
    assert [round(np.log10(p.loss), 1) for p in found.peaks] == pytest.approx([-6, -4, 0], abs=0.11)
    assert (found.peak == kind).all()
    assert [p.share for p in found.peaks] == [np.mean(kind == k) for k in range(3)]
    assert [next(iter(p.types)) for p in found.peaks] == ["1 pair", "2 single", "constant"]
    assert np.trapezoid(found.density, found.log_loss) == pytest.approx(1.0, abs=1e-3)  # trapezoids
    assert "| 1 pair 100% |" in found.table()


def test_what_algorithms_refuses():
    with pytest.raises(ValueError, match=r"loss has 2 value\(s\), but must have one for each of"):
        algorithms(mixture(), [1.0, 1.0])
    with pytest.raises(ValueError, match=r"loss holds 0.0, but must be positive"):
        algorithms(mixture(), [1.0, 1.0, 0.0, 1.0])


def test_no_pairing_scores_zero_against_the_surrogates():
    found = symmetry(ltens.Networks.init(20, 200, dtype="float64"), null=9)
    for score in (found.score_mixed, found.score_others):
        # Five standard errors, and 0.02 for the surrogates' own error (200 networks, 3 draws).
        assert abs(score.mean()) < 5 * score.std() / np.sqrt(200) + 0.02
    exact = symmetry(pairs(10, 5), null=9)
    assert exact.score_mixed.tolist() == exact.score_others.tolist() == [1.0] * 5


def test_an_asymmetric_law_is_not_mistaken_for_missing_pairs():
    nets = ltens.Networks.init(20, 100, dtype="float64")
    one_sided = ltens.Networks(np.abs(nets.w), nets.b, nets.a, nets.c, activation="silu")
    found = symmetry(one_sided, null=9)
    assert found.score.mean() < -0.3  # drawing signs makes the law symmetric, so partners nearer
    assert abs(found.score_mixed.mean()) < 0.1  # a tenth, twice what 100 networks of 20 scatter by


def test_symmetry_sees_relu_neurons_whatever_their_scale():
    nets = pairs(6, 4)
    relu = ltens.Networks(nets.w, nets.b, nets.a, nets.c, activation="relu")
    s = np.random.default_rng(0).uniform(0.2, 5.0, nets.b.shape)
    scaled = ltens.Networks(
        nets.w * s[..., None], nets.b * s, nets.a / s, nets.c, activation="relu"
    )
    # Mirror pairs to the bit; what was scaled is so up to roots and ratios, some eps.
    assert symmetry(relu).distance == pytest.approx(np.zeros(4), abs=1e-12)
    assert symmetry(scaled).distance == pytest.approx(np.zeros(4), abs=1e-12)


def test_one_network_has_no_other_seed():
    found = symmetry(pairs(3, 1), null=3)
    assert np.isnan(found.score_others).all()
    assert np.isnan(found.score_mixed).all()
    assert found.score.tolist() == [1.0]


def test_kinks_are_bends_of_the_function():
    draw = np.random.default_rng(3)
    places = np.sort(draw.uniform(-1.9, 1.9, 12))  # far apart at this seed: no two within 2e-3
    w = draw.choice([-1.0, 1.0], 12) * draw.uniform(0.5, 2.0, 12)
    a = draw.choice([-1.0, 1.0], 12) * draw.uniform(0.5, 2.0, 12)
    nets = ltens.Networks(w[None, :, None], (-w * places)[None], a[None], [0.0], activation="relu")
    x = np.linspace(-2, 2, 4001)
    bends = np.abs(np.diff(nets(x)[0], n=2)) > 1e-9  # rounding of second differences is 1e-15
    groups = np.count_nonzero(np.diff(np.flatnonzero(bends)) > 1) + 1
    assert kinks(nets).tolist() == [12] == [groups]


def test_outside_dead_merged_and_cancelling_bends_are_no_kinks():
    w = np.array([[1.0, 1.0, 1.0, -1.0, 1.0, 0.0]])
    b = np.array([[-0.5, -0.5005, -3.0, 1.0, -1.0, 1.0]])
    a = np.array([[1.0, 1.0, 1.0, 1.0, -1.0, 1.0]])
    # Two bends at 0.5 are one kink; x = 3 is outside; those at 1 cancel; w = 0 has none.
    nets = ltens.Networks(w[..., None], b, a, [0.0], activation="relu")
    assert kinks(nets).tolist() == [1]
    assert kinks(nets, domain=4.0).tolist() == [2]
    with pytest.raises(ValueError, match="activation 'silu' and dimension 1, but kinks need one"):
        kinks(ltens.Networks.init(3, 1))
