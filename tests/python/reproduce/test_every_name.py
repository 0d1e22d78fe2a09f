"""Every name of ltens.reproduce gives a filled table or a labelled figure.

A new name is drawn here by itself; one that takes more than a few seconds joins SLOW. Its titles
say that the run is quick, with its steps and seeds: these are looked for in what was called.
"""

import importlib
import itertools
import re

import matplotlib
import pytest

from ltens import reproduce
from ltens.reproduce.quick import SAME, SCALES, scale, title
from support.sizes_of_calls import KINDS, sizes_not_called

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
    "solvable-sgd-table", "regimes-smooth-teacher",
    "regimes-twins",
    "regimes-labels", "regimes-classifier", "beyond-coordinates-table", "beyond-transfer",
    "beyond-transfer-table", "beyond-protocol", "beyond-protocol-table",
    "beyond-budget", "beyond-digits", "beyond-digits-table", "beyond-digits-regimes",
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


def test_every_name_says_what_a_quick_run_has_less_of():
    assert {*SCALES, *SAME} <= {*NAMES, "tickets-"}
    assert set(NAMES) - TICKETS <= {*SCALES, *SAME}
    for name in set(NAMES) - {*SAME}:
        assert re.search(r"instead of|draws, |steps, ", scale(name) or ""), name


@pytest.mark.parametrize("name", cases())
def test_every_name_is_drawn(name, tmp_path):
    folder = {"folder": tmp_path} if reproduce.item(name).keeps else {}
    with sizes_not_called(said_sizes(name)) as left:
        product = reproduce.draw(name, quick=True, threads=1, **folder)
    if reproduce.item(name).is_table:
        assert_tables(product)
        assert_said_to_be_quick(product, title(name))
    else:
        assert_figure(product)
        said = product.get_suptitle().replace("\n", " ")
        assert said.startswith(title(name)) if title(name) else "uick" not in said
    assert left == set()


def said_sizes(name):
    """The steps, seeds, ... of a quick run as its titles have them."""
    words = re.findall(rf"([\d,]+) ({'|'.join(KINDS)}|seed)\b", scale(name) or "")
    return [(f"{kind.rstrip('s')}s", int(number.replace(",", ""))) for number, kind in words]


def assert_said_to_be_quick(text, said):
    """Each table has the title above it, and none of its rows a verdict."""
    lines = ["", "", *text.splitlines()]
    for before, (k, line) in itertools.pairwise(enumerate(lines)):
        if line.startswith("|") and not before[1].startswith("|"):
            assert lines[k - 2 : k] == [f"*{said}*", ""]
        elif line.startswith("|"):
            assert not re.search(r"\b(holds|contradicted)\b", line), line


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
