"""How commands show findings: text on standard error, data on standard output."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from svcgen.cli import say

if TYPE_CHECKING:
    from svcgen.diagnostics import Report

_SLOW = 1.0  # seconds after which a command says that it is at work


def show(report: Report, style: str = "text") -> None:
    """Print all findings; in text nothing if there are none, in JSON then an empty array."""
    found = report.diagnostics
    if style == "text" and not found:
        return
    from svcgen import reporting

    if style == "json":
        say(reporting.as_json(found), end="")
    elif style == "github":
        say(reporting.github(found), end="")
    else:
        text = reporting.text(found, color=_wants_color())
        say(text + reporting.summary(found), err=True)


@contextmanager
def progress(doing: str) -> Iterator[None]:
    """Says on a terminal what takes so long, after a second."""
    if not sys.stderr.isatty():
        yield
        return
    from threading import Timer

    timer = Timer(_SLOW, say, (f"svcgen: {doing} …",), {"err": True})
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _wants_color() -> bool:
    return sys.stderr.isatty() and not os.environ.get("NO_COLOR")
