"""Networks in files: the same bits again, and one sentence for anything that is no such file."""

import io
import json
import os
import pickle
import random
import zipfile

import numpy as np
import pytest

import ltens
from ltens import Networks


class Payload:
    """What a pickle would run."""

    def __reduce__(self):
        return os.mkdir, ("run-by-pickle",)


@pytest.fixture
def nets():
    return Networks.init(5, 3, activation="gelu", dimension=2)


@pytest.fixture
def saved(nets, tmp_path):
    nets.save(tmp_path / "nets.npz")
    return tmp_path / "nets.npz"


def parts_of(path):
    with np.load(path) as file:
        return dict(file)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_same_bits_come_back(tmp_path, dtype):
    nets = Networks.init(7, [4, 9], activation="relu2", dtype=dtype)
    nets.a[0, 0] = np.nan  # of a diverged network
    nets.save(str(tmp_path / "a"))
    back = Networks.load(tmp_path / "a")
    assert (back.activation, back.dtype) == ("relu2", nets.dtype)
    for name, array in nets.arrays().items():
        assert back.arrays()[name].tobytes() == array.tobytes()
        assert back.arrays()[name].flags.writeable
    assert [file.name for file in tmp_path.iterdir()] == ["a"]


def test_several_outputs_come_back(tmp_path):
    nets = Networks.init(7, 3, activation="relu", dimension=2, outputs=4)
    nets.save(tmp_path / "a.npz")
    back = Networks.load(tmp_path / "a.npz")
    assert (back.outputs, back.a.shape, back.c.shape) == (4, (3, 4, 7), (3, 4))
    x = np.random.default_rng(0).normal(size=(5, 2))
    assert back(x).tobytes() == nets(x).tobytes()
    changed(tmp_path / "a.npz", c=np.zeros((3, 3), "f4"))
    with pytest.raises(ValueError, match=r"is no file of networks.*: c has shape \(3, 3\)"):
        Networks.load(tmp_path / "a.npz")


def test_numpy_reads_it_without_pickle_and_it_says_who_made_it(nets, saved):
    parts = parts_of(saved)
    about = json.loads(str(parts["about"]))
    build = ltens.build_info()
    assert about["ltens"] == ltens.__version__
    assert about["build"]["numerics_id"] == build["numerics_id"]
    assert about["build"]["compiler"] == build["compiler"]
    assert str(parts["activation"]) == "gelu"
    np.testing.assert_array_equal(parts["w"], nets.w)


def test_a_file_of_another_byte_order_is_read(nets, saved):
    parts = parts_of(saved)
    swapped = {n: parts[n].astype(parts[n].dtype.newbyteorder(">")) for n in "wbac"}
    np.savez(saved, **{**parts, **swapped})
    np.testing.assert_array_equal(Networks.load(saved).w, nets.w)


def test_a_packed_file_is_read_and_a_bomb_is_not(nets, saved, tmp_path):
    np.savez_compressed(saved, **parts_of(saved))
    np.testing.assert_array_equal(Networks.load(saved).w, nets.w)
    bomb = {**parts_of(saved), "w": np.zeros((1, 2**25, 1), "f4")}
    np.savez_compressed(tmp_path / "bomb.npz", **bomb)
    with pytest.raises(ValueError, match=r"bomb.npz is no .*: .* would unpack to 134"):
        Networks.load(tmp_path / "bomb.npz")


def test_pickled_objects_are_never_run(saved, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    parts = {**parts_of(saved), "w": np.array([Payload()], object)}
    np.savez(saved, **parts)
    with pytest.raises(ValueError, match="its array 'w' holds Python objects, which are never"):
        Networks.load(saved)
    (tmp_path / "raw.npz").write_bytes(pickle.dumps(Payload()))
    with pytest.raises(ValueError, match=r"raw.npz is no file of networks, .* no .npz file"):
        Networks.load("raw.npz")
    assert not (tmp_path / "run-by-pickle").exists()


def changed(path, **changes):
    parts = {**parts_of(path), **changes}
    np.savez(path, **{name: part for name, part in parts.items() if part is not None})


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"c": None}, "it has no array 'c'"),
        ({"extra": np.zeros(1)}, "it has an array 'extra', which is not known"),
        ({"b": np.zeros((3, 4), "f4")}, r"b has shape \(3, 4\)"),
        ({"b": np.zeros((3, 5), "f8")}, "b has dtype float64"),
        ({"w": np.zeros((3, 5, 2), "i4")}, "w has dtype int32"),
        ({"w": np.zeros((0, 5, 2), "f4")}, "S, N and d must be at least 1"),
        ({"activation": np.array("swish")}, "did you mean 'silu'"),
        ({"activation": np.array(["relu"])}, "its texts are damaged"),
        ({"about": np.array("{")}, "its texts are damaged"),
        ({"about": np.array("[" * 100_000)}, "its texts are damaged"),
        ({"about": np.array("[]")}, "it does not say so"),
        ({"about": np.array('{"format": "ltens networks", "version": 2}')}, "has version 2"),
    ],
)
def test_what_is_no_file_of_networks(saved, changes, message):
    changed(saved, **changes)
    with pytest.raises(ValueError, match=message) as caught:
        Networks.load(saved)
    assert str(saved) in str(caught.value)
    assert "\n" not in str(caught.value)


