"""The same runs in every kind of file that people have give the same numbers."""

import gzip
import io
import os
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import xarray as xr

import ltens
from ltens.reading.parquet import frame_cells

SIZES = np.array([1_000.0, 15_000.0, 1_300_000.0, 2_000_000_000.0])
LOSSES = np.array([4.0625, 3.25, 2.5, 1.875])
POINT = ["4.0625", "3.25", "2.5", "1.875"]
COMMA = [text.replace(".", ",") for text in POINT]
PLAIN = ["1000", "15000", "1300000", "2000000000"]


def table(sizes, losses, separator=",", head=("N", "loss")):
    rows = [head, *zip(sizes, losses, strict=True)]
    return "".join(separator.join(row) + "\n" for row in rows)


USUAL = table(PLAIN, POINT)
KINDS = {
    "comma": USUAL,
    "semicolon": table(PLAIN, POINT, ";"),
    "tab": table(PLAIN, POINT, "\t"),
    "bars": table(PLAIN, POINT, " | "),
    "Markdown": "| N | loss |\n|---|---:|\n"
    + "".join(f"| {n} | {loss} |\n" for n, loss in zip(PLAIN, POINT, strict=True)),
    "blanks": table(PLAIN, POINT, "   "),
    "commas and blanks": table(PLAIN, POINT, ", "),
    "decimal comma, semicolon": table(PLAIN, COMMA, ";"),
    "decimal comma, tab": table(PLAIN, COMMA, "\t"),
    "decimal comma in quotation marks": table(PLAIN, [f'"{text}"' for text in COMMA]),
    "exponents": table(["1e3", "1.5E4", "1.3e+06", "2.0D9"], POINT),
    "exponents and decimal comma": table(["1,0E3", "1,5E4", "1,3E6", "2,0E9"], COMMA, ";"),
    "thousands, commas": table([f'"{int(n):,}"' for n in SIZES], POINT),
    "thousands, points": table([f"{int(n):,}".replace(",", ".") for n in SIZES], COMMA, ";"),
    "thousands, blanks": table([f"{int(n):,}".replace(",", " ") for n in SIZES], COMMA, ";"),
    "thousands, thin blanks": table([f"{int(n):,}".replace(",", "\u202f") for n in SIZES], POINT),
    "thousands, apostrophes": table([f"{int(n):,}".replace(",", "'") for n in SIZES], POINT),
    "units": table(["1K", "15 k", "1.3M", "2B"], POINT),
    "other units": table(["0.001m", "0.015M", "0.0013g", "0.002T"], POINT),
    "units and decimal comma": table(["1k", "15k", "1,3M", "2G"], COMMA, ";"),
    "comments": "# run 7\n#, by me\n\nN,loss\n# the first\n" + USUAL.split("\n", 1)[1],
    "names in a comment": "# made today\n# N loss\n" + table(PLAIN, POINT, " ").split("\n", 1)[1],
    "blank lines": USUAL.replace("\n", "\n\n"),
    "blank first rows and columns": ",,,\n,,,\n,N,loss,\n"
    + "".join(f",{n},{loss},\n" for n, loss in zip(PLAIN, POINT, strict=True)),
    "an index": ",N,loss\n"
    + "".join(f"{i},{n},{loss}\n" for i, (n, loss) in enumerate(zip(PLAIN, POINT, strict=True))),
    "names of models": "model;N;loss\n"
    + "".join(f"m-{n};{n};{loss}\n" for n, loss in zip(PLAIN, COMMA, strict=True)),
    "what spreadsheets say": "sep=;\n" + table(PLAIN, COMMA, ";"),
    "line ends of other systems": USUAL.replace("\n", "\r\n"),
    "line ends of old systems": USUAL.replace("\n", "\r"),
    "no line end": USUAL.rstrip("\n"),
    "quotation marks everywhere": table([f'"{n}"' for n in PLAIN], [f'"{x}"' for x in POINT]),
    "a cell of two lines": 'note,N,loss\n"a\nb",1000,4.0625\n'
    + "".join(f"c{n},{n},{loss}\n" for n, loss in zip(PLAIN[1:], POINT[1:], strict=True)),
    "long cells": "config,N,loss\n"
    + "".join(f"{'c' * 140_000}{n},{n},{x}\n" for n, x in zip(PLAIN, POINT, strict=True)),
    "a minus of typesetters": table(PLAIN, ["40625e\u22124", *POINT[1:]]),
}


