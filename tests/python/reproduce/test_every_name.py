"""Every name of ltens.reproduce gives a filled table or a labelled figure.

A new name is drawn here by itself; one that takes more than a few seconds joins SLOW.
"""

import importlib
import itertools
import re

import matplotlib
import pytest

from ltens import reproduce

matplotlib.use("agg")
NAMES = reproduce.names()
TICKETS = {name for name in NAMES if name.startswith("tickets-")}

# Even at their quick sizes these train networks, or repeat a simulation, for seconds to minutes.
SLOW = TICKETS | {
    "solvable-F2", "solvable-F3", "solvable-F4", "solvable-F5", "solvable-F9", "solvable-F10",
    "solvable-F11", "solvable-students", "solvable-time", "solvable-sgd", "solvable-data",
    "solvable-table", "regimes-random-features", "regimes-gaussian", "regimes-duality",
    "regimes-digits-features", "regimes-digits-exponents", "regimes-digits-variance",
    "regimes-torus-exponents", "regimes-counter-examples", "regimes-patches",
    "regimes-patches-exponents", "regimes-relu-kernels", "regimes-data", "regimes-data-table",
    "regimes-width", "regimes-width-table", "regimes-teacher-data", "regimes-teacher-width",
    "regimes-teacher-table", "regimes-dimension", "regimes-superclasses", "regimes-input-noise",
    "regimes-labels", "regimes-classifier", "beyond-coordinates-table", "beyond-transfer",
    "beyond-transfer-table", "beyond-protocol", "beyond-protocol-table",
}  # fmt: skip


def cases():
    return [pytest.param(name, marks=pytest.mark.slow) if name in SLOW else name for name in NAMES]


def test_slow_names_are_names():
    assert set(NAMES) >= SLOW


@pytest.mark.parametrize("name", NAMES)
def test_every_name_has_its_function(name):
    found = reproduce.item(name)
    module = importlib.import_module(f"ltens.reproduce.{found.module}")
    assert callable(getattr(module, found.function))
    assert module.__doc__
    assert found.title


@pytest.mark.parametrize("name", cases())
def test_every_name_is_drawn(name, tmp_path):
    folder = {"folder": tmp_path} if reproduce.item(name).keeps else {}
    product = reproduce.draw(name, quick=True, threads=1, **folder)
    if reproduce.item(name).is_table:
        assert_tables(product)
    else:
        assert_figure(product)


def assert_tables(text):
    """Markdown with one table or several, each with a head, a rule and rows as long as these."""
    groups = itertools.groupby(text.strip().splitlines(), key=lambda line: line.startswith("|"))
    tables = [list(lines) for is_table, lines in groups if is_table]
    assert tables
    for head, rule, *rows in tables:
        assert set(rule) <= set("|-: ")
        assert rows, head
        assert {bars(row) for row in rows} == {bars(head)} == {bars(rule)}
        assert all(row.endswith("|") and row.strip("| ") for row in rows)
    assert not has_nan(text)


def bars(line):
    """How many bars part cells: one that is escaped stands for itself."""
    return len(re.findall(r"(?<!\\)\|", line))


def assert_figure(figure):
    assert figure.axes
    for ax in figure.axes:
        assert ax.has_data()
        assert ax.get_xlabel() or ax.get_ylabel()
        assert not any(has_nan(text.get_text()) for text in ax.findobj(matplotlib.text.Text))
        legend = ax.get_legend()
        assert legend is None or all(text.get_text() for text in legend.get_texts())
    assert any(ax.get_xlabel() or has_words(ax.get_xticklabels()) for ax in figure.axes)
    assert any(ax.get_ylabel() or has_words(ax.get_yticklabels()) for ax in figure.axes)


def has_words(ticks):
    """Whether an axis of names, such as those of protocols, says what they are by itself."""
    return any(tick.get_text()[:1].isalpha() or " " in tick.get_text() for tick in ticks)


def has_nan(text):
    return re.search(r"\bnan\b", text, flags=re.IGNORECASE) is not None
