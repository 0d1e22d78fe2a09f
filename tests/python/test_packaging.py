"""What says the same thing in two places says the same; actions are pinned."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))

pytestmark = pytest.mark.skipif(not WORKFLOWS, reason="the tests run away from their tree")


def text(name):
    return (ROOT / name).read_text(encoding="utf-8")


def test_the_version_is_the_same_everywhere():
    version = tomllib.loads(text("pyproject.toml"))["project"]["version"]
    assert f"project(ltens VERSION {version} " in text("CMakeLists.txt")
    assert f"\nversion: {version}\n" in text("CITATION.cff")
    assert f"\n## {version}" in text("CHANGELOG.md")


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.stem)
def test_actions_are_pinned_by_hash_and_say_their_version(workflow):
    uses = re.findall(r"uses: (.*)", workflow.read_text(encoding="utf-8"))
    assert uses
    for action in uses:
        assert re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}  # v\d+\.\d+\.\d+", action), action


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.stem)
def test_workflows_begin_without_permissions(workflow):
    assert "\npermissions: {}\n" in workflow.read_text(encoding="utf-8")


def test_the_header_declares_what_the_c_interface_defines():
    declared = set(re.findall(r"\b(ltens_\w+)\(", text("cpp/include/ltens.h")))
    sources = "".join(
        path.read_text(encoding="utf-8") for path in ROOT.glob("cpp/src/c_interface/*.cpp")
    )
    defined = set(re.findall(r"^[\w *]+\b(ltens_\w+)\(", sources, re.MULTILINE))
    assert defined == declared
