"""Protocol Buffers: definitions in .proto files, and the .proto of any definition."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from svcgen.diagnostics import Report
from svcgen.formats import Format, Sources, Writing
from svcgen.formats.fidelity import Said
from svcgen.model.bindings import Bound
from svcgen.model.plan import PlannedFile
from svcgen.model.service import Api


def _read(path: Path, report: Report, sources: Sources) -> Api | None:
    from svcgen.formats.protobuf.reader import read

    return read(path, report, sources)


def _write(bound: Bound, writing: Writing) -> Mapping[str, str | PlannedFile]:
    from svcgen.formats.protobuf.writer import write

    return write(bound.api, writing)


def _fidelity() -> Mapping[str, Said]:
    from svcgen.formats.protobuf.fidelity import TABLE

    return TABLE


def _imports(path: Path) -> list[str]:
    return _IMPORT.findall(path.read_text(encoding="utf-8", errors="replace"))


_IMPORT = re.compile(r'(?m)^\s*import\s+(?:public\s+|weak\s+|option\s+)?"([^"\n]+)"')
"""Also in a comment, where it does no harm."""

ANNOTATIONS = "svcgen/annotations.proto"
"""The file of the options that keep what a .proto cannot say."""

FORMAT = Format(
    name="protobuf",
    title="Protocol Buffers",
    suffixes=(".proto",),
    read=_read,
    write=_write,
    numbered=True,
    at_hand="google/protobuf",
    beside=ANNOTATIONS,
    imports=_imports,
    fidelity=_fidelity,
)
