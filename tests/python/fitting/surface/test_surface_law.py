"""What a fitted surface says: alternatives, summary, plain numbers, HTML."""

import json

import numpy as np
import pytest

import ltens
from ltens.fitting.surface.comparison import deviance_of
from support.surfaces import budgets, chinchilla, noise

SIZES = budgets(8)
EXACT = chinchilla(**SIZES)


def forms(law):
    return {row.form: row for row in law.alternatives}


def test_the_planted_form_is_preferred():
    law = ltens.fit_surface(SIZES, EXACT * noise(72), bootstrap=0)
    found = forms(law)
    assert set(found) == {
        "as fitted",
        "with a product",
        "without params",
        "without tokens",
        "with one exponent",
        "without a floor",
    }
    assert found["without params"].difference > 50
    assert found["without a floor"].left_out > 2 * found["as fitted"].left_out
    assert found["as fitted"].difference < 5
    differences = [row.difference for row in law.alternatives]
    assert differences == sorted(differences)
    assert differences[0] == 0.0


def test_a_product_that_is_there_is_found():
    losses = EXACT + 3e6 / (SIZES["params"] ** 0.3473 * SIZES["tokens"] ** 0.3672)
    law = ltens.fit_surface(SIZES, losses * noise(72, scale=0.002), bootstrap=0)
    assert law.alternatives[0].form == "with a product"
    assert any("The law with a product fits better" in warning for warning in law.warnings)
    with_it = ltens.fit_surface(SIZES, losses * noise(72, scale=0.002), product=True, bootstrap=0)
    assert forms(with_it)["without the product"].difference > 2


def test_exponents_of_groups_that_differ_are_found():
    data = np.repeat(["a", "b"], 36)
    sizes = {name: np.tile(column[:36], 2) for name, column in budgets(8).items()}
    own = 1.8 + 477 / sizes["params"] ** np.where(data == "a", 0.35, 0.42)
    losses = (own + 2000 / sizes["tokens"] ** 0.37) * noise(72, scale=0.001)
    law = ltens.fit_surface(sizes, losses, groups=data, bootstrap=0)
    assert law.alternatives[0].form == "with exponents of each group"
    other = ltens.fit_surface(sizes, losses, groups=data, shared=(), bootstrap=0)
    assert forms(other)["with shared exponents"].difference > 2


def test_likelihood_of_huber_noise_is_its_integral():
    from scipy.integrate import quad

    h, scale = 1e-3, 4e-6

    def rho(r):
        return r * r / 2 if abs(r) < h else h * (abs(r) - h / 2)

    z, _ = quad(lambda r: np.exp(-rho(r) / scale), -0.1, 0.1, points=(-h, h), epsrel=1e-12)
    expected = [100 * 2 * rho(0.005)]
    values = [expected[0] / s + 200 * np.log(quad(
        lambda r, s=s: np.exp(-rho(r) / s), -0.2, 0.2, points=(-h, 0, h), epsrel=1e-10)[0])
        for s in scale * np.geomspace(0.8, 1.5, 60)]  # fmt: skip
    # The best scale of a grid in steps of 1 %: a parabola's lowest point to 1e-4 of 100.
    assert deviance_of(expected[0], 100, h) == pytest.approx(min(values), abs=0.02)
    assert z > 0
    # A threshold far beyond the noise is a square.
    assert deviance_of(1.0, 50, 1e3) == pytest.approx(deviance_of(1.0, 50, None), rel=1e-6)


def test_what_a_law_says():
    law = ltens.fit_surface(SIZES, EXACT * noise(72), bootstrap=50)
    content = json.loads(json.dumps(law.to_dict(), allow_nan=False))
    assert content["coefficients"] == law.coefficients
    assert content["intervals"]["E"] == list(law.interval("E"))
    assert content["bootstrap"]["E"] == list(law.interval("E", method="bootstrap"))
    assert content["sizes"]["params"] == SIZES["params"].tolist()
    text = law.summary()
    assert text.startswith("loss = E + A_params / params^alpha_params + A_tokens / tokens^")
    for name in (*law.coefficients, "allocation", "72 runs"):
        assert name in text
    assert law._repr_html_().count("<table>") == 2
    assert repr(law).startswith("<SurfaceLaw E + A_params")
    assert str(law) == text


def test_warnings_are_shown_in_text_and_html():
    sizes = budgets(4, (1e18, 3e19, 1e21))
    sizes["tokens"] = sizes["tokens"] ** 0.2
    law = ltens.fit_surface(sizes, chinchilla(**sizes) * noise(12), bootstrap=0, limit=1.8172)
    assert law.warnings
    for warning in law.warnings:
        assert f"  ! {warning}" in law.summary()
    assert law._repr_html_().count("<li>") == len(law.warnings)
    assert "1.8172 (given)" in law.summary()
