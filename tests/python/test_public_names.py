"""Names: a public one is no module's, whoever is imported first; what a text names exists."""

import ast
import importlib
import inspect
import pkgutil
import re
import subprocess
import sys
from pathlib import Path

import pytest

import ltens

MODULES = sorted(
    module.name
    for module in pkgutil.walk_packages(ltens.__path__, "ltens.")
    if not module.name.endswith("__main__")
)
PACKAGES = [
    "ltens",
    *(name for name in MODULES if hasattr(importlib.import_module(name), "__path__")),
]
ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("package", PACKAGES)
def test_no_public_name_is_that_of_a_module(package):
    found = importlib.import_module(package)
    modules = {module.name for module in pkgutil.iter_modules(found.__path__)}
    for name in modules & {*getattr(found, "__all__", ()), *getattr(found, "_HOME", ())}:
        assert getattr(found, name) is sys.modules.get(f"{package}.{name}"), name
    for name in modules & set(vars(found)):
        assert inspect.ismodule(vars(found)[name]), name


def test_public_names_are_the_same_after_every_module_is_imported():
    """In a process of its own: what the import system sets on a package, it sets once."""
    code = (
        "import importlib, inspect, sys\n"
        "modules, packages = (words.split(',') for words in sys.argv[1:])\n"
        "for name in modules: importlib.import_module(name)\n"
        "for package in map(importlib.import_module, packages):\n"
        "    for name in getattr(package, '__all__', ()):\n"
        "        if inspect.ismodule(getattr(package, name)): print(package.__name__, name)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, ",".join(MODULES), ",".join(PACKAGES)],
        capture_output=True,
        text=True,
        check=True,
    )
    public_modules = {"engines", "plot", "regimes", "report", "solvable", "tickets"}
    assert set(done.stdout.splitlines()) == {
        *(f"ltens {name}" for name in public_modules),
        "ltens.sweeps report",
        "ltens.training engines",
    }


def resolves(path):
    """Whether a dotted name leads from one of the known starts to something."""
    first, *rest = path.split(".")
    return any(leads_somewhere(start, rest) for start in KNOWN.get(first, ()))


def leads_somewhere(owner, names):
    for name in names:
        if not (hasattr(owner, name) or importable(owner, name)):
            return name in getattr(owner, "__annotations__", {}) and name == names[-1]
        owner = getattr(owner, name)
    return True


def importable(owner, name):
    """Whether it is a module not yet imported; afterwards it is an attribute."""
    if not inspect.ismodule(owner) or not hasattr(owner, "__path__"):
        return False
    try:
        importlib.import_module(f"{owner.__name__}.{name}")
    except ModuleNotFoundError:
        return False
    return True


def known():
    """What a dotted name may start with: modules, classes and, as in `law.exponent`, objects."""
    out = {"ltens": [ltens]}
    for name in MODULES:
        module = importlib.import_module(name)
        out.setdefault(name.rsplit(".", 1)[1], []).append(module)
        for key, value in vars(module).items():
            if inspect.isclass(value) and value.__module__ == name:
                out.setdefault(key, []).append(value)
                out.setdefault(key.lower(), []).append(value)
    del out["bench"]  # the command; in texts, the folder of the tree
    return out


KNOWN = known()
DOTTED = re.compile(r"(?<!`)`{1,2}([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+)(?:\([^`]*\))?`{1,2}(?!`)")
FILES = re.compile(r"\.(py|md|toml|h|hpp|cpp|json|csv|nc|png|svg|sh|ltens|npz|parquet)$")


def unknown(text):
    """Dotted names in backticks that begin with a known word and lead nowhere.

    Words in capitals stand for others, as in `ltens.cli.NAME`.
    """
    words = (word for word in DOTTED.findall(text) if not FILES.search(word))
    words = (word for word in words if not word.split(".")[-1].isupper())
    return [word for word in words if word.split(".")[0] in KNOWN and not resolves(word)]


@pytest.mark.parametrize("name", [n for n in ["ltens", *MODULES] if n != "ltens._core"])
def test_docstrings_name_only_what_exists(name):
    tree = ast.parse(inspect.getsource(importlib.import_module(name)))
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef)
    texts = [ast.get_docstring(node) or "" for node in ast.walk(tree) if isinstance(node, kinds)]
    assert unknown("\n\n".join(texts)) == []


@pytest.mark.parametrize(
    "page", sorted([ROOT / "README.md", *ROOT.glob("docs/**/*.md")]), ids=lambda page: page.stem
)
def test_pages_name_only_what_exists(page):
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert unknown(text) == []


def test_a_name_that_does_not_exist_is_found():
    assert unknown("as `ltens.nowhere` and `Task.from_nothing` say") == [
        "ltens.nowhere",
        "Task.from_nothing",
    ]
    assert unknown("as `ltens.fit`, `Task.from_function(x)` and `np.array` say") == []
