"""Print how often `classify` is right: ``python -m ltens.regimes [TRIALS]``, minutes."""

from __future__ import annotations

import sys

from .confusion import by_design

if __name__ == "__main__":
    print(by_design(*map(int, sys.argv[1:2])))
