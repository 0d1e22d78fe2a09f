"""Theories beside the exponents of a width sweep."""

import csv
import io
import json
import math

import numpy as np
import pytest
import xarray as xr

import ltens
from ltens.regimes import compare

N = np.array([4, 8, 16, 32, 64, 128])


def losses(loss, noise=0.1, seeds=40, seed=0):
    shape = (len(loss), seeds)
    return loss[:, None] * np.random.default_rng(seed).lognormal(sigma=noise, size=shape)


def test_each_theory_finds_its_own():
    piecewise = compare(N, losses(N**-2.0), dimension=2)
    assert piecewise.holding == (
        "approximation, piecewise linear: 4/d, d = 2",
        "approximation, lower bound: at least 4/d, d = 2",
    )
    constant = compare(N, losses(N**-0.5), dimension=4)
    assert constant.holding == ("approximation, piecewise constant: 2/d, d = 4",)
    limited = compare(N, losses(0.2 + 2.0 / N, 0.02, seed=1), dimension=8)
    assert limited.holding == ("variance-limited width: 1",)
    assert limited["ensembling"].verdict == "contradicted"


def test_the_tests_are_those_of_the_fits():
    found = compare(N, losses(1.0 / N), dimension=3)
    law = ltens.fit(N, losses(1.0 / N), model="power_law")
    row = found["approximation, piecewise linear"]
    assert row.predicted == 4 / 3
    assert row.exponent == law.exponent
    assert (row.low, row.high) == law.interval()
    assert row.p_value == law.p_value(4 / 3)
    # t and p belong together, and t is the distance in half intervals of Student's law.
    from scipy.special import stdtr, stdtrit

    # Two implementations of one function; a tail falls as the statistic to the power of `degrees`:
    # a few dozen eps.
    expected = 2 * stdtr(row.degrees, -abs(row.statistic))
    assert row.p_value == pytest.approx(expected, rel=1e-12, abs=0)
    error = (row.high - row.low) / 2 / stdtrit(row.degrees, 0.975)
    # The profile of a line is a parabola: equal up to the search for its ends; measured 5e-12.
    assert row.statistic == pytest.approx((row.exponent - 4 / 3) / error, rel=1e-8)


def test_a_known_limit():
    name = "variance-limited width: 1"
    lengths: dict[bool, list[float]] = {True: [], False: []}
    for seed in range(6):
        loss = losses(0.2 + 2.0 / N, 0.02, seed=seed)
        for known in (True, False):
            found = compare(N, loss, dimension=1, limit=0.2 if known else None)
            lengths[known].append(found[name].high - found[name].low)
            assert any("limit was fitted" in warning for warning in found.warnings) != known
            assert ("limit known, 0.2" in str(found)) == known
    # 0.028 and 0.060 on average over 200 seeds.
    assert np.mean(lengths[True]) < np.mean(lengths[False])


def test_a_data_scan_tells_quanta_from_kernels():
    samples = 10 * N
    quanta = compare(N, losses(N**-0.8), dimension=5, data_law=(samples, losses(N ** -(0.8 / 1.8))))
    assert quanta["quanta"].verdict == "holds"
    assert quanta["resolution-limited, kernel"].verdict == "contradicted"
    assert quanta["quanta"].predicted == pytest.approx(0.8 / 1.8, rel=0.05)  # 0.1 / sqrt(40) / 3.5
    law = ltens.fit(samples, losses(N**-0.8, seed=1), model="power_law")
    kernel = compare(N, losses(N**-0.8), dimension=5, data_law=law)
    assert kernel["resolution-limited, kernel"].verdict == "holds"
    assert kernel["quanta"].verdict == "contradicted"
    assert kernel["quanta"].sentence.startswith("claim 0.449 within 0.1: measured 0.8")
    assert math.isinf(kernel["quanta"].degrees)


def test_the_error_of_a_prediction_counts():
    wide = compare(
        N, losses(N**-0.8, 1.0, 5), dimension=5, data_law=(10 * N, losses(N**-0.8, 0.01))
    )["resolution-limited, kernel"]
    narrow = compare(
        N, losses(N**-0.8, 0.01, 5), dimension=5, data_law=(10 * N, losses(N**-0.8, 0.01))
    )["resolution-limited, kernel"]
    error = [abs((r.exponent - r.predicted) / r.statistic) for r in (wide, narrow)]
    assert error[0] > 5 * error[1]
    assert wide.high - wide.low > 5 * (narrow.high - narrow.low)
    assert (wide.verdict, narrow.verdict) == ("undecided", "holds")


def test_wide_intervals_are_undecided():
    rows = [compare(N, losses(1.0 / N, 2.0, 5, s), dimension=4)["ensembling"] for s in range(5)]
    for row in rows:
        assert row.high > 1.1 or row.low < 0.9
        assert row.verdict == ("contradicted" if row.low > 1.1 or row.high < 0.9 else "undecided")
    assert "undecided" in {row.verdict for row in rows}


