"""The declarations of a document, each with its extensions merged into it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from graphql import (
    ConstDirectiveNode,
    DirectiveDefinitionNode,
    DocumentNode,
    NamedTypeNode,
    NameNode,
    StringValueNode,
)

from svcgen.formats.graphql.keeping import NAME
from svcgen.formats.graphql.names import BUILT_IN

OBJECT, INTERFACE, INPUT = "object_type", "interface_type", "input_object_type"
UNION, ENUM, SCALAR = "union_type", "enum_type", "scalar_type"
_KINDS = (OBJECT, INTERFACE, INPUT, UNION, ENUM, SCALAR)
_DEFINING = {f"{kind}_definition": kind for kind in _KINDS}
_EXTENDING = {f"{kind}_extension": kind for kind in _KINDS}

ROOTS = ("query", "mutation", "subscription")


class Declared:
    """A type: of two members of one name, the last counts."""

    def __init__(self, kind: str, name: NameNode, description: StringValueNode | None) -> None:
        self.kind = kind
        self.name = name
        self.description = description
        self.directives: list[ConstDirectiveNode] = []
        self.members: dict[str, Any] = {}  # fields or values, by name
        self.types: dict[str, NamedTypeNode] = {}  # interfaces; members of a union

    def has(self, directive: str) -> bool:
        return any(each.name.value == directive for each in self.directives)


class Document:
    """Types by name in the order of the file, directives, and which types are the roots."""

    def __init__(self, document: DocumentNode) -> None:
        self.types: dict[str, Declared] = {}
        self.directives: dict[str, DirectiveDefinitionNode] = {}
        self.schema: list[Any] = []
        for node in document.definitions:
            self._define(node)
        for node in document.definitions:
            self._extend(node)
        self.roots = self._roots()

    def declared(self, *kinds: str) -> Iterator[tuple[str, Declared]]:
        """Types of these kinds that are no roots."""
        roots = set(self.roots.values())
        for name, found in self.types.items():
            if found.kind in kinds and name not in roots:
                yield name, found

    def kept(self) -> list[ConstDirectiveNode]:
        """What the schema keeps of a definition."""
        used = (each for node in self.schema for each in node.directives or ())
        return [each for each in used if each.name.value == NAME]

    def _define(self, node: Any) -> None:
        kind = _DEFINING.get(node.kind)
        if kind is not None:
            name = node.name.value
            if name not in BUILT_IN:
                found = self.types[name] = Declared(kind, node.name, node.description)
                _merge(found, node)
        elif node.kind == "directive_definition":
            self.directives[node.name.value] = node
        elif node.kind in ("schema_definition", "schema_extension"):
            self.schema.append(node)

    def _extend(self, node: Any) -> None:
        kind = _EXTENDING.get(node.kind)
        found = self.types.get(node.name.value) if kind is not None else None
        if found is not None and found.kind == kind:
            _merge(found, node)

    def _roots(self) -> dict[str, str]:
        """The names of the root types by operation; those of the usual names unless told."""
        listed = [each for node in self.schema for each in node.operation_types or ()]
        if any(node.kind == "schema_definition" for node in self.schema):
            named = {each.operation.value: each.type.name.value for each in reversed(listed)}
        else:
            named = {root: root.capitalize() for root in ROOTS}
            named |= {each.operation.value: each.type.name.value for each in reversed(listed)}
        return {
            root: named[root]
            for root in ROOTS
            if root in named and named[root] in self.types
            and self.types[named[root]].kind == OBJECT
        }  # fmt: skip


def _merge(found: Declared, node: Any) -> None:
    found.directives += node.directives or ()
    members = getattr(node, "fields", None) or getattr(node, "values", None) or ()
    for member in members:
        found.members[member.name.value] = member
    named = getattr(node, "interfaces", None) or getattr(node, "types", None) or ()
    for mention in named:
        found.types.setdefault(mention.name.value, mention)