def assert_same(found):
    np.testing.assert_array_equal(found.sizes, SIZES)
    np.testing.assert_array_equal(found.losses, LOSSES)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_gives_the_same_numbers(kind, tmp_path):
    path = tmp_path / "runs.csv"
    path.write_text(KINDS[kind], encoding="utf-8", newline="")
    found = ltens.read_table(path)
    assert_same(found)
    assert (found.size, found.loss) == ("N", "loss")


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"]
)
def test_every_encoding_gives_the_same_numbers(encoding, tmp_path):
    path = tmp_path / "runs.csv"
    path.write_bytes(table(PLAIN, COMMA, ";", ("Größe", "Verlust")).encode(encoding))
    found = ltens.read_table(path)
    assert_same(found)
    assert (found.size, found.loss) == ("Größe", "Verlust")


def test_compressed_files_and_the_standard_input(tmp_path, monkeypatch):
    (tmp_path / "runs.csv.gz").write_bytes(gzip.compress(USUAL.encode("utf-16")))
    assert_same(ltens.read_table(tmp_path / "runs.csv.gz"))
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(USUAL.encode())))
    found = ltens.read_table("-")
    assert_same(found)
    assert found.source == "standard input"


def test_no_header(tmp_path):
    path = tmp_path / "runs.csv"
    path.write_text(USUAL.split("\n", 1)[1])
    assert_same(ltens.read_table(path, header=False))
    back = ltens.read_table(path, size=2, loss=1, header=False)
    np.testing.assert_array_equal(back.sizes, LOSSES)
    path.write_text("2,1\n" + USUAL.split("\n", 1)[1])
    named = ltens.read_table(path, size="2", loss="1")  # so that the first row is seen to name them
    assert_same(named)


def test_what_is_guessed_can_be_said(tmp_path):
    path = tmp_path / "runs.csv"
    path.write_text("N;loss\n1;2,345\n2;1,234\n")
    assert ltens.read_table(path, decimal=",").losses.tolist() == [2.345, 1.234]
    assert ltens.read_table(path, decimal=".").losses.tolist() == [2345, 1234]
    path.write_text("N:loss\n1:2\n2:1\n")
    assert ltens.read_table(path, separator=":").sizes.tolist() == [1, 2]


def test_rows_are_left_out_and_counted(tmp_path):
    path = tmp_path / "runs.csv"
    path.write_text(
        "params,loss,status\n15M,3,done\n30M,OOM,failed\n60M,,done\n120M,0,done\n240M,N/A,done\n"
        "-,2.5,done\n480M,2.25,done\n1B,11.5,done\n2B,inf,done\n4B,1.5,running\n"
    )
    found = ltens.read_table(
        path,
        missing="drop",
        where=["status == done", "params < 3B"],
        diverged=["loss > 10", "loss == inf"],
    )
    assert found.sizes.tolist() == [15e6, 480e6, 1e9, 2e9]
    assert found.diverged.tolist() == [False, False, True, True]
    assert dict(found.left_out) == {"": 3}  # "-" is not below 3B


def test_further_sizes_of_each_run(tmp_path):
    path = tmp_path / "runs.csv"
    path.write_text("params;tokens;loss;tag\n15M;1,5B;3,5;x\n30M;-;3,25;y\n60M;3B;3,0;z\n")
    with pytest.raises(ValueError, match="line 3, column tokens, holds '-', but must hold"):
        ltens.read_table(path, columns="tokens")
    found = ltens.read_table(path, columns="tokens", missing="drop", by="tag")
    assert found.sizes.tolist() == [15e6, 60e6]
    assert found.columns["tokens"].tolist() == [1.5e9, 3e9]
    assert found.curves["z"].columns["tokens"].tolist() == [3e9]


def test_diverged_runs_count_as_those_of_a_sweep(tmp_path):
    path = tmp_path / "runs.csv"
    rows = [(n, 5 / n * (1 + 0.1 * i)) for n in (1, 2, 4, 8) for i in range(5)]
    text = "".join(f"{n},{loss}\n" for n, loss in rows)
    path.write_text("N,loss\n" + text + "8,1e9\n8,\n")
    found = ltens.read_table(path, diverged="loss > 100", missing="drop")
    law = ltens.fit(found)
    assert (law.diverged, law.excluded, law.samples.tolist()) == (1, 2, [5, 5, 5, 5])
    infinite = ltens.fit(found, diverged="infinite")
    assert (infinite.diverged, infinite.samples.tolist()) == (1, [5, 5, 5, 6])
    assert infinite.losses[-1] > law.losses[-1]


def curves(tmp_path):
    path = tmp_path / "curves.csv"
    rows = [
        (name, lr, n, scale / n**power)
        for name, scale, power in (("relu", 4.0, 1.0), ("silu", 9.0, 0.5))
        for lr in (1, 2)
        for n in (1, 2, 4, 8)
    ]
    text = "".join(f"{name},{lr},{n},{loss}\n" for name, lr, n, loss in rows)
    path.write_text("act,lr,N,loss\n" + text)
    return path


