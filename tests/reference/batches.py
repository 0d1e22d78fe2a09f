"""The batches of one network: a shuffled order of the samples, drawn from Philox, cut in pieces."""

from collections.abc import Iterator, Sequence

import numpy as np

from reference.philox import philox4x64

PURPOSE = 4  # after those of w, b, a, c


def words(key: Sequence[int], width: int, seed: int) -> Iterator[int]:
    """The random words of one network's order, without end."""
    block = 0
    while True:
        yield from philox4x64(key, (PURPOSE, width, seed, block))
        block += 1


def batches(
    key: Sequence[int], width: int, seed: int, *, samples: int, size: int
) -> Iterator[np.ndarray]:
    """The samples (size,) of each step: Fisher & Yates, anew when all were seen."""
    stream = words(key, width, seed)

    def order() -> Iterator[int]:
        while True:
            left = list(range(samples))
            for i in range(samples):
                j = i + (next(stream) * (samples - i) >> 64)
                left[i], left[j] = left[j], left[i]
                yield left[i]

    draws = order()
    while True:
        yield np.array([next(draws) for _ in range(size)])
