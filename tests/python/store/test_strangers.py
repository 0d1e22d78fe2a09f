"""Strangers' stores and single flipped bytes: one sentence, or the right results; never more."""

import json
import resource
import sqlite3
import struct
import subprocess
import sys
import warnings
from contextlib import closing

import numpy as np
import pytest

import ltens
from ltens.scheduling import run
from ltens.store import Store, StoreError, read_store
from ltens.store.cell_keys import cell_keys
from ltens.store.payload import checksum, encode
from ltens.store.rows import packed
from support import scheduled

TASK = ltens.Task.from_function("square", samples=20)
OPTIONS = {"task": TASK, "training": ltens.Training(steps=10), "progress": False}


@pytest.fixture
def path(tmp_path):
    """A store of 2 cells x 3 seeds."""
    ltens.sweep([10, 12], 3, activations="relu", store=tmp_path / "a.ltens", **OPTIONS)
    return tmp_path / "a.ltens"


def sql(path, *statements):
    with closing(sqlite3.connect(path)) as connection, connection:
        for statement in statements:
            connection.execute(*([statement] if isinstance(statement, str) else statement))


def again(path, **options):
    return ltens.sweep([10, 12], 3, activations="relu", store=path, **{**OPTIONS, **options})


KEY = b'{"activation":"relu","width":10}'


def places(path):
    """Where the key of a cell stands: in the table and in its index."""
    whole = path.read_bytes()
    found = [at for at in range(len(whole)) if whole.startswith(KEY, at)]
    assert len(found) == 2
    return found


@pytest.mark.parametrize("copy", [0, 1])
@pytest.mark.parametrize(("offset", "mask"), [(0, 1), (5, 1), (30, 3), (31, 1)])
def test_one_flipped_byte_in_the_key_of_a_cell_is_mended(path, copy, offset, mask):
    """Offset 30 is the last digit of the width: 10 becomes 13, a key like any other."""
    good, at = ltens.open(path), places(path)[copy]
    content = bytearray(path.read_bytes())
    content[at + offset] ^= mask
    path.write_bytes(content)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # its blocks do not fit the flipped key
        assert ltens.open(path).width.values.tolist() == [10, 12]
    ds = again(path)
    assert ds.loss.equals(good.loss)
    assert ltens.open(path).loss.equals(good.loss)  # no damage is left, which would warn
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert sorted(cell_keys(connection).values())[0] == KEY.decode()


def test_a_resume_computes_nothing_again_once_the_key_is_mended(path):
    at = places(path)[0]
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(content)
    again(path)
    assert read_store(path).damaged == []
    assert len(read_store(path).cells) == 2


@pytest.mark.parametrize("name", ["identity", "numerics", "record", "kind"])
def test_a_flipped_setting_is_found(path, name):
    old, new = {
        "identity": ('"lr": 0.01', '"lr": 0.09'),
        "numerics": ('"numerics_version": ', '"numerics_version": 1'),
        "record": ('"threads": ', '"threads": 1'),
        "kind": ("sweep", "sweeq"),
    }[name]
    update = "UPDATE meta SET value = replace(value, ?, ?) WHERE name = ?"
    sql(path, (update, (old, new, name)))
    for use in (ltens.open, again):
        with pytest.raises(StoreError, match=f"is damaged: its {name} fails its checksum"):
            use(path)


def test_a_flipped_range_of_seeds_loses_no_result(path):
    sql(path, ("UPDATE calls SET labels = ?", ("[[0, 0]]",)))
    with pytest.warns(RuntimeWarning, match=r"1 call\(s\) noted in .* are damaged"):
        assert ltens.open(path).seed.values.tolist() == [0, 1, 2]
    again(path)
    assert ltens.open(path).seed.values.tolist() == [0, 1, 2]  # would warn


def test_stores_without_checksums_of_settings_open_and_extend(path):
    sql(
        path,
        "DELETE FROM meta WHERE name = 'checksums'",
        "UPDATE calls SET record = '{}'",
    )
    assert ltens.open(path).sizes["seed"] == 3
    assert again(path).loss.notnull().all()


STRANGE = {
    "a trigger": "CREATE TRIGGER t AFTER INSERT ON blocks BEGIN DELETE FROM blocks; END",
    "a view": "CREATE VIEW v AS SELECT 1",
    "another table": "CREATE TABLE t (x)",
    "another index": "CREATE INDEX i ON blocks (seconds)",
}


@pytest.mark.parametrize("what", STRANGE)
def test_what_no_ltens_made_is_refused(path, what):
    sql(path, STRANGE[what])
    before = path.read_bytes()
    for use in (ltens.open, again):
        with pytest.raises(StoreError, match=r"has a \w+ '\w' that no ltens made and was left as"):
            use(path)
    assert path.read_bytes() == before


def test_an_endless_view_in_the_place_of_a_table_is_refused(path):
    sql(
        path,
        "DROP TABLE calls",
        "CREATE VIEW calls AS WITH RECURSIVE n(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n) "
        "SELECT id, '' AS made, '[]' AS labels, '{}' AS record FROM n",
    )
    with pytest.raises(StoreError, match="has a view 'calls' that no ltens made"):
        ltens.open(path)


