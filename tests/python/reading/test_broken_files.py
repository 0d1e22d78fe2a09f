"""Each kind of broken file has one sentence that names file, line, column and cell."""

import gzip
import re

import pytest

import ltens

BIG = "x" * 140_000  # more than what a CSV reader takes by default, 131,072

BROKEN: dict[str, tuple[str | bytes, dict[str, object], str]] = {
    "nothing": ("", {}, "runs.csv is empty, but must hold a table of sizes and losses."),
    "blank lines": ("\n \n\t\n", {}, "runs.csv is empty, but must hold"),
    "comments only": ("# a\n# b\n", {}, "runs.csv holds comments only, but must hold a table."),
    "header only": ("N,loss\n", {}, "runs.csv has 1 line(s), but needs a header and data."),
    "one column": (
        "loss\n1\n2\n",
        {},
        "runs.csv has one column, 'loss', but needs a size and a loss: tried were comma, ",
    ),
    "no header": (
        "1,4\n2,2\n4,1\n",
        {},
        "runs.csv, line 1, holds numbers where the names of the columns should be: --no-header ",
    ),
    "perhaps a header": (
        "relu,1,4\nrelu,2,2\n",
        {},
        "runs.csv, line 1, may be names or data, as it holds '1' beside words: --header or --no-h",
    ),
    "thousands without quotation marks": (
        "N,loss\n1,000,0.5\n2,000,0.4\n",
        {},
        "runs.csv, line 2, has 3 cells up to '0.5', but the header has 2: a cell that holds a "
        "comma, such as 1,000 or 0,5, must stand in quotation marks.",
    ),
    "more cells than the header": (
        "N;loss\n1;2\n\n3;4;5\n",
        {},
        "runs.csv, line 4, has 3 cells up to '5', but the header has 2.",
    ),
    "a blank cell": (
        "N,loss\n1,2\n2,\n",
        {},
        "runs.csv, line 3, column loss, holds nothing, but must hold a number: --missing drop "
        "leaves such rows out.",
    ),
    "a row that ends early": ("N,loss\n1,2\n2\n", {}, "runs.csv, line 3, column loss, holds nothi"),
    "a word": (
        "N,loss\n1,2\n2,OOM\n",
        {},
        "runs.csv, line 3, column loss, holds 'OOM', but must hold a number: --missing drop ",
    ),
    "nan": ("N,loss\n1,2\nnan,3\n", {}, "runs.csv, line 3, column N, holds 'nan', but must hold a"),
    "N/A": ("N,loss\n1,2\n2,N/A\n", {}, "column loss, holds 'N/A', but must hold a number: --miss"),
    "a dash": ("N,loss\n1,2\n2,-\n", {}, "line 3, column loss, holds '-', but must hold a number"),
    "zero": (
        "N,loss\n1,2\n2,0\n",
        {},
        "runs.csv, line 3, column loss, holds '0', but must hold a number above 0: --missing drop ",
    ),
    "below zero": (
        "N,loss\n1,2\n2,-1\n",
        {"missing": "drop"},
        "runs.csv, line 3, column loss, holds '-1', but must hold a number above 0: "
        '--where "loss > 0" leaves such rows out.',
    ),
    "infinity": (
        "N,loss\n1,2\n2,inf\n",
        {},
        "runs.csv, line 3, column loss, holds 'inf', but must be finite: "
        '--diverged "loss == inf" counts them as diverged, --missing drop leaves such rows out.',
    ),
    "no number, though it has digits": (
        "N,loss\n1,2\n2,0.1.2\n",
        {"missing": "drop"},
        "runs.csv, line 3, column loss, holds '0.1.2', but must hold a number.",
    ),
    "a unit of a loss": (
        "N,loss\n1,2M\n",
        {},
        "line 2, column loss, holds '2M', but must hold a n",
    ),
    "too large for a float": (
        "N,loss\n1,2\n1e999,3\n",
        {},
        "runs.csv, line 3, column N, holds '1e999', but must hold a number that a float can hold.",
    ),
    "two decimal marks": (
        "N;loss\n1;0,5\n2;0.4\n",
        {},
        "runs.csv, line 2, column loss, holds '0,5', but another cell '0.4': the decimal mark must "
        "be one in the whole file, or --decimal must give it.",
    ),
    "a decimal mark that may be one of thousands": (
        "N;loss\n1;2,345\n2;1,234\n",
        {},
        "runs.csv, line 2, column loss, holds '2,345', which is 2345 or 2.345: --decimal . or ",
    ),
    "columns of one name": (
        "N,loss,loss\n1,2,3\n",
        {"size": "N", "loss": "loss"},
        "loss is 'loss', but runs.csv has 2 columns of that name, numbers 2, 3: give --loss a nu",
    ),
    "both columns of one name": ("N,N\n1,2\n", {}, "size is 'N', but runs.csv has 2 columns of th"),
    "columns that are not evident": (
        "N,seed,loss\n1,2,3\n",
        {},
        "size is missing, but must be given because runs.csv has the columns N, seed, loss: --size",
    ),
    "a misspelt column": (
        "N,loss\n1,2\n",
        {"loss": "los"},
        "loss is 'los', but runs.csv has no such column: did you mean 'loss' (columns: N, loss)?",
    ),
    "one column as both": (
        "N,loss\n1,2\n",
        {"size": "N", "loss": "N"},
        "size and loss are both 'N', but must be two columns of runs.csv.",
    ),
    "curves by the sizes": (
        "N,loss\n1,2\n",
        {"size": "N", "loss": "loss", "by": "N"},
        "by is 'N', but that column of runs.csv holds the sizes or losses.",
    ),
    "several curves": (
        "act,N,loss\nrelu,1,2\nrelu,2,1\nsilu,1,4\nsilu,2,2\n",
        {},
        "runs.csv holds words beside its sizes and losses, which may name several curves: act "
        "(relu, silu): --by act fits each by itself, --pool takes all as one.",
    ),
    "no run left": (
        "N,loss\n1,2\n",
        {"where": "N > 5"},
        "where is 'N > 5', which no row of runs.csv meets.",
    ),
    "no run with a loss": (
        "N,loss\n1,OOM\n2,OOM\n",
        {"missing": "drop"},
        "runs.csv has no row with a ",
    ),
    "no comparison": (
        "N,loss\n1,2\n",
        {"where": "N"},
        "where is 'N', but must compare a column wi",
    ),
    "less than a word": (
        "N,loss\n1,2\n",
        {"where": "N < big"},
        "where is 'N < big', but < needs a number behind it.",
    ),
    "a cell that cannot be compared": (
        "N,loss,day\n1,2,2024-05-01\n",
        {"size": "N", "loss": "loss", "diverged": "day > 2023"},
        "runs.csv, line 2, column day, holds '2024-05-01', which cannot be compared by 'day > ",
    ),
    "a quotation mark that is not closed": (
        'N,loss\n1,2\n"2,3\n4,5\n',
        {},
        "runs.csv, line 3, cannot be cut into cells (unexpected end of data): a quotation mark sta",
    ),
    "a long cell": (
        f"N,loss\n1,{BIG}\n",
        {"size": 1, "loss": 2},
        f"holds '{'x' * 40}...', but mus",
    ),
    "a long name": (f"N,loss,{BIG}\n1,2,3\n", {}, f"has the columns N, loss, {'x' * 40}: --size "),
    "a zero byte": (
        b"N,loss\n1,2\n2,\x00\n",
        {},
        "runs.csv, line 3, holds the byte 0x00, but a ta",
    ),
    "random bytes": (bytes(range(256)) * 9, {}, "runs.csv is no text in UTF-8 or Windows-1252 (by"),
    "half of a UTF-16 character": (
        "N,loss\n1,2\n".encode("utf-16")[:-1],
        {},
        "runs.csv is no text in utf-16 (byte 23, 0x0a): --encoding gives another.",
    ),
    "another encoding": (
        b"N,loss\n1,\xff\n",
        {"encoding": "utf-8"},
        "runs.csv is no text in utf-8 (",
    ),
    "no encoding": (
        b"N,loss\n1,2\n",
        {"encoding": "utf-9"},
        "encoding is 'utf-9', which is not kn",
    ),
    "a store": (
        b"SQLite format 3\0" + bytes(99),
        {},
        "runs.csv is no table, but a store or netCDF",
    ),
    "a spreadsheet": (
        b"PK\x03\x04" + bytes(99),
        {},
        "runs.csv is no table, but a spreadsheet: save",
    ),
    "a web page": ("<!DOCTYPE html>\n<html>", {}, "runs.csv is no table, but a web page: downlo"),
    "a picture": (b"\x89PNG\r\n", {}, "runs.csv is no table, but a picture."),
    "half of a gzip file": (
        gzip.compress(b"N,loss\n1,2\n")[:-5],
        {},
        "runs.csv cannot be unpacked by gzip: ",
    ),
    "gzip of nothing": (gzip.compress(b""), {}, "runs.csv is empty, but must hold a table"),
    "a separator of two signs": (
        "N,loss\n1,2\n",
        {"separator": "::"},
        "separator is '::', but must",
    ),
    "a decimal mark that is none": (
        "N,loss\n1,2\n",
        {"decimal": "!"},
        "decimal is '!', which is n",
    ),
    "a tolerance": (
        "N,loss\n1,2\n",
        {"tolerance": 2},
        "tolerance is 2, but must be at least 0 and",
    ),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_file_is_one_sentence(kind, tmp_path, monkeypatch):
    content, options, message = BROKEN[kind]
    monkeypatch.chdir(tmp_path)
    data = content if isinstance(content, bytes) else content.encode()
    (tmp_path / "runs.csv").write_bytes(data)
    with pytest.raises((ValueError, TypeError), match=re.escape(message)) as caught:
        ltens.read_table("runs.csv", **options)
    text = str(caught.value)
    assert len(text) < 400
    assert "\n" not in text
    assert text.endswith((".", "?"))


def test_a_folder_and_no_file(tmp_path):
    with pytest.raises(ValueError, match=r"is a folder, but must be a file with a table"):
        ltens.read_table(tmp_path)
    with pytest.raises(ValueError, match=r"none\.csv cannot be read: No such file or directory\."):
        ltens.read_table(tmp_path / "none.csv")


def test_parquet_without_pyarrow_is_one_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr("ltens.reading.parquet.find_spec", lambda name: None)
    (tmp_path / "runs.parquet").write_bytes(b"PAR1")
    with pytest.raises(ModuleNotFoundError, match=r"needs pyarrow.*pip install 'ltens\[parquet\]'"):
        ltens.read_table(tmp_path / "runs.parquet")
