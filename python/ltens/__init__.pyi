from . import plot as plot
from . import regimes as regimes
from . import solvable as solvable
from . import tickets as tickets
from .build import __version__ as __version__
from .build import build_info as build_info
from .fitting import Law as Law
from .fitting import RunTable as RunTable
from .fitting import SurfaceLaw as SurfaceLaw
from .fitting import TwoVariableLaw as TwoVariableLaw
from .fitting import fit as fit
from .fitting import fit_isoflop as fit_isoflop
from .fitting import fit_surface as fit_surface
from .fitting import fit_two_variables as fit_two_variables
from .reading import read_table as read_table
from .scheduling import BlocksFailed as BlocksFailed
from .status import STATUS as STATUS
from .store import StoreError as StoreError
from .sweeps import report as report
from .sweeps.dataframe import to_dataframe as to_dataframe
from .sweeps.planned import Plan as Plan
from .sweeps.planning import plan as plan
from .sweeps.stored import open as open  # noqa: A004 - read as ltens.open
from .sweeps.stored_networks import networks as networks
from .sweeps.sweeping import Interrupted as Interrupted
from .sweeps.sweeping import sweep as sweep
from .sweeps.tuning import tune as tune
from .training import engines as engines
from .training.coordinates import CoordinateCheck as CoordinateCheck
from .training.coordinates import coordinate_check as coordinate_check
from .training.networks import Networks as Networks
from .training.results import Run as Run
from .training.settings import Training as Training
from .training.task import Task as Task
from .training.trainer import loss_and_gradient as loss_and_gradient
from .training.trainer import train as train

__all__: list[str]
