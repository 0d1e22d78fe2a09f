"""Laws of whole trainings: recovery, what may not matter, what is left out, bad input."""

import numpy as np
import pandas as pd
import pytest

import ltens
from ltens.fitting.histories.planted import NOISES, PlantedHistories

PLANTED = PlantedHistories(sizes=6, seeds=2, checkpoints=16)
TRUTH = {"alpha_width": 0.8, "alpha_step": 0.5, "E": 0.1, "A_width": 2.0, "A_step": 3.0}


def exact(planted=PLANTED):
    """Planted trainings without noise."""
    return {**planted.data(0), "loss": planted.losses()}


def fit(data, losses="loss", **options):
    return ltens.fit_histories(data, losses, **{"bootstrap": 0, **options})


def test_a_planted_law_is_recovered():
    law = fit(exact())
    # Rounding of losses (1e-16) times the condition of the fit.
    assert law.coefficients == pytest.approx(TRUTH, rel=1e-7)
    assert law.share == 0
    assert law.limit == law.coefficients["E"]
    assert law.kept.all()


def test_a_third_variable():
    n, d, t = np.meshgrid([8, 16, 32, 64], [100, 400, 1600, 6400], np.geomspace(10, 1e4, 12))
    loss = 0.1 + 2 / n**0.8 + 4 / d**0.6 + 3 / t**0.5
    run = [f"{a:g}/{b:g}" for a, b in zip(n.ravel(), d.ravel(), strict=True)]
    data = {"N": n.ravel(), "D": d.ravel(), "tokens": t.ravel(), "run": run, "loss": loss.ravel()}
    law = fit(data, time="tokens")
    assert law.exponents == pytest.approx({"N": 0.8, "D": 0.6, "tokens": 0.5}, rel=1e-7)
    assert law.names == ("N", "D", "tokens")
    without = fit({k: v for k, v in data.items() if k != "D"} | {"note": d.ravel()}, time="tokens",
                  sizes="N")  # fmt: skip
    assert without.names == ("N", "tokens")


def shares(law):
    return [each.share for each in law.tried]


@pytest.mark.parametrize("options", [{}, {"huber": 1e-3, "discard": 0}])
def test_units_order_and_doubling_change_no_exponent(options):
    data = PLANTED.data(3)
    law = fit(data, **options)
    for other in (
        {**data, "width": data["width"] * 1e-6},
        {**data, "step": data["step"] * 1e3},
        {**data, "loss": data["loss"] * 1e3},
        {name: column[::-1] for name, column in data.items()},
        {
            name: np.concatenate([column, column + (1000 if name == "run" else 0)])
            for name, column in data.items()
        },
    ):
        again = fit(other, **options)
        assert again.exponents == pytest.approx(law.exponents, rel=1e-9)
        assert (again.share, shares(again)) == (law.share, shares(law))


def test_columns_frames_and_tables_are_the_same(tmp_path):
    data = PLANTED.data(1)
    law = fit(data)
    frame = pd.DataFrame(data).rename(columns={"run": "name", "step": "t"})
    assert fit(frame, runs="name", time="t").coefficients["E"] == law.coefficients["E"]
    arrays = {"width": data["width"], "step": data["step"]}
    named = fit(arrays, data["loss"], runs=data["run"])
    assert named.coefficients == law.coefficients
    frame["name"] = "run " + frame["name"].astype(str)
    frame.to_csv(tmp_path / "a.csv", index=False)
    table = ltens.read_table(tmp_path / "a.csv", "width", "loss", columns="t", by="name")
    # The file holds all digits.
    assert fit(table, time="t").exponents["t"] == pytest.approx(law.exponents["step"], rel=1e-9)
    unnamed = ltens.read_table(tmp_path / "a.csv", "width", "loss", columns="t", pool=True)
    with pytest.raises(ValueError, match='runs="run"'):
        fit(unnamed, time="t")


def test_intervals_are_those_of_whole_trainings():
    data = PLANTED.data(0)
    law = fit(data, discard=0, huber=None, bootstrap=100)
    sizes = {"width": data["width"], "step": data["step"]}
    surface = ltens.fit_surface(sizes, data["loss"], runs=data["run"], huber=None, bootstrap=0)
    assert law.interval("alpha_step") == pytest.approx(surface.interval("alpha_step"), rel=1e-9)
    rows = ltens.fit_surface(sizes, data["loss"], huber=None, bootstrap=0)
    low, high = law.interval("alpha_width")
    narrow = rows.interval("alpha_width")
    assert (high - low) > 2 * (narrow[1] - narrow[0])
    low, high = law.interval("alpha_width", method="bootstrap")
    assert low < law.exponents["width"] < high


