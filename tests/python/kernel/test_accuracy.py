"""Elementary functions and activations keep the errors claimed in tests/accuracy/functions.py.

Judged by mpmath with 50 digits (float64) or by float64 functions (float32), over all binades, on
every instruction set. The tolerances are the claims; docs/guide/numerics.md tabulates them.
"""

import itertools
import re
from pathlib import Path

import numpy as np
import pytest

import ltens
from accuracy import exhaustive, references
from accuracy.measurement import CLAIMS, EXACT, TESTED, computed, in_ulp, points
from ltens import _core
from support.registry import ACTIVATIONS, DTYPES

SUPPORTED = ltens.build_info()["simd_supported"]
WITH_FMA = [name for name in SUPPORTED if name != "baseline"]
EVERYTHING = [(kind, name) for kind, claims in CLAIMS.items() for name in claims]


def test_there_is_a_claim_for_everything():
    assert tuple(CLAIMS["value"]) == tuple(CLAIMS["slope"]) == ACTIVATIONS
    assert list(CLAIMS["elementary"]) == _core.elementary_functions()
    assert _core.activations() == list(ACTIVATIONS)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("kind", "name"), EVERYTHING)
def test_largest_error(kind, name, dtype):
    claim = CLAIMS[kind][name]
    for fma, sets in itertools.groupby(SUPPORTED, lambda simd: simd != "baseline"):
        x = points(dtype, claim.limits(dtype, fma=fma), TESTED[dtype])
        exact = references.exact(EXACT[kind][name], x)
        for simd in sets:
            error = in_ulp(computed(kind, name, simd, x), exact, claim.floor)
            worst = x[np.argmax(np.where(np.isnan(error), np.inf, error))]
            assert error.max() <= claim.bound(dtype, fma=fma), f"{error.max()} at {worst}, {simd}"


def test_the_measure_sees_one_unit_in_the_last_place():
    x = np.array([1.0, 1.5, -3.0, 1e-30], np.float32)
    exact = (x.astype(np.float64), np.zeros(4))
    assert np.all(in_ulp(x, exact, 0) == 0)
    assert np.all(in_ulp(np.nextafter(x, np.float32(9)), exact, 0) == 1)
    assert in_ulp(x + np.float32(1), exact, 0)[3] > 1e30
    # the low part of the exact value counts: a quarter of a unit of float64
    assert in_ulp(np.ones(1), (np.ones(1), np.array([2.0**-54])), 0) == 0.25


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("kind", "name"), EVERYTHING)
def test_same_bits_on_every_instruction_set_with_fma(kind, name, dtype):
    if len(WITH_FMA) < 2:
        pytest.skip(f"this CPU has {WITH_FMA} only; two sets with FMA are needed to compare")
    info = np.finfo(dtype)
    x = points(dtype, (-float(info.max), float(info.max)), TESTED[dtype])
    x = np.concatenate([x, np.array([np.inf, -np.inf, np.nan], dtype)])
    one, other = (computed(kind, name, simd, x) for simd in WITH_FMA[:2])
    same = one.view(f"u{x.itemsize}") == other.view(f"u{x.itemsize}")
    assert np.all(same | (np.isnan(one) & np.isnan(other))), x[~same]


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "name"), EVERYTHING)
def test_every_float32(kind, name):
    claim = CLAIMS[kind][name]
    for row in exhaustive.scan(kind, name):
        assert row.ulp <= claim.bound("float32", fma=row.simd != "baseline"), row
        assert row.other_bits == 0, row


def test_the_scan_sees_all_binades_and_what_is_wrong_in_one(monkeypatch):
    def spoilt(kind, name, simd, x):
        out = computed(kind, name, simd, x)
        if simd == SUPPORTED[-1]:
            out[x == np.float32(-0.75)] = 1
        return out

    monkeypatch.setattr(exhaustive, "computed", spoilt)
    rows = list(exhaustive.scan("elementary", "tanh", every=2**18))
    assert len(rows) == 512 * len(SUPPORTED)
    wrong = [row for row in rows if row.ulp > 3 or row.other_bits]
    assert [(row.simd, row.sign, row.exponent) for row in wrong] == [(SUPPORTED[-1], -1, -1)]


