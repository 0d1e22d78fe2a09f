"""Which sizes and which losses `fit` takes."""

import numpy as np
import pytest
import xarray as xr

import ltens

WIDTHS = np.array([1, 2, 5, 10, 50, 200])


def sweep():
    noise = np.random.default_rng(0).lognormal(sigma=0.1, size=(2, 6, 20))
    losses = noise / WIDTHS[:, None]
    dims = ("activation", "width", "seed")
    held_out = noise[:, :, ::-1] / WIDTHS[:, None] ** 0.5
    return xr.Dataset(
        {"loss": (dims, losses), "held_out_loss": (dims, held_out)},
        {"activation": ["relu", "silu"], "width": WIDTHS},
    )


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [((5, None), WIDTHS[2:]), ((None, 50), WIDTHS[:5]), ((2, 50), WIDTHS[1:5]), (None, WIDTHS)],
)
def test_sizes_choose_a_range(sizes, expected):
    ds = sweep()
    laws = ltens.fit(ds, sizes=sizes)
    assert list(laws) == ["relu", "silu"]
    for law in laws.values():
        np.testing.assert_array_equal(law.sizes, expected)
    losses = ds["loss"].values[1]
    alone = ltens.fit(WIDTHS, losses, sizes=sizes)
    assert alone.exponent == laws["silu"].exponent


def test_another_loss_of_a_sweep_is_fitted_by_its_name_or_as_it_is():
    ds = sweep()
    by_name = ltens.fit(ds, loss="held_out_loss")["silu"]
    as_it_is = ltens.fit(ds["held_out_loss"])["silu"]
    of_one = ltens.fit(ds["held_out_loss"].sel(activation="silu"))
    assert by_name.exponent == as_it_is.exponent == of_one.exponent
    assert by_name.exponent != ltens.fit(ds)["silu"].exponent
    assert by_name.observations.table.loss == "held_out_loss"


@pytest.mark.parametrize(
    ("sizes", "error", "message"),
    [
        ((3,), TypeError, r"sizes is \(3,\), but must be \(smallest, largest\)"),
        ("5:", TypeError, r"sizes is '5:', but must be \(smallest, largest\)"),
        ((60, 5), ValueError, r"sizes is \(60, 5\), but the smallest size must not be above"),
        (("a", 5), TypeError, r"sizes\[0\] is 'a', but must be a number"),
        ((300, None), ValueError, "data has 0 different width"),
    ],
)
def test_a_bad_range_is_one_sentence(sizes, error, message):
    with pytest.raises(error, match=message):
        ltens.fit(sweep(), sizes=sizes)


def test_an_unknown_loss_is_one_sentence():
    with pytest.raises(ValueError, match="must have 'gain' and 'width'"):
        ltens.fit(sweep(), loss="gain")
