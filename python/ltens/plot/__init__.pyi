from .regimes.dimensions import inverse_exponent as inverse_exponent
from .regimes.expectations import theories as theories
from .regimes.exponents import regimes_duality as regimes_duality
from .regimes.panels import regimes_panels as regimes_panels
from .regimes.verdicts import regime as regime
from .solvable import solvable_loss as solvable_loss
from .solvable import solvable_phases as solvable_phases
from .solvable import solvable_spectra as solvable_spectra
from .sweeps.calibration import coverage as coverage
from .sweeps.curves import scaling as scaling
from .sweeps.histograms import distribution as distribution
from .sweeps.slopes import local_exponent as local_exponent
from .tickets.bias import bias_variance as bias_variance
from .tickets.correlations import error_correlation as error_correlation
from .tickets.ensemble_losses import ensemble_losses as ensemble_losses
from .tickets.ensembles import ensembling as ensembling
from .tickets.forest import sensitivity as sensitivity
from .tickets.kept_neurons import pruning as pruning
from .tickets.loss_peaks import loss_histogram as loss_histogram
from .tickets.mean_error import shared_error as shared_error
from .tickets.neurons import neuron_scatter as neuron_scatter
from .tickets.pair_map import pair_score_map as pair_score_map
from .tickets.schedules import medians as medians

__all__: list[str]
