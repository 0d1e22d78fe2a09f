"""What runs cannot tell is said in a sentence, and no number is made up for it."""

import numpy as np
import pytest

import ltens
from support.surfaces import budgets, chinchilla, noise, trainings

SIZES = budgets(8)
PARAMS = np.geomspace(1e7, 1e10, 30)


def told(law, words):
    """Whether a warning holds the words."""
    return any(words in warning for warning in law.warnings)


def test_twenty_tokens_for_each_parameter_tell_nothing_apart():
    with pytest.raises(ValueError, match=r"never moved apart: tokens is 20 times params in every"):
        ltens.fit_surface(
            {"params": PARAMS, "tokens": 20 * PARAMS}, chinchilla(PARAMS, 20 * PARAMS)
        )
    tokens = PARAMS**1.5
    with pytest.raises(ValueError, match=r"tokens grows as params to the power 1\.5 in every run"):
        ltens.fit_surface({"params": PARAMS, "tokens": tokens}, chinchilla(PARAMS, tokens))


def test_groups_that_differ_do_not_make_up_for_runs_that_do_not():
    tokens, which = np.where(np.arange(30) % 2, 20, 200) * PARAMS, np.arange(30) % 2
    losses = chinchilla(PARAMS, tokens) * noise(30)
    with pytest.raises(ValueError, match="never moved apart within each group"):
        ltens.fit_surface({"params": PARAMS, "tokens": tokens}, losses, groups=which)
    together = ltens.fit_surface({"params": PARAMS, "tokens": tokens}, losses, bootstrap=0)
    assert together.degrees == 25


def test_sizes_that_moved_nearly_together_give_no_false_precision():
    tokens = 20 * PARAMS * np.exp(0.05 * np.random.default_rng(0).normal(size=30))
    losses = chinchilla(PARAMS, tokens) * noise(30)
    law = ltens.fit_surface({"params": PARAMS, "tokens": tokens}, losses, bootstrap=0)
    assert told(law, "params and tokens moved nearly together")
    assert told(law, "The runs do not determine alpha_params")
    assert "not determined" in law.summary()
    assert None in law.to_dict()["intervals"]["alpha_params"]


def test_few_values_and_short_ranges():
    params, tokens = (a.ravel() for a in np.meshgrid(PARAMS[::6], [1e10, 2e10, 4e10]))
    losses = chinchilla(params, tokens) * noise(15)
    law = ltens.fit_surface({"params": params, "tokens": tokens}, losses, bootstrap=0)
    assert told(law, "tokens has 3 different values only")
    assert told(law, "tokens spans a factor 4, less than a decade")
    assert not told(law, "params has")


def test_a_floor_of_nothing():
    losses = chinchilla(**SIZES, floor=0.0) * noise(72, scale=0.02, rng=2)
    law = ltens.fit_surface(SIZES, losses, bootstrap=0)
    assert law.coefficients["E"] == 0.0
    assert told(law, "E is at 0, the least it can be")
    low, high = law.interval("E")
    assert low == 0.0 < high


def test_a_size_without_effect():
    losses = (1 + 400 / SIZES["params"] ** 0.34) * noise(72)
    law = ltens.fit_surface(SIZES, losses, bootstrap=0)
    assert told(law, "not determine alpha_tokens") or told(law, "does not fall with tokens")
    assert law.alternatives[0].form != "as fitted"
    assert not np.isfinite(law.interval("alpha_tokens")[1])


def test_a_run_that_moves_an_exponent_is_named():
    sizes = budgets(6, (1e18, 3e19, 1e21))
    losses = chinchilla(**sizes) * noise(18, scale=0.002)
    row = int(np.argmax(sizes["tokens"]))
    losses[row] *= 1.05
    law = ltens.fit_surface(sizes, losses, huber=None, bootstrap=0)
    assert told(law, f"without row {row} (params")
    # The refit without it is that of the other rows.
    rest = {name: np.delete(column, row) for name, column in sizes.items()}
    other = ltens.fit_surface(rest, np.delete(losses, row), huber=None, bootstrap=0)
    found = {each.coefficient: each for each in law.influence}["alpha_tokens"]
    assert found.unit == row
    # One of them stops at a cost's rounding: the root of 1e-14 of a standard error of 0.02.
    assert found.without == pytest.approx(other.exponents["tokens"], abs=1e-8)


