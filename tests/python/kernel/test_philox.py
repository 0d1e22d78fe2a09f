"""Philox4x64-10 against published vectors, NumPy and the twin."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ltens._core as core
from reference import philox4x64

ONES = 2**64 - 1

# Random123, tests/kat_vectors, lines "philox4x64 10": counter, key, result
KNOWN_ANSWERS = {
    "zeros": (
        (0, 0, 0, 0),
        (0, 0),
        (0x16554D9ECA36314C, 0xDB20FE9D672D0FDC, 0xD7E772CEE186176B, 0x7E68B68AEC7BA23B),
    ),
    "ones": (
        (ONES,) * 4,
        (ONES,) * 2,
        (0x87B092C3013FE90B, 0x438C3C67BE8D0224, 0x9CC7D7C69CD777B6, 0xA09CAEBF594F0BA0),
    ),
    "digits of pi": (
        (0x243F6A8885A308D3, 0x13198A2E03707344, 0xA4093822299F31D0, 0x082EFA98EC4E6C89),
        (0x452821E638D01377, 0xBE5466CF34E90C6C),
        (0xA528F45403E61D95, 0x38C72DBD566E9788, 0xA5A1610E72FD18B5, 0x57BD43B5E52B7FE6),
    ),
}

words = st.integers(min_value=0, max_value=ONES)


def philox(key: tuple[int, ...], counters: np.ndarray) -> np.ndarray:
    """(n, 4) blocks of the compiled generator."""
    out = np.empty_like(counters)
    core.philox(key=np.array(key, dtype=np.uint64), counters=counters, out=out)
    return out


def numpy_block(key: tuple[int, ...], counter: tuple[int, ...]) -> list[int]:
    """NumPy's block at `counter`; it advances the 256-bit counter before the first block."""
    before = (sum(word << (64 * k) for k, word in enumerate(counter)) - 1) % 2**256
    start = [(before >> (64 * k)) & ONES for k in range(4)]
    generator = np.random.Philox(
        counter=np.array(start, dtype=np.uint64), key=np.array(key, dtype=np.uint64)
    )
    return [int(word) for word in generator.random_raw(4)]


@pytest.mark.parametrize("name", KNOWN_ANSWERS)
def test_known_answers(name):
    counter, key, expected = KNOWN_ANSWERS[name]
    assert philox(key, np.array([counter], dtype=np.uint64))[0].tolist() == list(expected)
    assert philox4x64(key, counter) == expected


@given(key=st.tuples(words, words), counter=st.tuples(words, words, words, words))
@settings(max_examples=200, deadline=None)
def test_agrees_with_numpy_and_twin(key, counter):
    found = philox(key, np.array([counter], dtype=np.uint64))[0].tolist()
    assert found == numpy_block(key, counter)
    assert found == list(philox4x64(key, counter))


@pytest.mark.parametrize("blocks", [0, 1, 2, 3, 7, 8, 9, 100])
def test_many_blocks_are_the_single_ones(blocks):
    counters = np.random.default_rng(0).integers(
        ONES, size=(blocks, 4), dtype=np.uint64, endpoint=True
    )
    key = (3, 5)
    expected = np.array([philox4x64(key, row) for row in counters], dtype=np.uint64)
    assert np.array_equal(philox(key, counters), expected.reshape(blocks, 4))
