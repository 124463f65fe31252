"""The query that a client sends for an operation: it asks for everything that the answer has.

GraphQL cannot ask for a type inside of itself without end. Such types are fragments, one a level,
``LEVELS`` deep; below the last only ``__typename`` is asked for, by which a client sees that there
is more than it got.
"""

from __future__ import annotations

from collections.abc import Iterator

from svcgen.formats.graphql.shape import Graph, GraphField, GraphOperation, GraphType, TypeKind

LEVELS = 16
_LEAVES = (TypeKind.ENUM, TypeKind.SCALAR)
_ABSTRACT = (TypeKind.UNION, TypeKind.INTERFACE)


def document(graph: Graph, operation: GraphOperation) -> str:
    """The text of the query, mutation or subscription, named like its field."""
    return _Writer(graph).write(operation)


class _Writer:
    def __init__(self, graph: Graph) -> None:
        self._types = graph.types
        self._looped: dict[str, bool] = {}
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
        if self._loops(name):
            fragment = f"{name}_{level or LEVELS}"
            self._add_fragment(found, level or LEVELS)
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

    def _loops(self, name: str) -> bool:
        """Does a value of the type contain others of it?"""
        if name not in self._looped:
            self._looped[name] = name in self._inside(name)
        return self._looped[name]

    def _inside(self, name: str) -> set[str]:
        seen: set[str] = set()
        waiting = [name]
        while waiting:
            found = self._types.get(waiting.pop())
            if found is None:
                continue
            for of in (*(m.name for m in found.members), *(f.of for f in found.plain)):
                if of not in seen:
                    seen.add(of)
                    waiting.append(of)
        return seen


def _default(argument: GraphField) -> str:
    return f" = {argument.default}" if argument.default else ""


def _indented(lines: Iterator[str] | list[str]) -> list[str]:
    return ["  " + line for text in lines for line in text.split("\n")]
