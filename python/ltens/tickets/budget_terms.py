"""The parts of a mean loss from the inner products of errors, with their jackknife errors."""

from __future__ import annotations

import numpy as np
from scipy import stats

from .._typing import Floats

CAUSES = ("approximation", "optimisation")
KINDS = ("shared", "independent")
Terms = dict[str, float]


def terms_of(whole: Floats, refitted: Floats) -> dict[str, tuple[Terms, Terms]]:
    """Return the parts of the mean loss and their standard errors, seeds left out one at a time.

    Parameters
    ----------
    whole : (S, S) float64
        <r_s r_t>, r_s the error of network s.
    refitted : (S, S) float64
        <r'_s r_t>, r'_s its error with the read-out solved.

    Returns
    -------
    dict of "values" and "shares", each (estimates, errors)
        By name: "approximation", "optimisation", "shared", "independent", "loss", and the four of
        both kinds, such as "approximation, shared". Shares are of the loss.

    Examples
    --------
    >>> whole = np.array([[2.0, 1.0, 1.0], [1.0, 2.0, 1.0], [1.0, 1.0, 2.0]])
    >>> values, _ = terms_of(whole, 0.5 * whole)["values"]
    >>> values["shared"], values["independent"], values["optimisation, shared"], values["loss"]
    (1.0, 1.0, 0.5, 2.0)
    """
    count = len(whole)
    sums = {}
    for cause, products in zip(CAUSES, (refitted, whole - refitted), strict=True):
        own = np.diagonal(products)
        pairs = products.sum(axis=0) + products.sum(axis=1) - 2 * own  # of one seed with others
        total, across = own.sum(), products.sum() - own.sum()
        sums[cause] = (np.append(total, total - own), np.append(across, across - pairs))
    terms = _terms(np.append(count, np.full(count, count - 1)), sums)
    loss = np.where(terms["loss"] > 0, terms["loss"], 1.0)
    shares = {name: each / loss for name, each in terms.items()}
    return {"values": _jackknife(terms), "shares": _jackknife(shares)}


def _jackknife(terms: dict[str, Floats]) -> tuple[Terms, Terms]:
    """Return the estimates of all seeds, and standard errors from those without one seed."""
    errors = {
        name: float(np.sqrt((len(each) - 2) * np.mean(np.square(each[1:] - each[1:].mean()))))
        for name, each in terms.items()
    }
    return {name: float(each[0]) for name, each in terms.items()}, errors


def interval(value: float, error: float, seeds: int) -> tuple[float, float]:
    """Return the 95 % interval of Student's t.

    Examples
    --------
    >>> low, high = interval(1.0, 0.1, 30)
    >>> round(low, 2), round(high, 2)
    (0.8, 1.2)
    """
    width = float(stats.t.ppf(0.975, seeds - 1)) * error
    return value - width, value + width


def _terms(n: Floats, sums: dict[str, tuple[Floats, Floats]]) -> dict[str, Floats]:
    """Return all parts; the first of each array is that of all seeds."""
    found: dict[str, Floats] = {}
    for cause, (own, across) in sums.items():
        shared = across / (n * (n - 1))
        found[f"{cause}, shared"] = shared
        found[f"{cause}, independent"] = own / n - shared
        found[cause] = own / n
    for kind in KINDS:
        found[kind] = sum((found[f"{cause}, {kind}"] for cause in CAUSES), np.zeros(len(n)))
    found["loss"] = found[CAUSES[0]] + found[CAUSES[1]]
    return found
