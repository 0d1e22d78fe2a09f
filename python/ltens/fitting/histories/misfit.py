"""Whether a law's form is that of the curves: what it misses beyond the noise of the seeds."""

from __future__ import annotations

import numpy as np

from ..surface.law import SurfaceLaw


def misfit_of(law: SurfaceLaw, time: str) -> float:
    """Return the root mean square by which a law misses the means of trainings of the same sizes.

    In log loss, over sizes and steps with two trainings or more, less what the spread of these
    trainings adds to their mean; 0 if that is all there is.

    Examples
    --------
    >>> import ltens
    >>> n, d = (a.ravel() for a in np.meshgrid([1.0, 2.0, 4.0, 8.0] * 2, [1.0, 2.0, 4.0, 8.0]))
    >>> wrong = np.exp(0.3 * np.sin(n * d) + np.repeat([[0.01, -0.01] * 4], 4, axis=0).ravel())
    >>> law = ltens.fit_surface({"n": n, "d": d}, (1 + 1 / n + 1 / d) * wrong, huber=None)
    >>> 0.1 < misfit_of(law, "d") < 0.3
    True
    """
    at = np.column_stack([law.sizes[name] for name in (*law.names, time)])
    _, which, counts = np.unique(at, axis=0, return_inverse=True, return_counts=True)
    which = which.ravel()
    means = np.bincount(which, law.residuals) / counts
    squares = np.bincount(which, (law.residuals - means[which]) ** 2)
    several = counts > 1
    if not several.any():
        return float("nan")
    noise = squares[several] / (counts[several] - 1) / counts[several]
    return float(np.sqrt(max((means[several] ** 2 - noise).mean(), 0.0)))
