"""Inside trained networks: symmetry, lottery tickets, ensembling, bias and variance, pruning.

Works on networks and tasks as arrays, whoever trained them; knows nothing of training. What is
measured, and what it says about Liu & Tegmark (2023), arXiv 2310.02258, is in
``docs/results/tickets.md``.
"""

from .averaging import Averaging, Ensembling, ensembling
from .budget_table import Budget, WidthBudget
from .canonical_form import canonical
from .greedy import Tickets, find_tickets
from .kink_counts import kinks
from .loss_budget import budget
from .mirror import Symmetry, symmetry
from .moments import BiasVariance, bias_variance
from .pairing import PairScores, pair_scores
from .protocol_sensitivity import Sensitivity, Variant, sensitivity
from .pruning import Pruning, prune
from .readout import Refitted, refit
from .second_order import Polished, polish
from .solution_types import Algorithms, algorithms
from .weighted_slope import Slope, slope

__all__ = [
    "Algorithms",
    "Averaging",
    "BiasVariance",
    "Budget",
    "Ensembling",
    "PairScores",
    "Polished",
    "Pruning",
    "Refitted",
    "Sensitivity",
    "Slope",
    "Symmetry",
    "Tickets",
    "Variant",
    "WidthBudget",
    "algorithms",
    "bias_variance",
    "budget",
    "canonical",
    "ensembling",
    "find_tickets",
    "kinks",
    "pair_scores",
    "polish",
    "prune",
    "refit",
    "sensitivity",
    "slope",
    "symmetry",
]
