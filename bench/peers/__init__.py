"""ltens beside the strongest known formulations of its peers, on the same task.

How a library is used changes its speed up to fourfold, so each is tried in every formulation known
to be fast, and the fastest on a problem is the peer there. A formulation is a module and options:

    REQUIRES: tuple[str, ...]                                   the packages it needs
    environment(threads, **options) -> dict[str, str]           set before its interpreter starts
    prepare(problem, steps, **options) -> Callable[[], Arrays]  a compiled training
    applies(problem, **options) -> bool                         optional: whether it can train that

and runs in an interpreter of its own (`bench.peers.worker`).
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bench.peers.problem import PeerProblem


@dataclass(frozen=True)
class Formulation:
    """One way to use a library."""

    library: str
    file: str
    options: Mapping[str, object] = field(default_factory=dict)

    @property
    def module(self) -> ModuleType:
        """The module that holds it."""
        return importlib.import_module(f"bench.peers.{self.file}")

    def applies(self, problem: PeerProblem) -> bool:
        """Whether it can train the problem's networks."""
        return bool(getattr(self.module, "applies", lambda *_, **__: True)(problem, **self.options))


def _of_jax() -> dict[str, Formulation]:
    flags = {
        "": "",
        ", 512 bits": "--xla_cpu_prefer_vector_width=512",
        ", no reduce fusion": "--xla_cpu_experimental_ynn_fusion_type=-reduce",
    }
    return {
        f"jax: {gradient}, {seeds}, {samples}{name}": Formulation(
            "jax",
            "jax_formulations",
            {"gradient": gradient, "seeds": seeds, "samples": samples, "flags": flag},
        )
        for name, flag in flags.items()
        for gradient in ("grad", "by hand")
        for seeds in ("vmap", "map")
        for samples in ("whole", "blocks")
    }


PEERS: dict[str, Formulation] = {
    "ltens": Formulation("ltens", "ltens_engine", {"engine": "dense"}),
    "ltens quadrature": Formulation("ltens quadrature", "ltens_engine", {"engine": "quadrature"}),
    "ltens piecewise": Formulation("ltens piecewise", "ltens_engine", {"engine": "piecewise"}),
    **_of_jax(),
    "torch: by hand, compiled": Formulation("torch", "torch_compiled"),
    "torch: autograd": Formulation("torch", "torch_autograd"),
    "torch: func": Formulation("torch", "torch_func", {"compiled": False}),
    "torch: func, compiled": Formulation("torch", "torch_func", {"compiled": True}),
    "torch: one wide network": Formulation("torch", "torch_parallel_mlps", {"compiled": False}),
    "torch: one wide network, compiled": Formulation(
        "torch", "torch_parallel_mlps", {"compiled": True}
    ),
    "numba: loops": Formulation("numba", "numba_loops"),
    "numpy: batched": Formulation("numpy", "numpy_batched"),
    "scikit-learn: MLP": Formulation("scikit-learn", "sklearn_mlp"),
}
LIBRARIES = tuple(dict.fromkeys(each.library for each in PEERS.values()))
