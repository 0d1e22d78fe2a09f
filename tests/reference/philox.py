"""Philox4x64-10 on Python integers (Salmon et al., SC'11, doi:10.1145/2063384.2063405)."""

from collections.abc import Sequence

MASK = (1 << 64) - 1
MULTIPLIERS = (0xD2E7470EE14C6C93, 0xCA5A826395121157)
WEYL = (0x9E3779B97F4A7C15, 0xBB67AE8584CAA73B)
ROUNDS = 10


def philox4x64(key: Sequence[int], counter: Sequence[int]) -> tuple[int, int, int, int]:
    """Four random words from two words of key and four of counter."""
    k0, k1 = (int(word) for word in key)
    c0, c1, c2, c3 = (int(word) for word in counter)
    for _ in range(ROUNDS):
        product0 = MULTIPLIERS[0] * c0
        product1 = MULTIPLIERS[1] * c2
        c0, c1, c2, c3 = (
            (product1 >> 64) ^ c1 ^ k0,
            product1 & MASK,
            (product0 >> 64) ^ c3 ^ k1,
            product0 & MASK,
        )
        k0, k1 = (k0 + WEYL[0]) & MASK, (k1 + WEYL[1]) & MASK
    return c0, c1, c2, c3
