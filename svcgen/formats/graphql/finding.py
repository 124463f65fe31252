"""How a query finds the value whose field takes arguments: by its ID.

A schema may have the field ``node(id: ID!)``, which gives any object of its interface
(https://graphql.org/learn/global-object-identification/). Where it has not, a client cannot ask for
such a field by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from svcgen.formats.graphql.names import distinct
from svcgen.formats.graphql.shape import GraphOperation, GraphType, Root
from svcgen.frozen import replace

FINDER = "node"
ID_FIELD, ID_TYPE = "id", "ID!"

_Key = TypeVar("_Key")  # of an operation


def with_finders(
    operations: Mapping[_Key, GraphOperation], types: Mapping[str, GraphType]
) -> dict[_Key, GraphOperation]:
    """The operations, in which those of fields of types know the variable that is the ID."""
    finder = next(filter(_is_finder, operations.values()), None)
    interface = types.get(finder.field.of) if finder is not None else None
    members = {each.name for each in interface.members} if interface is not None else set()
    findable = {name for name in members if _has_id(types[name])}
    found = {
        key: replace(operation, found_by=_variable(operation))
        for key, operation in operations.items()
        if operation.of in findable
    }
    return {**operations, **found}


def _is_finder(operation: GraphOperation) -> bool:
    if operation.root is not Root.QUERY or operation.of or operation.field.name != FINDER:
        return False
    return [(a.name, a.type) for a in operation.field.arguments] == [(ID_FIELD, ID_TYPE)]


def _has_id(found: GraphType) -> bool:
    return any(field.name == ID_FIELD and field.type == ID_TYPE for field in found.plain)


def _variable(operation: GraphOperation) -> str:
    """A name that no argument has."""
    return distinct(ID_FIELD, {argument.name for argument in operation.field.arguments})
