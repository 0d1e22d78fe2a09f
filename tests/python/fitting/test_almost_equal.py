"""Sizes that are almost equal: one size, or a word about them."""

import numpy as np
import pytest

import ltens
from ltens.fitting.almost_equal import grouped_sizes

MODELS = np.array([1.5e6, 2.5e7, 3.5e8, 4.5e9])
READ_OFF = np.concatenate([MODELS * (1 + 2e-7), MODELS * (1 - 2e-7)]) + 0.25  # from a picture
LOSSES = np.concatenate([MODELS**-0.3, 1.1 * MODELS**-0.3])


def test_numbers_read_off_a_picture_are_one_size():
    law = ltens.fit(READ_OFF, LOSSES)
    assert law.samples.tolist() == [2, 2, 2, 2]
    np.testing.assert_allclose(law.sizes, MODELS, rtol=4e-7)  # within what they were moved by
    assert any(text.startswith("8 sizes that differ by 1e-06 of") for text in law.warnings)
    apart = ltens.fit(READ_OFF, LOSSES, tolerance=0)
    assert len(apart.sizes) == 8
    (text,) = (text for text in apart.warnings if "stand beside each other" in text)
    assert "differ by 4e-07 of themselves: if they are one size, tolerance=1e-06 takes" in text


def test_whole_numbers_are_apart_unless_it_is_said():
    sizes = np.array([1_000_000, 1_000_001, 10_000_000, 100_000_000, 100_000_001])
    losses = sizes**-0.5
    law = ltens.fit(sizes, losses)
    np.testing.assert_array_equal(law.sizes, sizes)
    text = next(text for text in law.warnings if "stand beside" in text)
    assert text.startswith("The sizes 100000000 and 100000001 stand beside each other although")
    together = ltens.fit(sizes, losses, tolerance=1e-5)
    assert together.samples.tolist() == [2, 1, 2]
    assert together.sizes[1] == 10_000_000


def test_nothing_is_said_of_sizes_that_are_apart():
    law = ltens.fit([1.5, 3.0, 6.0, 12.0], [4.0, 2.0, 1.0, 0.5])
    assert not any("beside each other" in text or "taken as one" in text for text in law.warnings)
    np.testing.assert_array_equal(law.sizes, [1.5, 3.0, 6.0, 12.0])


@pytest.mark.parametrize("unit", [1e-6, 1.0, 1e9])
def test_neither_order_nor_units_nor_doubled_rows_matter(unit):
    order = np.random.default_rng(0).permutation(len(READ_OFF))
    law = ltens.fit(READ_OFF, LOSSES)
    moved = ltens.fit(READ_OFF[order] * unit, LOSSES[order], tolerance=1e-6)
    assert moved.samples.tolist() == law.samples.tolist()
    # Rounding of the products and of the logarithms' mean.
    np.testing.assert_allclose(moved.sizes, law.sizes * unit, rtol=1e-14)
    assert moved.exponent == pytest.approx(law.exponent, rel=1e-9)
    doubled = ltens.fit(np.tile(READ_OFF, 2), np.tile(LOSSES, 2))
    np.testing.assert_array_equal(doubled.sizes, law.sizes)


def test_a_chain_of_close_numbers_is_no_single_size():
    chain = 1.5 * (1 + 1e-7) ** np.arange(100)  # over 1e-5 of itself
    kept, place, merged = grouped_sizes(chain)
    assert merged == 100
    assert len(kept) == 10
    for i, size in enumerate(kept):
        assert np.ptp(chain[place == i]) <= 1e-6 * size


@pytest.mark.parametrize(("value", "kind"), [(-1, ValueError), (1, ValueError), ("a", TypeError)])
def test_a_tolerance_that_is_none_is_refused(value, kind):
    with pytest.raises(kind, match=r"tolerance is .*, but must be"):
        ltens.fit(MODELS, MODELS**-0.3, tolerance=value)
