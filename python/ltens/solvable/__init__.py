"""A solvable model of neural scaling laws: its theory, its simulation and what grew out of it.

Latent inputs x ~ N(0, Lambda) in M dimensions with power-law eigenvalues; targets
y = w . x + noise; N random features u x; ridge regression on T samples. The test loss is a power
law in N and in T, each until the other one limits it (Maloney, Roberts & Sully, arXiv 2210.16859).

>>> from ltens.solvable import Spectrum, simulate, theory
>>> spectrum = Spectrum.power_law(alpha=1.0, M=500)
>>> predicted = theory(spectrum, N=50, T=200, ridge=1e-3)
>>> measured = simulate(spectrum, N=50, T=200, ridge=1e-3, draws=8)
>>> bool(abs(measured.test_loss / predicted.test_loss - 1) < 0.05)
True

Works on arrays and numbers alone; float64 throughout. See docs/guide/solvable.md for the equations.
"""

from .asymptotics import Asymptotics
from .budget import Split, optimal_split
from .closed_form import Theory, theory
from .density import count_above, feature_density, feature_eigenvalues
from .nonlinear import Neurons
from .one_pass import one_pass_sgd, sgd_stability_limit
from .one_pass_simulation import expected_one_pass_sgd, simulate_one_pass_sgd
from .parameter_sweep import sweep
from .rates import Rates
from .real_data import DataProblem, digits, photo_patches
from .ridge_choice import BestRidge, optimal_ridge
from .sgd_phases import SgdPhase
from .simulation import Simulation, simulate
from .spectrum import Spectrum
from .training_time import compute_frontier, gradient_flow, simulate_gradient_flow

__all__ = [
    "Asymptotics",
    "BestRidge",
    "DataProblem",
    "Neurons",
    "Rates",
    "SgdPhase",
    "Simulation",
    "Spectrum",
    "Split",
    "Theory",
    "compute_frontier",
    "count_above",
    "digits",
    "expected_one_pass_sgd",
    "feature_density",
    "feature_eigenvalues",
    "gradient_flow",
    "one_pass_sgd",
    "optimal_ridge",
    "optimal_split",
    "photo_patches",
    "sgd_stability_limit",
    "simulate",
    "simulate_gradient_flow",
    "simulate_one_pass_sgd",
    "sweep",
    "theory",
]
