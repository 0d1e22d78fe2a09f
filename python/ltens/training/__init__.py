"""Networks, the data they learn, how they are trained, and the compiled trainer itself.

The only room that calls `ltens._core`, besides `ltens.build`.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
