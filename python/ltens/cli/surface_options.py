"""What ``ltens fit`` and ``ltens plot`` do with several sizes: surfaces of loss."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from ..validation import positive
from .loss_files import Choice, shown_name

if TYPE_CHECKING:
    from ..fitting import Frontier, SurfaceLaw

_HUBER = 1e-3  # of `ltens.fit_surface`
_COST = 6.0  # operations for each parameter and token
_NOT_OF_SURFACES = ("smallest", "largest", "tolerance")

_OPTIONS = (
    click.option("--groups", metavar="COLUMN", help="Of a surface: the data set of a run."),
    click.option(
        "--runs", metavar="COLUMN", help="Of a surface: the training a row is a checkpoint of."
    ),
    click.option(
        "--shared",
        multiple=True,
        metavar="NAME",
        help="What groups have in common: exponents, amplitudes, floor  [exponents].",
    ),
    click.option("--product", metavar="SIZE,SIZE", help="Add a part C / (x^alpha y^beta)."),
    click.option(
        "--compute",
        type=float,
        multiple=True,
        help="Print the first two sizes of lowest loss for so much compute.",
    ),
    click.option("--cost", type=float, help="compute = cost * first size * second  [6]."),
)


def surface_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of surfaces; the function gets them as one `surface`."""

    @wraps(function)
    def collected(*context: click.Context, **given: Any) -> Any:
        own = {field.name: given.pop(field.name) for field in fields(SurfaceChoice)}
        return function(*context, surface=SurfaceChoice(**own), **given)

    for option in reversed(_OPTIONS):
        collected = option(collected)
    return collected


def refuse_options(context: click.Context, names: tuple[str, ...]) -> None:
    """Raise ValueError if an option is given that only the law of one size has."""
    for name in names:
        if context.get_parameter_source(name) is not ParameterSource.DEFAULT:
            raise ValueError(f"{name} is given, but a surface has none: it is of one size's law.")


@dataclass(frozen=True)
class SurfaceChoice:
    """The options of surfaces."""

    groups: str | None
    runs: str | None
    shared: tuple[str, ...]
    product: str | None
    compute: tuple[float, ...]
    cost: float | None

    def wanted(self, choice: Choice) -> bool:
        """Return whether a surface is to be fitted: with several sizes, groups or trainings."""
        return len(choice.size) > 1 or self.groups is not None or self.runs is not None

    def refuse(self) -> None:
        """Raise ValueError if something is given that only surfaces have."""
        for name in ("shared", "product", "compute", "cost"):
            if getattr(self, name) not in (None, ()):
                raise ValueError(
                    f"{name} is given, but it is of surfaces, and size is given once only: "
                    "--size params --size tokens."
                )

    def laws(
        self,
        file: Path,
        choice: Choice,
        *,
        huber: float | None = None,
        limit: float | None = None,
        bootstrap: int = 0,
        rng: int = 0,
        **_: Any,
    ) -> dict[str, SurfaceLaw]:
        """Return the surface of each curve."""
        from ..fitting import fit_surface

        self._refuse(choice)
        product, shared = _pair(self.product), self.shared or ("exponents",)
        for compute in self.compute:
            positive(compute, "compute")
        positive(self._price(), "cost")
        table = choice.table(file, self.groups, self.runs)
        return {
            name or shown_name(file): fit_surface(
                curve,
                product=product,
                shared=shared,
                limit=limit,
                huber=_threshold(huber),
                bootstrap=bootstrap,
                rng=rng,
            )
            for name, curve in table.curves.items()
        }

    def draw(self, file: Path, choice: Choice, output: Path) -> list[Path]:
        """Draw the surface of each curve, a page each, and return the files."""
        from ..plot import surface_panels

        if self.compute:
            raise ValueError(
                "compute is given, but a picture shows the best sizes for all: leave it out."
            )
        laws = self.laws(file, choice)
        paths = [output if len(laws) == 1 else _path_of(output, name) for name in laws]
        for path, law in zip(paths, laws.values(), strict=True):
            surface_panels(law, cost=self._price()).savefig(path, dpi=120)
        return paths

    def text(self, laws: dict[str, SurfaceLaw], level: float) -> str:
        """Return what the laws say, and their frontiers."""
        parts = []
        for name, law in laws.items():
            blocks = [f"{name}\n{law.summary(level)}"]
            blocks += [
                _frontier_text(label, found) for label, found in self._frontiers(law, level).items()
            ]
            parts.append("\n\n".join(blocks))
        return "\n\n".join(parts)

    def json(self, laws: dict[str, SurfaceLaw], level: float) -> str:
        """Return the same as JSON."""
        from ..tables import plain

        found = {}
        for name, law in laws.items():
            found[name] = law.to_dict(level)
            frontiers = self._frontiers(law, level)
            if frontiers:
                found[name]["frontier"] = {
                    label or "all": plain(vars(each)) for label, each in frontiers.items()
                }
        return json.dumps(found, indent=2)

    def _frontiers(self, law: SurfaceLaw, level: float) -> dict[str, Frontier]:
        """Return where the loss is lowest, by group."""
        if not self.compute:
            return {}
        return {
            label: law.frontier(self.compute, self._price(), group=label or None, interval=level)
            for label in law.table.labels
        }

    def _price(self) -> float:
        return _COST if self.cost is None else self.cost

    def _refuse(self, choice: Choice) -> None:
        """Raise ValueError if something is given that surfaces have not."""
        for name in _NOT_OF_SURFACES:
            if getattr(choice, name) is not None:
                raise ValueError(
                    f'{name} is given, but of several sizes: --where "params >= 1e7" chooses rows.'
                )
        if choice.counted_as == "infinite":
            raise ValueError(
                "diverged is 'infinite', but a surface leaves diverged runs out: "
                '--diverged "loss > 10".'
            )


def _threshold(huber: float | None) -> float | None:
    """Return Huber's threshold: an infinite one is least squares."""
    if huber is None:
        return _HUBER
    return None if huber == float("inf") else huber


def _path_of(output: Path, curve: str) -> Path:
    """Return the file of one of several curves: its name, in safe letters, before the suffix."""
    safe = re.sub(r"[^\w.=+-]+", "_", curve)
    return output.with_name(f"{output.stem}-{safe}{output.suffix}")


def _pair(given: str | None) -> bool | tuple[str, str]:
    if given is None:
        return False
    names = [name.strip() for name in given.split(",")]
    if len(names) != 2:
        raise ValueError(f"product is {given!r}, but must be two sizes: params,tokens.")
    return names[0], names[1]


def _frontier_text(label: str, found: Frontier) -> str:
    """Return the frontier as a table."""
    from ..fitting.surface.summary import shown
    from ..tables import text

    assert found.first_interval is not None
    assert found.second_interval is not None
    assert found.loss_interval is not None
    columns = (
        (found.first, found.first_interval),
        (found.second, found.second_interval),
        (found.loss, found.loss_interval),
    )
    rows = [
        [
            f"{compute:.3g}",
            *(shown(value[at], (low[at], high[at])) for value, (low, high) in columns),
        ]
        for at, compute in enumerate(found.compute)
    ]
    heads = (f"best for {label}" if label else "compute", *found.names, "loss")
    title = f"  lowest loss where compute = {found.cost:g} {found.names[0]} {found.names[1]}"
    return f"{title}\n{text(heads, rows, indent='  ')}"
