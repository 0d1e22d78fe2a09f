"""``ltens info``."""

from __future__ import annotations

import json

import click

from ..tables import listing
from .errors import usage_errors


@click.command("info", short_help="Say what this build is and how many threads it uses.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(as_json: bool) -> None:
    """Print version, compiler, instruction sets and threads."""
    with usage_errors():
        from ..build import build_info

        build = build_info()
    if as_json:
        click.echo(json.dumps(build, indent=2))
        return
    shown = {
        name: " ".join(map(str, value)) if isinstance(value, (list, tuple)) else value
        for name, value in build.items()
    }
    click.echo(listing(shown.items()))
