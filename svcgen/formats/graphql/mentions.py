"""Where a document mentions its types, and in which way; what can be reached from the roots."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from graphql import ListTypeNode, NonNullTypeNode, StringValueNode, TypeNode

from svcgen.formats.graphql.declarations import INTERFACE, OBJECT, UNION, Document


def innermost(node: Any) -> str:
    """The name in a mention such as ``[User!]!``."""
    while isinstance(node, NonNullTypeNode | ListTypeNode):
        node = node.type
    name: str = node.name.value
    return name


def spelled(node: TypeNode) -> str:
    """A mention as it is written, without spaces."""
    match node:
        case NonNullTypeNode():
            return f"{spelled(node.type)}!"
        case ListTypeNode():
            return f"[{spelled(node.type)}]"
    return innermost(node)


class Mentions:
    """Found in one walk over the document."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self.never_null: set[str] = set()  # mentioned as X! somewhere
        self.single: set[str] = set()  # mentioned somewhere else than in [X!]
        self.by_fields: set[str] = set()
        self.unions: dict[str, list[str]] = {}  # the unions that a type is in
        self.implementors: dict[str, list[str]] = {}  # object types, by interface
        self.defaults: dict[str, list[Any]] = {}  # literals, by the type that has them
        for name, declared in document.types.items():
            for other in declared.types if declared.kind == UNION else ():
                self.unions.setdefault(other, []).append(name)
            for other in declared.types if declared.kind == OBJECT else ():
                self.implementors.setdefault(other, []).append(name)
            for node in self._types_of(name):
                self._mention(node)

    def _types_of(self, name: str) -> Iterator[Any]:
        """The mentions in the fields of a type and their arguments."""
        declared = self._document.types[name]
        if declared.kind in (UNION, "enum_type", "scalar_type"):
            return
        for member in declared.members.values():
            self._default(member)
            yield member.type
            for argument in getattr(member, "arguments", None) or ():
                self._default(argument)
                yield argument.type

    def _default(self, node: Any) -> None:
        literal = getattr(node, "default_value", None)
        if literal is not None:
            self.defaults.setdefault(innermost(node.type), []).append(literal)

    def _mention(self, node: Any) -> None:
        never_null = in_list = False
        while isinstance(node, NonNullTypeNode | ListTypeNode):
            is_list = isinstance(node, ListTypeNode)
            never_null, in_list = not is_list, is_list or in_list
            node = node.type
        name = node.name.value
        self.by_fields.add(name)
        if never_null:
            self.never_null.add(name)
        if not (in_list and never_null):
            self.single.add(name)

    def only_strings(self, name: str) -> bool:
        """Whether all defaults of a type are strings."""
        return all(isinstance(each, StringValueNode) for each in self.defaults.get(name, ()))

    def reached(self) -> set[str]:
        """The types that operations take and answer, and all that these mention."""
        found: set[str] = set()
        waiting = list(self._document.roots.values())
        while waiting:
            name = waiting.pop()
            if name in found or name not in self._document.types:
                continue
            found.add(name)
            declared = self._document.types[name]
            if declared.kind == INTERFACE:
                waiting += self.implementors.get(name, ()) or map(innermost, self._types_of(name))
                continue
            waiting += map(innermost, self._types_of(name))
            waiting += declared.types
        return found
