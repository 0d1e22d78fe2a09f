"""Pictures of the solvable model: losses against a size or the ridge, spectra, phases."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from ..validation import one_of
from .style import light_grid, new_axes, styles

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes

    from ..solvable import Spectrum

_AXES = {"N": "features N", "T": "samples T", "ridge": "ridge"}
_MOST_CURVES = 7


def solvable_loss(
    ds: xr.Dataset, *, against: str = "N", finite_size: bool = False, ax: Axes | None = None
) -> Axes:
    """Draw simulated test losses with their standard errors, the theory as lines.

    Parameters
    ----------
    ds : xarray.Dataset
        The result of `ltens.solvable.sweep`, with at most 7 combinations of the other axes.
    against : {"N", "T", "ridge"}
        The x axis.
    finite_size : bool
        Draw the theory with its finite-size factor.
    ax : matplotlib Axes, optional
        Where to draw; a new figure by default.

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    ValueError
        If `ds` is not such a result, or has too many curves.

    Examples
    --------
    >>> from ltens.solvable import Spectrum, sweep
    >>> ds = sweep(Spectrum.power_law(1.0, 50), N=[2, 4, 8], T=30, draws=2, progress=False)
    >>> solvable_loss(ds).get_xlabel()
    'features N'
    """
    one_of(against, tuple(_AXES), "against")
    curves = _curves(ds, against)
    ax = new_axes() if ax is None else ax
    theory = "theory_finite_size" if finite_size else "theory"
    for (label, part), (colour, marker) in zip(curves.items(), styles(), strict=False):
        x = part[against].values
        order = np.argsort(x)
        loss, error = part["test_loss"].values[order], part["standard_error"].values[order]
        line, good = part[theory].values[order], np.isfinite(loss)
        ax.plot(x[order], np.where(np.isfinite(line), line, np.nan), color=colour, linewidth=1.2)
        ax.errorbar(
            x[order][good],
            loss[good],
            np.nan_to_num(error[good]),
            fmt=marker,
            color=colour,
            markersize=4,
            linestyle="none",
            label=label,
        )
    ax.set(xscale="log", yscale="log", xlabel=_AXES[against], ylabel="test loss")
    light_grid(ax)
    if len(curves) > 1 or next(iter(curves)):
        ax.legend(frameon=False)
    return ax


def solvable_spectra(spectra: Mapping[str, ArrayLike], *, ax: Axes | None = None) -> Axes:
    """Draw eigenvalues against their rank, in a log-log plot; zeros are left out.

    Parameters
    ----------
    spectra : dict of (M,) arrays
        Eigenvalues, descending, by the name that goes into the legend.
    ax : matplotlib Axes, optional
        Where to draw; a new figure by default.

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    ValueError
        If there is no spectrum, or one has no eigenvalue above 0.

    Examples
    --------
    >>> solvable_spectra({"power law": np.arange(1, 9.0) ** -2}).get_ylabel()
    'eigenvalue'
    """
    if not spectra:
        raise ValueError("spectra is empty, but must hold at least one.")
    ax = new_axes() if ax is None else ax
    for (name, values), (colour, _) in zip(spectra.items(), styles(), strict=False):
        array = np.asarray(values, dtype=np.float64)
        kept = array > 0
        if not kept.any():
            raise ValueError(f"spectra[{name!r}] has no eigenvalue above 0, but must have one.")
        rank = np.arange(1, len(array) + 1)
        ax.plot(rank[kept], array[kept], color=colour, linewidth=1.3, label=name)
    ax.set(xscale="log", yscale="log", xlabel="rank i", ylabel="eigenvalue")
    light_grid(ax)
    ax.legend(frameon=False)
    return ax


def solvable_phases(
    spectrum: Spectrum, *, ridge: float | str = 0.0, noise: float = 0.0, ax: Axes | None = None
) -> Axes:
    """Draw the test loss over the plane of N and T, with the borders of its regimes.

    Parameters
    ----------
    spectrum : Spectrum
        Of latent dimension M; the plane goes from 1 to 4 M.
    ridge : float or "optimal"
    noise : float
    ax : matplotlib Axes, optional
        Where to draw; a new figure by default.

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong kind or out of range.

    Examples
    --------
    >>> from ltens.solvable import Spectrum
    >>> solvable_phases(Spectrum.power_law(1.0, 50), ridge=1e-3).get_ylabel()
    'samples T'
    """
    size = np.geomspace(1, 4 * spectrum.M, 121)
    N, T = np.meshgrid(size, size)
    loss = _plane(spectrum, N, T, ridge, noise)
    ax = new_axes(6.4, 5.0) if ax is None else ax
    shown = np.log10(np.clip(loss / spectrum.null_loss, 1e-5, 10.0))
    mesh = ax.pcolormesh(size, size, shown, cmap="viridis", shading="gouraud", rasterized=True)
    figure = ax.get_figure()
    if figure is not None:
        figure.colorbar(mesh, ax=ax, label="log10(test loss / null loss)")
    levels = np.arange(np.ceil(shown.min()), 1.0)
    ax.contour(size, size, shown, levels=levels, colors="white", linewidths=0.6, linestyles="solid")
    ax.plot(size, size, color="white", linewidth=1.0, linestyle="--")
    ax.axvline(spectrum.M, color="white", linewidth=1.0, linestyle=":")
    ax.axhline(spectrum.M, color="white", linewidth=1.0, linestyle=":")
    middle, far = spectrum.M**0.35, spectrum.M**0.75
    words: dict[str, Any] = {"color": "white", "ha": "center", "va": "center", "fontsize": 9}
    ax.text(middle, far, "limited by\nfeatures", **words)
    ax.text(far, middle, "limited by\nsamples", **words)
    ax.text(spectrum.M * 1.1, 1.3, "M", **{**words, "ha": "left"})
    ax.text(1.3, spectrum.M * 1.15, "M", **{**words, "va": "bottom"})
    ax.set(xscale="log", yscale="log", xlabel="features N", ylabel="samples T", aspect="equal")
    ax.set(xlim=(1, 4 * spectrum.M), ylim=(1, 4 * spectrum.M))
    return ax


def _plane(spectrum: Spectrum, N: Any, T: Any, ridge: float | str, noise: float) -> Any:
    from ..solvable import optimal_ridge, theory

    if isinstance(ridge, str):
        one_of(ridge, ("optimal",), "ridge")
        return optimal_ridge(spectrum, N=N, T=T, noise=noise).test_loss
    return theory(spectrum, N=N, T=T, ridge=ridge, noise=noise).test_loss


def _curves(ds: xr.Dataset, against: str) -> dict[str, xr.Dataset]:
    """Return the Dataset cut into curves, by their labels."""
    if "test_loss" not in ds or "theory" not in ds or any(axis not in ds.coords for axis in _AXES):
        raise ValueError(
            f"ds has the variables {sorted(map(str, ds.variables))}, but must be the result of "
            "ltens.solvable.sweep."
        )
    ds = ds.drop_dims("draw", errors="ignore")
    ds = ds.expand_dims([axis for axis in _AXES if axis not in ds.dims])
    others = [axis for axis in _AXES if axis != against]
    count = int(np.prod([ds.sizes[axis] for axis in others]))
    if count > _MOST_CURVES:
        raise ValueError(f"ds has {count} curves, but must have at most {_MOST_CURVES}: select.")
    parts: dict[str, xr.Dataset] = {}
    for i in np.ndindex(*(ds.sizes[axis] for axis in others)):
        part = ds.isel(dict(zip(others, i, strict=True)))
        varied = [axis for axis in others if ds.sizes[axis] > 1]
        parts[", ".join(f"{axis} = {part[axis].item():.3g}" for axis in varied)] = part
    return parts
