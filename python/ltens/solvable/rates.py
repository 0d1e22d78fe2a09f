"""Exponents of the losses for power laws of any source and capacity."""

from __future__ import annotations

from dataclasses import dataclass

from ..validation import positive


@dataclass(frozen=True)
class Rates:
    """Exponents for eigenvalue_I ~ I^-capacity and target v_I^2 ~ I^-source.

    Maloney et al.'s isotropic target has source = capacity = 1 + alpha and every static exponent
    alpha. Atanasov et al.'s source r is (source - 1) / (2 capacity).

    Parameters
    ----------
    capacity : float
        b of Bordelon et al.; above 1.
    source : float
        a of Bordelon et al.; above 1.

    Raises
    ------
    TypeError, ValueError
        If an argument is not a number above 1.

    Examples
    --------
    >>> Rates(capacity=2.0, source=2.0).width, Rates(1.5, 3.5).data
    (1.0, 2.5)
    """

    capacity: float
    source: float

    def __post_init__(self) -> None:
        for name in ("capacity", "source"):
            value = positive(getattr(self, name), name)
            if value <= 1:
                raise ValueError(f"{name} is {value}, but must be above 1.")
            object.__setattr__(self, name, value)

    @property
    def width(self) -> float:
        """In N for T to infinity: min(source - 1, capacity).

        Bordelon et al. quote min(source - 1, 2 capacity); theory and simulation here, and the F_0
        of Paquette et al., give this, which differs for steep targets only.
        """
        return min(self.source - 1, self.capacity)

    @property
    def data(self) -> float:
        """In T for N to infinity, without ridge: min(source - 1, 2 capacity)."""
        return min(self.source - 1, 2 * self.capacity)

    @property
    def time(self) -> float:
        """In the time of gradient flow: (source - 1) / capacity."""
        return (self.source - 1) / self.capacity

    @property
    def compute_width(self) -> float:
        """Of the best N in compute = N * time, from `width` and `time` in balance."""
        return self.time / (self.time + self.width)

    @property
    def compute(self) -> float:
        """Of the loss in compute: (source - 1) / (1 + capacity) unless the target is steep."""
        return self.width * self.compute_width
