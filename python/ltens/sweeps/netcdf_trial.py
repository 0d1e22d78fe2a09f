"""Reads all of a netCDF-4 file for a trial. Run as a program: its end is the answer.

The HDF5 library believes what a file says of itself; a changed byte can make it crash, hang or ask
for terabytes.
"""

from __future__ import annotations

import math
import sys
from typing import Any

REFUSED = 3  # exit code, with the reason on stdout
_PACKED = 1100  # times its size is what zlib can unpack from anything
_LEAST = 2**26


def most_bytes(size: int) -> int:
    """Return how many bytes a variable of a file of so many bytes can have.

    Examples
    --------
    >>> most_bytes(1_000_000)
    1100000000
    """
    return max(_PACKED * size, _LEAST)


def main(path: str, most: int) -> None:
    """Read every variable and attribute; ValueError for one larger than its file can hold."""
    import h5py

    _limit(most)

    def look(name: str, part: Any) -> None:
        for key in part.attrs:
            part.attrs[key]
        if isinstance(part, h5py.Dataset) and part.shape is not None:
            if math.prod(part.shape) * part.dtype.itemsize > most:
                raise ValueError(f"its variable {name!r} is larger than the file can hold")
            part[()]

    with h5py.File(path, "r") as file:
        look("", file)
        file.visititems(look)


def _limit(most: int) -> None:
    """Let the process have no more memory than such a file needs, where systems know limits."""
    try:
        import resource
    except ImportError:
        return
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    wanted = used + 2**29 + 2 * most
    soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


if __name__ == "__main__":
    try:
        main(sys.argv[1], int(sys.argv[2]))
    except ImportError:
        sys.exit(0)  # h5py is not found from here: the caller reads without a trial
    except Exception as error:  # whatever h5py makes of a stranger's bytes
        print(f"{type(error).__name__}:", *str(error).split()[:40])
        sys.exit(REFUSED)
