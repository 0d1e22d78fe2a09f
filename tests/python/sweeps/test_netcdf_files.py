"""netCDF files of every kind are opened; what is damaged is one sentence and no crash."""

import random
import signal
import subprocess
import sys

import numpy as np
import pytest
import xarray as xr

import ltens
from ltens.sweeps import netcdf_files, netcdf_trial

h5py = pytest.importorskip("h5py")
pytest.importorskip("h5netcdf")


@pytest.fixture(scope="module")
def ds():
    return ltens.sweep(
        [1, 2, 4],
        5,
        training=ltens.Training(steps=20),
        task=ltens.Task.from_function("square", samples=20),
        checkpoints=3,
        keep_networks=True,
        progress=False,
    )


@pytest.fixture(params=["h5netcdf", "scipy"])
def file(request, ds, tmp_path):
    ds.to_netcdf(tmp_path / "a.nc", engine=request.param)
    return tmp_path / "a.nc"


def test_both_kinds_are_opened_and_fitted(ds, file):
    opened = ltens.open(file)
    xr.testing.assert_equal(opened, ds)
    assert opened.attrs["task_function"] == "square"
    law, direct = (ltens.fit(each.sel(activation="relu"), bootstrap=0) for each in (opened, ds))
    assert law.exponent == direct.exponent
    table = ltens.to_dataframe(opened)  # netCDF-3 has int32 only, and its own order of variables
    assert table.equals(ltens.to_dataframe(ds)[list(table)].astype(table.dtypes.to_dict()))


def test_any_dataset_is_opened(tmp_path):
    table = xr.Dataset({"height": ("x", [1.0, 2.0])})
    table.to_netcdf(tmp_path / "b.nc", engine="h5netcdf")
    xr.testing.assert_equal(ltens.open(str(tmp_path / "b.nc")), table)


def test_the_suffix_does_not_matter(ds, file):
    renamed = file.rename(file.with_suffix(".ltens"))
    xr.testing.assert_equal(ltens.open(renamed), ds)


def damaged_contents(whole, count):
    draw = random.Random(0)
    yield from (whole[: len(whole) * part // 7] for part in range(1, 7))
    for _ in range(count):
        content = bytearray(whole)
        for _ in range(draw.randrange(1, 4)):
            content[draw.randrange(len(whole))] ^= 1 << draw.randrange(8)
        yield bytes(content)


@pytest.mark.parametrize("kind", ["NETCDF3_CLASSIC", "NETCDF3_64BIT"])
def test_every_damage_of_netcdf_3_is_a_sentence_or_a_dataset(ds, tmp_path, kind):
    small = ds[["loss", "status"]]
    small.attrs = {"title": "a sweep"}
    small.to_netcdf(tmp_path / "a.nc", engine="scipy", format=kind)
    file, refused = tmp_path / "a.nc", []
    for content in damaged_contents(file.read_bytes(), 300):
        file.write_bytes(content)
        try:
            ltens.open(file)
        except ltens.StoreError as error:
            refused.append(str(error))
    assert len(refused) > 20
    assert all("\n" not in text and len(text) < 500 for text in refused)


def test_damages_of_netcdf_4_are_sentences_or_datasets(ds, tmp_path):
    ds.to_netcdf(tmp_path / "a.nc", engine="h5netcdf")
    file, refused = tmp_path / "a.nc", []
    for content in damaged_contents(file.read_bytes(), 8):
        file.write_bytes(content)
        try:
            ltens.open(file)
        except ltens.StoreError as error:
            refused.append(str(error))
    assert len(refused) >= 5  # the shortened ones
    assert all("\n" not in text and len(text) < 500 for text in refused)


def test_a_crash_of_the_library_is_a_sentence(ds, tmp_path, monkeypatch):
    """The trial's process ends by a signal, as HDF5 ended in some damaged files."""
    ds.to_netcdf(tmp_path / "a.nc", engine="h5netcdf")
    crashing = tmp_path / "crash.py"
    crashing.write_text(f"import os; os.kill(os.getpid(), {int(signal.SIGSEGV)})")
    monkeypatch.setattr(netcdf_trial, "__file__", str(crashing))
    with pytest.raises(ltens.StoreError, match="it is damaged: reading it ends the HDF5 library"):
        ltens.open(tmp_path / "a.nc")


def test_a_variable_larger_than_its_file_is_refused(tmp_path):
    """2 kB that say they are 8 TB, all of them the fill value: nothing is asked for."""
    with h5py.File(tmp_path / "big.nc", "w") as file:
        file.create_dataset("loss", shape=(10**12,), dtype="f8", chunks=(1000,))
    assert (tmp_path / "big.nc").stat().st_size < 10_000
    with pytest.raises(ltens.StoreError, match="its variable 'loss' is larger than the file can"):
        ltens.open(tmp_path / "big.nc")


def test_the_trial_is_a_program(ds, tmp_path):
    ds.to_netcdf(tmp_path / "a.nc", engine="h5netcdf")
    words = [sys.executable, netcdf_trial.__file__, str(tmp_path / "a.nc"), "100000000"]
    assert subprocess.run(words, check=False).returncode == 0
    words[-1] = "8"
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == netcdf_trial.REFUSED
    assert "is larger than the file can hold" in done.stdout


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"CDF\x05" + bytes(40), "CDF-5 kind"),
        (b"CDF\x07" + bytes(40), "CDF-5 kind"),
        (b"CDF\x01", "cannot be read as netCDF"),
        (b"\x89HDF\r\n\x1a\n" + bytes(200), "cannot be read as netCDF"),
        (b"", "of another program"),
        (b"a shopping list", "is damaged or no store"),
    ],
)
def test_what_is_neither_store_nor_netcdf(tmp_path, content, message):
    (tmp_path / "a.nc").write_bytes(content)
    with pytest.raises(ltens.StoreError, match=message):
        ltens.open(tmp_path / "a.nc")


def test_paths():
    with pytest.raises(TypeError, match=r"path is 3, but must be a file name"):
        ltens.open(3)
    with pytest.raises(ltens.StoreError, match=r"none.nc does not exist"):
        ltens.open("none.nc")


def test_without_an_interpreter_there_is_no_trial(ds, tmp_path, monkeypatch):
    ds.to_netcdf(tmp_path / "a.nc", engine="h5netcdf")
    monkeypatch.setattr(sys, "executable", "")
    xr.testing.assert_equal(ltens.open(tmp_path / "a.nc"), ds)


def test_writing_is_whole_or_not_at_all(ds, tmp_path, monkeypatch):
    netcdf_files.write_netcdf(ds, tmp_path / "a.nc")
    before = (tmp_path / "a.nc").read_bytes()

    def full(self, path, **options):
        path.write_bytes(b"half of it")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(xr.Dataset, "to_netcdf", full)
    with pytest.raises(OSError, match="No space left"):
        netcdf_files.write_netcdf(ds, tmp_path / "a.nc")
    assert (tmp_path / "a.nc").read_bytes() == before
    assert len(list(tmp_path.iterdir())) == 1


def test_seeds_of_64_bits_survive_netcdf_4(tmp_path, ds):
    many = ds.assign_coords(seed=np.arange(5) + 2**40)
    netcdf_files.write_netcdf(many, tmp_path / "a.nc")
    assert ltens.open(tmp_path / "a.nc").seed[4] == 2**40 + 4
