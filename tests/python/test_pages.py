"""The Python blocks of README.md and docs/ run as printed, those of a page one after another.

A comment in the line above a block says what differs: `<!-- slow -->` for a page that takes more
than some seconds, `<!-- not run: reason -->` for a block that needs what a test cannot have.
"""

import re
from pathlib import Path

import matplotlib
import pytest

matplotlib.use("agg")
ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted(ROOT.glob("docs/**/*.md"))]
BLOCK = re.compile(
    r"^(?:<!-- (?P<remark>slow|not run: .+) -->\n)?```python\n(?P<code>.*?)^```$",
    flags=re.DOTALL | re.MULTILINE,
)


def blocks(page):
    return list(BLOCK.finditer(page.read_text(encoding="utf-8")))


def pages():
    for page in PAGES:
        found = blocks(page)
        marks = [pytest.mark.slow] if any(block["remark"] == "slow" for block in found) else []
        if found:
            yield pytest.param(page, id=str(page.relative_to(ROOT)), marks=marks)


@pytest.mark.parametrize("page", list(pages()))
def test_blocks_run_as_printed(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text, names = page.read_text(encoding="utf-8"), {"__name__": "page"}
    for block in blocks(page):
        if block["remark"] is None or block["remark"] == "slow":
            line = text[: block.start("code")].count("\n")  # so that errors name the page's line
            exec(compile("\n" * line + block["code"], str(page), "exec"), names)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_block_compiles(page):
    for block in blocks(page):
        compile(block["code"], str(page), "exec")
