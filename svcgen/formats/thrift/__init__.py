"""Apache Thrift: definitions in .thrift files, and the .thrift of any definition."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from svcgen.diagnostics import Report
from svcgen.formats import Format, Sources, Writing
from svcgen.formats.fidelity import Said
from svcgen.model.bindings import Bound
from svcgen.model.plan import PlannedFile
from svcgen.model.service import Api, Service


def _read(path: Path, report: Report, sources: Sources) -> Api | None:
    from svcgen.formats.thrift.reader import read

    return read(path, report, sources)


def _write(bound: Bound, writing: Writing) -> Mapping[str, str | PlannedFile]:
    from svcgen.formats.thrift.writer import write

    return write(bound.api, writing)


def _former_path(path: Path) -> str:
    from svcgen.formats.thrift.keeping import former_path_of

    return former_path_of(path)


def _extended(service: Service) -> str:
    from svcgen.model.thrift_names import thrift_fact

    said = thrift_fact(service.meta, "extends")
    return said if isinstance(said, str) else ""


def _fidelity() -> Mapping[str, Said]:
    from svcgen.formats.thrift.fidelity import TABLE

    return TABLE


FORMAT = Format(
    name="thrift",
    title="Apache Thrift",
    suffixes=(".thrift",),
    read=_read,
    write=_write,
    numbered=True,
    flat=_former_path,
    extended=_extended,
    fidelity=_fidelity,
)
