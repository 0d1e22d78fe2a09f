"""What the three tables of activations say of each: the kernels', the package's and the twin's."""

import numpy as np
import pytest

from ltens import _core
from ltens.tickets.activations import ACTIVATIONS as PACKAGE
from reference import ACTIVATIONS as TWIN
from support.registry import PIECEWISE_LINEAR

ROWS = {row["name"]: row for row in _core.activation_info()}
Z = np.linspace(0.1, 5, 50)


def test_all_have_the_same_names_in_the_same_order():
    assert list(ROWS) == list(PACKAGE) == list(TWIN) == _core.activations()


@pytest.mark.parametrize("name", ROWS)
def test_the_tables_agree(name):
    kernel, package, twin = ROWS[name], PACKAGE[name], TWIN[name]
    assert kernel["piecewise_linear"] == package.piecewise_linear == twin.piecewise_linear
    assert kernel["homogeneous"] == package.homogeneous
    assert isinstance(kernel["nodes"], int)
    assert (kernel["nodes"] > 0) == twin.analytic


@pytest.mark.parametrize("name", ROWS)
def test_the_properties_are_those_of_the_function(name):
    act, row = TWIN[name], PACKAGE[name]
    both = np.concatenate([-Z, Z])
    # 1e-14 is a few roundings of an elementary function.
    for power in (1, 2):
        scaled = np.allclose(act.value(2 * both), 2.0**power * act.value(both), rtol=1e-14)
        assert scaled == (power == row.homogeneous)
    for parity in (1, -1):  # 1e-14 as above
        same = np.allclose(act.value(-Z), parity * act.value(Z), rtol=1e-14)
        assert same == (parity == row.parity)


@pytest.mark.parametrize("name", PIECEWISE_LINEAR)
def test_slopes_on_either_side_of_the_bend(name):
    assert np.all(TWIN[name].derivative(-Z) == ROWS[name]["left_slope"])
    assert np.all(TWIN[name].derivative(Z) == 1)


@pytest.mark.parametrize("name", TWIN)
def test_the_package_and_the_twin_are_the_same_function(name):
    """To 20 eps of the larger of 1 and the value: either rounds a few elementary functions."""
    z = np.concatenate([-Z, Z])
    for one, other in (
        (PACKAGE[name].value(z), TWIN[name].value(z)),
        (PACKAGE[name].derivative(z), TWIN[name].derivative(z)),
    ):
        np.testing.assert_allclose(one, other, rtol=5e-15, atol=5e-15)
