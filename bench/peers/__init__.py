"""ltens beside the strongest known formulations of its peers, on the same task.

Every peer is a module with

    REQUIRES: tuple[str, ...]                        the packages it needs
    environment(threads) -> dict[str, str]           variables set before its interpreter starts
    prepare(problem, steps) -> Callable[[], Arrays]  a compiled training of `steps` updates
    applies(activation, dimension) -> bool           optional: whether it can train that at all

and runs in an interpreter of its own (`bench.peers.worker`).
"""

PEERS = {
    "ltens": "bench.peers.ltens_dense",
    "ltens quadrature": "bench.peers.ltens_quadrature",
    "ltens piecewise": "bench.peers.ltens_piecewise",
    "jax": "bench.peers.jax_pmap",
    "torch.compile": "bench.peers.torch_compiled",
    "torch autograd": "bench.peers.torch_autograd",
    "numpy": "bench.peers.numpy_batched",
}