def test_predictions_are_those_of_the_surface():
    law = fit(PLANTED.data(0), discard=0.2)
    points = {"width": [8, 500], "step": [1e4, 1e6]}
    np.testing.assert_array_equal(law.predict(points), law.surface.predict(points))
    found = law.predict(points, interval=0.9)
    assert (found.low < found.loss).all()
    assert (found.loss < found.high).all()


def test_a_transient_is_left_out():
    """A beginning that is 100 steps late: slower than the power law, until about step 500."""
    late = exact(PlantedHistories(sizes=6, seeds=2, checkpoints=25, transient=100.0))
    law = fit(late)
    assert law.share == 0.6
    exponents = [each.law.exponents["step"] for each in law.tried]
    assert exponents == sorted(exponents)
    assert exponents[0] < 0.3
    assert any("move with every further share" in warning for warning in law.warnings)
    again = fit({**late, "loss": exact(PlantedHistories(6, 2, 25))["loss"]})
    assert again.share == 0


def test_a_late_start_that_ends_is_seen():
    """The first tenth of the log steps is a plateau: exactly what is left out."""
    planted = PlantedHistories(sizes=6, seeds=3, checkpoints=31, noise="independent rows")
    data = planted.data(2)
    first = data["step"] < 10 * 1000**0.19
    law = fit({**data, "loss": np.where(first, 1.5 * data["loss"], data["loss"])})
    assert law.share == 0.2
    assert law.rule.startswith("108 of 558 checkpoints are left out: 108 early, the first 20 %")
    low, high = law.interval("alpha_step", 0.99)
    assert low < 0.5 < high


def test_a_given_share_is_taken():
    law = fit(PLANTED.data(0), discard=0.25)
    # 16 checkpoints, 3 decades: those before 10 * 1000^0.25 = 56 are 4 of each training.
    assert (~law.kept).sum() == 4 * PLANTED.trainings
    assert law.given
    assert len(law.tried) == 1
    assert law.rule == (
        "48 of 192 checkpoints are left out: 48 early, the first 25 % of each training's range of "
        "log step, as given"
    )
    assert law.histories.steps[law.kept].min() > 10 * 1000**0.25 > 39


def test_few_checkpoints_are_all_kept():
    law = fit(exact(PlantedHistories(sizes=6, seeds=2, checkpoints=3)))
    assert law.kept.all()
    assert law.rule.endswith("no early ones, since there are too few to leave any out")


def test_the_share_is_that_of_each_training():
    """Trainings of other lengths lose the same share of their own range."""
    law = fit(exact(PlantedHistories(sizes=6, seeds=2, checkpoints=16, horizon=1.0)), discard=0.25)
    assert (np.bincount(law.histories.runs[law.kept]) == 12).all()


def test_warm_up_and_step_0_are_left_out_first():
    data = exact()
    begun = {name: np.concatenate([column, column[::16]]) for name, column in data.items()}
    begun["step"][len(data["step"]) :] = 0.0
    law = fit(begun)
    assert law.coefficients == pytest.approx(TRUTH, rel=1e-7)
    assert law.rule.startswith("12 of 204 checkpoints are left out: 12 at 0; no early ones")
    law = fit(data, warmup=30)
    assert law.histories.steps[law.kept].min() > 30
    assert "36 up to the warm-up's end at step 30" in law.rule
    with pytest.raises(ValueError, match=r"has 1 checkpoint\(s\) after step 9000"):
        fit(data, warmup=9000)


def broken(**columns):
    return {**exact(), **columns}


