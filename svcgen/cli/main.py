"""The entry point: finds the command, and turns what goes wrong into a message and an exit code.

0 fine, 1 the user's definition or project has a finding, 2 usage, 3 an internal fault. What a user
interrupts ends quietly with 130, what nobody reads any more (a closed pipe) with 1.

A command is a module of this package with a click command ``command``. It is imported when it is
asked for, and imports everything but click inside its functions: start-up is part of the interface.
"""

from __future__ import annotations

import gc
import importlib
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

import click

from svcgen import __version__

COMMANDS = ("new", "generate", "check", "explain", "targets")

FINDING, FAULT = 1, 3
_COLLECT_AFTER = 500_000
"""Objects made before the garbage collector looks: trees of frozen values have no cycles to find."""
_INTERRUPTED = 130  # 128 + SIGINT, as shells count


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


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and leave the process with its exit code."""
    gc.set_threshold(_COLLECT_AFTER)
    try:
        code = _run(arguments)
    except (KeyboardInterrupt, click.Abort):
        code = _INTERRUPTED
    gc.freeze()  # all that is left ends with the process; nothing of it need be looked through
    sys.exit(code)


def _run(arguments: Sequence[str] | None) -> int:
    try:
        code = svcgen.main(arguments, prog_name="svcgen", standalone_mode=False)
    except click.ClickException as problem:
        problem.show()
        return problem.exit_code
    except click.Abort:
        raise
    except OSError as problem:
        _say(f"error: {problem.filename or 'the system'}: {problem.strerror or problem}")
        return FINDING
    except Exception as fault:
        return _report_fault(fault)
    return code if isinstance(code, int) else 0


def _report_fault(fault: Exception) -> int:
    if os.environ.get("SVCGEN_DEBUG"):
        import traceback

        traceback.print_exception(fault)
    else:
        first = (str(fault).splitlines() or [""])[0]
        _say(f"internal fault: {type(fault).__name__}: {first[:200]}")
        _say(
            f"This is a mistake in svcgen {__version__}, not in your definition. Please report it"
            " with the definition and the traceback that SVCGEN_DEBUG=1 shows."
        )
    return FAULT


def _say(line: str) -> None:
    click.echo(f"svcgen: {line}", err=True)
