"""The commands, parsed by click.

A command is a module of this package with a click command ``command``. It is imported when it is
asked for, and imports everything but click inside its functions.
"""

from __future__ import annotations

import importlib
from collections.abc import Sequence

import click

from svcgen import __version__
from svcgen.cli import INTERRUPTED

COMMANDS = ("new", "generate", "convert", "check", "explain", "targets")


class _LazyGroup(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"svcgen.cli.{cmd_name}")
        command: click.Command = module.command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and not args[0].startswith("-") and args[0] not in COMMANDS:
            from svcgen.diagnostics import did_you_mean

            hint = did_you_mean(args[0], COMMANDS)
            raise click.UsageError(f"there is no command {args[0]!r}{hint}", ctx)
        return super().resolve_command(ctx, args)


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="svcgen", message="%(prog)s %(version)s")
def svcgen() -> None:
    """One service definition; servers and clients for every protocol."""


def run(arguments: Sequence[str]) -> int:
    """Run a command by its arguments; gives the exit code, the reasons for it told."""
    try:
        code = svcgen.main(arguments, prog_name="svcgen", standalone_mode=False)
    except click.ClickException as problem:
        problem.show()
        return problem.exit_code
    except click.Abort:
        return INTERRUPTED
    return code if isinstance(code, int) else 0
