"""Tables and numbers in words: what a person reads and what a program reads back."""

import io
import json
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from ltens import tables, words

RECORDS = [
    {"name": 'my "best", run | 1', "width": 3, "loss": 0.1 + 0.2},
    {"name": "two\nlines", "width": 10, "loss": float("nan")},
    {"name": "∞", "width": 2**60, "loss": np.float64(1e-300)},
]


def test_csv_is_read_back_as_it_was():
    frame = pd.read_csv(io.StringIO(tables.csv(RECORDS)))
    assert frame["name"].tolist() == [record["name"] for record in RECORDS]
    assert frame["width"].tolist() == [3, 10, 2**60]  # whole numbers stay so
    assert frame["loss"].tolist()[::2] == [0.1 + 0.2, 1e-300]
    assert np.isnan(frame["loss"][1])


def test_a_field_that_a_record_lacks_is_empty_and_the_others_keep_their_kind():
    assert tables.csv([{"n": 1}, {"k": 2}]) == "n,k\n1,\n,2\n"


@pytest.mark.parametrize("rows", [[], [["a", 1]], [["a long name", "-"], ["b", "12.5"]]])
def test_aligned_lines_have_a_line_for_each_row_and_no_blanks_at_their_ends(rows):
    lines = tables.text(["law", "AICc"], rows, indent="  ").split("\n")
    assert len(lines) == 1 + len(rows)
    assert all(line == line.rstrip() and line.startswith("  ") for line in lines)


def test_numbers_end_where_their_heading_ends_and_words_begin_where_theirs_begins():
    rows = [["silu", "-0.5", "[0, 1]"], ["relu", "12", "[10, 11]"], ["abs", "nan", "-"]]
    assert tables.text(["name", "exponent", "interval"], rows).split("\n") == [
        "name  exponent  interval",
        "silu      -0.5  [0, 1]",
        "relu        12  [10, 11]",
        "abs        nan  -",
    ]


def test_a_bar_in_a_cell_opens_no_column_in_markdown():
    head, line, row = tables.markdown(["max |a|"], [["|x| < 1"]]).split("\n")
    assert (head, line, row) == (r"| max \|a\| |", "|---|", r"| \|x\| < 1 |")


def test_rows_of_another_length_are_refused():
    with pytest.raises(ValueError, match="shorter"):
        tables.text(["a", "b"], [["1"]])


def test_html_shows_what_looks_like_html_as_it_is():
    assert "<script>" not in tables.html([["<script>", "a & b"]])
    assert "&lt;script&gt;" in tables.html([["<script>", "a & b"]])


def test_plain_values_are_json_whatever_is_in_them():
    value = {"a": np.array([1.0, -np.inf]), "n": np.int64(3), "t": (np.float32("nan"), None, True)}
    text = json.dumps(tables.plain(value), allow_nan=False)
    assert json.loads(text) == {"a": [1.0, None], "n": 3, "t": [None, None, True]}


def test_a_cell_without_a_number_is_a_dash():
    record = {"x": np.nan, "low": np.nan, "high": np.nan}
    form = {"x": "{x:.2f} [{low:.2f}, {high:.2f}]", "change": "{x:+.1%}"}
    assert tables.formatted([record], form)[1] == [["–", "–%"]]


def test_only_a_number_that_is_not_known_is_a_dash():
    record = {"what": "resonance", "x": np.nan, "low": np.nan, "high": np.nan}
    form = "{what} {x:+.2f} {x:.1f} [{low:.1f}, {high:.1f}]"
    assert tables.formatted([record], {"found": form})[1] == [["resonance – –"]]


def test_durations_and_counts_at_their_borders():
    seconds = (0, 9.94, 9.96, 59.4, 59.6, 3599.4, 3599.6, 172_799, 172_800)
    assert [words.duration(s) for s in seconds] == [
        "0.0 s", "9.9 s", "10 s", "59 s", "1:00", "59:59", "1:00:00", "47:59:59", "2 d 0 h",
    ]  # fmt: skip
    counts = (999.4, 999.6, 1e18)
    assert [words.scaled(n) for n in counts] == ["999", "1 k", "1e+03 P"]


def test_pandas_is_loaded_for_csv_only():
    code = (
        "import sys, ltens.tables, ltens.words, ltens.regimes; "
        "assert 'pandas' not in sys.modules; "
        "ltens.tables.csv([{'n': 1}]); assert 'pandas' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
