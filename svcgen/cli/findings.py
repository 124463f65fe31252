"""How commands show findings: text on standard error, data on standard output."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from svcgen.diagnostics import Report

_Command = TypeVar("_Command", bound=Callable[..., Any])

FORMATS = ("text", "json", "github")

_SLOW = 1.0  # seconds after which a command says that it is at work


def format_option(command: _Command) -> _Command:
    return click.option(
        "--format",
        "style",
        type=click.Choice(FORMATS),
        default="text",
        show_default=True,
        help="How findings are shown: text on stderr, json or GitHub annotations on stdout.",
    )(command)


def show(report: Report, style: str = "text") -> None:
    """Print all findings; in text nothing if there are none, in JSON then an empty array."""
    found = report.diagnostics
    if style == "text" and not found:
        return
    from svcgen import reporting

    if style == "json":
        click.echo(reporting.as_json(found), nl=False)
    elif style == "github":
        click.echo(reporting.github(found), nl=False)
    else:
        text = reporting.text(found, color=_wants_color())
        click.echo(text + reporting.summary(found), err=True, color=True)


def fail(message: str) -> click.ClickException:
    """The exception for something outside of the definition that ends the command with code 1."""
    return _Failure(message)


@contextmanager
def progress(doing: str) -> Iterator[None]:
    """Says on a terminal what takes so long, after a second."""
    if not sys.stderr.isatty():
        yield
        return
    from threading import Timer

    timer = Timer(_SLOW, click.echo, (f"svcgen: {doing} …",), {"err": True})
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


class _Failure(click.ClickException):
    def show(self, file: Any = None) -> None:
        click.echo(f"svcgen: error: {self.message}", err=True)


def _wants_color() -> bool:
    return sys.stderr.isatty() and not os.environ.get("NO_COLOR")
