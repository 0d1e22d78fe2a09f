"""The claims of Liu & Tegmark (2023), arXiv 2310.02258, measured one by one, as Markdown.

The numbering and what would falsify each claim are those of ``docs/tickets.md``.
"""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..fitting import fit
from ..tickets import (
    BiasVariance,
    bias_variance,
    ensembling,
    find_tickets,
    polish,
    prune,
    slope,
    symmetry,
)
from .tickets_ensembles import Ensemble, train_protocol

_PROTOCOLS = {
    "base": "[-2, 2]",
    "unit": "[-1, 1]",
    "four": "[-2, 2], 4 x longer",
    "ten": "[-2, 2], 10 x longer",
}
_NEAR_ONE = (0.9, 1.1)  # an exponent whose interval meets this is called 1
_SHARP = 0.8  # a wider interval decides nothing
_SAME = (0.8, 1.25)  # a ratio of losses whose interval meets this is called 1
_POLISHED = 16  # networks of each width given to the second-order optimiser
_PIECES = 4.0**4 / 180  # loss of the best piecewise linear fit of x^2 on [-2, 2]: this / N^4

Ensembles = dict[str, dict[str, Ensemble]]


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    claim: str
    quantity: str
    measured: str
    verdict: str


def make(quick: bool, threads: int) -> str:
    """Train the networks and return the table."""
    return claims(quick=quick, threads=threads)


def claims(
    *,
    quick: bool = False,
    threads: int | None = None,
    folder: Path | None = None,
    protocols: tuple[str, ...] = (*_PROTOCOLS, "skewed"),
) -> str:
    """Return the tables; with a folder, networks in stores there are not trained again.

    Parameters
    ----------
    quick : bool
        Few seeds, narrow networks and 2,000 steps: shows that it runs, says nothing of the paper.
    threads : int, optional
    folder : path, optional
    protocols : sequence of str, optional
        Which to train: "base" always.

    Returns
    -------
    str
        Markdown.
    """
    start = time.perf_counter()
    data = {
        name: train_protocol(name, quick=quick, threads=threads, folder=folder)
        for name in protocols
    }
    return markdown(rows(data), data, time.perf_counter() - start)


def rows(data: Ensembles, *, polished: int = _POLISHED) -> list[Row]:
    """Return all lines; so many networks of each width are given to the second-order optimiser."""
    found = [row for part in _PARTS for row in part(data)]
    found += _polished_exponents(data["base"], polished)
    found += _claim_6(data["base"]["silu"], 4 * polished)
    return sorted(found, key=lambda row: row.claim)


def markdown(found: list[Row], data: Ensembles, seconds: float) -> str:
    """Return the table, and below it seeds, machine and time."""
    machine = f"{platform.machine()}, {os.cpu_count()} cores, {seconds:.0f} s"
    head = ["| claim | quantity | measured | verdict |", "|---|---|---|---|"]
    lines = [f"| {r.claim} | {r.quantity} | {r.measured} | {r.verdict} |" for r in found]
    return "\n".join([*head, *lines, "", f"{_seeds(data)} ({machine})", ""])


def _titles(data: Ensembles, *names: str) -> list[tuple[str, str]]:
    """Return the protocols that were trained, all or those of the names, with their titles."""
    return [(n, t) for n, t in _PROTOCOLS.items() if n in data and (not names or n in names)]


def _seeds(data: Ensembles) -> str:
    parts = []
    for name, kinds in data.items():
        counts = [len(loss) for e in kinds.values() for loss in e.loss.values()]
        parts.append(f"{_PROTOCOLS.get(name, '[-1, 2]')}: {max(counts)}")
    return "Seeds per width and activation: " + "; ".join(parts)


def _fitted(ensemble: Ensemble, low: int, high: int) -> tuple[float, float, float] | None:
    """Return exponent and interval of the median loss over a range of widths."""
    widths = [n for n in ensemble.loss if low <= n <= high]
    if len(widths) < 3:
        return None
    count = min(len(ensemble.loss[n]) for n in widths)
    table = np.array([ensemble.loss[n][:count] for n in widths])
    law = fit(widths, table, model="power_law", bootstrap=0)
    if isinstance(law, dict):
        raise TypeError("fit returned several laws for one table")
    return (law.exponent, *law.interval())


def _verdict(found: tuple[float, float, float], wanted: tuple[float, float]) -> str:
    if not _meets(found[1:], wanted):
        return "fails"
    return "holds" if found[2] - found[1] < _SHARP else "undecided"


def _exponent(found: tuple[float, float, float]) -> str:
    return f"{-found[0]:+.2f} [{-found[2]:+.2f}, {-found[1]:+.2f}]"


def _claim_1(data: Ensembles) -> Iterator[Row]:
    """Test SiLU: N^-1 at all N."""
    for name, title in _titles(data):
        for low, high in ((5, 40), (5, 100)):
            found = _fitted(data[name]["silu"], low, high)
            if found:
                verdict = _verdict(found, _NEAR_ONE)
                yield Row("1 SiLU: N^-1", f"{title}, N = {low}..{high}", _exponent(found), verdict)


