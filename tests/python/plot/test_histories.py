"""Pictures of whole trainings: what is drawn."""

import matplotlib as mpl
import numpy as np
import pytest

import ltens
from ltens.fitting.histories.planted import PlantedHistories

mpl.use("agg")
PLANTED = PlantedHistories(sizes=4, seeds=3, horizon=1.6)
LAW = ltens.fit_histories(PLANTED.data(0), discard=0.3, bootstrap=0)


def test_what_is_left_out_is_grey():
    ax = ltens.plot.histories(LAW)
    grey = [line for line in ax.get_lines() if str(line.get_color()) == "0.75"]
    assert len(grey) == PLANTED.trainings
    drawn = np.concatenate([line.get_xdata() for line in grey])
    np.testing.assert_array_equal(np.sort(drawn), np.sort(LAW.histories.steps[~LAW.kept]))
    curves = [line for line in ax.get_lines() if line.get_linestyle() == "-"]
    assert [line.get_label() for line in curves] == [
        f"width {n:.4g}" for n in (8, 25.4, 80.63, 256)
    ]
    x, y = curves[-1].get_data()
    np.testing.assert_allclose(y, LAW.predict({"width": 256.0, "step": x}), rtol=1e-12)


def test_normalised_curves_end_at_1():
    found = LAW.collapse(0.1)
    ax = ltens.plot.collapse(found)
    assert len(ax.get_lines()) == PLANTED.trainings
    np.testing.assert_array_equal(ax.get_lines()[0].get_ydata(), found.curves[0])
    assert {line.get_ydata()[-1] for line in ax.get_lines()} == {1.0}
    _, below = ax.figure.axes
    np.testing.assert_array_equal(below.get_lines()[0].get_ydata(), found.spread)
    np.testing.assert_array_equal(below.get_lines()[1].get_ydata(), found.noise)
    assert below.get_xlabel() == "t / T"


@pytest.mark.parametrize(("name", "of"), [("histories", LAW), ("collapse", LAW.collapse(0.1))])
def test_pictures_are_drawn_on_given_axes(name, of):
    _, ax = mpl.pyplot.subplots()
    assert getattr(ltens.plot, name)(of, ax=ax) is ax
    ax.figure.canvas.draw()
    mpl.pyplot.close("all")
