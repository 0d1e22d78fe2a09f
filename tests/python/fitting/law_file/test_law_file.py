"""A law in a file: the same numbers to the last bit, and one sentence for what is no law."""

import json

import numpy as np
import pytest

import ltens

SIZES = np.array([1, 2, 4, 8, 16, 32, 64])
NOISE = np.random.default_rng(0).lognormal(sigma=0.3, size=(7, 20))
LOSSES = NOISE * (1 / SIZES + 0.01)[:, None]
N, D = (a.ravel() for a in np.meshgrid(np.geomspace(1e6, 1e9, 4), np.geomspace(1e8, 1e11, 4)))
SURFACE = (2 + 90 / N**0.3 + 800 / D**0.3) * np.exp(0.01 * np.random.default_rng(0).normal(size=16))


@pytest.fixture
def path(tmp_path):
    return tmp_path / "law.json"


def reloaded(law, path):
    law.save(path)
    return ltens.load_law(path)


CURVES = {
    "found": {},
    "floor": {"model": "power_law_floor"},
    "power law of some sizes": {"model": "power_law", "sizes": (2, None)},
    "limit": {"model": "known_limit", "limit": 0.005},
    "given exponent": {"model": "fixed_exponent", "exponent": 1.0},
    "break": {"model": "broken_power_law"},
    "quantile": {"statistic": 0.9, "bootstrap": 50, "rng": 7},
    "mean, Huber": {"statistic": "mean", "huber": 0.05, "bootstrap": 0},
}


@pytest.mark.parametrize("options", CURVES.values(), ids=CURVES)
def test_a_law_reads_back_with_the_same_numbers(options, path):
    law = ltens.fit(SIZES, LOSSES, **options)
    same = reloaded(law, path)
    assert same.to_dict() == law.to_dict()  # exactly: every digit
    assert same.summary() == law.summary()
    assert same._repr_html_() == law._repr_html_()
    assert str(same.checklist()) == str(law.checklist())
    assert same.predict([3, 200]).tolist() == law.predict([3, 200]).tolist()
    given = same.predict([3, 200], interval=0.9).to_dict()
    assert given == law.predict([3, 200], interval=0.9).to_dict()
    for level in (0.5, 0.99):
        assert same.end == law.end
        assert same.slopes.at_the_end(level) == law.slopes.at_the_end(level)
    if law.has_interval:
        assert same.interval(0.8) == law.interval(0.8)
        assert same.p_value(1.1) == law.p_value(1.1)


def test_a_law_that_holds_and_one_of_single_losses(path):
    holds = ltens.fit(
        SIZES, np.random.default_rng(1).lognormal(sigma=0.1, size=(7, 50)) / SIZES[:, None]
    )
    assert holds.holds
    assert holds.chosen is not None
    assert reloaded(holds, path).to_dict() == holds.to_dict()
    single = ltens.fit(SIZES, LOSSES[:, 0])
    same = reloaded(single, path)
    assert same.to_dict() == single.to_dict()
    assert same.interval(method="residuals") == single.interval(method="residuals")


def test_diverged_runs_that_count_as_infinite(path):
    diverged = np.zeros(140, bool)
    diverged[[3, 77]] = True
    runs = ltens.RunTable(
        np.repeat(SIZES, 20), LOSSES.ravel(), diverged=diverged, size="params", loss="val"
    )
    law = ltens.fit(runs, diverged="infinite")
    same = reloaded(law, path)
    assert same.to_dict() == law.to_dict()
    assert same.diverged == 2
    assert same.observations.table.axis == "params"
    assert "Infinity" not in path.read_text()


def test_what_the_sweep_said_is_kept(path):
    ds = ltens.sweep(
        widths=[2, 5, 10, 20],
        seeds=5,
        activations="silu",
        training=ltens.Training(steps=50),
        progress=False,
    )
    law = ltens.fit(ds.sel(activation="silu"))
    same = reloaded(law, path)
    assert same.observations.table.origin == law.observations.table.origin
    assert same.observations.table.origin["lr"] == 0.01
    assert str(same.checklist()) == str(law.checklist())


SURFACES = {
    "two sizes": {},
    "squares, product": {"huber": None, "product": True},
    "known floor": {"limit": 2.0},
    "groups": {"groups": list("abbaabababbabaab"), "shared": ("exponents", "floor")},
    "checkpoints": {"runs": list(range(8)) * 2, "bootstrap": 20},
}