def test_the_tolerance_decides_not_the_p_value():
    sharp = compare(N, losses(N**-1.05, 0.01), dimension=4)["ensembling"]
    assert sharp.p_value < 0.001
    assert (sharp.tolerance, sharp.verdict) == (0.1, "holds")
    wide = compare(N[:4], losses(N[:4] ** -0.95, 0.5, 10), dimension=4)["ensembling"]
    assert wide.p_value > 0.05
    assert wide.verdict == "undecided"


def test_a_steeper_curve_contradicts_the_exponent_but_not_the_bound():
    found = compare(N, losses(N**-1.6), dimension=4)
    exact, bound = found["approximation, piecewise linear"], found["approximation, lower bound"]
    assert (exact.verdict, bound.verdict) == ("contradicted", "holds")
    assert exact.p_value < 0.05
    assert bound.p_value > 0.95  # one-sided, and on the right side
    assert bound.sentence.startswith("claim at least 1 within 0.1: measured 1.6")
    assert bound.sentence.endswith(": holds")
    shallow = compare(N, losses(N**-0.5), dimension=4)["approximation, lower bound"]
    assert shallow.verdict == "contradicted"
    assert shallow.p_value == pytest.approx(
        compare(N, losses(N**-0.5), dimension=4)["approximation, piecewise linear"].p_value / 2
    )


def test_the_summary_says_claim_tolerance_and_verdict():
    found = compare(N, losses(1.0 / N), dimension=2)
    row = found["ensembling"]
    assert f"  ensembling: 1: claim 1 within 0.1: measured {row.exponent:.3g} [" in str(found)
    assert str(found).startswith("median loss, 6 sizes from 4 to 128, dimension 2, limit fitted")


def test_the_summary_says_where_ltens_fit_gives_another_exponent():
    loss = losses(0.2 + 2.0 / N, 0.02)
    law = ltens.fit(N, loss, bootstrap=0)
    found = compare(N, loss, dimension=2)
    low, high = law.interval()
    shown = f"{law.exponent:.3g} [{low:.3g}, {high:.3g}]"
    assert found.headline.startswith(f"ltens.fit says {shown} (power_law_floor) of these sizes.")
    row = found["ensembling"]
    assert (
        f"Theories of L are tested on another estimate, {row.exponent:.3g} [{row.low:.3g}, "
        f"{row.high:.3g}] (power_law): a theory of L itself allows no limit."
    ) in found.headline
    assert found.headline.endswith("Theories of L - L(inf) are tested on the same.")
    assert f"  ! {found.headline}" in str(found)
    known = compare(N, loss, dimension=2, limit=0.2)
    assert known.headline.endswith(" (known_limit): the limit is given.")
    assert {row.quantity: row.law for row in known.rows} == {
        "L": "power_law",
        "L - L(inf)": "known_limit",
    }


def test_the_summary_says_where_ltens_fit_gives_the_same():
    loss = losses(1.0 / N[:4])
    found = compare(N[:4], loss, dimension=2)
    law = ltens.fit(N[:4], loss, bootstrap=0)
    assert found["ensembling"].exponent == law.exponent
    assert found.headline.endswith(
        "(power_law) of these sizes. Theories of L are tested on the same."
    )


def test_p_values_are_uniform_where_the_theory_holds():
    p = [compare(N, losses(1 / N, seed=s), dimension=4)["ensembling"].p_value for s in range(40)]
    # A share of 5 %: 40 draws, 4 binomial errors of 3.4 % above it.
    assert np.mean(np.array(p) < 0.05) < 0.19
    assert 0.2 < np.median(p) < 0.8  # the median of 40 uniform numbers has a deviation of 0.08


def sweep(names=("relu", "silu"), attrs=None):
    values = np.stack([losses(N**-2.0), losses(N**-1.0)])[: len(names)]
    return xr.Dataset(
        {"loss": (("activation", "width", "seed"), values)},
        {"activation": list(names), "width": N},
        attrs={"dimension": 2} if attrs is None else attrs,
    )


def test_a_dataset_knows_its_dimension():
    found = compare(sweep())
    assert list(found) == ["relu", "silu"]
    assert found["relu"]["approximation, piecewise linear"].verdict == "holds"
    assert found["silu"]["ensembling"].verdict == "holds"
    one = compare(sweep().sel(activation="relu"), smallest=8, largest=64)
    assert (one.sizes, one.count, one.label) == ((8.0, 64.0), 4, "width")
    assert compare(sweep(("relu",))).dimension == 2
    assert compare(sweep(("relu",)), dimension=4).dimension == 4