def npy(header: str, data: bytes = b"") -> bytes:
    text = header.encode()
    return b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text + data


@pytest.mark.parametrize(
    "content",
    [
        b"",
        npy("{'descr': '<f4', 'fortran_order': False, 'shape': (1000000000000,)}\n"),
        npy("{'descr': '<f4', 'fortran_order': False, 'shape': (-1, -2)}\n", bytes(8)),
        npy("{'descr': '<f4', 'fortran_order': False, 'shape': " + "(" * 5000 + "}\n"),
        npy("{'descr': 'O', 'fortran_order': False, 'shape': (1,)}\n", bytes(8)),
        npy("{'descr': '<f4'}\n", bytes(8)),
        npy("print(1)\n"),
        b"\x93NUMPY\x09\x00",
    ],
)
def test_an_array_that_lies_about_itself(saved, tmp_path, content):
    with zipfile.ZipFile(saved) as old, zipfile.ZipFile(tmp_path / "new.npz", "w") as new:
        for name in old.namelist():
            new.writestr(name, content if name == "w.npy" else old.read(name))
    with pytest.raises(ValueError, match="its array 'w'"):
        Networks.load(tmp_path / "new.npz")


def test_two_arrays_of_one_name(saved):
    with zipfile.ZipFile(saved, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("w.npy", b"")
    with pytest.raises(ValueError, match="two arrays of one name"):
        Networks.load(saved)


def test_every_damage_is_one_sentence_or_the_same_networks(nets, saved):
    """Cut at every tenth byte, and 600 single bytes changed: the checksums see every number."""
    whole = saved.read_bytes()
    draw = random.Random(0)
    damaged = [whole[:length] for length in range(0, len(whole), 10)]
    for _ in range(600):
        at = draw.randrange(len(whole))
        damaged.append(whole[:at] + bytes([whole[at] ^ (1 << draw.randrange(8))]) + whole[at + 1 :])
    refused = []
    for content in damaged:
        saved.write_bytes(content)
        try:
            back = Networks.load(saved)
        except ValueError as error:
            refused.append(str(error))
        else:
            for name, array in nets.arrays().items():
                assert back.arrays()[name].tobytes() == array.tobytes()
    assert len(refused) > len(damaged) / 2
    assert all(message.startswith(str(saved)) for message in refused)


def test_paths(nets, tmp_path):
    with pytest.raises(
        FileNotFoundError, match=r"none.npz does not exist: give a file of networks"
    ):
        Networks.load(tmp_path / "none.npz")
    with pytest.raises(ValueError, match="it is no regular file"):
        Networks.load(tmp_path)
    with pytest.raises(TypeError, match="path is 3, but must be a file name"):
        nets.save(3)
    with pytest.raises(TypeError, match="path is None"):
        Networks.load(None)
    with pytest.raises(ValueError, match="does not exist: create it first"):
        nets.save(tmp_path / "no" / "a.npz")


def test_a_file_that_cannot_be_written_leaves_the_old_one(nets, saved, monkeypatch):
    before = saved.read_bytes()

    def full(file, array, **options):
        file.write(b"half of it")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np.lib.format, "write_array", full)
    with pytest.raises(OSError, match="No space left"):
        nets[:1].save(saved)
    assert saved.read_bytes() == before
    assert [file.name for file in saved.parent.iterdir()] == [saved.name]


def test_a_symbolic_link_stays_one(nets, saved, tmp_path):
    (tmp_path / "link.npz").symlink_to(saved)
    nets[:1].save(tmp_path / "link.npz")
    assert (tmp_path / "link.npz").is_symlink()
    assert len(Networks.load(saved)) == 1


def test_in_memory_bytes_are_no_path(nets):
    with pytest.raises(TypeError, match=r"path is <_io\.BytesIO"):
        nets.save(io.BytesIO())
