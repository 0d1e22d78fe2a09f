"""What scikit-learn brings along: small data sets without a download."""

from __future__ import annotations

from typing import Any

import numpy as np

from ._typing import Floats, Ints


def bundled(what: str) -> Any:
    """Return sklearn.datasets, or say how to get it.

    Parameters
    ----------
    what : str
        For the message.

    Raises
    ------
    ModuleNotFoundError
        Without scikit-learn: pip install 'ltens[data]'.
    """
    try:
        from sklearn import datasets
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            f"the {what} come with scikit-learn, which is not installed: pip install 'ltens[data]'."
        ) from error
    return datasets


def digit_images() -> tuple[Floats, Ints]:
    """Return 1797 handwritten digits of 8 x 8 pixels.

    Returns
    -------
    X : (1797, 64) float64
        Whole numbers, 0 to 16.
    label : (1797,) int64
        0 to 9.

    Raises
    ------
    ModuleNotFoundError
        Without scikit-learn.

    Examples
    --------
    >>> X, label = digit_images()
    >>> X.shape, label[:4]
    ((1797, 64), array([0, 1, 2, 3]))
    """
    data = bundled("digits").load_digits()
    return data.data.astype(np.float64), data.target.astype(np.int64)
