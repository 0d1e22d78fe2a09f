"""What a reader of a verdict should know about the data."""

from __future__ import annotations

import numpy as np

from .curve_evidence import Evidence


def warnings_of(evidence: Evidence, tail: float | None) -> tuple[str, ...]:
    """Return a sentence for each weakness of the data.

    Parameters
    ----------
    evidence : Evidence
    tail : float or None
        The tail index, if it decided for the median.
    """
    found = []
    if tail is not None:
        found.append(
            f"The losses have a heavy tail (index {tail:.2g}; up to 2 the variance is infinite), "
            "so that their mean has no standard error: the median was taken. The theory speaks of "
            'the mean; statistic="mean" takes it.'
        )
    span = float(np.exp(evidence.observations.u[-1]))
    if span < 10:
        found.append(f"The sizes span a factor {span:.3g}, less than a decade.")
    if evidence.observations.variances is None:
        found.append(
            "There is a size with one loss only: the noise is judged by the scatter about the law."
        )
    return tuple(found)
