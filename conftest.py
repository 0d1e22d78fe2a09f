"""For tests and examples alike: which package is tested; figures are closed when a test ends."""

import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

SOURCES = Path(__file__).resolve().parent / "python" / "ltens"


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Leave the sources alone where `ltens` is an installed one: modules of both would mix."""
    if collection_path != SOURCES and SOURCES not in collection_path.parents:
        return None
    found = find_spec("ltens")
    places = [] if found is None else found.submodule_search_locations or []
    return True if SOURCES not in {Path(place).resolve() for place in places} else None


@pytest.fixture(autouse=True)
def close_figures() -> Iterator[None]:
    """Close what a test or an example left open; matplotlib warns of many open figures."""
    yield
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close("all")