def _polished_exponents(base: dict[str, Ensemble], count: int) -> Iterator[Row]:
    for activation, ensemble in base.items():
        parts = []
        for n in (5, 10, 20):
            if n in ensemble.nets:
                done = polish(ensemble.nets[n][:count], ensemble.task, evaluations=300)
                ratio = np.median(done.loss) / np.median(done.start)
                parts.append(f"N = {n}: {np.median(done.loss):.1e} (x {ratio:.1e})")
        yield Row(
            "1, 6 optimisation limit",
            f"{activation}, median after Levenberg-Marquardt, {count} networks",
            "; ".join(parts),
            "depends on the optimiser",
        )


def _claim_2(data: Ensembles) -> Iterator[Row]:
    """Test ReLU: N^-4, then N^-1."""
    for name, title in _titles(data):
        relu = data[name]["relu"]
        for low, high, expected in ((4, 20, (3.6, 4.4)), (20, 100, _NEAR_ONE)):
            found = _fitted(relu, low, high)
            if found:
                verdict = _verdict(found, expected)
                wanted = "N^-4" if expected[0] > 2 else "N^-1"
                yield Row(
                    f"2 ReLU: {wanted}", f"{title}, N = {low}..{high}", _exponent(found), verdict
                )
    for name in [name for name in ("base", "ten") if name in data]:
        relu = data[name]["relu"]
        parts = [
            f"N = {n}: {np.median(relu.loss[n]) * n**4 / _PIECES:.1f}"
            for n in (5, 10, 20, 40, 80, 100)
            if n in relu.loss
        ]
        yield Row(
            "2 ReLU: approximation",
            f"{_PROTOCOLS[name]}, median loss / 1.42 N^-4",
            "; ".join(parts),
            "1 is the best piecewise linear fit",
        )


def _claim_3(data: Ensembles) -> Iterator[Row]:
    """Test that wide nets hold mirror partners."""
    for name, title in (*_titles(data, "base", "unit"), ("skewed", "[-1, 2]")):
        if name not in data:
            continue
        for activation in ("silu", "relu"):
            for n in (10, 80):
                nets = data[name][activation].nets.get(n)
                if nets is None:
                    continue
                found = symmetry(nets[:100], domain=abs(data[name][activation].task.domain[0]))
                own, others = _mean(found.score), _mean(found.score_others)
                yield Row(
                    "3 mirror partners",
                    f"{activation}, {title}, N = {n}: score against own signs redrawn; against "
                    "other seeds; odd share",
                    f"{own[0]}; {others[0]}; {np.median(found.odd_share):.1e}",
                    "pairs" if own[1] > 0 and others[1] > 0 else "no pairing within a network",
                )


def _claim_4(data: Ensembles) -> Iterator[Row]:
    """Test that width acts as ensembling."""
    for name, title in _titles(data, "base", "unit", "ten"):
        for activation in ("silu", "relu"):
            ensemble = data[name][activation]
            found = ensembling(ensemble.nets, ensemble.task)
            for row in found.rows:
                low, high = row.intervals["synergy"]
                rule = row.intervals["synergy_uncorrelated"]
                verdict = _two_verdicts((low, high), rule)
                yield Row(
                    "4 width as ensembling",
                    f"{activation}, {title}, 2 x {row.narrow} -> {row.wide}: predicted "
                    "/ real, outputs averaged; uncorrelated rule",
                    f"{row.synergy:.2f} [{low:.2f}, {high:.2f}]; {row.synergy_uncorrelated:.2f} "
                    f"[{rule[0]:.2f}, {rule[1]:.2f}]",
                    verdict,
                )


def _two_verdicts(averaged: tuple[float, float], rule: tuple[float, float]) -> str:
    def one(interval: tuple[float, float]) -> str:
        if _meets(interval, _SAME):
            return "holds"
        return "wide net better" if interval[0] > _SAME[1] else "ensemble better"

    return f"{one(averaged)}; {one(rule)}"


def _claim_5(data: Ensembles) -> Iterator[Row]:
    """Test that the loss is variance: no bias, no correlation, variance ~ 1/N."""
    for name, title in _titles(data):
        for activation in ("silu", "relu"):
            ensemble = data[name][activation]
            splits: dict[int, BiasVariance] = {}
            for n, nets in ensemble.nets.items():
                if n >= 5:
                    splits[n] = bias_variance(nets, ensemble.task)
            for n, split in splits.items():
                share, corr = split.intervals["share"], split.intervals["correlation"]
                trimmed = bias_variance(ensemble.nets[n], ensemble.task, exclude=10.0)
                yield Row(
                    "5 the loss is variance",
                    f"{activation}, {title}, N = {n}: share of bias^2; correlation of errors; "
                    "share without losses above 10 medians",
                    f"{split.share:.2f} [{share[0]:.2f}, {share[1]:.2f}]; {split.correlation:.2f} "
                    f"[{corr[0]:.2f}, {corr[1]:.2f}]; {trimmed.share:.2f}",
                    "holds" if share[0] < 0.1 and corr[0] < 0.1 else "fails: error is shared",
                )
            yield from _exponents_of(activation, title, splits)


