"""Planted surfaces: twins of public tables, made from published coefficients."""

import numpy as np

from ltens._typing import Floats, Ints

# Besiroglu et al., arXiv 2404.10102, table 1; |log residual| of their runs has the mean 0.0047.
CHINCHILLA = {
    "A_params": 477.8,
    "alpha_params": 0.3473,
    "A_tokens": 2143.9,
    "alpha_tokens": 0.3672,
    "E": 1.8172,
}
BUDGETS = (6e18, 1e19, 3e19, 6e19, 1e20, 3e20, 6e20, 1e21, 3e21)


def chinchilla(params: Floats, tokens: Floats, floor: float = CHINCHILLA["E"]) -> Floats:
    """The law's loss."""
    c = CHINCHILLA
    return np.asarray(
        floor
        + c["A_params"] / params ** c["alpha_params"]
        + c["A_tokens"] / tokens ** c["alpha_tokens"]
    )


def budgets(each: int = 27, spent: tuple[float, ...] = BUDGETS) -> dict[str, Floats]:
    """Sizes about the best at each budget."""
    around = np.geomspace(0.15, 6, each)
    params = np.concatenate([0.07 * budget**0.514 * around for budget in spent])
    return {"params": params, "tokens": np.repeat(spent, each) / 6 / params}


def noise(rows: int, scale: float = 0.0047, rng: int = 0) -> Floats:
    """Laplace noise of log loss, as factors."""
    return np.exp(np.random.default_rng(rng).laplace(scale=scale, size=rows))


def trainings(shift: float = 0.01, rng: int = 0) -> tuple[dict[str, Floats], Floats, Ints]:
    """22 trainings of 35 checkpoints: sizes, losses, the training of each row.

    A training misses the law by `shift` (log loss) on the whole, its checkpoints by 0.001 more.
    """
    generator = np.random.default_rng(rng)
    params = np.repeat(np.geomspace(1e7, 1e10, 22), 35)
    tokens = np.tile(np.geomspace(1e9, 1e11, 35), 22)
    which = np.repeat(np.arange(22, dtype=np.int64), 35)
    wrong = shift * generator.normal(size=22)[which] + 0.001 * generator.normal(size=770)
    return {"params": params, "tokens": tokens}, chinchilla(params, tokens) * np.exp(wrong), which
