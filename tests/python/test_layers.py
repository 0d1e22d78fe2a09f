"""Who may know whom: the imports of every module, read from its source, against the rules."""

import ast
import graphlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import ltens

ROOT = Path(ltens.__file__).parent


def name_of(path: Path) -> str:
    """The dotted name of a module, that of its package for ``__init__.py``."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(("ltens", *parts)).removesuffix(".__init__")


PATHS = {name_of(path): path for path in sorted(ROOT.rglob("*.py"))}
KERNEL = "ltens._core"


@cache
def imports(module: str) -> frozenset[str]:
    """The modules of the package that a module imports: at once, lazily or for its annotations."""
    package = module if PATHS[module].name == "__init__.py" else module.rpartition(".")[0]
    found = imported_by(ast.parse(PATHS[module].read_text(encoding="utf-8")), package.split("."))
    return frozenset(name for name in found if name.split(".")[0] == "ltens")


def imported_by(tree: ast.Module, package: list[str]) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            source = ".".join([*above, *([node.module] if node.module else [])])
            for alias in node.names:
                whole = f"{source}.{alias.name}"
                yield whole if whole in PATHS or whole == KERNEL else source


def room(module: str) -> str:
    """The package or top module that a module stands in; "" for the package itself."""
    return module.partition(".")[2].partition(".")[0]


def importers(wanted: str) -> set[str]:
    """The modules of other rooms that import from a room, the package's lazy names apart."""
    return {
        module
        for module in PATHS
        if room(module) not in ("", wanted) and wanted in map(room, imports(module))
    }


def rooms_of(modules: set[str]) -> set[str]:
    return {room(module) for module in modules}


def test_relative_and_plain_imports_are_seen():
    source = """
import numpy, ltens.threads
from . import fit
from ... import _core
def later():
    from ...store.lock import Lock
"""
    names = set(imported_by(ast.parse(source), ["ltens", "plot", "sweeps"]))
    assert names == {"numpy", "ltens.threads", "ltens.plot.sweeps", KERNEL, "ltens.store.lock"}


def test_the_kernel_is_known_to_training_and_build():
    assert rooms_of(importers("_core")) == {"training", "build"}


@pytest.mark.parametrize("theory", ["fitting", "tickets", "solvable", "regimes"])
def test_theory_takes_arrays_and_tables(theory):
    trained = {"_core", "training", "sweeps"}
    for module in PATHS:
        if room(module) == theory:
            assert not trained & rooms_of(imports(module)), module


def test_a_table_is_read_for_fitting_alone():
    for module in PATHS:
        if room(module) == "reading":
            assert rooms_of(imports(module)) <= {
                "",
                "reading",
                "fitting",
                "hints",
                "status",
                "validation",
                "_typing",
            }
    assert rooms_of(importers("reading")) == {"cli"}


def test_pictures_are_drawn_by_reports_reproductions_and_commands():
    others = {m for m in importers("plot") if room(m) not in ("reproduce", "cli")}
    assert others <= {"ltens.sweeps.report"}


def test_nobody_knows_the_commands():
    assert importers("cli") == {"ltens.__main__"}


def test_a_store_knows_nothing_of_the_schedule():
    assert "store" not in rooms_of(importers("scheduling"))


def test_rooms_know_each_other_in_one_direction():
    known = {room(m): set[str]() for m in PATHS if room(m)}
    for module in PATHS:
        if room(module):
            known[room(module)] |= rooms_of(imports(module)) - {room(module), ""}
    try:
        order = list(graphlib.TopologicalSorter(known).static_order())
    except graphlib.CycleError as error:
        pytest.fail(f"a circle of rooms: {' <- '.join(error.args[1])}")
    assert order.index("store") < order.index("scheduling") < order.index("sweeps")
