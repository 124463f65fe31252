"""GraphQL's schema language: the SDL of a definition (https://spec.graphql.org/October2021/).

Structs are object types and, where they are asked for, input types ``<Name>Input``; sets are lists;
a map is a list of entries with ``key`` and ``value``; a union is a union of object types with one
field, the member, and as input a ``@oneOf`` type. What JSON numbers cannot carry is a scalar of its
own, a string on the wire.
"""

from __future__ import annotations

from collections.abc import Mapping

from svcgen.formats import Format, Writing
from svcgen.model.bindings import Bound
from svcgen.model.plan import PlannedFile


def _write(bound: Bound, writing: Writing) -> Mapping[str, str | PlannedFile]:
    from svcgen.formats.graphql.writer import write

    return {f"{bound.api.package}.graphql": write(bound)}


def _served(bound: Bound) -> Mapping[str, str | PlannedFile]:
    from svcgen.formats.graphql.writer import write

    return {"schema.graphql": write(bound)}


FORMAT = Format(
    name="graphql", title="GraphQL SDL", suffixes=(".graphql",), write=_write, served=_served
)
