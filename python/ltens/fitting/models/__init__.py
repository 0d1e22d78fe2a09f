"""Models of loss against size, one file each. A new one adds a line to `MODELS`."""

from __future__ import annotations

from .base import Model
from .broken import BrokenPowerLaw
from .fixed_exponent import FixedExponent
from .floor import PowerLawFloor
from .known_limit import KnownLimit
from .power_law import PowerLaw

MODELS: dict[str, Model] = {
    model.name: model
    for model in (
        PowerLaw(),
        PowerLawFloor(),
        BrokenPowerLaw(1),
        BrokenPowerLaw(2),
        FixedExponent(),
        KnownLimit(),
    )
}
# What model="auto" tries first: those that need nothing but the data. Two breaks come after one.
AUTOMATIC = ("power_law", "power_law_floor", "broken_power_law")

__all__ = [
    "AUTOMATIC",
    "MODELS",
    "BrokenPowerLaw",
    "FixedExponent",
    "KnownLimit",
    "Model",
    "PowerLaw",
    "PowerLawFloor",
]