def test_good_runs_are_not_warned_about():
    sizes = budgets(27)
    quiet = [
        ltens.fit_surface(sizes, chinchilla(**sizes) * noise(243, rng=i), bootstrap=0).warnings
        for i in range(5)
    ]
    # A law with another coefficient is preferred by 2 in AICc in 5 % of all cases by chance.
    assert sum(map(len, quiet)) <= 2


def test_checkpoints_of_one_training_are_no_runs():
    sizes, losses, which = trainings()
    rows = ltens.fit_surface(sizes, losses, bootstrap=60)
    assert told(rows, "as checkpoints of one training do")
    whole = ltens.fit_surface({**sizes, "run": which}, losses, runs="run", bootstrap=60)
    assert not told(whole, "as checkpoints")
    assert "770 rows of 22 trainings" in whole.summary()
    for method in ("profile", "bootstrap"):
        narrow, wide = (
            np.diff(law.interval("alpha_params", method=method)) for law in (rows, whole)
        )
        assert wide > 4 * narrow
    assert np.isnan(whole.alternatives[0].criterion)
    assert whole.coefficients == rows.coefficients


def test_a_grid_of_runs_does_not_look_like_checkpoints():
    sizes, _, _ = trainings()
    law = ltens.fit_surface(sizes, chinchilla(**sizes) * noise(770), bootstrap=0)
    assert not told(law, "as checkpoints")


def test_few_trainings_and_few_runs():
    sizes, losses, which = trainings()
    first = which < 6
    few = {name: column[first] for name, column in sizes.items()}
    law = ltens.fit_surface(few, losses[first], runs=which[first], bootstrap=0)
    assert told(law, "6 trainings only")
    sizes = budgets(4, (1e18, 3e19, 1e21))
    law = ltens.fit_surface(sizes, chinchilla(**sizes) * noise(12), bootstrap=0)
    assert told(law, "12 runs for 5 coefficients leave 7 degrees of freedom")


def test_a_run_that_widens_the_interval_it_moves_within_is_named():
    losses = chinchilla(**SIZES) * noise(72)
    losses[40] *= 1.3  # the noise of the other 71 runs is 0.5 %
    law = ltens.fit_surface(SIZES, losses, huber=None, bootstrap=0)
    assert told(law, "alpha_tokens is 0.418 with and 0.371 without row 40")


def test_groups_of_few_runs():
    losses, names = chinchilla(**SIZES) * noise(72), np.full(72, "many")
    names[5] = "one"
    with pytest.raises(ValueError, match=r"1 run\(s\) of 'one', which has 3 coefficients of its"):
        ltens.fit_surface(SIZES, losses, groups=names)
    names[[20, 60]] = "one"
    law = ltens.fit_surface(SIZES, losses, groups=names, bootstrap=0)
    assert told(law, "Group one has 3 runs for 3 coefficients of its own: they rest on nothing but")


def test_few_runs_are_no_evidence_for_fewer_coefficients():
    params = np.repeat([1e7, 1e8, 1e9], 4)
    tokens = np.tile([1e9, 1e10, 1e11, 1e12], 3)
    sizes = {"params": params, "tokens": tokens}
    for rng in range(5):
        law = ltens.fit_surface(sizes, chinchilla(**sizes) * noise(12, rng=rng), bootstrap=0)
        form = {row.form: row for row in law.alternatives}["with one exponent"]
        assert form.difference == 0.0  # AICc takes 8.7 for the coefficient less
        assert not told(law, "one exponent")


def test_a_size_that_the_runs_do_not_need_is_named():
    losses = (1 + 400 / SIZES["params"] ** 0.34) * noise(72, rng=3)
    law = ltens.fit_surface(SIZES, losses, bootstrap=0)
    assert told(law, "do not show that the loss depends on tokens") or told(law, "fall with tokens")
    rows = {row.form: row for row in law.alternatives}
    assert rows["without tokens"].chance > 0.05
    assert rows["without params"].chance < 1e-10
    assert np.isnan(rows["as fitted"].chance)


