"""``ltens`` itself: finds a command by its name and imports only that one."""

from __future__ import annotations

from importlib import import_module

import click

from . import exit_codes

COMMANDS = (
    "sweep",
    "fit",
    "histories",
    "classify",
    "compare",
    "design",
    "plot",
    "export",
    "reproduce",
    "info",
    "bench",
)


class LazyGroup(click.Group):
    """A group whose command NAME is ``command`` of the module ``ltens.cli.NAME``."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; Ctrl-C outside of what answers it better ends with its exit code."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            click.echo("interrupted", err=True)
            ctx.exit(exit_codes.INTERRUPTED)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of the help."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command; None if there is no such name."""
        if cmd_name not in COMMANDS:
            return None
        found = import_module(f"{__package__}.{cmd_name}").command
        return found if isinstance(found, click.Command) else None


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(package_name="ltens")
def main() -> None:
    """Measure neural scaling laws on networks that are really trained."""
