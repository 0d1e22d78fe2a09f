"""``ltens bench``."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import click


@click.command(
    "bench",
    short_help="Compare speed with other libraries.",
    context_settings={"ignore_unknown_options": True},
)
@click.option(
    "--bench-dir",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("bench"),
    show_default=True,
    help="The folder bench/ of a source tree.",
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def command(bench_dir: Path, arguments: tuple[str, ...]) -> None:
    """Compare speed with other libraries; ARGUMENTS go to bench/peers."""
    script = bench_dir / "peers" / "__main__.py"
    if not script.is_file():
        raise click.UsageError(
            f"bench-dir is {bench_dir}, but {script} does not exist: run this in a source tree of "
            "ltens or give --bench-dir."
        )
    words = [sys.executable, "-m", f"{bench_dir.resolve().name}.peers", *arguments]
    parent = str(bench_dir.resolve().parent)
    paths = [parent, os.environ.get("PYTHONPATH", "")]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))}
    sys.exit(subprocess.run(words, env=environment, check=False).returncode)
