"""Mentions of types in a document -> references of the model."""

from __future__ import annotations

from typing import Any

from graphql import ListTypeNode, NonNullTypeNode

from svcgen.formats.graphql.customs import Customs
from svcgen.formats.graphql.declarations import Document
from svcgen.formats.graphql.mentions import innermost
from svcgen.formats.graphql.parsing import span_of
from svcgen.formats.graphql.roles import Roles
from svcgen.model.types import ListOf, MapOf, NamedRef, NullableOf, Scalar, ScalarRef, TypeRef

ID = "ID"


class Refs:
    """``names`` are those of the model by those of the document; notes whether ``ID`` was met."""

    def __init__(
        self, document: Document, customs: Customs, roles: Roles, names: dict[str, str]
    ) -> None:
        self.names = names
        self.mentions_id = False
        self._types = document.types
        self._customs = customs
        self._roles = roles

    def ref(self, node: Any) -> tuple[TypeRef, bool]:
        """The type without null, and whether it is never null."""
        if isinstance(node, NonNullTypeNode):
            return self._bare(node.type), True
        return self._bare(node), False

    def whole(self, node: Any) -> TypeRef:
        """The type, with null if it may be."""
        ref, never_null = self.ref(node)
        return ref if never_null else nullable(ref)

    def _bare(self, node: Any) -> TypeRef:
        span = span_of(node)
        if isinstance(node, ListTypeNode):
            name = innermost(node)
            if name in self._roles.entries and _is_single(node.type):
                key, value = self._types[name].members.values()
                return MapOf(self.whole(key.type), self.whole(value.type), span)
            return ListOf(self.whole(node.type), span)
        name = node.name.value
        scalar = self._customs.plain.get(name)
        if scalar is not None:
            return ScalarRef(scalar, span)
        self.mentions_id |= name == ID
        known = self.names.get(name)
        return NamedRef(known, span) if known else ScalarRef(Scalar.ANY, span)


def _is_single(node: Any) -> bool:
    return not isinstance(node.type if isinstance(node, NonNullTypeNode) else node, ListTypeNode)


def nullable(ref: TypeRef) -> TypeRef:
    """The type with null; any JSON has it already."""
    if isinstance(ref, ScalarRef) and ref.scalar is Scalar.ANY:
        return ref
    return NullableOf(ref, ref.span)
