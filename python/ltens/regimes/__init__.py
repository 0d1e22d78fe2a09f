"""Four regimes of scaling: variance- and resolution-limited, in data and in width."""

from .kernel_descent import KernelDescent
from .kernels import arc_cosine_kernel, ntk_kernel
from .teachers import Teacher

__all__ = [
    "KernelDescent",
    "Teacher",
    "arc_cosine_kernel",
    "ntk_kernel",
]
