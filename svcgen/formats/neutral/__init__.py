"""svcgen's own definition language: YAML, documented in ``docs/definition.md``."""

from __future__ import annotations

from pathlib import Path

from svcgen.diagnostics import Report
from svcgen.formats import Format, Sources
from svcgen.model.service import Api


def _read(path: Path, report: Report, sources: Sources) -> Api | None:
    from svcgen.formats.neutral.reader import read

    return read(path, report)


FORMAT = Format(
    name="yaml",
    title="svcgen definition",
    suffixes=(".yaml", ".yml"),
    read=_read,
)
