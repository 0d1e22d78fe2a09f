"""Neural scaling laws measured on networks that were really trained.

    f(x) = c + sum_i a_i act(w_i . x + b_i)

`Task` holds the data, `Networks` the parameters, `Training` the optimiser's settings; `train`
trains a batch of networks, `sweep` trains them over widths, activations and seeds, `fit` turns the
losses into an exponent with an interval, and `plot.scaling` draws the picture.

Importing this package costs NumPy only: everything else is imported when it is first used, from
where `__init__.pyi` says.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
