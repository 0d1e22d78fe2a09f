"""The public names: importable lazily, documented, with an example where they are callable."""

import inspect
import pkgutil
import subprocess
import sys

import pytest

import ltens

HEAVY = ("xarray", "scipy", "matplotlib", "pandas", "click", "tqdm")


def test_importing_costs_numpy_only():
    code = (
        "import sys, ltens, ltens.training.trainer; "
        f"print([m for m in {HEAVY} if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("name", ltens.__all__)
def test_public_names_exist(name):
    assert getattr(ltens, name) is not None
    assert name in dir(ltens)


@pytest.mark.parametrize(
    "function",
    [
        ltens.fit,
        ltens.fit_two_variables,
        ltens.fit_surface,
        ltens.sweep,
        ltens.tune,
        ltens.train,
        ltens.loss_and_gradient,
        *(getattr(ltens.plot, name) for name in ("scaling", "local_exponent", "distribution")),
        ltens.plot.coverage,
        ltens.coordinate_check,
        ltens.plot.tuning,
    ],
)
def test_functions_explain_every_parameter_and_have_an_example(function):
    text = inspect.getdoc(function) or ""
    for section in ("Parameters", "Returns", "Raises", "Examples"):
        assert f"{section}\n----" in text
    for parameter in inspect.signature(function).parameters:
        assert parameter in text


def test_unknown_names():
    with pytest.raises(AttributeError, match="No ltens attribute sweeep"):
        getattr(ltens, "sweeep")  # noqa: B009 - a constant name that no type checker looks up


def test_no_public_name_is_shadowed_by_a_submodule():
    modules = {module.name for module in pkgutil.iter_modules(ltens.__path__)}
    submodules = {name for name in ltens.__all__ if inspect.ismodule(getattr(ltens, name))}
    assert (set(ltens.__all__) - submodules).isdisjoint(modules)
