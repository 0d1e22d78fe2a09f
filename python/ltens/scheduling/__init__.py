"""Runs a table of independent computations in blocks, on any executor, into a store.

This layer knows nothing of networks. Whoever wants a sweep that survives describes it as a
`Computation`: *cells*, the conditions (an activation and a width, or a number of samples and a
ridge), times *labels*, the repetitions (seeds, draws), and one module-level function

    worker(common, coordinates, labels, watch) -> {"loss": (n,) array, ...}

of plain data, which computes the n labelled repetitions of one cell (with what is the cell's own,
``Cell.data``, laid over what is common). Every array has the labels as
its first axis; its rows must depend on (common, coordinates, label) alone, never on their company,
because the same label may be computed in another block, process or year. The worker may return
fewer rows than it was given if it was cancelled, then with an array ``label`` that names them.

    from ltens.scheduling import Cell, Computation, Layout, Table, run

    cells = [Cell({"N": n, "T": t}, seconds=cost(n, t), work=n * t) for n in ns for t in ts]
    computation = Computation(kind="simulation", worker=simulate_block, common={"alpha": 1.0},
                              cells=cells, labels=np.arange(draws), identity={"alpha": 1.0})
    table = Table({"N": ns, "T": ts}, "draw", computation.labels)
    run(computation, table, store="a.ltens", executor=None, progress=True)
    ds = table.dataset({"title": "a simulation"})

`run` reads what the store holds, cuts what is missing into blocks of about a second, longest
first, and enters every finished block into the table, after committing it to the store. It raises
KeyboardInterrupt on Ctrl-C, with all finished blocks committed and entered.
"""

from __future__ import annotations

from ..computation import Cell, Computation, Watch, Worker
from .failures import BlocksFailed
from .result_table import Layout, Table
from .runner import RunState, run

__all__ = [
    "BlocksFailed",
    "Cell",
    "Computation",
    "Layout",
    "RunState",
    "Table",
    "Watch",
    "Worker",
    "run",
]
