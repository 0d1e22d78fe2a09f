"""Counting a kernel's instructions in a listing of objdump, and the bound that follows."""

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

LISTING = """
kernels.o:     file format elf64-x86-64

0000000000000100 <void (anonymous namespace)::narrow_gradient_d<(anonymous namespace)::Relu, \
float, 1>(ltens::simd::Layer<float> const&)>:
     100:\tvmovaps (%rax),%zmm1
     106:\tvfmadd213ps 0x4(%rax){1to16},%zmm1,%zmm2
     10c:\tvmaxps %zmm2,%zmm0,%zmm2
     110:\tvmovaps %zmm2,%zmm3
     114:\tvdivps %zmm2,%zmm3,%zmm3
     118:\tvmovaps %zmm3,0x40(%rsp)
     11c:\tadd    $0x40,%rax
     120:\tjne    100 <void (anonymous namespace)::narrow_gradient_d+0x0>
     124:\tvaddps (%rax),%zmm1,%zmm1
     128:\tjne    124 <void (anonymous namespace)::narrow_gradient_d+0x24>
     130:\tjb     100 <void (anonymous namespace)::narrow_gradient_d+0x0>
     134:\tret

0000000000000200 <void (anonymous namespace)::narrow_gradient_d<(anonymous namespace)::Relu, \
double, 1>(ltens::simd::Layer<double> const&)>:
     200:\tret
"""


@pytest.fixture
def kernel(monkeypatch):
    """The package bench.kernel, which is not installed."""
    monkeypatch.syspath_prepend(str(ROOT))
    yield __import__("bench.kernel.operations", fromlist=["operations"])
    for name in [name for name in sys.modules if name == "bench" or name.startswith("bench.")]:
        del sys.modules[name]


def test_counts_the_innermost_loops_that_multiply_and_add(kernel):
    listing = kernel.Listing.parse(LISTING)
    assert listing.count("relu", "float32", block=2) == {
        "load": 1.0,  # the move from memory and the operand of the fma, over two samples
        "fma": 0.5,
        "arithmetic": 1.5,  # fma, max, division; the move between registers is free
        "divide": 0.5,
        "store": 0.5,
    }
    assert listing.count("relu", "float64", block=2) == {}


def test_a_kernel_that_is_not_there_is_an_error(kernel):
    with pytest.raises(LookupError, match="the object has 0 gradients of silu in float32, not one"):
        kernel.Listing.parse(LISTING).count("silu", "float32", block=8)


def test_objects_that_are_not_there_are_an_error(kernel, tmp_path):
    with pytest.raises(LookupError, match="but no kernels of v9 lie below it"):
        kernel.object_file("v9", tmp_path)


def test_the_bound_is_the_most_loaded_port(kernel):
    from bench.kernel.ports import bound

    ports = {"fma": 0.2, "mixed": 0.1, "divide": 3.0, "root": 4.0, "load": 0.2, "store": 0.4}
    counts = {"fma": 10.0, "arithmetic": 30.0, "load": 4.0}
    # Sums of a few products: some eps.
    assert bound(counts, ports) == (pytest.approx(3.0, rel=1e-15), "arithmetic")
    # the divider does one division and one square root: 3 + 4
    assert bound({**counts, "divide": 1.0, "root": 1.0}, ports) == (
        pytest.approx(7.0, rel=1e-15),
        "divide",
    )


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_every_port_probe_executes_what_it_says(dtype):
    from ltens import _core

    for kind in _core.port_probes():
        assert _core.port_probe(kind=kind, dtype=dtype, rounds=7) == 7 * 12
    assert set(_core.kernel_shape(dtype=dtype)) == {"lanes", "block"}


def test_an_unknown_port_probe_is_an_error():
    from ltens import _core

    with pytest.raises(ValueError, match="kind 'fam' is not one of port_probes"):
        _core.port_probe(kind="fam", dtype="float32", rounds=1)
    with pytest.raises(ValueError, match="dtype is 'int8', but must be float32 or float64"):
        _core.port_probe(kind="fma", dtype="int8", rounds=1)
