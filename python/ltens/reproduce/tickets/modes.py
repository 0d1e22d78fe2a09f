"""What the error that seeds share looks like: its Legendre polynomials."""

from __future__ import annotations

import numpy as np
from numpy.polynomial import legendre

from ...tables import formatted, markdown
from ...tickets import bias_variance
from .ensembles import Ensembles, protocol
from .records import Record
from .sections import Section

USED = ("stop-500", "stop-2000", "stop-20000", "base", "four", "ten", "forty", "unit", "unit-ten")
_WIDTHS = (10, 20, 40, 80)
_DEGREE = 24
_NAMED = 2
_FEWEST = 3  # networks that are not dead


def modes(data: Ensembles) -> list[Record]:
    """Return the degrees of the Legendre polynomials that make most of the seeds' mean error."""
    found: list[Record] = []
    for name in [name for name in USED if name in data]:
        for activation, ensemble in data[name].items():
            for n in [n for n in _WIDTHS if n in ensemble.nets and ensemble.living(n) >= _FEWEST]:
                split = bias_variance(ensemble.nets[n], ensemble.task)
                x = split.x[:, 0] / np.abs(split.x).max()
                # <P_k^2> over the interval is 1 / (2 k + 1).
                power = legendre.legfit(x, split.bias_x, _DEGREE) ** 2
                power /= (2 * np.arange(_DEGREE + 1) + 1) * np.mean(split.bias_x**2)
                largest = np.argsort(-power)[:_NAMED].tolist()
                found.append(
                    {
                        "activation": activation,
                        "protocol": protocol(name).title,
                        "width": n,
                        "seeds": split.seeds,
                        "bias2": split.bias2,
                        "degrees": ", ".join(f"P{k} {power[k]:.0%}" for k in largest),
                        "beyond": float(1 - power.sum()),
                    }
                )
    return found


def table(records: list[Record]) -> str:
    """Return one line for each ensemble."""
    columns = {
        "activation": "{activation}",
        "protocol": "{protocol}",
        "N": "{width}",
        "bias²": "{bias2:.1e}",
        "of it": "{degrees}",
        "beyond degree 24": "{beyond:.0%}",
    }
    return markdown(*formatted(records, columns)) + "\n"


SECTION = Section(USED, {"modes": modes}, (("modes", table),))