@pytest.mark.parametrize("options", SURFACES.values(), ids=SURFACES)
def test_a_surface_reads_back_with_the_same_numbers(options, path):
    law = ltens.fit_surface({"N": N, "D": D}, SURFACE, **{"bootstrap": 20, **options})
    same = reloaded(law, path)
    assert same.to_dict() == law.to_dict()
    assert same.summary() == law.summary()
    assert same.residuals.tolist() == law.residuals.tolist()
    group = "a" if "groups" in options else None
    there = {"N": 3e9, "D": 1e12}
    assert same.predict(there, group=group, interval=0.9) == law.predict(
        there, group=group, interval=0.9
    )


def test_two_variables_and_parabolas(path):
    law = ltens.fit_two_variables(N, D, SURFACE, bootstrap=20)
    same = reloaded(law, path)
    assert type(same) is type(law)
    assert same.to_dict() == law.to_dict()
    budgets = np.repeat(np.geomspace(1e18, 1e21, 4), 7)
    params = 0.07 * budgets**0.514 * np.tile(np.geomspace(0.2, 5, 7), 4)
    tokens = budgets / 6 / params
    losses = 1.8 + 480 / params**0.35 + 2100 / tokens**0.37
    found = ltens.fit_isoflop({"params": params, "tokens": tokens}, losses)
    same = reloaded(found, path)
    assert same.summary() == found.summary()
    assert same.best.tolist() == found.best.tolist()
    assert same.inside.tolist() == found.inside.tolist()
    assert same.names == found.names


def test_the_file_says_what_it_is(path):
    law = ltens.fit(SIZES, LOSSES, model="power_law_floor")
    law.save(path)
    document = json.loads(path.read_text(encoding="utf-8"))
    assert document["format"] == "ltens law"
    assert document["schema"] == 1
    assert document["ltens"] == ltens.__version__
    assert document["equation"] == law.equation
    assert document["coefficients"] == law.coefficients
    assert np.array(document["data"]["losses"]).tolist() == LOSSES.tolist()
    before = path.read_bytes()
    ltens.load_law(path).save(path)
    assert path.read_bytes() == before
    assert [each.name for each in path.parent.iterdir()] == ["law.json"]


def changed(path, change):
    ltens.fit(SIZES, LOSSES, model="power_law_floor").save(path)
    document = json.loads(path.read_text(encoding="utf-8"))
    change(document)
    path.write_text(json.dumps(document), encoding="utf-8")


