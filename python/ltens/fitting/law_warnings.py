"""What a careful colleague would say about a fit, in plain sentences."""

from __future__ import annotations

import numpy as np

from .almost_equal import NEAR
from .bootstrap import excess_is_significant
from .comparison import Alternative, Candidate
from .observations import Observations

_PREFERRED = 2.0  # in AICc: Burnham & Anderson (2002), section 2.6
_SENSIBLE_SHIFT = 0.1  # difference of two exponents that a reader would notice
_ALARMING = 0.02  # share of diverged networks


def warnings_of(
    observations: Observations, chosen: Candidate, alternatives: tuple[Alternative, ...]
) -> tuple[str, ...]:
    """Return the warnings of a fit, the gravest first."""
    found = [
        _convergence(chosen),
        _few_sizes(observations, chosen),
        *_preferences(chosen, alternatives),
        _curvature(observations, chosen),
        _tail(observations, chosen),
        _excess(observations, chosen),
    ]
    return (*(text for text in found if text), *warnings_of_data(observations))


def warnings_of_data(observations: Observations) -> tuple[str, ...]:
    """Return what is to be said of the data, whatever is fitted."""
    found = [
        _range(observations),
        _pooled(observations),
        _almost_equal(observations),
        _one_loss(observations),
        _diverged(observations),
        _shape(observations),
    ]
    return tuple(text for text in found if text)


def _convergence(chosen: Candidate) -> str:
    if chosen.fitted.converged.all():
        return ""
    return "The fit did not converge: its exponent is only the best that was found."


def _few_sizes(observations: Observations, chosen: Candidate) -> str:
    sizes, parameters = len(observations.losses), len(chosen.model.parameter_names)
    if chosen.model.name == "power_law" and sizes < 5:
        return (
            f"With {sizes} sizes a floor cannot be told from a power law, and a small floor makes "
            "the exponent too small: 5 sizes are needed to allow for one."
        )
    if sizes - parameters < 2:
        return (
            f"{sizes} sizes leave {sizes - parameters} degree(s) of freedom for {parameters} "
            "parameters: the interval rests on almost nothing."
        )
    return ""


def _range(observations: Observations) -> str:
    reach = float(observations.u.max())
    if reach >= np.log(10):
        return ""
    factor = float(np.exp(reach))
    return (
        f"The sizes span a factor {factor:.3g}, less than a decade: a curve can look like a power "
        "law over so short a range."
    )


def _preferences(chosen: Candidate, alternatives: tuple[Alternative, ...]) -> list[str]:
    """Return which other models AICc prefers to the chosen one."""
    rows = {row.model: row for row in alternatives}
    if chosen.model.name not in rows:
        return []
    own = rows[chosen.model.name].criterion
    if not np.isfinite(own):
        return []
    texts = {
        "power_law_floor": "A floor is preferred",
        "broken_power_law": "A break in the power law is preferred",
        "twice_broken_power_law": "Two breaks in the power law are preferred",
        "power_law": "A power law without a floor is enough",
    }
    found = []
    for name, text in texts.items():
        row = rows.get(name)
        if row is None or name == chosen.model.name or own - row.criterion <= _PREFERRED:
            continue
        if name == "twice_broken_power_law" and _as_good(rows.get("broken_power_law"), row):
            continue
        found.append(
            f"{text} (AICc lower by {own - row.criterion:.1f}): "
            f"the exponent would be {row.exponent:.3g}."
        )
    return found


def _as_good(simpler: Alternative | None, row: Alternative) -> bool:
    return simpler is not None and simpler.criterion <= row.criterion


def _curvature(observations: Observations, chosen: Candidate) -> str:
    """Test a u^2 term added to the linearised model."""
    from scipy.special import stdtr

    fitted, u = chosen.fitted, observations.u
    degrees = int(fitted.degrees[0]) - 1
    if degrees < 2:
        return ""
    value, slopes = chosen.model.curve(u, fitted.theta)
    root = np.sqrt(fitted.weights[0])
    columns = np.concatenate([slopes[0], (u**2)[:, None]], axis=1) * root[:, None]
    norms = np.linalg.norm(columns, axis=0)
    columns = columns / np.where(norms > 0, norms, 1)
    target = (observations.y - value)[0] * root
    inverse = np.linalg.pinv(columns)
    coefficients = inverse @ target
    rest = target - columns @ coefficients
    error = np.sqrt((rest @ rest) / degrees * (inverse[-1] @ inverse[-1]))
    # Below this the residuals are rounding of the logarithms.
    rounding = 1e-12 * float(np.linalg.norm(root * np.abs(observations.y[0])))
    if error <= 0 or np.linalg.norm(target) <= rounding:
        return ""
    if 2 * stdtr(degrees, -abs(coefficients[-1]) / error) > 0.01:
        return ""
    way = "upwards (flattening)" if coefficients[-1] > 0 else "downwards (steepening)"
    return (
        f"The residuals bend {way} with size: over this range the {chosen.model.name} law is an "
        "average of something that changes; look at the local exponent."
    )