def test_curves_are_fitted_each_by_itself(tmp_path):
    named = {"size": "N", "loss": "loss"}
    laws = ltens.fit(ltens.read_table(curves(tmp_path), **named, by="act"))
    assert {name: round(law.exponent, 9) for name, law in laws.items()} == {"relu": 1, "silu": 0.5}
    both = ltens.read_table(curves(tmp_path), **named, by=["act", "lr"])
    assert list(both.curves) == [f"act {act}, lr {lr}" for act in ("relu", "silu") for lr in (1, 2)]
    pooled = ltens.fit(ltens.read_table(curves(tmp_path), **named, pool=True))
    assert pooled.samples.tolist() == [4, 4, 4, 4]
    one = ltens.read_table(curves(tmp_path), **named, where="act == relu")
    assert list(one.curves) == [""]


def test_a_table_goes_where_a_dataset_goes(tmp_path):
    found = ltens.read_table(curves(tmp_path), size="N", loss="loss", by="act")
    ranges = ltens.fit(found, sizes=(2, None))
    assert ranges["relu"].sizes.tolist() == [2, 4, 8]
    compared = ltens.regimes.compare(found, dimension=4)
    assert list(compared) == ["relu", "silu"]
    assert ltens.regimes.classify(found.curves["silu"]).verdict
    with pytest.raises(ValueError, match=r"x holds the curves relu, silu.*table\.curves\['relu'\]"):
        ltens.regimes.classify(found)
    with pytest.raises(TypeError, match="losses is given, but data is a table"):
        ltens.fit(found, [1.0])
    ax = ltens.plot.scaling(found)
    assert [text.get_text()[:5] for text in ax.get_legend().get_texts()] == ["relu:", "silu:"]


def test_an_exported_sweep_is_recognised(tmp_path):
    training = ltens.Training(steps=10)
    ds = ltens.sweep([1, 2, 4], seeds=5, training=training, progress=False)
    ds["status"][0, 0, 0], ds["loss"][0, 0, 0] = 1, np.nan  # diverged
    ds["status"][1, 2, 4] = 2  # cancelled
    path = tmp_path / "sweep.csv"
    ltens.to_dataframe(ds).to_csv(path, index=False)
    found, expected = ltens.fit(ltens.read_table(path)), ltens.fit(ds)
    assert list(found) == list(expected)
    for name, law in expected.items():
        assert found[name].exponent == law.exponent
        assert (found[name].diverged, found[name].excluded) == (law.diverged, law.excluded)


def test_the_axes_of_an_exported_sweep_name_its_curves(tmp_path):
    shape, dims = (2, 3, 2, 4), ("activation", "width", "lr", "seed")
    loss = np.random.default_rng(0).random(shape)
    ds = xr.Dataset(
        {"loss": (dims, loss), "status": (dims, np.zeros(shape, np.int8))},
        {"activation": ["relu", "silu"], "width": [1, 2, 4], "lr": [0.1, 0.2], "seed": range(4)},
    )
    path = tmp_path / "sweep.csv"
    ltens.to_dataframe(ds).to_csv(path, index=False)
    found = ltens.read_table(path)
    assert list(found.curves)[:2] == ["activation relu, lr 0.1", "activation relu, lr 0.2"]
    np.testing.assert_array_equal(
        found.curves["activation silu, lr 0.2"].losses, loss[1, :, 1].ravel()
    )


def test_parquet(tmp_path):
    pytest.importorskip("pyarrow", reason="Parquet needs pyarrow, which is optional")
    frame = pd.DataFrame({"N": SIZES.astype(int), "loss": LOSSES})
    frame.to_parquet(tmp_path / "runs.parquet")
    assert_same(ltens.read_table(tmp_path / "runs.parquet"))
    frame.set_index("N").to_parquet(tmp_path / "index.parquet")
    assert_same(ltens.read_table(tmp_path / "index.parquet"))
    (tmp_path / "broken.parquet").write_bytes(b"PAR1" + bytes(50))
    with pytest.raises(ValueError, match=r"broken\.parquet cannot be read as Parquet: "):
        ltens.read_table(tmp_path / "broken.parquet")


def test_numbers_of_a_frame_keep_every_digit():
    values = np.random.default_rng(0).lognormal(sigma=20, size=1000)
    frame = pd.DataFrame({"N": pd.array([1, None] * 500, dtype="Int64"), "loss": values})
    found = frame_cells(frame, "a")
    np.testing.assert_array_equal(np.array(found.columns[1], float), values)
    assert found.columns[0][:2] == ("1", "")
    assert found.place(1, 0) == "a, row 2, column N"


def test_the_limit_of_cells_of_other_readers_stays(tmp_path):
    import csv

    before = csv.field_size_limit()
    ltens.read_table(_written(tmp_path, KINDS["long cells"]))
    assert csv.field_size_limit() == before


def _written(folder, text):
    path = folder / "runs.csv"
    path.write_text(text)
    return os.fspath(path)
