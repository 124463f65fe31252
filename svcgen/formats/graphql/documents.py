"""The query that a client sends for an operation: it asks for everything that the answer has.

GraphQL cannot ask for a type inside of itself without end. Such types are fragments, one a level,
``LEVELS`` deep (fewer where many types hold each other); below the last only ``__typename`` is
asked for, by which a client sees that there is more than it got.
"""

from __future__ import annotations

from collections.abc import Iterator

from svcgen.formats.graphql.shape import Graph, GraphField, GraphOperation, GraphType, TypeKind

LEVELS = 16
_FRAGMENTS = 320
"""Fragments of types that hold each other: the more types, the fewer levels, but two."""
_LEAVES = (TypeKind.ENUM, TypeKind.SCALAR)
_ABSTRACT = (TypeKind.UNION, TypeKind.INTERFACE)


def document(graph: Graph, operation: GraphOperation) -> str:
    """The text of the query, mutation or subscription, named like its field."""
    return _Writer(graph).write(operation)


class _Writer:
    def __init__(self, graph: Graph) -> None:
        self._types = graph.types
        self._circles = graph.circles
        self._fragments: dict[tuple[str, int], str] = {}

    def write(self, operation: GraphOperation) -> str:
        field = operation.field
        variables = ", ".join(f"${a.name}: {a.type}{_default(a)}" for a in field.arguments)
        given = ", ".join(f"{a.name}: ${a.name}" for a in field.arguments)
        head = f"{operation.root.value} {field.name}" + (f"({variables})" if variables else "")
        call = field.name + (f"({given})" if given else "")
        lines = [f"{head} {{", *_indented([call + self._selection(field.of, 0)]), "}"]
        return "\n".join([*lines, *self._fragments.values()])

    def _selection(self, name: str, level: int) -> str:
        """What is asked for of a type: nothing of a leaf, else braces."""
        found = self._types.get(name)
        if found is None or found.kind in _LEAVES:
            return ""
        if name in self._circles:
            level = level or max(2, min(LEVELS, _FRAGMENTS // self._circles[name]))
            fragment = f"{name}_{level}"
            self._add_fragment(found, level)
            return f" {{ ...{fragment} }}"
        return " {\n" + "\n".join(_indented(self._fields(found, level))) + "\n}"

    def _fields(self, found: GraphType, level: int, prefix: str = "") -> Iterator[str]:
        """What is asked for of a type; of members of a union under names that no other has."""
        if found.kind in _ABSTRACT:
            yield "__typename"
            for member in found.members:
                prefix = f"{member.name}_" if found.is_direct else ""
                of_member = self._selection_of(self._types[member.name], level, prefix)
                yield f"... on {member.name}{of_member}"
            return
        for field in found.plain:
            name = f"{prefix}{field.name}: {field.name}" if prefix else field.name
            yield name + self._selection(field.of, level)
        if not found.plain:
            yield "__typename"

    def _selection_of(self, found: GraphType, level: int, prefix: str = "") -> str:
        return " {\n" + "\n".join(_indented(self._fields(found, level, prefix))) + "\n}"

    def _add_fragment(self, found: GraphType, level: int) -> None:
        """The fragment of a type at a level, and those that it mentions."""
        key = (found.name, level)
        if key in self._fragments:
            return
        self._fragments[key] = ""  # keeps its place before those that it mentions
        last = " {\n  __typename\n}"
        body = self._selection_of(found, level - 1) if level > 1 else last
        self._fragments[key] = f"fragment {found.name}_{level} on {found.name}{body}"


def _default(argument: GraphField) -> str:
    return f" = {argument.default}" if argument.default else ""


def _indented(lines: Iterator[str] | list[str]) -> list[str]:
    return ["  " + line for text in lines for line in text.split("\n")]