@pytest.mark.parametrize("simd", SUPPORTED)
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("kind", "name"), EVERYTHING)
def test_nan_comes_through(kind, name, dtype, simd):
    """A derivative that is a comparison, as relu', may be any number at NaN."""
    out = computed(kind, name, simd, np.full(5, np.nan, dtype))
    if (kind, name) not in {("slope", "relu"), ("slope", "leaky_relu"), ("slope", "abs")}:
        assert np.all(np.isnan(out))


@pytest.mark.parametrize("simd", SUPPORTED)
@pytest.mark.parametrize("dtype", DTYPES)
def test_far_tails_vanish_or_saturate(dtype, simd):
    """Beyond the range of e^x what should vanish is at most e^-87 (e^-708 in float64) times |z|."""
    limit = {"float32": 87.0, "float64": 708.0}[dtype]
    z = -np.geomspace(limit, 1e6, 500).astype(dtype)
    least = 1.01 * float(np.exp(-np.float64(limit)))  # of the clamped exponential, and its rounding
    sizes: dict[str, np.ndarray | int] = {"silu": -z, "gelu": -z, "sigmoid": 1, "softplus": 1}
    for name, factor in sizes.items():
        assert np.all(np.abs(computed("value", name, simd, z)) <= least * factor), name
        high = computed("value", name, simd, -z)
        assert np.array_equal(high, np.ones_like(z) if name == "sigmoid" else -z), name
    for name in ("tanh", "erf"):
        assert np.all(computed("value", name, simd, z) == -1), name


@pytest.mark.parametrize("width", [2, 300])  # one lane a network; lanes across neurons
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_the_kernels_take_these_very_functions(activation, dtype, width):
    """f and its gradient show act and act' bit for bit.

    f = h - h = 0 exactly with two neurons of opposite a; with y = -1 and q = 1/2 the residual
    2 q (f - y) is 1, so the gradient for b of the first is act'. One neuron alone gives act.
    """
    z = points(dtype, (-12.0, 12.0), TESTED[dtype])[:: 40 if dtype == "float32" else 3]
    shape = (len(z), width)
    b, a = np.repeat(z[:, None], width, axis=1), np.zeros(shape, dtype)
    w, c = np.zeros((*shape, 1), dtype), np.zeros(len(z), dtype)
    a[:, 0] = 1
    active = ltens.build_info()["simd_active"]
    value = ltens.Networks(w, b, a, c, activation=activation)([0.0])[:, 0]
    np.testing.assert_array_equal(value, computed("value", activation, active, z))
    a[:, 1] = -1
    task = ltens.Task([0.0], [-1.0], weights=[0.5])
    nets = ltens.Networks(w, b, a, c, activation=activation)
    _, gradient = ltens.loss_and_gradient(nets, task, engine="dense")
    np.testing.assert_array_equal(gradient.b[:, 0], computed("slope", activation, active, z))


@pytest.mark.parametrize("bad", ["avx1024", "V3", ""])
def test_an_instruction_set_that_is_not_there(bad):
    x = np.zeros(3)
    with pytest.raises(RuntimeError, match=f"'{bad}' is not an instruction set of this build"):
        _core.elementary(function="exp", simd=bad, x=x, out=x.copy())


def test_a_function_that_is_not_there():
    x = np.zeros(3)
    with pytest.raises(ValueError, match="function 'gamma' is not known"):
        _core.elementary(function="gamma", simd=SUPPORTED[0], x=x, out=x.copy())


def test_the_documented_tables_have_every_claim_and_keep_it():
    text = (Path(__file__).parents[3] / "docs/guide/numerics.md").read_text()
    found = re.findall(r"([\d.e+]+) / ([\d.e+]+) ≤ ([\d.]+)(?= \|)", text)
    names = re.findall(r"^\| (\w+) \|.* ≤ [\d.]+ \|$", text, flags=re.MULTILINE)
    assert names == [name for _, name in EVERYTHING]
    expected = [
        claim.bound(dtype, fma=fma)
        for claims in CLAIMS.values()
        for claim in claims.values()
        for dtype in DTYPES
        for fma in (True, False)
    ]
    assert [float(bound) for _, _, bound in found] == expected
    assert all(float(near) <= float(worst) <= float(bound) for near, worst, bound in found)
