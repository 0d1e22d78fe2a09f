"""Print how often `classify` is right: ``python -m ltens.regimes [TRIALS]``, minutes."""

from __future__ import annotations

import sys

from .classification.confusion_counts import by_design, long_table, short_table

if __name__ == "__main__":
    counted = by_design(*map(int, sys.argv[1:2]))
    print(short_table(counted), long_table(counted), sep="\n\n")
