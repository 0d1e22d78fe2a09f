"""Where a store may lie: nobody's file is touched, and what will not do is said at once."""

import errno
import fcntl
import os
import sqlite3
from contextlib import closing

import pytest

import ltens
from ltens.scheduling import run
from ltens.store import StoreError
from ltens.store.connecting import write_ahead
from ltens.store.store_errors import sqlite_errors
from support import scheduled


def fill(path):
    of = scheduled.computation()
    table = scheduled.table(of)
    run(of, table, store=path, threads=1)
    return table


def test_a_lock_that_is_a_symbolic_link_leaves_its_target_as_it_is(tmp_path):
    (tmp_path / "diary").write_text("dear diary")
    (tmp_path / "a.ltens-lock").symlink_to("diary")
    with pytest.raises(StoreError, match=r"a\.ltens-lock is no lock of ltens and was left"):
        fill(tmp_path / "a.ltens")
    assert (tmp_path / "diary").read_text() == "dear diary"
    assert (tmp_path / "a.ltens-lock").is_symlink()
    (tmp_path / "diary").unlink()  # a link that leads nowhere makes no file there
    with pytest.raises(StoreError, match="is no lock of ltens"):
        fill(tmp_path / "a.ltens")
    assert not (tmp_path / "diary").exists()


@pytest.mark.parametrize("content", [b"my notes", b"process 1 on a host\nand more", b"p" * 10_000])
def test_a_user_s_file_of_that_name_stays(tmp_path, content):
    (tmp_path / "a.ltens-lock").write_bytes(content)
    with pytest.raises(StoreError, match="is no lock of ltens and was left as it is: rename it"):
        fill(tmp_path / "a.ltens")
    assert (tmp_path / "a.ltens-lock").read_bytes() == content


def test_a_user_s_empty_file_of_two_names_stays(tmp_path):
    (tmp_path / "empty").touch()
    os.link(tmp_path / "empty", tmp_path / "a.ltens-lock")
    with pytest.raises(StoreError, match="is no lock of ltens"):
        fill(tmp_path / "a.ltens")
    assert (tmp_path / "empty").read_bytes() == b""


@pytest.mark.parametrize("make", [os.mkdir, os.mkfifo])
def test_a_folder_or_a_pipe_of_that_name(tmp_path, make):
    make(tmp_path / "a.ltens-lock")
    with pytest.raises(StoreError, match="is no lock of ltens"):
        fill(tmp_path / "a.ltens")


@pytest.mark.parametrize("content", [b"", b"process 4194000 on some-host"])
def test_the_lock_of_a_dead_writer_is_taken(tmp_path, content):
    (tmp_path / "a.ltens-lock").write_bytes(content)
    scheduled.assert_complete(fill(tmp_path / "a.ltens"))
    assert not (tmp_path / "a.ltens-lock").exists()


def test_no_disk_is_no_place(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(StoreError, match="store is ':memory:', but must be a file on a disk"):
        ltens.sweep([1], 2, store=":memory:", progress=False)
    assert list(tmp_path.iterdir()) == []


def test_a_file_system_that_refuses_write_ahead_logging(tmp_path):
    """A database in memory refuses as such a file system does: the journal stays as it is."""
    with (
        closing(sqlite3.connect(":memory:")) as connection,
        pytest.raises(StoreError, match=r"refuses write-ahead .*'memory'.* on a local disk"),
    ):
        write_ahead(connection, tmp_path / "a.ltens")


@pytest.mark.parametrize(
    "name",
    ["SQLITE_IOERR_SHMMAP", "SQLITE_IOERR_SHMOPEN", "SQLITE_PROTOCOL", "SQLITE_IOERR_LOCK"],
)
def test_what_network_disks_answer(tmp_path, name):
    error = sqlite3.OperationalError("locking protocol")
    error.sqlite_errorname = name
    with pytest.raises(StoreError, match="put it on a local disk"), sqlite_errors(tmp_path):
        raise error


def test_a_file_system_without_locks(tmp_path, monkeypatch):
    def refuse(descriptor, how):
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", refuse)
    with pytest.raises(StoreError, match=r"No locks available.*put it on a local disk"):
        fill(tmp_path / "a.ltens")
