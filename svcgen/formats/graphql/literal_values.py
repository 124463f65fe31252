"""Literals of GraphQL as JSON values of the type that they are for."""

from __future__ import annotations

from typing import Any

from graphql import (
    ListTypeNode,
    ListValueNode,
    NonNullTypeNode,
    NullValueNode,
    ObjectValueNode,
)

from svcgen.formats.graphql.customs import Customs
from svcgen.formats.graphql.declarations import INPUT, Document
from svcgen.formats.graphql.mentions import innermost
from svcgen.model.types import Literal, Scalar


class LiteralValues:
    """Reads the defaults of one document. Where a literal does not fit it is kept as it is, and the
    checks say so.
    """

    def __init__(self, document: Document, customs: Customs, entries: set[str]) -> None:
        self._types = document.types
        self._customs = customs
        self._entries = entries

    def read(self, node: Any, kind: Any) -> Literal:
        """The value of a literal for a mention of a type."""
        if isinstance(kind, NonNullTypeNode):
            kind = kind.type
        if isinstance(node, NullValueNode):
            return None
        if isinstance(kind, ListTypeNode):
            return self._list(node, kind.type)
        name = innermost(kind)
        declared = self._types.get(name)
        if declared is not None and declared.kind == INPUT and isinstance(node, ObjectValueNode):
            fields = {each.name.value: each.value for each in node.fields}
            found = {
                key: self.read(value, declared.members[key].type)
                for key, value in fields.items()
                if key in declared.members
            }
            if declared.has("oneOf") and len(found) == 1:
                [(member, value)] = found.items()
                return {"kind": member, "value": value}
            return found
        return _leaf(node, self._customs.plain.get(name, Scalar.ANY), is_id=name == "ID")

    def _list(self, node: Any, item: Any) -> Literal:
        """A value that is no list stands for the only item of one (3.11)."""
        nodes = node.values if isinstance(node, ListValueNode) else (node,)
        values = [self.read(each, item) for each in nodes]
        if innermost(item) in self._entries:
            entries = [each for each in values if isinstance(each, dict)]
            return {_key(each.get("key")): each.get("value") for each in entries}
        return values


_TEXTS = (Scalar.DECIMAL, Scalar.STRING)


def _key(value: Literal) -> str:
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)


def _leaf(node: Any, scalar: Scalar, *, is_id: bool) -> Literal:
    match node.kind:
        case "int_value" | "float_value":
            return node.value if is_id else _number(node.value, scalar)
        case "object_value":
            return {e.name.value: _leaf(e.value, scalar, is_id=is_id) for e in node.fields}
        case "list_value":
            return [_leaf(each, scalar, is_id=is_id) for each in node.values]
        case "null_value":
            return None
        case "boolean_value":
            return bool(node.value)
    text: str = node.value
    return _number(text, scalar) if scalar.is_integer else text


def _number(text: str, scalar: Scalar) -> Literal:
    """A number; as text where the type's values are texts, or no float can hold it."""
    if scalar in _TEXTS:
        return text
    try:
        return int(text)
    except ValueError:
        pass
    try:
        value = float(text)
    except ValueError:
        return text
    return value if abs(value) != float("inf") else text