def test_text_csv_and_json():
    found = compare(N, losses(1.0 / N), dimension=2)
    assert "6 sizes from 4 to 128" in str(found)
    assert "a wide network averages" in str(found)
    assert len({line.count("|") for line in found.markdown().splitlines()}) == 1
    rows = list(csv.DictReader(io.StringIO(found.to_csv())))
    assert float(rows[3]["exponent"]) == found["ensembling"].exponent
    assert (rows[3]["tolerance"], rows[3]["at_least"]) == ("0.1", "False")
    plain = json.loads(found.to_json())
    assert plain["rows"][3]["theory"] == "ensembling: 1"
    with pytest.raises(KeyError, match="'strings' begins 0 of the theories"):
        found["strings"]


def test_few_widths_leave_the_limit_untested():
    found = compare(N[:4], losses(1.0 / N[:4]), dimension=2)
    assert {row.quantity for row in found.rows} == {"L"}
    assert any("too few to fit a limit" in warning for warning in found.warnings)


def test_one_loss_per_width():
    found = compare(N, 1.0 / N, dimension=2, statistic="mean")
    assert found["ensembling"].verdict == "holds"
    assert found["approximation, piecewise linear"].verdict == "contradicted"


@pytest.mark.parametrize(
    ("arguments", "options", "error", "message"),
    [
        ((N,), {"dimension": 1}, TypeError, "losses is missing, but must be given with widths"),
        ((N, 1 / N), {}, ValueError, "dimension is missing"),
        ((N, 1 / N), {"dimension": 0}, ValueError, "dimension is 0.0, but must be above 0"),
        ((N, 1 / N), {"dimension": 1e-320}, ValueError, "dimension is 1e-320, .* at least 1e-06"),
        ((sweep().isel(activation=[]),), {}, ValueError, "data is empty"),
        ((sweep().drop_vars("width"),), {}, ValueError, "data has no 'width'"),
        ((sweep(("relu",)) * 1j,), {"dimension": 1}, TypeError, r"data\['loss'\] is array"),
        ((sweep(("relu",)).astype(str),), {"dimension": 1}, TypeError, "an array of numbers"),
        ((N, 1 / N[:3]), {"dimension": 1}, ValueError, r"losses has shape \(3,\)"),
        ((N, 1 / N), {"dimension": 1, "smallest": 60}, ValueError, r"has 2 width\(s\) from 60"),
        ((N, 1 / N), {"dimension": 1, "level": 2}, ValueError, "level is 2, but must be above 0"),
        ((N, 1 / N), {"dimension": 1, "data_law": 3}, TypeError, "data_law is a int"),
        ((sweep(), 1 / N), {}, TypeError, "losses is given, but data is a Dataset"),
        ((sweep(attrs={}),), {}, ValueError, "dimension is missing"),
    ],
)
def test_errors(arguments, options, error, message):
    with pytest.raises(error, match=message):
        compare(*arguments, **options)


def test_rows_are_found_by_a_beginning_that_is_one_only():
    found = compare([4, 8, 16, 32, 64], 1 / np.array([4.0, 8, 16, 32, 64]), dimension=1)
    assert found["ensembling"].predicted == 1
    for name in ("", "approximation", 0):
        with pytest.raises(KeyError, match="of the theories, but must begin one of"):
            found[name]


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (([4, 8, 16], 3.0), ValueError, "losses has shape"),
        (([4, 8, 16], [[1, 2], [1], [1]]), TypeError, "must be an array of numbers"),
        ((["4", "8", "16"], [4.0, 2.0, 1.0]), TypeError, "sizes is .* must be an array of numbers"),
        (("a", "b"), TypeError, "must be an array of numbers"),
        (([4, 8, 16], [1j, 1j, 1j]), TypeError, "must be an array of numbers"),
    ],
)
def test_tables_are_checked_as_by_fit(arguments, error, message):
    with pytest.raises(error, match=message):
        compare(*arguments, dimension=1)


def test_the_least_dimension_is_computed_with():
    found = compare(N, losses(1.0 / N), dimension=1e-6)  # warnings are errors here
    assert found["approximation, piecewise linear"].verdict == "contradicted"


def test_losses_that_do_not_vary_are_told():
    for loss in (np.ones(6), np.ones((6, 3))):
        found = compare(N, loss, dimension=1)
        assert any("The losses do not vary" in warning for warning in found.warnings)
    noisy = compare(N, losses(np.ones(6)), dimension=1)
    assert not any("do not vary" in warning for warning in noisy.warnings)


def test_pictures_and_classify_ask_for_one_activation():
    pytest.importorskip("matplotlib")
    from ltens.plot import theories
    from ltens.regimes import classify

    with pytest.raises(TypeError, match="found is a dict, but must be one Comparison: pick an"):
        theories(compare(sweep()))
    with pytest.raises(ValueError, match=r"select one .* data\.sel\(activation="):
        classify(sweep())
