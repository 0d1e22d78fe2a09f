"""The theory against the simulation: relative errors and standard errors, as Markdown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ...solvable import Asymptotics, Spectrum, simulate, theory
from ...tables import markdown
from ..effort import Effort

Row = tuple[str, Spectrum, dict[str, Any]]
_HEADS = (
    "case",
    "N",
    "T",
    "theory",
    "with finite-size factor",
    "simulation",
    "standard error",
    "simulation / theory - 1",
)


def make(effort: Effort) -> str:
    """Return the table; draws 4 or 24 models in each row."""
    cases = list(settings(300 if effort.quick else 1500))[:: 4 if effort.quick else 1]
    draws = 4 if effort.quick else 24
    rows = [_cells(*case, draws=draws, threads=effort.threads) for case in cases]
    return markdown(_HEADS, rows) + "\n"


def settings(M: int) -> Iterator[Row]:
    """Yield what is compared; sizes are given for M = 1500 and scale with it."""
    scale = M / 1500
    for alpha in (0.5, 1.0, 1.5):
        spectrum, law = Spectrum.power_law(alpha, M), Asymptotics(alpha, M)
        for N, T in _scaled(scale, (50, 100), (50, 400), (400, 50), (180, 200), (200, 600)):
            yield f"α = {alpha}, no ridge", spectrum, {"N": N, "T": T}
        for N, T in _scaled(scale, (100, 100), (100, 300), (300, 100)):
            best = float(law.optimal_ridge(N, T))
            yield f"α = {alpha}, best ridge", spectrum, {"N": N, "T": T, "ridge": best}
    spectrum, best = Spectrum.power_law(1.0, M), float(Asymptotics(1.0, M).optimal_ridge(1, 1))
    noise = (1e-5 / scale**2) ** 0.5
    for factor in (0.001, 0.01, 0.1, 10, 100):
        ((N, T),) = _scaled(scale, (200, 200))
        yield f"α = 1, {factor:g} x best ridge", spectrum, {"N": N, "T": T, "ridge": factor * best}
    for N, T in _scaled(scale, (50, 200), (200, 50)):
        yield "α = 1, label noise, no ridge", spectrum, {"N": N, "T": T, "noise": noise}
    for N, T in _scaled(scale, (100, 400), (400, 100)):
        point = {"N": N, "T": T, "ridge": 10 * best, "noise": noise}
        yield "α = 1, label noise, 10 x best ridge", spectrum, point
    yield from _around_the_latent_dimension(M // 5)
    for source in (2.0, 4.0):
        given = Spectrum.source_capacity(1.5, source, M)
        for (N, T), ridge in zip(
            _scaled(scale, (40, 400), (400, 40), (100, 200), (200, 100)),
            (0.0, 0.0, 1.0, 1.0),
            strict=True,
        ):
            point = {"N": N, "T": T, "ridge": ridge / M}
            yield f"capacity 1.5, source {source:g}, ridge {ridge:g}/M", given, point


def _around_the_latent_dimension(M: int) -> Iterator[Row]:
    spectrum, scale = Spectrum.power_law(1.0, M), M / 300
    for N, T in _scaled(scale, (200, 900), (270, 900), (290, 900), (900, 270)):
        yield f"M = {M}, no ridge", spectrum, {"N": N, "T": T}
    for N, T in _scaled(scale, (350, 900), (600, 900), (1200, 1200)):
        yield f"M = {M}, beyond, ridge 0.001/M", spectrum, {"N": N, "T": T, "ridge": 1e-3 / M}
    for N, T in _scaled(scale, (600, 900), (900, 1200)):
        yield f"M = {M}, beyond, noise 0.01", spectrum, {"N": N, "T": T, "noise": 0.01}


def _scaled(scale: float, *sizes: tuple[int, int]) -> list[tuple[int, int]]:
    return [(max(2, round(n * scale)), max(2, round(t * scale))) for n, t in sizes]


def _cells(
    case: str, spectrum: Spectrum, point: dict[str, Any], *, draws: int, threads: int
) -> list[str]:
    plain = float(theory(spectrum, **point).test_loss)
    finite = float(theory(spectrum, finite_size=True, **point).test_loss)
    run = simulate(spectrum, draws=draws, threads=threads, **point)
    corrected = f"{finite:.4e}" if finite != plain else "same"
    error = 100 * (run.test_loss / plain - 1)
    predicted = [case, str(point["N"]), str(point["T"]), f"{plain:.4e}", corrected]
    return [*predicted, f"{run.test_loss:.4e}", f"{run.standard_error:.1e}", f"{error:+.1f} %"]