def put(*way):
    *inner, name, value = way

    def change(document):
        place = document
        for key in inner:
            place = place[key]
        place[name] = value

    return change


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (put("format", "other"), "is JSON, but no law"),
        (put("schema", 2), "has schema 2 of ltens '.*', but this ltens .* reads schema 1"),
        (put("schema", True), "has schema True"),
        (put("kind", "cuve"), "kind is 'cuve', .* did you mean 'curve'"),
        (put("more", 1), "law.json has 'more', which is not known"),
        (lambda d: d.pop("huber"), "law.json has no 'huber'"),
        (lambda d: d["fit"].pop("theta"), "law.json, fit has no 'theta'"),
        (put("data", []), r"law.json, data is \[\], but must be an object"),
        (put("data", "sizes", [1, 2]), "7 sizes, but 2 sizes|losses of 7 sizes, but 2"),
        (put("data", "sizes", [1, 2, 4, 8, 16, 64, 32]), "sizes that do not rise"),
        (put("data", "sizes", [0, 2, 4, 8, 16, 32, 64]), "sizes holds 0, but must be positive"),
        (put("data", "losses", 0, [1, "x"]), r"losses\[0\], losses is \[1, 'x'\]"),
        (put("data", "losses", 0, [-1.0]), "holds -1, but must be positive"),
        (put("data", "losses", 0, []), "losses of 7 sizes"),
        (put("data", "losses", 0, [10**400]), "must be a list of finite numbers"),
        (put("data", "losses", 0, [5.0] * 20), "a fit that is not one to its data"),
        (put("data", "excluded", -1), "excluded is -1, but must be a whole number"),
        (put("data", "label", 3), "label is 3, but must be text"),
        (put("data", "origin", 3), "origin is 3, but must be an object"),
        (put("data", "origin", {"configuration": [1]}), "whose configuration is .1., but must be"),
        (put("data", "origin", {"configuration": {"task": 1}}), "whose task is 1, but must be"),
        (put("data", "origin", {"lr": {"2": "x"}}), "whose lr is 'x', but must be a number"),
        (put("statistic", "mode"), "statistic is 'mode'"),
        (put("statistic", 1.5), "statistic is 1.5"),
        (put("seed", 2**63), "seed is 9223372036854775808"),
        (put("huber", "x"), "huber is 'x', but must be a finite number"),
        (put("asked", 1), "asked is 1, but must be true or false"),
        (put("fit", "model", "name", "line"), "has the model 'line', but must have one of"),
        (put("fit", "model", "constants", {"a": 1}), "constants has 'a', which is not known"),
        (put("fit", "start", 7), "start is 7, but must be a whole number of at least 0 below 7"),
        (put("fit", "theta", [1, 2]), "theta has 2 values, but must have 3"),
        (put("fit", "theta", [0.1, 1.0, 0.0]), "a fit that is not one to its data"),
        (put("fit", "weights", 1), "weights is 1, but must be a list"),
        (put("fit", "converged", "yes"), "converged is 'yes'"),
        (put("coefficients", "exponent", 2.0), "has exponent 2.0, but its fit has 0.98"),
        (put("exponent", 2.0), "has another exponent than that of its fit"),
        (put("equation", "A"), "has another equation than that of its fit"),
    ],
)
def test_a_changed_file_is_refused_with_a_sentence(path, change, message):
    changed(path, change)
    with pytest.raises(ValueError, match=message) as caught:
        ltens.load_law(path)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (put("form", "pair", ["N", "M"]), "other names than those of the data"),
        (put("form", "limits", [1.0, 2.0]), "limits has 2 values, but must have 1"),
        (put("data", "groups", [1] * 16), "groups is .*, but must be a list of whole numbers"),
        (put("data", "sizes", [[1.0] * 16]), "1 columns of sizes, but 2 names"),
        (put("fit", "theta", [1.0] * 4), "theta has 4 values, but must have 5"),
        (put("fit", "cost", 1.0), "a fit that is not one to its data"),
    ],
)
def test_a_changed_surface_is_refused(path, change, message):
    ltens.fit_surface({"N": N, "D": D}, SURFACE, bootstrap=0).save(path)
    document = json.loads(path.read_text(encoding="utf-8"))
    change(document)
    path.write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(ValueError, match=message):
        ltens.load_law(path)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "ends too early"),
        (b"width,loss\n1,2\n", "is no JSON"),
        (b"\x80\x04pickle", "no text in UTF-8"),
        (b"[1, 2]", "is JSON, but no law"),
        (b'{"format": "ltens law", "schema": NaN}', "it holds NaN, which is no number of JSON"),
        (b'{"a": -Infinity}', "it holds -Infinity"),
        (b'{"a": 1, "a": 2}', "'a' stands twice in it"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"a": ' + b"9" * 5000 + b"}", "is no law: Exceeds the limit"),
    ],
)
def test_what_is_no_law_at_all(path, content, message):
    path.write_bytes(content)
    with pytest.raises(ValueError, match=message) as caught:
        ltens.load_law(path)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 300 + len(str(path))


def test_a_file_cut_short_anywhere_is_refused(path):
    ltens.fit(SIZES, LOSSES[:, :2], model="power_law").save(path)
    whole = path.read_text(encoding="utf-8").rstrip()
    for end in np.linspace(1, len(whole) - 1, 40).astype(int):
        path.write_text(whole[:end], encoding="utf-8")
        with pytest.raises(ValueError, match=r"law\.json (ends too early|is no JSON)"):
            ltens.load_law(path)


def test_files_that_cannot_be_read_or_written(path, monkeypatch):
    with pytest.raises(ValueError, match=r"cannot be read: No such file"):
        ltens.load_law(path)
    law = ltens.fit(SIZES, LOSSES)
    with pytest.raises(ValueError, match=r"cannot be written: No such file"):
        law.save(path.parent / "nowhere" / "law.json")
    law.save(path)
    monkeypatch.setattr("ltens.fitting.law_file.document._MOST_BYTES", 100)
    with pytest.raises(ValueError, match="but a law has at most 100"):
        ltens.load_law(path)


def test_a_law_of_pooled_sizes_says_so_after_loading(tmp_path):
    n = np.geomspace(10, 1000, 500)
    law = ltens.fit(n, 3 / n * np.exp(0.01 * np.random.default_rng(0).normal(size=500)))
    law.save(tmp_path / "law.json")
    loaded = ltens.load_law(tmp_path / "law.json")
    assert "pooled" in str(law)
    assert str(loaded) == str(law)
    assert loaded.to_dict() == law.to_dict()
