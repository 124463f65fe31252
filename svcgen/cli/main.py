"""The entry point: runs the command, and turns what goes wrong into a message and an exit code.

0 fine, 1 the user's definition or project has a finding, 2 usage, 3 an internal fault. What a user
interrupts ends quietly with 130, what nobody reads any more (a closed pipe) with 1.

Start-up is part of the interface: everything is imported where it is used. ``svcgen generate``
without options, which editors and hooks run at every save, needs no parser of command lines, and if
it has nothing to do hardly more than Python itself.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from svcgen import __version__
from svcgen.cli import FAULT, FINDING, INTERRUPTED, Failure, say

_COLLECT_AFTER = 500_000
"""Objects made before the garbage collector looks: trees of frozen values have no cycles to find."""


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and leave the process with its exit code."""
    gc.set_threshold(_COLLECT_AFTER)
    try:
        code = _run(sys.argv[1:] if arguments is None else arguments)
    except KeyboardInterrupt:
        say("", err=True)  # the line of the ^C ends
        code = INTERRUPTED
    gc.freeze()  # all that is left ends with the process; nothing of it need be looked through
    sys.exit(code)


def _run(arguments: Sequence[str]) -> int:
    try:
        return _command(arguments)
    except Failure as problem:
        say(f"svcgen: error: {problem}", err=True)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # for what is left of it
    except OSError as problem:
        place = problem.filename or "the system"
        say(f"svcgen: error: {place}: {problem.strerror or problem}", err=True)
    except Exception as fault:
        return _report_fault(fault)
    return FINDING


def _command(arguments: Sequence[str]) -> int:
    match arguments:
        case ["generate", *named] if len(named) < 2 and not "".join(named).startswith("-"):
            from svcgen.cli.generation import generate

            return generate(*named)
        case _:
            from svcgen.cli.commands import run

            return run(arguments)


def _report_fault(fault: Exception) -> int:
    if os.environ.get("SVCGEN_DEBUG"):
        import traceback

        traceback.print_exception(fault)
        return FAULT
    first = (str(fault).splitlines() or [""])[0]
    say(f"svcgen: internal fault: {type(fault).__name__}: {first[:200]}", err=True)
    say(
        f"svcgen: This is a mistake in svcgen {__version__}, not in your definition. Please report"
        " it with the definition and the traceback that SVCGEN_DEBUG=1 shows.",
        err=True,
    )
    return FAULT
