"""Pictures. Each draws on `ax` if it is given, on a new figure otherwise, and returns the Axes.

One picture is one file; a new one adds a line to `__init__.pyi`. Matplotlib is imported when the
first picture is drawn.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
