"""The options of `ltens sweep` follow from the fields that they set."""

from dataclasses import fields

import pytest

import ltens
from ltens.cli.sweep import command
from ltens.sweeps.config_file import SWEEP_KEYS, TRAINING_KEYS, sweep_arguments
from ltens.sweeps.configuration import OPTIONS, Configuration, Defaults

OPTIONS_BY_NAME = {parameter.name: parameter for parameter in command.params}


@pytest.mark.parametrize(
    "field", [*fields(Defaults), *fields(ltens.Training)], ids=lambda f: f.name
)
def test_every_field_is_an_option_with_its_help_and_default(field):
    option = OPTIONS_BY_NAME[field.name]
    assert option.opts == [f"--{field.name.replace('_', '-')}"]
    assert option.help.startswith(field.metadata["help"])
    assert field.name in (*SWEEP_KEYS, *TRAINING_KEYS)
    if field.default is not None:
        typed = option.help.rpartition("[")[2].removesuffix("].")
        value = option.type.convert(typed, option, None)
        taken = sweep_arguments({field.name: value})
        plain = taken["training"] if field.name in TRAINING_KEYS else Configuration.checked(**taken)
        default = ltens.Training() if field.name in TRAINING_KEYS else Configuration.checked()
        assert str(getattr(plain, field.name)) == str(getattr(default, field.name))


def test_the_options_of_all_networks_are_in_the_identity_of_a_store():
    described = Configuration.checked(widths=[1], seeds=1).identity()
    assert OPTIONS == ("init", "init_scale", "dtype", "engine", "rtol")
    assert set(OPTIONS) < set(described)


def test_an_option_of_the_training_changes_the_identity_of_a_store():
    """Those of the first stores stand in every identity, others where they are no defaults."""
    plain = Configuration.checked(widths=[1], seeds=1).identity()["training"]
    changes = {"steps": 3, "batch_size": 5, "lr_factors": (1, 1, 0, 0), "schedule": "constant"}
    for name, value in changes.items():
        training = ltens.Training(**{name: value})
        changed = Configuration.checked(widths=[1], seeds=1, training=training).identity()
        assert changed["training"] == {**plain, name: getattr(training, name)}
