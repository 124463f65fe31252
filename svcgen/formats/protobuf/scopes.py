"""A place in a .proto from which types are mentioned, each in the shortest way that means it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from svcgen.formats.protobuf.shape import ProtoEnum, ProtoFile, ProtoMessage
from svcgen.frozen import frozen, replace

_NOTHING: frozenset[str] = frozenset()
SCALARS = frozenset(
    "double float int32 int64 uint32 uint64 sint32 sint64 fixed32 fixed64 sfixed32 sfixed64 bool"
    " string bytes".split()
)

_WORDS = SCALARS | frozenset(
    "enum extend extensions group map message oneof option optional repeated required reserved"
    " stream".split()
)
"""What begins something else where a type may stand."""

Declared: TypeAlias = "ProtoMessage | ProtoEnum"


@frozen
class Scope:
    """``hidden`` are names that mean something else here: of methods, or of a map's entries."""

    file: ProtoFile
    types: Mapping[str, Declared]  # by their names in the package
    around: str = ""  # the message
    hidden: frozenset[str] = _NOTHING

    @classmethod
    def of(cls, file: ProtoFile) -> Scope:
        """The place outside of all messages."""
        declared: list[Declared] = [*file.messages, *file.enums]
        return cls(file, {each.name: each for each in declared})

    def within(self, message: str, hidden: frozenset[str]) -> Scope:
        return replace(self, around=message, hidden=hidden)

    def mention(self, name: str) -> str:
        """How a type is called here: a scalar, one of the file's own, or one of another file."""
        if name in SCALARS:
            return name
        first, dot, _ = name.partition(".")
        if name in self.types:
            return self._shortest(name) or self._absolute(name)
        hides = first in self.hidden or self._found(first)
        if not dot:
            return self._absolute(name) if hides else name
        return f".{name}" if hides or first in self.file.heads else name

    def _absolute(self, name: str) -> str:
        return f".{self.file.package}.{name}" if self.file.package else f".{name}"

    def _shortest(self, name: str) -> str:
        """The last parts of the name of one of the file's types, if they mean it here."""
        parts = name.split(".")
        for count in range(len(parts) - 1, -1, -1):
            whole = ".".join(parts[: count + 1])
            if parts[count] not in self.hidden | _WORDS and self._found(parts[count]) == whole:
                return ".".join(parts[count:])
        return ""

    def _found(self, first: str) -> str:
        """What the first part of a name means: it is looked up from the inside outwards."""
        scope = self.around
        while scope:
            if f"{scope}.{first}" in self.types:
                return f"{scope}.{first}"
            scope = scope.rpartition(".")[0]
        return first if first in self.types else ""
