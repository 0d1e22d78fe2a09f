"""The phases of one-pass SGD and their compute-optimal laws (Paquette et al. 2024, 2405.15074)."""

from __future__ import annotations

from dataclasses import dataclass

from ..validation import positive


@dataclass(frozen=True)
class SgdPhase:
    """Where (alpha, beta) of Paquette et al. lie, and the compute-optimal laws there.

    eigenvalue_j = j^(-2 alpha), target v_j^2 = j^(-2 alpha - 2 beta):
    ``Spectrum.source_capacity(2 * alpha, 2 * (alpha + beta), M)``. With f = N r (compute), the best
    number of features is f^width and the loss then f^-loss.

    Attributes
    ----------
    name : str
        "Ia", "Ib", "II" or "III"; see the paper for Ic and IV, which are not in here.
    width, loss : float

    Examples
    --------
    >>> SgdPhase.of(1.0, 0.0)
    SgdPhase(name='Ia', width=0.3333333333333333, loss=0.3333333333333333)
    """

    name: str
    width: float
    loss: float

    @classmethod
    def of(cls, alpha: float, beta: float) -> SgdPhase:
        """Return the phase of the exponents, by balancing the terms of the loss.

        Bias r^-(2 alpha + 2 beta - 1)/(2 alpha), capacity N^-(2 alpha - max(0, 1 - 2 beta)),
        features' spread r^(-1 + 1/(2 alpha)) / N and SGD noise r^(-2 + 1/(2 alpha)).

        Raises
        ------
        ValueError
            If the phase is not one of the four.

        Examples
        --------
        >>> SgdPhase.of(0.8, 1.2).name
        'III'
        """
        a, b = positive(alpha, "alpha"), float(beta)
        decay = 2 * a + 2 * b - 1
        if a > 0.5 and b < 0.5 and decay > 0:
            return cls("Ia", 1 / (2 * a + 1), decay / (2 * a + 1))
        if a > 0.5 and 0.5 < b < a:
            return cls("II", (b / a) / (1 + b / a), decay / (2 * (a + b)))
        if 0.5 < a < b:
            return cls("III", 0.5, 1 - 1 / (4 * a))
        if a < 0.5 and b < 0.5 and decay > 0:
            return cls("Ib", 0.5, a + b - 0.5)
        raise ValueError(
            f"alpha is {alpha} and beta is {beta}, but must lie inside phase Ia, Ib, II or III: "
            "alpha + beta above 1/2, and alpha above 1/2 or beta below 1/2."
        )
