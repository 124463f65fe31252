"""Definitions and their written forms: one folder a format, each with a constant ``FORMAT``.

To add a format, add a folder whose ``__init__`` declares it; import its parts inside its functions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from svcgen.diagnostics import Report
from svcgen.frozen import frozen
from svcgen.model.bindings import Bound
from svcgen.model.plan import PlannedFile
from svcgen.model.service import Api


@frozen
class Format:
    """``read`` gives ``None`` where a file is too broken to model, with the reasons in the report.

    ``write`` gives the files of the form, by their paths below ``schemas/``, of a definition as one
    protocol sees it. ``served`` gives those that a running server shows, by their names.
    """

    name: str
    title: str
    suffixes: tuple[str, ...]  # of its files, with the dot; the first is the usual one
    read: Callable[[Path, Report], Api | None] | None = None
    write: Callable[[Bound], Mapping[str, str | PlannedFile]] | None = None
    served: Callable[[Bound], Mapping[str, str | PlannedFile]] | None = None
