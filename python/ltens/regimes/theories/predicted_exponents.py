"""What each theory expects of a loss against width, and under which assumptions."""

from __future__ import annotations

from dataclasses import dataclass

from ...verdicts import Claim, exponent_tolerance

LOSS, EXCESS, DATA = "L", "L - L(inf)", "L over samples"


@dataclass(frozen=True)
class WidthTheory:
    """One prediction.

    Attributes
    ----------
    name : str
    quantity : {"L", "L - L(inf)", "L over samples"}
        Whose exponent it predicts.
    predicted : float
    assumes : str
        In a sentence.
    source : str
    at_least : bool
        Whether the prediction is a lower bound.
    """

    name: str
    quantity: str
    predicted: float
    assumes: str
    source: str
    at_least: bool = False

    @property
    def claim(self) -> Claim:
        """Return the prediction with the tolerance of an exponent.

        Examples
        --------
        >>> [str(theory.claim) for theory in width_theories(2.0)[:2]]
        ['2 within 0.2', 'at least 2 within 0.2']
        """
        if self.at_least:
            return Claim.at_least(self.predicted, exponent_tolerance(self.predicted))
        return Claim.exponent(self.predicted)


def width_theories(dimension: float) -> tuple[WidthTheory, ...]:
    """Return the predictions for a width scan on data of `dimension` dimensions.

    Examples
    --------
    >>> [theory.predicted for theory in width_theories(2.0)]
    [2.0, 2.0, 1.0, 1.0, 1.0]
    """
    d = f"{dimension:g}"
    return (
        WidthTheory(
            f"approximation, piecewise linear: 4/d, d = {d}",
            LOSS,
            4 / dimension,
            "endless data, training finds a locally linear fit and no better one",
            "Sharma & Kaplan, JMLR 23(9), 2022",
        ),
        WidthTheory(
            f"approximation, lower bound: at least 4/d, d = {d}",
            LOSS,
            4 / dimension,
            "endless data, training finds a locally linear fit or a better one, as where the "
            "target is smoother or simpler than d says",
            "Sharma & Kaplan, JMLR 23(9), 2022",
            at_least=True,
        ),
        WidthTheory(
            f"approximation, piecewise constant: 2/d, d = {d}",
            LOSS,
            2 / dimension,
            "endless data, only the value is matched in each cell",
            "Bahri et al., arXiv 2102.06701, section 2.3",
        ),
        WidthTheory(
            "ensembling: 1",
            LOSS,
            1.0,
            "a wide network averages independent, unbiased narrow ones",
            "Liu & Tegmark, arXiv 2310.02258",
        ),
        WidthTheory(
            "variance-limited width: 1",
            EXCESS,
            1.0,
            "fluctuations about the infinite-width limit have variance O(1/N)",
            "Bahri et al., arXiv 2102.06701, section 2.2",
        ),
    )


def data_theories(alpha_N: float) -> tuple[WidthTheory, ...]:
    """Return the predictions for a data scan from the exponent in width.

    Examples
    --------
    >>> [theory.predicted for theory in data_theories(1.0)]
    [0.5, 1.0]
    """
    return (
        WidthTheory(
            "quanta: alpha_D = alpha_N / (1 + alpha_N)",
            DATA,
            alpha_N / (1 + alpha_N),
            "skills are learned in the order of their use, which falls as a power of rank",
            "Michaud et al., arXiv 2303.13506",
        ),
        WidthTheory(
            "resolution-limited, kernel: alpha_D = alpha_N",
            DATA,
            alpha_N,
            "one spectrum limits samples and parameters alike",
            "Bahri et al., arXiv 2102.06701, section 2.4",
        ),
    )