def test_a_missing_table_is_said(path):
    sql(path, "DROP TABLE calls")
    with pytest.raises(StoreError, match="is damaged: it has no table 'calls'"):
        ltens.open(path)


def block(path, count):
    """Put a block with a right checksum into a store: a small one that speaks of many seeds."""
    key = KEY.decode()
    arrays = {"loss": np.ones(2), "status": np.zeros(2, np.int8)}
    payload = encode(arrays)  # equal rows stand there once, for any count
    row = list(packed(key, np.arange(2), 1.0, payload))
    row[1], row[2] = count - 1, count
    numbers = struct.pack("<qqqd", 0, count - 1, count, 1.0)
    row[6] = checksum(key.encode(), numbers, b"", payload)
    names = "cell, first, last, count, labels, seconds, payload, checksum"
    sql(path, (f"INSERT INTO blocks ({names}) VALUES (1, ?, ?, ?, ?, ?, ?, ?)", tuple(row)))


def marked(labels):
    return json.dumps({"labels_checksum": checksum(labels.encode()).hex()})


def strange_contents(kind, path):
    if kind == "labels":
        labels = "[[0, 1000000000]]"
        sql(path, ("UPDATE calls SET labels = ?, record = ?", (labels, marked(labels))))
    elif kind == "many ranges":
        labels = json.dumps([[0, 10**6]] * 500)
        sql(path, ("UPDATE calls SET labels = ?, record = ?", (labels, marked(labels))))
    elif kind == "count":
        block(path, 10**9)
    elif kind == "deep":
        sql(path, "DELETE FROM meta WHERE name = 'checksums'")
        sql(path, ("UPDATE meta SET value = ? WHERE name = 'identity'", ("[" * 100_000,)))
    else:
        values = {"no task": "{}", "a list": "[]", "null": "null", "a number": "1"}
        sql(path, "DELETE FROM meta WHERE name = 'checksums'")
        sql(path, ("UPDATE meta SET value = ? WHERE name = 'identity'", (values[kind],)))


KINDS = ["labels", "many ranges", "count", "deep", "no task", "a list", "null", "a number"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_small_file_asks_for_no_more_than_it_can_hold(path, kind):
    """In a process that may have 2 GB: the same 40 kB asked for 8 GB and more."""
    strange_contents(kind, path)
    assert path.stat().st_size < 2**18
    code = f"""
import resource
resource.setrlimit(resource.RLIMIT_DATA, (2**31, {resource.RLIM_INFINITY}))
import ltens
try:
    ltens.open({str(path)!r})
except ltens.StoreError as error:
    print(error)
"""
    words = [sys.executable, "-c", code]
    done = subprocess.run(words, capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.count("\n") == 1
    assert "is damaged" in done.stdout
    assert len(done.stdout) < 600


@pytest.mark.parametrize("key", ["{}", "3", "[]", '{"width":10}', '{"activation":3,"width":4}'])
def test_a_cell_that_is_none_is_one_sentence(path, key):
    sql(path, ("INSERT INTO cells (key) VALUES (?)", (key,)))
    with pytest.raises(StoreError, match="is damaged and was left as it is"):
        ltens.open(path)


def test_reading_ends_although_the_file_is_endless(path, monkeypatch):
    """The budget of a reader, here of a few operations, as a loop of pages would use it up."""
    monkeypatch.setattr("ltens.store.guarding._FREE_OPERATIONS", 0)
    monkeypatch.setattr("ltens.store.guarding._EVERY", 1)
    monkeypatch.setattr("ltens.store.guarding.size_of", lambda connection: 1)
    with pytest.raises(StoreError, match="is damaged or made to be endless"):
        read_store(path)


def test_a_value_longer_than_the_file_is_refused(path, monkeypatch):
    monkeypatch.setattr("ltens.store.guarding.size_of", lambda connection: 100_000)
    monkeypatch.setattr("ltens.store.guarding._GROWTH", -99_900)
    with pytest.raises(StoreError, match="is damaged or made to be endless"):
        read_store(path)


def test_many_labels_of_an_unfinished_sweep_are_no_stranger_s(tmp_path):
    """A million seeds asked for and few of them done: 8 kB may speak of that."""
    of = scheduled.computation(exponents=(1,), labels=range(1_000_000), seconds=0.0)
    with Store(tmp_path / "a.ltens", of) as store:
        list(store.read())
        store.register(of)
    assert len(read_store(tmp_path / "a.ltens").labels) == 1_000_000


def test_a_resumed_run_still_commits_larger_blocks_than_its_file(tmp_path):
    """The limits are those of reading: a store of 40 kB takes a block of megabytes."""
    of = scheduled.computation(exponents=(1,), labels=range(4))
    run(of, scheduled.table(of), store=tmp_path / "a.ltens", threads=1)
    with Store(tmp_path / "a.ltens", of) as store:
        list(store.read())
        store.register(of)
        big = {"value": np.random.default_rng(0).random((2, 400_000))}
        assert store.commit(of.cells[0].key, np.array([7, 8]), big, 1.0) == 2
