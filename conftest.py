"""For tests and examples alike: figures are closed when a test ends."""

import sys

import pytest


@pytest.fixture(autouse=True)
def close_figures():
    """Close what a test or an example left open; matplotlib warns of many open figures."""
    yield
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close("all")
