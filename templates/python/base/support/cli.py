"""The command line of a generated package: ``serve`` and ``call``.

Exit codes: 0 fine, 1 the call or the server failed, 2 usage, 130 interrupted. Results
go to standard output, everything else to standard error.
"""

from __future__ import annotations

import asyncio
import math
import os
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

from .cli_call import Calls, UsageError
from .endpoint import Schemes
from .errors import ConfigurationError, ServiceError
from .logs import configure
from .operation import Operation
from .server import Server, loop_factory
from .service import ServiceBase
from .settings import ClientSettings, ServerSettings, Tls

LEVELS = ("debug", "info", "warning", "error")


Served: TypeAlias = Callable[[], tuple[Sequence[ServiceBase], ServerSettings]]
"""Gives the handlers, and the settings to serve them with."""


def main(
    package: str,
    operations: Sequence[Operation],
    served: Served,
    schemes: Schemes,
    default_urls: Sequence[str],
    arguments: Sequence[str] | None = None,
) -> int:
    """Run a command and return the exit code. ``served`` is asked only to serve."""
    parser = _parser(package, operations, default_urls)
    options = parser.parse_args(arguments)
    try:
        if options.command == "serve":
            return _serve(options, served, schemes, default_urls)
        return _call(options, operations, schemes, default_urls)
    except ConfigurationError as error:
        print(f"{package} {options.command}: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:  # who read our output has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        print(f"{package} {options.command}: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _serve(
    options: Namespace,
    served: Served,
    schemes: Schemes,
    default_urls: Sequence[str],
) -> int:
    configure(options.log_level.upper())
    handlers, settings = served()
    settings = replace(
        settings,
        tls=_tls(options) or settings.tls,
        access_log=options.access_log or settings.access_log,
    )
    server = Server(handlers, schemes, options.url or default_urls, settings)
    server.run(_announce)
    return 0


def _announce(server: Server) -> None:
    for url in server.urls:
        print(url, flush=True)


def _call(
    options: Namespace,
    operations: Sequence[Operation],
    schemes: Schemes,
    default_urls: Sequence[str],
) -> int:
    metadata = tuple(_pair(each) for each in options.metadata)
    settings = ClientSettings(metadata=metadata, tls=_tls(options))
    calls = Calls(schemes, options.url or default_urls[0], settings)
    operation = calls.find(operations, options.operation)
    work = calls.call(operation, options.request, options.timeout)
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        try:
            runner.run(work)
        except ServiceError as error:
            print(calls.describe(error), file=sys.stderr)
            return 1
    return 0


def _seconds(text: str) -> float:
    """A time that a call may have. Raises ``ValueError``."""
    seconds = float(text)
    if not 0.0 < seconds < math.inf:
        raise ValueError
    return seconds


_seconds.__name__ = "number of seconds"  # in what argparse says of a wrong one


def _pair(text: str) -> tuple[str, str]:
    name, separator, value = text.partition("=")
    if not separator or not name:
        raise UsageError(f"--metadata wants name=value, not {text!r}")
    return name.lower(), value


def _tls(options: Namespace) -> Tls | None:
    tls = Tls(options.tls_cert, options.tls_key, options.tls_ca)
    return None if tls == Tls() else tls


def _parser(
    package: str, operations: Sequence[Operation], default_urls: Sequence[str]
) -> ArgumentParser:
    parser = ArgumentParser(
        f"python -m {package}", description=f"Serve or call {package}."
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    serve = commands.add_parser("serve", help="serve until SIGTERM or Ctrl-C")
    serve.add_argument(
        "--url",
        action="append",
        help=f"where to listen, repeatable (default: {' '.join(default_urls)})",
    )
    serve.add_argument("--log-level", choices=LEVELS, default="info")
    serve.add_argument("--access-log", action="store_true", help="log every call")
    call = commands.add_parser(
        "call",
        help="call one operation",
        epilog=f"operations: {', '.join(each.key for each in operations)}",
    )
    call.add_argument("operation", metavar="OPERATION", help="method or Service.method")
    call.add_argument(
        "request",
        nargs="*",
        metavar="JSON",
        help="the request; several for a stream; @FILE or - reads one JSON a line",
    )
    call.add_argument("--url", help=f"the server (default: {default_urls[0]})")
    call.add_argument("--timeout", type=_seconds, help="seconds")
    call.add_argument("--metadata", action="append", default=[], metavar="NAME=VALUE")
    for command in (serve, call):
        command.add_argument(
            "--tls-cert", type=Path, help="PEM file of the certificate"
        )
        command.add_argument("--tls-key", type=Path, help="PEM file of its key")
        command.add_argument("--tls-ca", type=Path, help="PEM file of whom to trust")
    return parser
