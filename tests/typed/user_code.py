"""Code as users write it, typed: mypy --strict and pyright find nothing to say. It is run, too."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import xarray as xr

import ltens
from ltens.regimes import classify, compare


def fits() -> list[float]:
    """Fit arrays, a sweep of one curve and one of several."""
    sizes = np.array([4, 8, 16, 32, 64])
    noise = np.random.default_rng(0).lognormal(sigma=0.1, size=(5, 40))
    losses = noise / sizes[:, None]
    law = ltens.fit(sizes, losses, bootstrap=50)
    low, high = law.interval()
    of_lists: float = ltens.fit([1, 2, 4, 8], [4.0, 2.0, 1.0, 0.5], bootstrap=0).exponent
    found = compare(sizes, losses, dimension=1)
    row = found["ensembling"]
    verdict: str = classify(sizes, losses, limit=0.0).verdict
    value: float = row.p_value
    known = [low, high, law.exponent, of_lists, float(len(verdict)), value]
    return [*known, *law.predict([128]).tolist(), *law.range]


def sweeps(folder: Path) -> float:
    """Train, keep, open, fit and draw."""
    training = ltens.Training(steps=20, lr=0.01, schedule="cosine")
    task = ltens.Task.from_function(lambda x: x * x, samples=50)
    ds: xr.Dataset = ltens.sweep(
        [2, 4, 8, 16],
        seeds=6,
        task=task,
        training=training,
        activations=["relu", "silu"],
        store=folder / "a.ltens",
        progress=False,
    )
    one = ltens.open(folder / "a.ltens").sel(activation="silu")
    exponent: float = ltens.fit(one, bootstrap=0, model="power_law").exponent
    for name, law in ltens.fit(ds, bootstrap=0).items():
        print(name, law.exponent, law.interval(0.9))
    p_value = compare(one, dimension=1)["ensembling"].p_value
    every = compare(ds, dimension=1)["relu"]["ensembling"].p_value
    ax = ltens.plot.scaling(ds, fits=False)
    print(ax, f"{exponent:.2f} {p_value} {every}")
    frame = ltens.to_dataframe(ds)
    return float(ds["loss"].median()) + len(frame)


def networks(folder: Path) -> tuple[int, ...]:
    """Train networks, look inside, write and read them."""
    task = ltens.Task([-1.0, 0.0, 1.0, 2.0], [1.0, 0.0, 1.0, 4.0])
    nets = ltens.Networks.init(width=3, seeds=4, activation="tanh", rng=1)
    run = ltens.train(nets, task, ltens.Training(steps=10), checkpoints=3)
    loss, gradient = ltens.loss_and_gradient(run.networks, task)
    run.networks.save(folder / "nets.npz")
    back = ltens.Networks.load(folder / "nets.npz")
    split = ltens.tickets.bias_variance(back, task, exclude="none")
    low, high = split.intervals["share"]
    ds = run.to_dataset(seeds=[1, 2, 3, 5])
    points = back(task.x)
    print(loss.mean(), gradient.w.shape, low, high, split.share, run.history[0], ds.sizes)
    return points.shape


def tables(folder: Path) -> list[str]:
    """Read anyone's table and fit it."""
    path = folder / "a.csv"
    path.write_text("params,loss\n" + "\n".join(f"{n},{1 + 5 / n}" for n in (1, 2, 4, 8, 16, 32)))
    table = ltens.read_table(path)
    law = ltens.fit(table, bootstrap=0)
    return [f"{law.exponent:.1f}", law.model, str(ltens.build_info()["version"])]


def surfaces() -> float:
    """Fit losses over two sizes."""
    n, d = (grid.ravel() for grid in np.meshgrid([1.0, 2.0, 4.0, 8.0], [10.0, 30.0, 90.0]))
    surface = ltens.fit_two_variables(n, d, 0.1 + 1 / n + 2 / np.sqrt(d))
    plan = ltens.plan([1, 2], seeds=3, training=ltens.Training(steps=5))
    return float(surface.predict([16.0], [100.0])[0]) + plan.seconds


def main(folder: Path) -> None:
    """Run all of it."""
    print(fits(), sweeps(folder), networks(folder), tables(folder), surfaces())
