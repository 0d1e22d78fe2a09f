"""Random files: the numbers come back exactly, or there is one sentence."""

import gzip
import os
import tempfile

import numpy as np
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import ltens

MODERATE = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
BLANK_MARKS = ["\u00a0", "\u202f", "'"]


@st.composite
def tables(draw):
    """A table whose numbers are known: the bytes of the file, sizes, losses."""
    separator = draw(st.sampled_from([",", ";", "\t", "|", " "]))
    decimal = draw(st.sampled_from([".", ","]))
    integers = draw(st.lists(st.integers(1, 10**13), min_size=2, max_size=8))
    losses = draw(
        st.lists(st.floats(1e-300, 1e300), min_size=len(integers), max_size=len(integers))
    )
    marks = [*BLANK_MARKS, {".": ",", ",": "."}[decimal], ""]
    mark = draw(st.sampled_from(marks))
    quoted = separator == "," and "," in (decimal, mark)
    separator = "\t" if separator == " " and mark in BLANK_MARKS else separator

    def cell(text):
        text = " " * draw(st.integers(0, 2)) + text if separator != " " else text
        return f'"{text.strip()}"' if quoted or (separator != " " and draw(st.booleans())) else text

    columns = draw(st.permutations(["N", "loss", "seed"]))
    lines = [separator.join(columns)]
    for n, loss in zip(integers, losses, strict=True):
        held = {
            "N": f"{n:,}".replace(",", mark),
            # A full stop that is no decimal mark would be read as one of thousands or refused.
            "loss": repr(loss).replace(".", decimal) if "." in repr(loss) else f"{loss:e}",
            "seed": str(draw(st.integers(0, 9))),
        }
        held["loss"] = held["loss"].replace(".", decimal)
        lines += draw(st.lists(st.sampled_from(["# a comment, it's; one\t", "", "  "]), max_size=2))
        lines.append(separator.join(cell(held[name]) for name in columns))
    end = draw(st.sampled_from(["\n", "\r\n", "\r"]))
    text = end.join(lines) + draw(st.sampled_from(["", end, 3 * end]))
    encodings = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32"]
    if "\u202f" not in text:
        encodings.append("cp1252")
    data = text.encode(draw(st.sampled_from(encodings)))
    return gzip.compress(data) if draw(st.booleans()) else data, integers, losses


def read(data, **options):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "runs.csv")
        with open(path, "wb") as file:
            file.write(data)
        return ltens.read_table(path, **options)


@MODERATE
@given(tables())
def test_numbers_come_back_exactly_or_there_is_one_sentence(table):
    data, sizes, losses = table
    found = read_or_refused(data, size="N", loss="loss")
    if isinstance(found, Exception):
        assert "--decimal" in str(found), "only what can be read in two ways is refused"
        return
    np.testing.assert_array_equal(found.sizes, np.array(sizes, float))
    np.testing.assert_array_equal(found.losses, losses)


CELLS = st.one_of(
    st.text(max_size=8),
    st.sampled_from(
        ["", "1", "0.5", "1,5", "1.000", "-", "nan", '"', "#", "1e9", "15M", "N", "loss"]
    ),
)


@MODERATE
@given(
    st.lists(st.lists(CELLS, max_size=4), max_size=6),
    st.sampled_from([",", ";", "\t", " "]),
    st.sampled_from(["error", "drop"]),
    st.sampled_from([None, True, False]),
)
@example([["N", "loss"], ["1", '"']], ",", "error", None)
def test_any_text_is_read_or_refused_in_one_sentence(rows, separator, missing, header):
    text = "\n".join(separator.join(row) for row in rows)
    refused_or_sound(text.encode("utf-8", "surrogatepass"), missing=missing, header=header)


@MODERATE
@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused_in_one_sentence(data):
    refused_or_sound(data)


def refused_or_sound(data, **options):
    found = read_or_refused(data, **options)
    if not isinstance(found, Exception):
        assert len(found) >= 1
        assert (found.sizes > 0).all()
        assert (found.losses > 0).all()


def read_or_refused(data, **options):
    """What is read, or the error, which is one sentence."""
    try:
        return read(data, **options)
    except (ValueError, ModuleNotFoundError) as error:  # Parquet may need what is not installed
        refused = error
    text = str(refused)
    assert len(text) < 1500
    assert "\n" not in text
    assert text.endswith((".", "?"))
    return refused
