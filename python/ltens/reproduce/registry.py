"""What can be reproduced, and where the code is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

from ..threads import thread_count
from ..validation import one_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    Product = Figure | str


@dataclass(frozen=True)
class Item:
    """A figure or table.

    Attributes
    ----------
    title : str
        What it shows, in a line.
    module : str
        In this package.
    function : str
        In the module: of (quick, threads), returns a matplotlib Figure or, for a table, Markdown.
    is_table : bool
    """

    title: str
    module: str
    function: str = "make"
    is_table: bool = False


ITEMS: dict[str, Item] = {
    "solvable-F2": Item(
        "Spectra of images for several numbers of samples", "solvable_data_spectra", "samples"
    ),
    "solvable-F3": Item(
        "Spectra of images for several numbers of pixels", "solvable_data_spectra", "pixels"
    ),
    "solvable-F4": Item(
        "Spectra after a random linear map: not extended", "solvable_mapped_spectra", "linear"
    ),
    "solvable-F5": Item(
        "Spectra after a random ReLU map: extended", "solvable_mapped_spectra", "relu"
    ),
    "solvable-F6": Item(
        "Spectra of the model's features: power law, then a kink", "solvable_feature_spectra"
    ),
    "solvable-F7": Item("Test loss against the ridge", "solvable_ridge"),
    "solvable-F8": Item(
        "Test loss against samples, near the best ridge", "solvable_sizes", "against_samples"
    ),
    "solvable-F9": Item(
        "Test loss against features, near the best ridge", "solvable_sizes", "against_features"
    ),
    "solvable-F10": Item("Double descent without a ridge", "solvable_peak"),
    "solvable-F11": Item("Breakdown at the latent dimension", "solvable_breakdown"),
    "solvable-phases": Item("The plane of features and samples", "solvable_plane"),
    "solvable-students": Item("Linear and nonlinear students", "solvable_students"),
    "solvable-time": Item("Training time and the compute frontier", "solvable_time"),
    "solvable-sgd": Item("One-pass SGD in its phases", "solvable_sgd"),
    "solvable-data": Item("Theory and regression on digits and photographs", "solvable_on_data"),
    "solvable-table": Item("Theory against simulation", "solvable_table", is_table=True),
    "regimes-random-features": Item(
        "The four regimes of Gaussian random features", "regimes_random_features"
    ),
    "regimes-gaussian": Item(
        "Gaussian random features: exponents and duality", "regimes_gaussian", is_table=True
    ),
    "regimes-coefficients": Item(
        "Gaussian random features: coefficients of 1/D and 1/P",
        "regimes_gaussian",
        "coefficients",
        is_table=True,
    ),
    "regimes-duality": Item("Exponents against that of the spectrum", "regimes_duality"),
    "regimes-digits-features": Item(
        "The four regimes of random ReLU features of digits", "regimes_digits"
    ),
    "regimes-digits-exponents": Item(
        "Duality on digits, by pool size and inputs", "regimes_digits", "table", is_table=True
    ),
    "regimes-digits-variance": Item(
        "Coefficients of 1/D and 1/P on digits", "regimes_digits", "variance", is_table=True
    ),
    "regimes-torus": Item("Losses of kernels on a torus", "regimes_torus"),
    "regimes-torus-exponents": Item(
        "Exponents of kernels on a torus, beside t/d", "regimes_torus", "table", is_table=True
    ),
    "regimes-counter-examples": Item(
        "Two problems that do not fall as 1/D", "regimes_counter_examples"
    ),
    "regimes-counter-ratios": Item(
        "The same in numbers, with gradient descent",
        "regimes_counter_examples",
        "table",
        is_table=True,
    ),
    "regimes-patches": Item(
        "Photo patches and Gaussian inputs: losses in D and in P", "regimes_patches"
    ),
    "regimes-patches-exponents": Item(
        "Photo patches: alpha_D is not alpha_P", "regimes_patches", "table", is_table=True
    ),
    "regimes-relu-kernels": Item(
        "Exponents of ReLU kernels, with and without biases", "regimes_relu_kernels", is_table=True
    ),
    "tickets-claims": Item(
        "The claims on lottery tickets, one by one", "tickets_claims", is_table=True
    ),
    "tickets-sensitivity": Item(
        "The exponent under other protocols", "tickets_sensitivity", is_table=True
    ),
    "tickets-forest": Item(
        "The exponent under other protocols, drawn", "tickets_sensitivity", "draw"
    ),
    "tickets-scatter": Item("Neurons (w, b) of one wide network", "tickets_figures", "scatter"),
    "tickets-histograms": Item(
        "Losses and solution types of N = 1, 2, 3", "tickets_figures", "histograms"
    ),
    "tickets-pairs": Item("Scores of all pairs of neurons", "tickets_figures", "pairs"),
    "tickets-ensembling": Item(
        "Two narrow networks against a wide one", "tickets_figures", "averages"
    ),
    "tickets-groups": Item(
        "2 to 16 narrow networks against a wide one", "tickets_figures", "more_averages"
    ),
    "tickets-bias": Item("Squared bias and variance against width", "tickets_figures", "bias"),
    "tickets-correlation": Item(
        "Correlation of the errors of two seeds", "tickets_figures", "correlation"
    ),
}


def names() -> list[str]:
    """Return the names of everything that can be reproduced."""
    return list(ITEMS)


def item(name: str) -> Item:
    """Return what a name stands for.

    Raises
    ------
    TypeError, ValueError
        If it stands for nothing.

    Examples
    --------
    >>> item("solvable-F10").title
    'Double descent without a ridge'
    """
    return ITEMS[one_of(name, names(), "name")]


def draw(name: str, *, quick: bool = False, threads: int | None = None) -> Product:
    """Compute and draw a figure, or compute a table.

    Parameters
    ----------
    name : str
        One of `names()`.
    quick : bool
        Smaller sizes and fewer draws: seconds instead of minutes.
    threads : int, optional
        See `ltens.threads`.

    Returns
    -------
    matplotlib Figure or str
        Text for tables, in Markdown.

    Raises
    ------
    TypeError, ValueError
        If the name is not known.
    ModuleNotFoundError
        If it needs an extra that is not installed.

    Examples
    --------
    >>> draw("solvable-F6", quick=True).axes[0].get_xlabel()
    'rank i'
    """
    found = item(name)
    count = thread_count(threads)
    module = import_module(f"{__package__}.{found.module}")
    make: Callable[[bool, int], Any] = getattr(module, found.function)
    product: Product = make(quick, count)
    return product
