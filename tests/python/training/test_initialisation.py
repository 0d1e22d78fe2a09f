"""Initialisations: their laws, the exact Philox words behind them, and independence of company."""

import numpy as np
import pytest

import ltens
from reference import philox4x64
from support.registry import DTYPES, identical

SEEDS, WIDTH, DIMENSION = 400, 50, 3
PURPOSE = {"w": 0, "b": 1, "a": 2, "c": 3}


def variances(scheme: str, n: int, dimension: int, outputs: int) -> dict[str, float]:
    """Variance of each kind of parameter; a uniform law on (-r, r) has r^2 / 3."""
    d = dimension
    return {
        "torch": {"w": 1 / (3 * d), "b": 1 / (3 * d), "a": 1 / (3 * n), "c": 1 / (3 * n)},
        "lecun": {"w": 1 / d, "b": 0, "a": 1 / n, "c": 0},
        "he": {"w": 2 / d, "b": 0, "a": 2 / n, "c": 0},
        "xavier": {"w": 2 / (d + n), "b": 0, "a": 2 / (n + outputs), "c": 0},
        "ntk": {"w": 1 / d, "b": 1, "a": 1 / n, "c": 0},
        "mean_field": {"w": 1 / d, "b": 1, "a": 1 / n**2, "c": 0},
    }[scheme]


SCHEMES = ("torch", "lecun", "he", "xavier", "ntk", "mean_field")
UNIFORM = ("torch", "xavier")


@pytest.mark.parametrize("outputs", [1, 3])
@pytest.mark.parametrize("name", PURPOSE)
@pytest.mark.parametrize("scheme", SCHEMES)
def test_moments(scheme, name, outputs):
    """Mean, variance and kurtosis within 5 standard errors (chance of a false alarm 1e-6)."""
    sizes = {"dimension": DIMENSION, "outputs": outputs}
    nets = ltens.Networks.init(WIDTH, SEEDS, init=scheme, dtype="float64", **sizes)
    values = getattr(nets, name).ravel()
    variance = variances(scheme, WIDTH, **sizes)[name]
    if variance == 0:
        assert np.all(values == 0)
        return
    unit = values / variance**0.5
    kurtosis, eighth = (9 / 5, 9.0) if scheme in UNIFORM else (3.0, 105.0)
    error = 5 / len(unit) ** 0.5
    assert abs(unit.mean()) < error
    assert abs((unit**2).mean() - 1) < error * (kurtosis - 1) ** 0.5
    assert abs((unit**4).mean() - kurtosis) < error * (eighth - kurtosis**2) ** 0.5
    if scheme in UNIFORM:
        assert np.abs(unit).max() <= 3**0.5 * (1 + np.finfo(np.float64).eps)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_parameters_are_uncorrelated(scheme):
    """Across neurons, kinds and seeds: correlations of n pairs scatter by 1/sqrt(n)."""
    nets = ltens.Networks.init(WIDTH, SEEDS, init=scheme, dtype="float64")
    w, a = nets.w[:, :, 0].ravel(), nets.a.ravel()
    pairs = [(w, a), (w[1:], w[:-1]), (w[WIDTH:], w[:-WIDTH])]
    for one, other in pairs:
        assert abs(np.corrcoef(one, other)[0, 1]) < 5 / len(one) ** 0.5


@pytest.mark.parametrize("scheme", ["torch", "lecun"])
@pytest.mark.parametrize("seed", [0, 7, 2**63 - 1])
def test_every_number_is_a_function_of_its_indices(scheme, seed):
    """Uniform: 2u - 1 with u from the upper 53 bits; normal: Box-Muller on two words."""
    width, entropy = 5, 11
    key = np.random.SeedSequence(entropy).generate_state(2, np.uint64)
    nets = ltens.Networks.init(width, [seed], init=scheme, dtype="float64", rng=entropy)
    size = 1 / width**0.5
    for index in range(width):
        words = philox4x64(key, (PURPOSE["a"], width, seed, index))
        u, v = (((word >> 11) + 0.5) / 2**53 for word in words[:2])
        if scheme == "torch":
            expected = size * (2 * u - 1)
        else:
            expected = size * np.sqrt(-2 * np.log(u)) * np.cos(2 * np.pi * v)
        # rounding of v in 2 pi v, and a few operations: some eps of the scale
        assert nets.a[0, index] == pytest.approx(expected, abs=20 * np.finfo(float).eps * size)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_seed_is_the_same_network_in_any_company(scheme, dtype):
    everyone = ltens.Networks.init(6, 20, init=scheme, dtype=dtype)
    for label in (0, 7, 19):
        assert identical(ltens.Networks.init(6, [label], init=scheme, dtype=dtype), everyone[label])
    some = [13, 2, 17]
    assert identical(ltens.Networks.init(6, some, init=scheme, dtype=dtype), everyone[some])


@pytest.mark.parametrize("scheme", SCHEMES)
def test_float32_is_the_rounded_float64(scheme):
    double = ltens.Networks.init(6, 20, init=scheme, dtype="float64")
    single = ltens.Networks.init(6, 20, init=scheme, dtype="float32")
    assert identical(double.astype("float32"), single)


def test_activation_does_not_enter():
    relu = ltens.Networks.init(6, 20, activation="relu")
    assert identical(relu, ltens.Networks.init(6, 20, activation="silu"))


def test_label_width_and_entropy_enter():
    first = ltens.Networks.init(6, [0]).w
    assert not np.any(first == ltens.Networks.init(6, [1]).w)
    assert not np.any(first == ltens.Networks.init(7, [0]).w[:, :6])
    assert not np.any(first == ltens.Networks.init(6, [0], rng=1).w)


def test_entropy_zero_is_the_default():
    default = ltens.Networks.init(6, 3)
    assert identical(default, ltens.Networks.init(6, 3, rng=0))
    assert identical(default, ltens.Networks.init(6, 3, rng=np.random.SeedSequence(0)))


def test_outputs_are_uncorrelated_and_begin_with_the_first():
    """Of n pairs, correlations scatter by 1/sqrt(n)."""
    nets = ltens.Networks.init(WIDTH, SEEDS, dtype="float64", outputs=3)
    rows = nets.a.transpose(1, 0, 2).reshape(3, -1)
    assert np.abs(np.corrcoef(rows) - np.eye(3)).max() < 5 / rows.shape[1] ** 0.5
    one = ltens.Networks.init(WIDTH, SEEDS, dtype="float64")
    assert np.array_equal(nets.a[:, 0], one.a)
    assert np.array_equal(nets.w, one.w)


def test_scale_multiplies_every_number():
    once = ltens.Networks.init(6, 3, dtype="float64")
    twice = ltens.Networks.init(6, 3, dtype="float64", scale=2.0)
    for name in PURPOSE:
        assert np.array_equal(getattr(twice, name), 2 * getattr(once, name))
