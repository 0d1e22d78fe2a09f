"""The store: what it keeps, extends, refuses; damage of every kind."""

import json
import os
import pickle
import sqlite3
import subprocess
import sys
import warnings
from contextlib import closing

import numpy as np
import pytest

from ltens.scheduling import run
from ltens.store import Store, StoreError, is_store, read_store
from ltens.store.payload import decode, encode
from ltens.store.schema import APPLICATION_ID, SCHEMA_VERSION
from support import scheduled


@pytest.fixture
def path(tmp_path):
    folder = tmp_path / "a folder, größer"
    folder.mkdir()
    return folder / "fig 1 ∝ N⁻¹.ltens"


def fill(path, **options):
    """Run a computation into the store; return table and state."""
    of = scheduled.computation(**options)
    table = scheduled.table(of)
    state = run(of, table, store=path, threads=1)
    return table, state


def sql(path, statement, *values):
    with closing(sqlite3.connect(path)) as connection, connection:
        return connection.execute(statement, values).fetchall()


def labels_in_store(path):
    """Return (cell, label) of every row of every block, duplicates and all."""
    stored = read_store(path)
    return [
        (key, label)
        for batch in stored.batches
        for key, labels in zip(batch.keys, batch.labels.tolist(), strict=True)
        for label in labels
    ]


def test_a_run_commits_all_of_it_once(path):
    table, state = fill(path)
    scheduled.assert_complete(table)
    assert (state.blocks, state.finished, state.stored) == (15, 15, 0)  # 2 labels of 0.5 s each
    rows = labels_in_store(path)
    assert len(rows) == len(set(rows)) == 30
    assert sorted(p.name for p in path.parent.iterdir()) == [path.name]  # no lock, no log


def test_the_same_call_computes_nothing_again(path):
    fill(path)
    table, state = fill(path)
    scheduled.assert_complete(table)
    assert (state.blocks, state.stored) == (0, 30)


def test_new_labels_and_cells_extend(path):
    fill(path, exponents=(1, 2), labels=range(4))
    table, state = fill(path, exponents=(3, 2, 1), labels=[9, 2, 0, 5])
    scheduled.assert_complete(table)
    assert state.stored == 4
    rows = labels_in_store(path)
    assert len(rows) == len(set(rows)) == 16
    assert set(read_store(path).labels) == {0, 1, 2, 3, 5, 9}


def test_commit_leaves_out_what_is_there(path):
    of = scheduled.computation(exponents=(1,))
    with Store(path, of) as store:
        list(store.read())
        store.register(of)
        key = of.cells[0].key
        assert store.commit(key, np.arange(4), {"value": np.arange(4.0)}, 1.0) == 4
        assert store.commit(key, np.array([5, 3, 2]), {"value": np.array([5.0, 3, 2])}, 1.0) == 1
        assert store.commit(key, np.arange(4), {"value": np.arange(4.0)}, 1.0) == 0
    assert sorted(label for _, label in labels_in_store(path)) == [0, 1, 2, 3, 5]


def test_a_reader_sees_committed_blocks_while_a_writer_writes(path):
    of = scheduled.computation()
    with Store(path, of) as store:
        list(store.read())
        store.register(of)
        assert read_store(path).batches == []
        store.commit(of.cells[0].key, np.array([7]), {"value": np.array([7.0])}, 1.0)
        (batch,) = read_store(path).batches
    assert batch.arrays["value"].tolist() == [[7.0]]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"kind": "roots"}, "holds a powers, but a roots is asked for"),
        ({"identity": {"base": "seed"}}, "base  label in the store, seed asked for"),
        ({"identity": {"base": "label", "d": 2}}, "d  nothing in the store, 2 asked for"),
        ({"numerics": {"version": 2}}, "another arithmetic(.|\n)*version  1 in the store, 2 asked"),
    ],
)
def test_another_computation_is_refused_with_the_difference(path, options, message):
    fill(path)
    before = path.read_bytes()
    with pytest.raises(StoreError, match=message):
        fill(path, **options)
    assert path.read_bytes() == before


