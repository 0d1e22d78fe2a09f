"""Any axis of a sweep as the size: fits, verdicts, statistics, texts and pictures."""

import numpy as np
import pytest
import xarray as xr

import ltens
from ltens.regimes import classify
from ltens.sweeps import report
from ltens.tickets import sensitivity

SAMPLES = [10, 30, 100, 300, 1000]


def planted(lr=(0.1, 0.01), widths=(5,), seeds=12):
    """Losses that fall as samples^-1 with lr 0.1 and as samples^-2 with lr 0.01."""
    draw = np.random.default_rng(0)
    exponent = np.linspace(1, 2, len(lr))[None, :, None, None, None]
    sizes = np.array(SAMPLES, float)[None, None, :, None, None]
    noise = draw.lognormal(sigma=0.05, size=(2, len(lr), len(SAMPLES), len(widths), seeds))
    return xr.Dataset(
        {"loss": (("activation", "lr", "samples", "width", "seed"), noise * sizes**-exponent)},
        {"activation": ["relu", "silu"], "lr": list(lr), "samples": SAMPLES, "width": list(widths)},
    )


def test_one_law_for_each_combination_of_the_other_axes():
    laws = ltens.fit(planted(), size="samples", model="power_law", bootstrap=0)
    assert set(laws) == {
        f"{name}, lr={lr}, width=5" for name in ("relu", "silu") for lr in ("0.1", "0.01")
    }
    for name, law in laws.items():
        # Ten standard errors of a slope: 0.05 / sqrt(12) per size over two decades.
        assert law.exponent == pytest.approx(1 if "0.1," in name else 2, abs=0.05)
        assert law.observations.table.label == "samples"
        assert "D = 10–1000" in law.summary()


def test_a_part_has_one_law_and_a_range_is_of_the_size():
    one = planted().sel(activation="silu", lr=0.1, width=5)
    law = ltens.fit(one, size="samples", sizes=(30, None), model="power_law", bootstrap=0)
    assert law.sizes.tolist() == [30, 100, 300, 1000]
    with pytest.raises(ValueError, match="data has 2 different sample"):
        ltens.fit(one, size="samples", sizes=(None, 30), bootstrap=0)


def test_what_is_no_size():
    ds = planted().sel(samples=10)
    with pytest.raises(ValueError, match="must have 'loss' and 'sample'"):
        ltens.fit(ds, size="sample")
    with pytest.raises(ValueError, match=r"dimensions .* but must have 'samples' and at most"):
        ltens.fit(ds.sel(activation="relu", lr=0.1, width=5), size="samples")
    with pytest.raises(TypeError, match=r"data\['activation'\] is .* must be an array of numbers"):
        ltens.fit(planted(), size="activation")


def test_history_against_checkpoints_and_draws_of_a_simulation():
    steps = np.array([1, 10, 100, 1000])
    history = np.ones((2, 3))[:, :, None] / steps
    ds = xr.Dataset(
        {"history": (("width", "seed", "checkpoint"), history)},
        {"width": [1, 2], "checkpoint": steps},
    )  # fmt: skip
    laws = ltens.fit(ds, loss="history", size="checkpoint", model="power_law", bootstrap=0)
    assert set(laws) == {"width=1", "width=2"}
    drawn = xr.Dataset({"losses": (("T", "draw"), history[0].T)}, {"T": steps})
    law = ltens.fit(drawn, loss="losses", size="T", model="power_law", bootstrap=0)
    assert law.exponent == pytest.approx(1)


def test_classify_and_sensitivity_take_any_size():
    one = planted().sel(activation="silu", lr=0.01, width=5)
    assert classify(one, size="samples").sizes.tolist() == SAMPLES
    with pytest.raises(ValueError, match=r"x holds 4 curves .* select one of each other axis"):
        classify(planted(), size="samples")
    rows = sensitivity({"planted": planted()}, size="samples").rows
    assert rows[0].activation == "relu, lr=0.1, width=5"
    assert rows[0].exponent == pytest.approx(1, abs=0.05)
    assert rows[0].widths == (10, 1000)


def test_medians_have_a_line_for_each_combination():
    ds = planted()
    assert report.medians(ds, "samples")["relu, lr=0.1, width=5"][10] == np.median(ds.loss[0, 0, 0])
    lines = report.median_table(ds, "samples").splitlines()
    assert lines[1].split()[:3] == ["activation", "lr", "width"]
    assert len(lines) == 2 + 4
    laws = report.laws(ds, size="samples", bootstrap=0)
    assert report.exponent_table(laws).startswith(
        "relu, lr=0.1, width=5: median loss, D = 10–1000:"
    )


def test_many_combinations_are_told_by_their_extremes():
    ds = planted(lr=np.geomspace(0.001, 1, 1000), widths=(5, 7), seeds=2)
    lines = report.median_table(ds, "samples").splitlines()
    assert lines[0] == "median loss over seeds, of 4000 combinations of activation, lr, width"
    assert len(lines) == 2 + 2 * len(SAMPLES)
    lowest = lines[2].split()[3].removeprefix("lr=").rstrip(",")
    assert float(lowest) > 0.5  # the largest exponents are at the largest lr, but for the noise
    assert report.too_many_curves(ds, "samples")
    assert not report.too_many_curves(planted(), "samples")


def test_pictures_name_the_size():
    ds = planted()
    assert len(ltens.plot.scaling(ds, x="samples", fits=False).get_lines()) >= 4
    assert ltens.plot.scaling(ds, x="samples", fits=False).get_xlabel() == "samples D"
    fitted = ltens.plot.scaling(ds, x="samples", bootstrap=0)
    assert any("silu, lr=0.01" in text for text in fitted.get_legend_handles_labels()[1])
    assert ltens.plot.local_exponent(ds, x="samples", bootstrap=0).get_xlabel() == "samples D"
    one = ds.sel(activation="silu", lr=0.1, width=5)
    assert ltens.plot.distribution(one, x="samples").get_ylabel() == "samples D"
    with pytest.raises(ValueError, match=r"size is 'noise'|ds has no 'noise'"):
        ltens.plot.scaling(ds, x="noise")
