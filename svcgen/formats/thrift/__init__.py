"""Apache Thrift: the .thrift of a definition."""

from __future__ import annotations

from collections.abc import Mapping

from svcgen.formats import Format, Writing
from svcgen.model.bindings import Bound
from svcgen.model.plan import PlannedFile


def _write(bound: Bound, writing: Writing) -> Mapping[str, str | PlannedFile]:
    from svcgen.formats.thrift.writer import write

    return write(bound.api)


FORMAT = Format(
    name="thrift",
    title="Apache Thrift",
    suffixes=(".thrift",),
    write=_write,
    numbered=True,
    flat=True,
)
