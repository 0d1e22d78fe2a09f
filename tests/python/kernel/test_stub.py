"""The stub _core.pyi says what the built module has: names, arguments, defaults, results."""

import ast
import re
from pathlib import Path

import pytest

import ltens
from ltens import _core

STUB = ast.parse(Path(ltens.__file__).with_name("_core.pyi").read_text(encoding="utf-8"))
NUMBERS = {"typing.SupportsInt": "int", "typing.SupportsFloat": "float"}


def word(annotation):
    """The outermost name of an annotation: pybind11 knows neither dtypes nor shapes."""
    text = re.split(r"[\[|(]", annotation)[0].strip()
    text = NUMBERS.get(text, text).split(".")[-1]
    return {"ndarray": "NDArray", "object": "Any", "Annotated": "tuple"}.get(text, text)


def signature(node):
    """Positional arguments, keyword-only ones with their types and defaults, and the result."""
    defaults = [
        "required" if value is None else ast.unparse(value) for value in node.args.kw_defaults
    ]
    keywords = [
        (arg.arg, word(ast.unparse(arg.annotation)), default)
        for arg, default in zip(node.args.kwonlyargs, defaults, strict=True)
    ]
    return [arg.arg for arg in node.args.args], keywords, word(ast.unparse(node.returns))


def built(name):
    """The same of the built function, from the first line of its docstring."""
    line = getattr(_core, name).__doc__.splitlines()[0]
    return signature(ast.parse(f"def {line}: ...").body[0])


FUNCTIONS = {node.name: node for node in STUB.body if isinstance(node, ast.FunctionDef)}


def test_names():
    values = [node.target.id for node in STUB.body if isinstance(node, ast.AnnAssign)]
    others = [node.name for node in STUB.body if isinstance(node, ast.ClassDef)]
    public = {name for name in dir(_core) if not name.startswith("_")}
    assert public == {*FUNCTIONS, *values, *others}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_functions(name):
    positional, keywords, result = signature(FUNCTIONS[name])
    module_positional, module_keywords, module_result = built(name)
    assert module_positional == positional
    assert module_result == result
    assert [known(own, other) for own, other in zip(keywords, module_keywords, strict=True)] == (
        module_keywords
    )


def known(own, other):
    """An argument of the stub as the module knows it: what it takes as any object has no type."""
    name, kind, default = own
    return name, "Any" if other[1] == "Any" else kind, default
