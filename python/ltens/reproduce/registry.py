"""What can be reproduced, and where the code is."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from ..threads import thread_count
from ..validation import one_of
from .effort import Effort
from .quick import marked

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
        In the module: of an `Effort`, returns a matplotlib Figure or, for a table, Markdown.
    is_table : bool
    keeps : bool
        Whether what it trains and measures stays in the folder, if there is one.
    """

    title: str
    module: str
    function: str = "make"
    is_table: bool = False
    keeps: bool = False

    def load(self) -> Callable[[Effort], Product]:
        """Return the function."""
        module = import_module(f"{__package__}.{self.module}")
        function: Callable[[Effort], Product] = getattr(module, self.function)
        return function


def _tickets(title: str, module: str, function: str = "make", *, is_table: bool = False) -> Item:
    return Item(title, f"tickets.{module}", function, is_table, keeps=True)


def _section(title: str, module: str) -> Item:
    return _tickets(title, module, "SECTION", is_table=True)


ITEMS: dict[str, Item] = {
    "solvable-F2": Item(
        "Spectra of images for several numbers of samples", "solvable.data_spectra", "samples"
    ),
    "solvable-F3": Item(
        "Spectra of images for several numbers of pixels", "solvable.data_spectra", "pixels"
    ),
    "solvable-F4": Item(
        "Spectra after a random linear map: not extended", "solvable.mapped_spectra", "linear"
    ),
    "solvable-F5": Item(
        "Spectra after a random ReLU map: extended", "solvable.mapped_spectra", "relu"
    ),
    "solvable-F6": Item(
        "Spectra of the model's features: power law, then a kink", "solvable.feature_spectra"
    ),
    "solvable-F7": Item("Test loss against the ridge", "solvable.ridge"),
    "solvable-F8": Item(
        "Test loss against samples, near the best ridge", "solvable.sizes", "against_samples"
    ),
    "solvable-F9": Item(
        "Test loss against features, near the best ridge", "solvable.sizes", "against_features"
    ),
    "solvable-F10": Item("Double descent without a ridge", "solvable.peak"),
    "solvable-F11": Item("Breakdown at the latent dimension", "solvable.breakdown"),
    "solvable-phases": Item("The plane of features and samples", "solvable.plane"),
    "solvable-students": Item("Linear and nonlinear students", "solvable.students"),
    "solvable-time": Item("Training time and the compute frontier", "solvable.time"),
    "solvable-sgd": Item("One-pass SGD in its phases", "solvable.sgd"),
    "solvable-sgd-table": Item(
        "One-pass SGD by learning rate", "solvable.sgd", "table", is_table=True
    ),
    "solvable-data": Item("Theory and regression on digits and photographs", "solvable.on_data"),
    "solvable-table": Item("Theory against simulation", "solvable.table", is_table=True),
    "tickets-claims": _tickets(
        "The claims on lottery tickets, one by one, and all tables below", "claims", is_table=True
    ),
    "tickets-exponents": _section("Loss against width and its exponent", "exponents"),
    "tickets-kinks": _section("Kinks of ReLU networks, not neurons", "kinks"),
    "tickets-partners": _section("Mirror partners against nulls", "partners"),
    "tickets-averages": _section("Averages against wide networks", "averages"),
    "tickets-splits": _section("Bias, variance, correlation of seeds", "splits"),
    "tickets-modes": _section("The shape of the shared error", "modes"),
    "tickets-counts": _section("Tickets in a network", "counts"),
    "tickets-pruning": _section("Pruning against training narrow", "pruned"),
    "tickets-refit": _section("The read-out solved by least squares", "refitted"),
    "tickets-polish": _section("Second-order polish", "polished"),
    "tickets-peaks": _section("Solution types of N = 1, 2, 3", "peaks"),
    "tickets-quantiles": _section("Losses of averages beside wide networks", "distributions"),
    "tickets-synergy": _section("Synergy against training time", "synergy"),
    "tickets-plateau": _section("A plateau is a bias", "plateau"),
    "tickets-arch": _section("The arch of 10,000 neurons", "arch"),
    "tickets-starts": _section("The same statistics for every initialisation", "starts"),
    "tickets-plane": _section("The same statistics in two dimensions", "plane"),
    "tickets-sensitivity": _tickets(
        "The exponent under other protocols", "sensitivity", is_table=True
    ),
    "tickets-forest": _tickets("The exponent under other protocols, drawn", "sensitivity", "draw"),
    "tickets-scatter": _tickets("Neurons (w, b) of one wide network", "figures", "scatter"),
    "tickets-histograms": _tickets(
        "Losses and solution types of N = 1, 2, 3", "figures", "histograms"
    ),
    "tickets-pairs": _tickets("Scores of all pairs of neurons", "figures", "pairs"),
    "tickets-ensembling": _tickets("Two narrow networks against a wide one", "figures", "averages"),
    "tickets-groups": _tickets(
        "2 to 16 narrow networks against a wide one", "figures", "more_averages"
    ),
    "tickets-coverage": _tickets(
        "How often the intervals of bias² and its share hold", "coverage", is_table=True
    ),
    "tickets-distributions": _tickets(
        "Losses of averages of narrow networks and of wide ones", "distributions", "draw"
    ),
    "tickets-times": _tickets("Synergy against training time, drawn", "synergy", "draw"),
    "tickets-toy": _tickets("Averages that end in a plateau", "plateau", "draw"),
    "tickets-arches": _tickets("Neurons of wide networks and the published arch", "arch", "draw"),
    "tickets-bias": _tickets("Squared bias and variance against width", "figures", "bias"),
    "tickets-correlation": _tickets(
        "Correlation of the errors of two seeds", "figures", "correlation"
    ),
    "tickets-schedules": _tickets(
        "Loss against width for longer and longer training", "figures", "schedules"
    ),
    "tickets-bends": _tickets("ReLU: loss against neurons and against kinks", "figures", "bends"),
    "tickets-shared-error": _tickets(
        "The error that seeds share, along x", "figures", "shared_error"
    ),
    "tickets-pruned": _tickets("Loss against neurons kept", "figures", "pruning"),
    "regimes-random-features": Item(
        "The four regimes of Gaussian random features", "regimes.random_features"
    ),
    "regimes-gaussian": Item(
        "Gaussian random features: exponents and duality", "regimes.gaussian", is_table=True
    ),
    "regimes-coefficients": Item(
        "Gaussian random features: coefficients of 1/D and 1/P",
        "regimes.gaussian",
        "coefficients",
        is_table=True,
    ),
    "regimes-duality": Item("Exponents against that of the spectrum", "regimes.duality"),
    "regimes-digits-features": Item(
        "The four regimes of random ReLU features of digits", "regimes.digits"
    ),
    "regimes-digits-exponents": Item(
        "Duality on digits, by pool size and inputs", "regimes.digits", "table", is_table=True
    ),
    "regimes-digits-variance": Item(
        "Coefficients of 1/D and 1/P on digits", "regimes.digits", "variance", is_table=True
    ),
    "regimes-torus": Item("Losses of kernels on a torus", "regimes.torus"),
    "regimes-torus-exponents": Item(
        "Exponents of kernels on a torus, beside t/d", "regimes.torus", "table", is_table=True
    ),
    "regimes-counter-examples": Item(
        "Two problems that do not fall as 1/D", "regimes.counter_examples"
    ),
    "regimes-counter-ratios": Item(
        "The same in numbers, with gradient descent",
        "regimes.counter_examples",
        "table",
        is_table=True,
    ),
    "regimes-patches": Item(
        "Photo patches and Gaussian inputs: losses in D and in P", "regimes.patches"
    ),
    "regimes-patches-exponents": Item(
        "Photo patches: alpha_D is not alpha_P", "regimes.patches", "table", is_table=True
    ),
    "regimes-relu-kernels": Item(
        "Exponents of ReLU kernels, with and without biases", "regimes.relu_kernels", is_table=True
    ),
    "regimes-data": Item("Variance-limited scaling in data", "regimes.data"),
    "regimes-data-table": Item(
        "Variance-limited scaling in data: exponents", "regimes.data", "table", is_table=True
    ),
    "regimes-width": Item("Variance-limited scaling in width", "regimes.width"),
    "regimes-width-table": Item(
        "Variance-limited scaling in width: exponents", "regimes.width", "table", is_table=True
    ),
    "regimes-teacher-data": Item(
        "Students of random teachers against samples", "regimes.teacher", "against_samples"
    ),
    "regimes-teacher-width": Item(
        "Students of random teachers against width", "regimes.teacher", "against_width"
    ),
    "regimes-teacher-table": Item(
        "Students of ReLU teachers: exponents, at least 4/d",
        "regimes.teacher",
        "table",
        is_table=True,
    ),
    "regimes-smooth-teacher": Item(
        "Students of smooth teachers: exponents, at least 4/d",
        "regimes.smooth_teacher",
        is_table=True,
    ),
    "regimes-approximation": Item(
        "Exponents 1/d, 2/d, 4/d of simple approximants", "regimes.approximation", is_table=True
    ),
    "regimes-twins": Item(
        "Estimates of dimension with near-twins", "regimes.dimension", "twins", is_table=True
    ),
    "regimes-dimension": Item(
        "Estimates of dimension where it is known", "regimes.dimension", is_table=True
    ),
    "regimes-superclasses": Item("Digits with coarser labels", "regimes.labels", "superclasses"),
    "regimes-input-noise": Item("Digits with noisy pixels", "regimes.labels", "noise"),
    "regimes-labels": Item(
        "Exponents of digits: labels, noise, dimension", "regimes.labels", "table", is_table=True
    ),
    "regimes-quanta": Item("The quantisation model's exponents", "regimes.quanta", is_table=True),
    "regimes-classifier": Item(
        "How often the classifier is right", "regimes.classifier", is_table=True
    ),
    "regimes-verdicts": Item("Four curves and their regimes", "regimes.classifier", "draw"),
    "beyond-coordinates": Item(
        "Sizes after a few steps against width, standard and muP", "beyond.coordinates"
    ),
    "beyond-coordinates-table": Item(
        "The same as slopes, for every parametrisation",
        "beyond.coordinates",
        "table",
        is_table=True,
    ),
    "beyond-transfer": Item(
        "Best learning rates against width, standard and muP", "beyond.transfer"
    ),
    "beyond-transfer-table": Item(
        "The same in numbers, and what one learning rate costs",
        "beyond.transfer",
        "table",
        is_table=True,
    ),
    "beyond-protocol": Item(
        "The first paper's protocol with one learning rate and in muP",
        "beyond.protocol",
        keeps=True,
    ),
    "beyond-protocol-table": Item(
        "The same in numbers", "beyond.protocol", "table", is_table=True, keeps=True
    ),
    "beyond-budget": Item(
        "What the loss of each width is made of, with one learning rate and in muP",
        "beyond.budgets",
        "table",
        is_table=True,
        keeps=True,
    ),
    "beyond-digits": Item(
        "Digits by classification: loss and error against width and samples",
        "beyond.digits_regimes",
        keeps=True,
    ),
    "beyond-digits-table": Item(
        "The same in numbers, with the law of each curve",
        "beyond.digits",
        "table",
        is_table=True,
        keeps=True,
    ),
    "beyond-digits-regimes": Item(
        "Digits by classification: the four regimes",
        "beyond.digits_regimes",
        "table",
        is_table=True,
        keeps=True,
    ),
    "beyond-digits-width": Item(
        "Variance-limited scaling in width with cross entropy",
        "beyond.digits_width",
        "table",
        is_table=True,
        keeps=True,
    ),
    "beyond-ensembles": Item(
        "Averages of narrow classifiers and one wide one", "beyond.ensembles", keeps=True
    ),
    "beyond-ensembles-table": Item(
        "The same in numbers", "beyond.ensembles", "table", is_table=True, keeps=True
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


def draw(
    name: str,
    *,
    quick: bool = False,
    threads: int | None = None,
    folder: str | os.PathLike[str] | None = None,
) -> Product:
    """Compute and draw a figure, or compute a table.

    Parameters
    ----------
    name : str
        One of `names()`.
    quick : bool
        Smaller sizes and fewer draws: seconds instead of minutes. Every table and picture says so
        with its steps and seeds, and no verdict is given.
    threads : int, optional
        By default LTENS_NUM_THREADS, else all that the process may use.
    folder : path, optional
        An existing folder for what is trained (stores, so that the same call resumes and other
        items use the same networks) and measured (tables as CSV). For the items that keep any.

    Returns
    -------
    matplotlib Figure or str
        Text for tables, in Markdown.

    Raises
    ------
    TypeError, ValueError
        If the name is not known, or the folder is none, or the item keeps nothing there.
    ModuleNotFoundError
        If it needs an extra that is not installed.

    Examples
    --------
    >>> draw("solvable-F6", quick=True).axes[0].get_xlabel()
    'rank i'
    """
    found = item(name)
    count = thread_count(threads)
    product = found.load()(Effort(quick, count, _kept(name, folder)))
    return marked(product, name) if quick else product


def _kept(name: str, folder: str | os.PathLike[str] | None) -> Path | None:
    """Return the folder, checked."""
    if folder is None:
        return None
    if not item(name).keeps:
        keeping = ", ".join(known for known in ITEMS if ITEMS[known].keeps)
        raise ValueError(f"folder is given, but {name} keeps nothing there; these do: {keeping}.")
    path = Path(folder)
    if not path.is_dir():
        raise ValueError(f"folder is {str(path)!r}, but must be an existing folder.")
    return path
