"""Networks in .npz files: arrays, the activation, and what they were made by."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..build import __version__, build_info
from ..npz_files import read_npz, text_of, write_npz
from ..whole_files import check_writable

if TYPE_CHECKING:
    from .networks import Networks

FORMAT, VERSION = "ltens networks", 1
_ARRAYS = ("w", "b", "a", "c")
_WHAT = "file of networks, as Networks.save writes them"


def save_networks(nets: Networks, path: str | os.PathLike[str]) -> None:
    """Write networks; see `Networks.save`."""
    file = _path(path)
    check_writable(file, "path")
    about = {
        "format": FORMAT,
        "version": VERSION,
        "ltens": __version__,
        "build": build_info(),  # with numerics_version and numerics_id
    }
    texts = {"activation": nets.activation, "about": json.dumps(about)}
    write_npz(file, nets.arrays() | {name: np.array(text) for name, text in texts.items()})


def load_networks(path: str | os.PathLike[str]) -> dict[str, Any]:
    """Return the arguments of `Networks`; see `Networks.load`."""
    file = _path(path)
    found: dict[str, Any] = read_npz(file, (*_ARRAYS, "activation", "about"), what=_WHAT)
    try:
        about = json.loads(text_of(found.pop("about")))
        found["activation"] = text_of(found["activation"])
        known = isinstance(about, dict) and about.get("format") == FORMAT
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{file} is no {_WHAT}: its texts are damaged.") from error
    if not known:
        raise ValueError(f"{file} is no {_WHAT}: it does not say so.")
    if about.get("version") != VERSION:
        raise ValueError(
            f"{file} has version {str(about.get('version'))[:40]} of the format, but this ltens "
            f"reads version {VERSION}: use the ltens that wrote it."
        )
    return found


def not_networks(path: str | os.PathLike[str], error: Exception) -> ValueError:
    """Return what to raise if arrays that could be read are no networks."""
    return ValueError(f"{path} is no {_WHAT}: {str(error).rstrip('.')}.")


def _path(path: object) -> Path:
    if not isinstance(path, (str, os.PathLike)):
        raise TypeError(f"path is {path!r}, but must be a file name such as 'networks.npz'.")
    return Path(path).expanduser()