def _tail(observations: Observations, chosen: Candidate) -> str:
    """Compare the slope of the largest third of the sizes with the law's there."""
    count = max(3, len(observations.losses) // 3)
    if observations.variances is None or len(observations.losses) < count + 2:
        return ""
    u, weights = observations.u[-count:], 1 / observations.variances[-count:]
    centred = u - (weights @ u) / weights.sum()
    law = chosen.model.curve(observations.u, chosen.fitted.theta)[0][0, -count:]
    spread = weights @ centred**2
    measured, expected = (
        -(weights * centred) @ y / spread for y in (observations.y[0, -count:], law)
    )
    if abs(measured - expected) < max(2 * _SENSIBLE_SHIFT, 3 / np.sqrt(spread)):
        return ""
    return (
        f"Over the largest {count} sizes the loss falls with exponent {measured:.2f}, the law with "
        f"{expected:.2f}: do not extrapolate it, and see what those sizes alone say."
    )


def _excess(observations: Observations, chosen: Candidate) -> str:
    fitted = chosen.fitted
    if chosen.model.parameter_names and excess_is_significant(observations, fitted):
        times = float(np.sqrt(fitted.seed_cost[0] / fitted.degrees[0]))
        return (
            f"The points scatter {times:.2g} times as much about the law as their seeds explain: "
            "the law holds approximately, and the interval is widened for it."
        )
    return ""


def _pooled(observations: Observations) -> str:
    """Say that very many sizes were pooled."""
    table = observations.table
    if not table.pooled:
        return ""
    return (
        f"{table.pooled} sizes were pooled to {len(table.sizes)}: neighbours within a factor "
        f"{table.pooled_within:.3g} are one size, their losses carried to its mean along the "
        "local exponent."
    )


def _almost_equal(observations: Observations) -> str:
    """Say that sizes were taken as one, or stand so close that they may be one."""
    table = observations.table
    if table.merged:
        return (
            f"{table.merged} sizes that differ by {table.tolerance:g} of themselves or less were "
            "taken as one with their neighbours: tolerance=0 keeps them apart."
        )
    gaps = np.diff(table.sizes) / table.sizes[:-1]
    if not (near := gaps[gaps < NEAR]).size:
        return ""
    where = int(np.argmin(gaps))
    low, high = table.sizes[where : where + 2]
    enough = 10.0 ** np.ceil(np.log10(near.max()))
    return (
        f"The sizes {low:.10g} and {high:.10g} stand beside each other although they differ by "
        f"{near.min():.1g} of themselves: if they are one size, tolerance={enough:g} takes them so."
    )


def _one_loss(observations: Observations) -> str:
    if observations.variances is not None:
        return ""
    if observations.samples.min() > 1:
        return "All losses at a size are equal: they say nothing about the noise."
    where = "Every size has" if observations.samples.max() == 1 else "There is a size with"
    return (
        f"{where} one loss only: how far seeds move the losses is unknown, and any "
        "interval rests on the scatter about the law."
    )


def _diverged(observations: Observations) -> str:
    table = observations.table
    count, total = table.diverged, int(observations.samples.sum()) + table.excluded
    if count <= _ALARMING * total:
        return ""
    said = f"{count} {table.noun}s diverged, {100 * count / total:.0f} % of all"
    if table.excluded < count:
        return f"{said}: they count as infinitely bad."
    return f"{said}: if they are the bad ones, leaving them out flatters the sizes where they are."


def _shape(observations: Observations) -> str:
    """Say so if mean and median fall at different rates."""
    if observations.samples.min() < 10:
        return ""
    finite = [row[np.isfinite(row)] for row in observations.table.losses]
    ratio = np.log([row.mean() / np.median(row) for row in finite])
    centred = observations.u - observations.u.mean()
    slope = float(ratio @ centred / (centred @ centred))
    rest = ratio - ratio.mean() - slope * centred
    error = float(np.sqrt(rest @ rest / max(len(ratio) - 2, 1) / (centred @ centred)))
    if abs(slope) < _SENSIBLE_SHIFT or abs(slope) < 2 * error:
        return ""
    return (
        "Mean and median over the seeds fall at different rates (their exponents differ by about "
        f"{abs(slope):.2f}), so the shape of the loss distribution changes with size: say which "
        f"statistic is meant (here: {observations.statistic.name})."
    )
