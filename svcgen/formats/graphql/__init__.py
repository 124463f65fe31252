"""GraphQL's schema language: the SDL of a definition (https://spec.graphql.org/October2021/).

Structs are object types and, where they are asked for, input types ``<Name>Input``; sets are lists;
a map is a list of entries with ``key`` and ``value``; a union is a union of object types with one
field, the member, and as input a ``@oneOf`` type. What JSON numbers cannot carry is a scalar of its
own, a string on the wire.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from svcgen.diagnostics import Report
from svcgen.formats import Format, Sources, Writing
from svcgen.formats.fidelity import Said
from svcgen.model.bindings import Bound
from svcgen.model.plan import PlannedFile
from svcgen.model.service import Api


def _read(path: Path, report: Report, sources: Sources) -> Api | None:
    from svcgen.formats.graphql.reader import read

    return read(path, report, lenient=sources.lenient)


def _write(bound: Bound, writing: Writing) -> Mapping[str, str | PlannedFile]:
    from svcgen.formats.graphql.writer import write

    return {f"{bound.api.package}.graphql": write(bound, writing)}


def _served(bound: Bound) -> Mapping[str, str | PlannedFile]:
    from svcgen.formats.graphql.writer import write

    return {"schema.graphql": write(bound, Writing())}


def _fidelity() -> Mapping[str, Said]:
    from svcgen.formats.graphql.fidelity import TABLE

    return TABLE


FORMAT = Format(
    name="graphql",
    title="GraphQL SDL",
    suffixes=(".graphql", ".graphqls", ".gql"),
    read=_read,
    write=_write,
    served=_served,
    fidelity=_fidelity,
)
