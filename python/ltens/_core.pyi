"""The compiled kernels. Internal: dtypes, contiguity and shapes are checked, values are not."""

from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

NUMERICS_VERSION: int

Real = TypeVar("Real", np.float32, np.float64)

def losses() -> list[str]: ...
def statuses() -> list[str]: ...
def result_dtype() -> np.dtype[np.void]: ...  # loss, engine_error, ..., see results.hpp
def train(
    *,
    w: NDArray[Real],  # (S, N, d) in, out
    b: NDArray[Real],  # (S, N) in, out
    a: NDArray[Real],  # (S, N) in, out; (S, C, N) for C >= 2 outputs, here and below
    c: NDArray[Real],  # (S,) in, out; (S, C) likewise
    activation: str,
    task: dict[str, Any],  # x (D, d), y (D,) or (D, C), weights (D,), of the dtype of w; loss: str
    exact: dict[str, Any],  # the same in float64
    training: dict[str, Any],  # the fields of Training; 0 for None
    engine: str,
    rtol: float,
    threads: int,
    checkpoints: NDArray[np.uint64],  # (K,) sorted
    results: NDArray[np.void],  # (S,) out, of result_dtype()
    history: NDArray[np.float64],  # (S, K) out
    evaluation: dict[str, Any] | None,  # float64; None for the task itself
    held_out: dict[str, Any] | None,  # float64
    key: NDArray[np.uint64],  # (2,)
    seeds: NDArray[np.uint64],  # (S,)
    tick: Callable[[int], bool] | None = None,
    tick_interval: float = 0.05,  # seconds
    error_history: NDArray[np.float64] | None = None,  # (S, K) out, 0/1 error, NaN for mse
) -> None: ...
def loss_and_gradient(
    *,
    w: NDArray[Real],  # (S, N, d)
    b: NDArray[Real],  # (S, N)
    a: NDArray[Real],  # (S, N)
    c: NDArray[Real],  # (S,)
    activation: str,
    task: dict[str, Any],  # as in train
    exact: dict[str, Any],
    engine: str,
    rtol: float,
    threads: int,
    loss: NDArray[np.float64],  # (S,) out
    grad_w: NDArray[Real],  # (S, N, d) out
    grad_b: NDArray[Real],  # (S, N) out
    grad_a: NDArray[Real],  # (S, N) out
    grad_c: NDArray[Real],  # (S,) out
) -> None: ...
def predict(
    *,
    w: NDArray[Real],  # (S, N, d)
    b: NDArray[Real],  # (S, N)
    a: NDArray[Real],  # (S, N)
    c: NDArray[Real],  # (S,)
    activation: str,
    x: NDArray[Real],  # (M, d)
    threads: int,
    out: NDArray[Real],  # (S, M) out; (S, M, C) for C >= 2
) -> None: ...
def initialise(
    *,
    scheme: str,
    scales: tuple[float, ...],  # (4,) of w, b, a, c
    law_width: int,  # the width whose laws are drawn from; 0 for that of the networks
    key: NDArray[np.uint64],  # (2,)
    seeds: NDArray[np.uint64],  # (S,)
    w: NDArray[Real],  # (S, N, d) out
    b: NDArray[Real],  # (S, N) out
    a: NDArray[Real],  # (S, N) out
    c: NDArray[Real],  # (S,) out
) -> None: ...
def philox(
    *,
    key: NDArray[np.uint64],  # (2,)
    counters: NDArray[np.uint64],  # (n, 4)
    out: NDArray[np.uint64],  # (n, 4) out
) -> None: ...
def elementary(
    *,
    function: str,  # one of elementary_functions()
    simd: str,  # one of build_info()["simd_supported"]
    x: NDArray[Real],  # (n,)
    out: NDArray[Real],  # (n,) out
) -> None: ...
def activation(
    *,
    activation: str,
    simd: str,
    z: NDArray[Real],  # (n,)
    value: NDArray[Real],  # (n,) out
    slope: NDArray[Real],  # (n,) out
) -> None: ...
def elementary_functions() -> list[str]: ...
def port_probes() -> list[str]: ...
def port_probe(*, kind: str, dtype: str, rounds: int) -> int: ...  # instructions executed
def kernel_shape(*, dtype: str) -> dict[str, int]: ...  # lanes, block
def build_info() -> dict[str, object]: ...
def activations() -> list[str]: ...
def activation_info() -> list[dict[str, object]]: ...  # a row of ltens/activation.hpp each
def engines() -> list[str]: ...
def require_engine(
    *,
    engine: str,
    width: int,
    samples: int,
    dimension: int,
    activation: str,
    float64: bool,
    batch: int = 0,
    outputs: int = 1,
    loss: str = "mse",
) -> None: ...
def engine_costs(  # nanoseconds per network and step, of the engines that apply
    *,
    width: int,
    samples: int,
    dimension: int,
    activation: str,
    float64: bool,
    batch: int = 0,
    outputs: int = 1,
    loss: str = "mse",
) -> dict[str, float]: ...
def networks_side_by_side(  # in one core, at the cost of one
    *,
    engine: str,
    width: int,
    samples: int,
    dimension: int,
    activation: str,
    float64: bool,
    batch: int = 0,
    outputs: int = 1,
    loss: str = "mse",
) -> int: ...
def training_bytes(  # of memory, besides the arrays that are given
    *,
    engine: str,
    networks: int,
    threads: int,
    other_samples: int,
    width: int,
    samples: int,
    dimension: int,
    activation: str,
    float64: bool,
    batch: int = 0,
    outputs: int = 1,
    loss: str = "mse",
) -> float: ...
def gauss_rule(  # the constant
    *,
    x: NDArray[np.float64],  # (D,)
    y: NDArray[np.float64],  # (D,)
    weights: NDArray[np.float64],  # (D,)
    nodes: NDArray[np.float64],  # (K,) out
    targets: NDArray[np.float64],  # (K,) out
    node_weights: NDArray[np.float64],  # (K,) out
) -> float: ...
def choose_engine(
    *,
    width: int,
    samples: int,
    dimension: int,
    activation: str,
    float64: bool,
    batch: int = 0,
    outputs: int = 1,
    loss: str = "mse",
) -> str: ...
def initialisations() -> list[str]: ...
def optimizers() -> list[str]: ...
def schedules() -> list[str]: ...