def test_an_amplitude_that_may_be_nothing_has_an_interval_from_zero():
    names = np.where(np.arange(72) % 6, "few", "many")
    tokens = SIZES["tokens"] * np.where(names == "many", 1e12, 1)
    sizes = {**SIZES, "tokens": tokens}
    losses = chinchilla(**sizes) * noise(72)
    law = ltens.fit_surface(sizes, losses, groups=names, bootstrap=0)
    low, high = law.interval("A_tokens[many]")  # not 1e-15, where its part leaves the last digit
    assert low == 0.0
    assert np.isfinite(high)
    assert law.interval("A_tokens[few]")[0] > 1000


def test_units_change_no_exponent():
    losses = chinchilla(**SIZES) * noise(72)
    law = ltens.fit_surface(SIZES, losses, bootstrap=0)
    for size, loss in ((1e-6, 1e3), (1.0, 1e-20), (1e-20, 1e-200), (1e-300, 1e-290), (1e290, 1e9)):
        scaled = {**SIZES, "params": SIZES["params"] * size}
        other = ltens.fit_surface(scaled, losses * loss, bootstrap=0)
        for name, value in law.exponents.items():
            assert other.exponents[name] == pytest.approx(value, abs=1e-9)
    two = [
        ltens.fit_two_variables(SIZES["params"], SIZES["tokens"], y, bootstrap=0)
        for y in (losses, losses * 1e-20)
    ]
    assert two[1].alpha == pytest.approx(two[0].alpha, abs=1e-9)
    assert two[1].converged


def test_one_run_that_alone_moves_sizes_apart_is_named():
    tokens = 20 * PARAMS
    tokens[7] *= 5
    losses = chinchilla(PARAMS, tokens) * noise(30)
    law = ltens.fit_surface({"params": PARAMS, "tokens": tokens}, losses, bootstrap=0)
    assert told(law, f"Row 7 (params {PARAMS[7]:.4g}, tokens {tokens[7]:.4g}, loss")
    assert told(law, "alone moves params and tokens apart")
    tokens[20] /= 5
    two = ltens.fit_surface({"params": PARAMS, "tokens": tokens}, losses, bootstrap=0)
    assert not told(two, "alone moves")


def test_a_size_that_stands_still_in_a_group():
    groups = np.where(np.arange(72) % 4, "a", "b")
    tokens = np.where(groups == "b", 1e10, SIZES["tokens"])
    losses = chinchilla(SIZES["params"], tokens) * noise(72)
    sizes = {**SIZES, "tokens": tokens}
    law = ltens.fit_surface(sizes, losses, groups=groups, bootstrap=0)
    assert told(law, "tokens has one value only in group b: A_tokens[b] and E[b] cannot be told")
    one = ltens.fit_surface(
        sizes, losses, groups=groups, shared=("exponents", "floor"), bootstrap=0
    )
    assert not told(one, "one value only")


def test_losses_that_do_not_fall_determine_nothing():
    for losses in (np.full(72, 2.0), 1 / chinchilla(**SIZES)):
        law = ltens.fit_surface(SIZES, losses, bootstrap=0)
        for name in ("A_params", "alpha_params", "A_tokens", "alpha_tokens"):
            assert law.interval(name) == (0.0, np.inf)
            assert f"{name} " in law.summary()
        assert law.interval("allocation") == (0.0, 1.0)
        assert law.summary().count("not determined") == 5
        assert told(law, "does not fall with params")


def test_columns_that_say_nothing_are_refused():
    losses = chinchilla(**SIZES)
    masked = np.ma.masked_array(SIZES["params"], mask=np.arange(72) < 3)
    with pytest.raises(ValueError, match=r"sizes\['params'\] holds masked values: leave these"):
        ltens.fit_surface({**SIZES, "params": masked}, losses)
    wide = np.geomspace(1e-300, 1e300, 72)
    with pytest.raises(ValueError, match=r"goes from 1e-300 to 1e\+300, but must span less than 1"):
        ltens.fit_surface({**SIZES, "params": wide}, losses)
    with pytest.raises(ValueError, match="runs names 1 training, but how trainings differ needs"):
        ltens.fit_surface(SIZES, losses, runs=np.zeros(72, int))