def _exponents_of(activation: str, title: str, splits: dict[int, BiasVariance]) -> Iterator[Row]:
    parts = []
    for name in ("bias2", "variance"):
        widths = [n for n in splits if getattr(splits[n], name) > 0]
        if len(widths) < 3:
            return
        values = [getattr(splits[n], name) for n in widths]
        parts.append(str(slope(widths, values, [splits[n].errors[name] for n in widths])))
    yield Row(
        "5 exponents",
        f"{activation}, {title}, N >= 5: bias^2; variance (means over seeds)",
        "; ".join(parts),
        "variance ~ 1/N wanted",
    )


def _claim_6(ensemble: Ensemble, count: int) -> Iterator[Row]:
    """Test that a single ticket has a finite error, set by approximation."""
    done = polish(ensemble.nets[2][:count], ensemble.task, evaluations=3000)
    yield Row(
        "6 a ticket's error is approximation",
        f"SiLU, N = 2: median loss trained; best of {count} after Levenberg-Marquardt",
        f"{np.median(ensemble.loss[2]):.1e}; {done.loss.min():.1e}",
        "fails" if done.loss.min() < 0.01 * np.median(ensemble.loss[2]) else "holds",
    )


def _tickets_in_wide_networks(data: Ensembles) -> Iterator[Row]:
    """Count tickets n(N) and correlate their errors."""
    for activation in ("silu", "relu"):
        ensemble = data["base"][activation]
        counts: dict[int, NDArray[np.int64]] = {}
        for n in (5, 10, 20, 40, 80, 100):
            if n not in ensemble.nets:
                continue
            found = find_tickets(ensemble.nets[n][:200], ensemble.task, threshold=0.99)
            counts[n] = found.count
            several = found.correlation[np.isfinite(found.correlation)]
            correlated = f"{several.mean():.2f}" if len(several) else "none"
            yield Row(
                "tickets in a network",
                f"{activation}, N = {n}: tickets at R^2 >= 0.99, 0.999, 0.9999; correlation of "
                "their errors and effective number at 0.99",
                " / ".join(f"{m:.1f}" for m in found.count.mean(axis=0))
                + f"; {correlated}; {found.effective.mean():.1f}",
                "correlated: redundant" if len(several) and several.mean() > 0.1 else "-",
            )
        parts = []
        for k, level in enumerate((0.99, 0.999, 0.9999)):
            mean = {n: c[:, k].mean() for n, c in counts.items() if c[:, k].mean() > 0}
            if len(mean) > 2:
                error = [counts[n][:, k].std() / np.sqrt(len(counts[n])) for n in mean]
                parts.append(f"{level}: {slope(list(mean), list(mean.values()), error)}")
        yield Row(
            "tickets in a network",
            f"{activation}: exponent of n(N) at each threshold",
            "; ".join(parts) or "too few tickets",
            "n ~ N wanted",
        )


def _pruned(data: Ensembles) -> Iterator[Row]:
    """Prune: neurons kept, the read-out refitted, beside networks trained at that width."""
    for activation in ("silu", "relu"):
        ensemble = data["base"][activation]
        n = max(ensemble.nets)
        keep = [k for k in (2, 5, 10, 20, 40) if k < n and k in ensemble.loss]
        for method in ("backward", "clusters"):
            done = prune(ensemble.nets[n][:50], ensemble.task, keep=[n, *keep], method=method)
            parts = [
                f"{k}: {np.median(done.loss[:, i]):.1e}"
                + (f" ({np.median(ensemble.loss[k]):.1e})" if k < n else "")
                for i, k in enumerate(done.kept.tolist())
            ]
            yield Row(
                "pruning",
                f"{activation}, N = {n} trained to {np.median(done.trained):.1e}, {method}: loss "
                "with so many neurons, read-out refitted (trained at that width)",
                "; ".join(parts),
                "-",
            )


def _mean(values: NDArray[np.float64]) -> tuple[str, float]:
    """Return mean and 95 % interval as text, and the lower end."""
    good = values[np.isfinite(values)]
    half = 1.96 * good.std(ddof=1) / np.sqrt(len(good))
    mean = good.mean()
    return f"{mean:.2f} [{mean - half:.2f}, {mean + half:.2f}]", float(mean - half)


def _meets(interval: tuple[float, ...], wanted: tuple[float, float]) -> bool:
    return interval[0] <= wanted[1] and interval[1] >= wanted[0]


_PARTS = (
    _claim_1,
    _claim_2,
    _claim_3,
    _claim_4,
    _claim_5,
    _tickets_in_wide_networks,
    _pruned,
)
