"""The rule behind every verdict: equivalence within a tolerance, exclusion, or neither."""

import math

import numpy as np
import pytest

from ltens.verdicts import Claim, all_of, counted, exponent_tolerance

ONE = Claim.value(1.0, 0.1)
INF, NAN = math.inf, math.nan


@pytest.mark.parametrize(
    ("interval", "verdict"),
    [
        ((0.95, 1.05), "holds"),
        ((0.9, 1.1), "holds"),  # the tolerance is part of the claim
        ((1.02, 1.08), "holds"),  # surely not 1, and near enough
        ((1.0, 1.0), "holds"),
        ((0.15, 0.92), "undecided"),
        ((0.98, 1.15), "undecided"),
        ((1.02, 1.2), "undecided"),
        ((-2.0, 4.8), "undecided"),
        ((1.1, 1.4), "undecided"),  # its end still lies in the tolerance
        ((1.11, 1.4), "contradicted"),
        ((0.5, 0.89), "contradicted"),
        ((-1.1, -0.9), "contradicted"),
        ((1.3, 1.3), "contradicted"),
    ],
)
def test_one_value(interval, verdict):
    assert ONE.judge(interval) == verdict


@pytest.mark.parametrize("claim", [ONE, Claim.above(0.0), Claim.at_least(1.0), Claim.at_most(1.0)])
@pytest.mark.parametrize(
    "interval",
    [(NAN, NAN), (0.95, NAN), (NAN, 1.05), (-INF, INF), (2.0, INF), (-INF, -2.0), (INF, INF)],
)
def test_what_is_not_finite_decides_nothing(claim, interval):
    assert claim.judge(interval) == "undecided"


@pytest.mark.parametrize(
    ("claim", "holding", "contradicting", "open_"),
    [
        (Claim.at_least(1.0), (1.0, 3.0), (0.5, 0.99), (0.5, 1.0)),
        (Claim.at_least(1.0, 0.1), (0.9, 3.0), (0.5, 0.89), (0.5, 0.9)),
        (Claim.at_most(0.1), (0.02, 0.1), (0.11, 0.4), (0.1, 0.4)),
        (Claim.at_most(0.1, 0.1), (0.1, 0.2), (0.21, 0.4), (0.2, 0.4)),
        (Claim.above(0.0), (0.01, 9.0), (-2.0, 0.0), (0.0, 1.0)),
        (Claim.below(0.0), (-9.0, -0.01), (0.0, 2.0), (-1.0, 0.0)),
        (Claim(0.8, 1.25), (0.8, 1.25), (1.3, 2.0), (0.7, 1.0)),
        (Claim(0.8, 1.25), (1.0, 1.1), (0.2, 0.79), (0.5, 2.0)),
    ],
)
def test_bounds_and_ranges(claim, holding, contradicting, open_):
    assert claim.judge(holding) == "holds"
    assert claim.judge(contradicting) == "contradicted"
    assert claim.judge(open_) == "undecided"


def test_a_constant_is_not_said_to_fall():
    assert Claim.above(0.0).judge((0.0, 0.0)) == "contradicted"


@pytest.mark.parametrize(
    ("claim", "words"),
    [
        (ONE, "1 within 0.1"),
        (Claim.exponent(4.0), "4 within 0.4"),
        (Claim.at_least(4 / 3, exponent_tolerance(4 / 3)), "at least 1.33 within 0.133"),
        (Claim.at_most(0.1), "at most 0.1"),
        (Claim.above(0.0), "above 0"),
        (Claim.below(0.0), "below 0"),
        (Claim(0.8, 1.25), "0.8 to 1.25"),
    ],
)
def test_claims_in_words(claim, words):
    assert str(claim) == words


def test_sentences():
    assert ONE.sentence(0.52, (0.15, 0.92)) == (
        "claim 1 within 0.1: measured 0.52 [0.15, 0.92]: undecided"
    )
    assert Claim.above(0.0).sentence(1.061, (0.9812, 1.154), ".2f") == (
        "claim above 0: measured 1.06 [0.98, 1.15]: holds"
    )
    assert ONE.sentence(3.0, (2.0, INF)) == "claim 1 within 0.1: measured 3 [2, inf]: undecided"


def test_tolerances_of_exponents():
    claims = np.array([4.0, 2.0, 1.0, 0.8, 0.5, 0.4, 0.2, 0.05])
    assert [exponent_tolerance(claim) for claim in claims] == pytest.approx(
        [0.4, 0.2, 0.1, 0.1, 0.1, 0.1, 0.05, 0.0125]
    )
    for claim in claims:  # of two exponents a factor of two apart, never both hold
        assert Claim.exponent(claim).region[0] > Claim.exponent(claim / 2).region[1]
    assert exponent_tolerance(-1.0) == exponent_tolerance(1.0)


def test_a_wrong_claim_seldom_holds_and_a_right_one_is_seldom_contradicted():
    """Truths at the edge of the tolerance: each error 2.5 %, 4 binomial errors of 4000 above it."""
    draw = np.random.default_rng(0)
    for truth in (1.1, 0.9):
        centres = truth + 0.02 * draw.standard_normal(4000)
        found = [ONE.judge((x - 1.96 * 0.02, x + 1.96 * 0.02)) for x in centres]
        for wrong in ("holds", "contradicted"):
            assert np.mean([kind == wrong for kind in found]) < 0.035


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Claim(2.0, 1.0), "reaches from 2.0 to 1.0, but its ends must be numbers"),
        (lambda: Claim(NAN, 1.0), "reaches from nan to 1.0, but"),
        (lambda: Claim(-INF, INF), "at most one of them infinite"),
        (lambda: Claim.value(INF, 0.1), "at most one of them infinite"),
        (lambda: Claim.value(1.0, -0.1), "tolerance is -0.1, but must be at least 0 and finite"),
        (lambda: Claim.value(1.0, NAN), "tolerance is nan, but"),
        (lambda: ONE.judge((2.0, 1.0)), r"the interval is \(2.0, 1.0\), but its ends must ascend"),
    ],
)
def test_messages(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_claims_of_several_parts():
    assert all_of(["holds", "holds"]) == "holds"
    assert all_of(["holds", "undecided"]) == "undecided"
    assert all_of(["holds", "undecided", "contradicted"]) == "contradicted"
    assert all_of([]) == "undecided"
    assert counted(["holds", "contradicted"]) == "contradicted (holds 1, contradicted 1 of 2)"
    assert counted(["undecided"] * 3) == "undecided (3 of 3)"
    assert counted(iter(())) == "not measured"
