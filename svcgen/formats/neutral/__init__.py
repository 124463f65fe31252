"""svcgen's own definition language: YAML, documented in ``docs/definition.md``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from svcgen.diagnostics import Report
from svcgen.formats import Format, Sources, Writing
from svcgen.model.bindings import Bound
from svcgen.model.service import Api


def _read(path: Path, report: Report, sources: Sources) -> Api | None:
    from svcgen.formats.neutral.reader import read

    return read(path, report, sources)


def _write(bound: Bound, writing: Writing) -> Mapping[str, str]:
    """``writing`` has no bearing: the language says everything, and one file holds it all."""
    from svcgen.formats.neutral.writer import write

    return {f"{bound.api.package}.yaml": write(bound.api)}


FORMAT = Format(
    name="yaml",
    title="svcgen definition",
    suffixes=(".yaml", ".yml"),
    read=_read,
    write=_write,
)
