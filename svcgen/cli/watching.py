"""``svcgen generate --watch``: generates again whenever what was read is another."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Sequence
from typing import NoReturn

from svcgen.cli import Failure, say
from svcgen.cli.generation import config_of, renew
from svcgen.diagnostics import Report
from svcgen.project import stamp

POLL = 0.2  # seconds between looks at the files
_Looks = dict[str, str]


def watch(project: str, include: Sequence[str], *, style: str) -> NoReturn:
    """Keep the project up to date, until somebody interrupts.

    A definition with findings changes nothing, as ever; what is watched then is all that was read
    before as well, for the missing file may be the one that comes back.
    """
    file = os.path.normpath(config_of(project))
    before = _looks([file])
    while True:
        fine, read = _round(file, include, style)
        known = {file, *read} if fine else {*before, *read}
        before = {path: before[path] if path in before else stamp.look(path) for path in known}
        waits = "a change" if fine else "a mended definition"
        say(f"svcgen: waiting for {waits} ({len(known)} files)", err=True)
        before = _changed(before)


def _round(file: str, include: Sequence[str], style: str) -> tuple[bool, list[str]]:
    """Generate once: did it go well, and which files were read?"""
    report = Report()
    try:
        fine = renew(file, include, report, style=style) == 0
    except (Failure, OSError) as problem:
        say(f"svcgen: error: {problem}", err=True)
        fine = False
    return fine, [str(path) for path in report.inputs]


def _changed(before: _Looks) -> _Looks:
    """Wait until the files look different from ``before``, and have come to rest; how they look."""
    now = _looks(before)
    while now == before:
        time.sleep(POLL)
        now = _looks(before)
    while True:
        time.sleep(POLL)
        settled = _looks(before)
        if settled == now:
            return now
        now = settled


def _looks(paths: Iterable[str]) -> _Looks:
    return {path: stamp.look(path) for path in paths}
