"""What a quick run says of itself."""

import matplotlib
import pytest

from ltens import reproduce
from ltens.reproduce.quick import marked, scale, title

matplotlib.use("agg")
SAID = "*Quick run (4 draws instead of 24, M = 300 instead of 1,500, every fourth row): no verdict*"


def test_every_table_of_a_text_gets_the_title():
    text = "**Head**\n\n| a |\n|---|\n| 1 |\n\nwords | more\n\n| b |\n|---|\n| 2 |\n"
    assert marked(text, "solvable-table") == (
        f"**Head**\n\n{SAID}\n\n| a |\n|---|\n| 1 |\n\n"
        f"words | more\n\n{SAID}\n\n| b |\n|---|\n| 2 |\n"
    )


def test_a_table_at_the_beginning_gets_the_title():
    text = "| a |\n|---|\n| 1 |\n"
    assert marked(text, "solvable-table") == f"{SAID}\n\n{text}"


def test_a_picture_keeps_its_own_title_below(tmp_path):
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6, 4), layout="constrained")
    figure.suptitle("Random features")
    marked(figure, "solvable-sgd")
    first, second, own = figure.get_suptitle().split("\n")
    assert f"{first} {second}" == title("solvable-sgd")
    assert own == "Random features"
    figure.savefig(tmp_path / "a.png")
    box = figure._suptitle.get_window_extent()  # type: ignore[attr-defined]  # not public
    assert 0 <= box.x0 <= box.x1 <= figure.bbox.width  # nothing of it is cut off


def test_only_a_quick_run_is_marked(monkeypatch):
    table = "| a |\n|---|\n| 1 |\n"
    monkeypatch.setattr(reproduce.Item, "load", lambda item: lambda effort: table)
    assert reproduce.draw("solvable-table", threads=1) == table
    assert reproduce.draw("solvable-table", quick=True, threads=1) == f"{SAID}\n\n{table}"
    assert reproduce.draw("regimes-verdicts", quick=True, threads=1) == table  # nothing is less


@pytest.mark.parametrize("name", ["tickets-bias", "tickets-new", "regimes-verdicts", "new"])
def test_names_without_an_entry(name):
    family = (
        "2,000 steps instead of 50,000, all others / 25, at most 24 seeds, N up to 20 (wide: 200)"
    )
    expected = {
        "tickets-bias": family,
        "tickets-new": family,
        "regimes-verdicts": None,
        "new": "smaller sizes and fewer draws",
    }
    assert scale(name) == expected[name]
