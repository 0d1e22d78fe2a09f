"""The Python blocks of a page, and how to run them in a process of their own.

``python -W error -m support.pages PAGE`` runs them as printed, one after another in one namespace;
``--capped`` before the page makes the trainings small.
"""

import re
import sys
from collections.abc import Callable
from functools import wraps
from inspect import signature
from pathlib import Path
from types import CodeType
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted(ROOT.glob("docs/**/*.md"))]
BLOCK = re.compile(
    r"^(?:<!-- not run: (?P<reason>.+) -->\n)?```python\n(?P<code>.*?)^```$",
    flags=re.DOTALL | re.MULTILINE,
)
STEPS, SEEDS = 100, 16  # 16: what `ltens.tickets` asks for at least, and the lanes of a vector


def compiled_blocks(page: Path) -> list[CodeType]:
    """Return the code of the blocks to run, having compiled all; errors name the page's lines."""
    text = page.read_text(encoding="utf-8")
    codes = []
    for block in BLOCK.finditer(text):
        above = "\n" * text[: block.start("code")].count("\n")
        code = compile(above + block["code"], str(page), "exec")
        if block["reason"] is None:
            codes.append(code)
    return codes


def cap_trainings() -> None:
    """Let every training of this process end after STEPS steps, and batches hold SEEDS seeds.

    What a page asks for beyond is cut off: `steps` of `Training`, an integer `seeds` of
    `ltens.sweep` and `Networks.init`. Everything else happens as printed.
    """
    import ltens

    check, init, sweep = ltens.Training.__post_init__, ltens.Networks.init, ltens.sweep

    def capped_check(training: ltens.Training) -> None:
        check(training)
        object.__setattr__(training, "steps", min(training.steps, STEPS))  # it is frozen

    def capped(function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def call(*args: Any, **options: Any) -> Any:
            given = signature(function).bind(*args, **options)
            seeds = given.arguments["seeds"]
            given.arguments["seeds"] = min(seeds, SEEDS) if isinstance(seeds, int) else seeds
            return function(*given.args, **given.kwargs)

        return call

    ltens.Training.__post_init__ = capped_check  # type: ignore[method-assign, assignment]  # wanted
    ltens.Networks.init = capped(init)  # type: ignore[method-assign]  # likewise
    ltens.sweep = capped(sweep)


def run_blocks(page: Path) -> None:
    names: dict[str, Any] = {"__name__": "__main__"}
    for code in compiled_blocks(page):
        exec(code, names)


if __name__ == "__main__":
    if sys.argv[1] == "--capped":
        cap_trainings()
    run_blocks(Path(sys.argv[-1]))