def test_a_newer_schema_is_refused(path):
    fill(path)
    sql(path, f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    with pytest.raises(StoreError, match="has schema version 2, but this ltens reads version 1"):
        fill(path)
    with pytest.raises(StoreError, match="schema version 2"):
        read_store(path)


def test_the_schema_is_the_documented_one(path):
    fill(path)
    assert sql(path, "PRAGMA application_id") == [(APPLICATION_ID,)]
    tables = sql(path, "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
    assert tables == [("arrays",), ("blocks",), ("calls",), ("cells",), ("meta",)]
    assert json.loads(sql(path, "SELECT value FROM meta WHERE name = 'kind'")[0][0]) == "powers"


@pytest.mark.parametrize("column", ["payload", "first", "last", "count", "seconds", "checksum"])
def test_a_damaged_block_is_found_reported_and_computed_again(path, column):
    fill(path)
    ((row,),) = sql(path, "SELECT id FROM blocks ORDER BY id LIMIT 1 OFFSET 6")
    ((held,),) = sql(path, f"SELECT {column} FROM blocks WHERE id = ?", row)
    other = bytes([held[0] ^ 1]) + held[1:] if isinstance(held, bytes) else held + 1
    sql(path, f"UPDATE blocks SET {column} = ? WHERE id = ?", other, row)
    with pytest.warns(RuntimeWarning, match=r"1 block\(s\) of .* are damaged .*the first is"):
        assert len(read_store(path).damaged) == 1
    with pytest.warns(RuntimeWarning, match="the same sweep computes them again"):
        table, state = fill(path)
    scheduled.assert_complete(table)
    assert (state.damaged, state.stored, state.blocks) == (1, 28, 1)
    rows = labels_in_store(path)  # would warn, and so fail, if the damage were still there
    assert len(rows) == len(set(rows)) == 30


def test_bits_flipped_anywhere_give_no_wrong_value(path):
    """Flip bytes all over the file: refused, reported, or harmless, never a wrong number."""
    fill(path, labels=range(200), seconds=0.01)
    good = path.read_bytes()
    rng = np.random.default_rng(0)
    for position in rng.integers(100, len(good), 60):  # the first 100 bytes are SQLite's header
        broken = bytearray(good)
        broken[position] ^= 0xFF
        path.write_bytes(broken)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", RuntimeWarning)
                stored = read_store(path)
        except (StoreError, MemoryError):
            continue
        for batch in stored.batches:
            for key, labels, values in zip(
                batch.keys, batch.labels, batch.arrays["value"], strict=True
            ):
                expected = labels.astype(float) ** json.loads(key)["exponent"]
                np.testing.assert_array_equal(values, expected)


@pytest.mark.parametrize(
    "content",
    [
        b"not a database at all, but some 100 bytes of a text that somebody wrote and wants." * 2,
        b"SQLite format 3\x00" + bytes(4096),
        pickle.dumps(list(range(1000))),
    ],
)
def test_garbage_is_refused_and_left_as_it_is(path, content):
    path.write_bytes(content)
    with pytest.raises(StoreError, match="is damaged or no store"):
        fill(path)
    with pytest.raises(StoreError, match="is damaged or no store"):
        read_store(path)
    assert path.read_bytes() == content


@pytest.mark.parametrize("share", [0.3, 0.6, 0.95])
def test_a_truncated_store_is_refused_and_left_as_it_is(path, share):
    fill(path, labels=range(3000), seconds=1e-3)
    whole = path.read_bytes()
    content = whole[: int(share * len(whole))]
    path.write_bytes(content)
    with pytest.raises(StoreError, match="is damaged or no store"):
        fill(path, labels=range(3000), seconds=1e-3)
    assert path.read_bytes() == content


def test_the_database_of_another_program_is_refused(path):
    sql(path, "CREATE TABLE bookmarks (url TEXT)")
    before = path.read_bytes()
    for use in (fill, read_store):
        with pytest.raises(StoreError, match="SQLite file of another program"):
            use(path)
    assert path.read_bytes() == before


def test_an_empty_file_becomes_a_store(path):
    path.touch()
    scheduled.assert_complete(fill(path)[0])


@pytest.mark.parametrize(
    ("name", "error", "message"),
    [
        (".", StoreError, "is .*, but that is a folder"),
        ("none/a.ltens", StoreError, "the folder .*none does not exist"),
    ],
)
def test_bad_places(tmp_path, name, error, message):
    with pytest.raises(error, match=message):
        fill(tmp_path / name)


def test_reading_what_does_not_exist(tmp_path):
    with pytest.raises(StoreError, match=r"a\.ltens does not exist"):
        read_store(tmp_path / "a.ltens")
    assert not is_store(tmp_path / "a.ltens")
    assert list(tmp_path.iterdir()) == []


def test_one_writer_at_a_time_in_one_process(path):
    of = scheduled.computation()
    with (
        Store(path, of),
        pytest.raises(StoreError, match=f"is being written by process {os.getpid()} on "),
    ):
        Store(path, of)
    scheduled.assert_complete(fill(path)[0])


def test_a_file_deleted_under_a_writer_is_noticed(path):
    of = scheduled.computation()
    with Store(path, of) as store:
        list(store.read())
        store.register(of)
        path.unlink()
        with pytest.raises(StoreError, match="was deleted or replaced while it was written"):
            store.commit(of.cells[0].key, np.array([7]), {"value": np.array([7.0])}, 1.0)


def test_a_full_database_keeps_what_was_committed(path):
    """SQLITE_FULL, as a full disk gives it, by limiting the number of pages."""
    of = scheduled.computation()
    big = {"value": np.random.default_rng(0).random((2, 50_000))}
    with Store(path, of) as store:
        list(store.read())
        store.register(of)
        store._connection.execute("PRAGMA max_page_count = 300")
        store.commit(of.cells[0].key, np.array([0, 1]), big, 1.0)
        with pytest.raises(StoreError, match=r"cannot grow .*what was committed before is safe"):
            store.commit(of.cells[0].key, np.array([2, 3]), big, 1.0)
    assert [label for _, label in labels_in_store(path)] == [0, 1]


READ_ONLY = """
import os, shutil, sys, tempfile
from support import scheduled
from ltens.scheduling import run
from ltens.store import Store, StoreError, read_store
path = sys.argv[1]
of = scheduled.computation()
with tempfile.TemporaryDirectory() as folder:  # import all that is imported late: the
    spare = shutil.copy(path, folder)  # interpreter's own files may be closed to other users
    os.chmod(spare, 0o600)
    read_store(spare)
    run(of, scheduled.table(of), store=spare)
if os.getuid() == 0:  # root may write anywhere
    os.setgid(65534)
    os.setuid(65534)
print(sum(len(batch.keys) for batch in read_store(path).batches))
try:
    run(of, scheduled.table(of), store=path)
except StoreError as error:
    print(error)
"""


@pytest.mark.parametrize("what", ["file", "folder"])
def test_a_read_only_store_can_be_read_and_not_written(tmp_path_factory, what):
    folder = tmp_path_factory.mktemp("readonly")
    path = folder / "a.ltens"
    fill(path)
    for parent in folder.parents:  # a user without rights must get here
        if parent.stat().st_uid == os.getuid() and len(parent.parts) > 2:
            parent.chmod(0o755)
    path.chmod(0o444)
    folder.chmod(0o777 if what == "file" else 0o555)
    done = subprocess.run(
        [sys.executable, "-c", READ_ONLY, str(path)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert done.returncode == 0, done.stderr
    blocks, message = done.stdout.strip().splitlines()
    assert blocks == "15"
    assert "cannot be" in message
    assert "ltens.open" in message


def test_payloads_hold_plain_arrays_only():
    arrays = {
        "loss": np.array([0.0, -0.0, np.nan]),
        "history": np.arange(6, dtype=np.float32).reshape(3, 2),
        "engine": np.array(["dense"] * 3),
        "code": np.array([b"a", b"bc", b""]),
        "big": np.arange(3).astype(">i8"),
        "none": np.empty((3, 0)),
    }
    back = decode(encode(arrays), 3)
    assert list(back) == list(arrays)
    for name, array in arrays.items():
        assert back[name].dtype == array.dtype.newbyteorder("<")
        np.testing.assert_array_equal(back[name], array)
    assert np.signbit(back["loss"]).tolist() == [False, True, False]
    with pytest.raises(TypeError, match="array x has dtype object, but must be numbers or text"):
        encode({"x": np.array([{}], dtype=object)})


@pytest.mark.parametrize(
    ("header", "body"),
    [
        (b'[["x","|O",[],0]]', bytes(8)),
        (b'[["x","<f8",[-1],0]]', bytes(8)),
        (b'[["x","<f8",[],0]]', bytes(7)),
        (b'[["x","<f8",[1000000000],0]]', bytes(8)),
        (b"nonsense", b""),
    ],
)
def test_a_made_up_payload_is_an_error(header, body):
    payload = len(header).to_bytes(4, "little") + header + body
    with pytest.raises(ValueError, match=r"."):
        decode(payload, 1)
    with pytest.raises(ValueError, match=r"."):
        decode(payload[:3], 1)


def test_equal_rows_are_stored_once():
    same = {"status": np.zeros(10_000, np.int8), "engine": np.array([b"piecewise"] * 10_000)}
    assert len(encode(same)) < 200
