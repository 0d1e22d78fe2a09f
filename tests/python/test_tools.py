"""The tools are pinned in one place, and every hook finds its tool there."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
GROUPS = tomllib.loads((ROOT / "pyproject.toml").read_text())["dependency-groups"]


def test_every_tool_has_one_version():
    assert all(re.fullmatch(r"[\w-]+(\[\w+\])?==[\w.]+", tool) for tool in GROUPS["dev"])


def test_hooks_call_the_tools_of_the_dev_group():
    text = (ROOT / ".pre-commit-config.yaml").read_text()
    called = set(re.findall(r"^ *entry: ([\w-]+)", text, flags=re.MULTILINE))
    assert called  # the pattern still finds hooks
    assert called <= {re.split(r"[=\[]", tool)[0] for tool in GROUPS["dev"]}
    assert text.count("repo: ") == text.count("repo: local")  # no version beside the group's
    assert text.count("language: ") == text.count("language: system")