def changed(name, row, value):
    column = np.array(exact()[name], dtype=float)
    column[row] = value
    return broken(**{name: column})


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (changed("loss", 5, np.nan), r"losses\[5\] is nan, but every value must be finite"),
        (changed("loss", 5, -1.0), r"losses\[5\] is -1, but must be above 0"),
        (changed("loss", 5, 0.0), r"losses\[5\] is 0, but must be above 0"),
        (changed("step", 3, -10.0), r"step\[3\] is -10, but must be at least 0: a step"),
        (changed("step", 3, exact()["step"][2]), r"training 0 has step 25.1189 twice \(losses"),
        (changed("width", 3, 9.0), r"training 0 has two values of width \(8 and 9\)"),
        (changed("width", 3, -9.0), r"width\[3\] is -9, but must be above 0"),
        (broken(run=np.arange(192)), "each of the 192 trainings has one checkpoint: those are"),
        (broken(run=np.zeros(192)), r"runs names 1 training\(s\), but other trainings are needed"),
        (broken(run=np.zeros(5)), r"runs has shape \(5,\), but must have shape \(192,\)"),
        (broken(width=np.full(192, 8.0)), r"'width'\] has 1 different value\(s\), but needs at"),
        (broken(width=np.ones(5)), r"data\['width'\] has shape \(5,\), but must have shape \(192"),
        ({**exact(), "runs": 1, "run": None}, r"runs has shape \(\), but must have shape"),
        ([1, 2, 3], 'data is a list, but must be a Dataset with "history", or a mapping'),
    ],
)  # fmt: skip
def test_what_is_no_history_is_refused_in_a_sentence(data, message):
    with pytest.raises((ValueError, TypeError), match=message) as caught:
        fit(data, **({"sizes": "width"} if "runs" in data else {}))
    assert str(caught.value).count("\n") == 0


def test_one_checkpoint_of_one_training():
    data = exact()
    rows = np.r_[0, 16:192]
    with pytest.raises(ValueError, match=r"training 0 has 1 checkpoint, but a history needs at"):
        fit({name: column[rows] for name, column in data.items()})


def test_columns_that_are_missing():
    data = exact()
    with pytest.raises(ValueError, match=r"time is 'steps', which is no column: did you mean 'ste"):
        fit(data, time="steps")
    with pytest.raises(ValueError, match=r"runs is 'run', which is no column"):
        fit({name: column for name, column in data.items() if name != "run"})
    with pytest.raises(ValueError, match=r"data has no size beside loss, run, step"):
        fit({name: column for name, column in data.items() if name != "width"})


@pytest.mark.parametrize(
    ("discard", "message"),
    [
        ("half", "discard is 'half', but must be 'stable' or a share below 1"),
        (1.0, "discard is 1, but must be 'stable' or from 0 to below 1"),
        (-0.1, "discard is -0.1, but must be"),
        (None, "discard is None, but must be a number"),
    ],
)
def test_discard_is_checked(discard, message):
    with pytest.raises((ValueError, TypeError), match=message):
        fit(exact(), discard=discard)


def test_steps_that_go_back_are_said():
    data = exact()
    order = np.r_[0:8, 9, 8, 10:192]
    law = fit({name: column[order] for name, column in data.items()})
    assert law.coefficients == pytest.approx(TRUTH, rel=1e-7)
    (said,) = [warning for warning in law.warnings if "resumed" in warning]
    assert said.startswith("The steps of 1 training(s) do not rise from row to row (0: ")


def test_a_form_that_is_not_that_of_the_curves_is_said():
    data = PLANTED.data(0)
    wrong = data["loss"] * np.exp(
        0.2 * np.sin(2 * np.log(data["step"])) * np.log(data["width"]) / 5
    )
    law = fit({**data, "loss": wrong}, discard=0)
    assert law.misfit > 0.05
    assert any("its form is not that of these curves" in warning for warning in law.warnings)
    good = fit(data, discard=0)
    assert good.misfit < 0.02
    alone = fit(PlantedHistories(sizes=8, seeds=1).data(0), discard=0)
    assert np.isnan(alone.misfit)
    assert alone.to_dict()["misfit"] is None


def test_texts_say_the_same():
    law = fit(PLANTED.data(0))
    text = law.summary()
    assert law.rule in text
    assert "12 trainings" in text
    assert all(warning in text for warning in law.warnings)
    found = law.to_dict()
    assert found["share"] == law.share
    assert found["discarded"] == (~law.kept).sum()
    assert found["model"] == "histories"
    assert [each["share"] for each in found["tried"]] == shares(law)
    assert law.rule in law._repr_html_()
    assert "alpha_step" in repr(law)


@pytest.mark.parametrize("noise", NOISES)
def test_planted_noise_has_the_size_it_says(noise):
    drawn = PlantedHistories(noise=noise).noises(np.random.default_rng(0), 200)
    assert drawn.shape == (200, 24 * 16)
    assert 0.005 < drawn.std() < 0.025


def test_a_floor_of_0_has_an_interval():
    """A coefficient at its bound still has an end that other trainings would move."""
    found = [fit(PlantedHistories(floor=0.0).data(rng), discard=0) for rng in range(8)]
    at_bound = [law for law in found if law.limit == 0]
    assert len(at_bound) > 1
    for law in at_bound:
        low, high = law.interval("E")
        assert low == 0
        # The loss of the largest size at the last step is 0.053.
        assert 0.001 < high < 0.04
