"""Constants and defaults: names become what they stand for, and values are held against types.

The compiler does so in two steps, and so do we: to resolve looks through typedefs, to validate does
not, nor at types that a struct mentions before they are defined.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from svcgen.formats.thrift.tree import Enum, EnumValue, Field, Struct, Type, Typedef, Value

Head: TypeAlias = "Type | Struct | Enum | None"
"""What a mention comes down to: a base type or container, a declaration, or nothing known."""

_INTEGERS = frozenset("bool i8 i16 i32 i64".split())
_TEXTS = frozenset("string binary uuid".split())


class WrongConstantError(Exception):
    """Says what is wrong, to be read behind "the value of x"."""


def head(mention: Type) -> Head:
    """What is behind the typedefs of a mention; ``None`` in a circle, or where it is not defined."""
    passed: dict[Typedef, None] = {}
    found: Head = mention
    while isinstance(found, Type) and found.is_name:
        target = found.target
        if not isinstance(target, Typedef):
            found = target
            break
        if target in passed:
            return None
        passed[target] = None
        found = target.known or target.type
    for typedef in passed:
        typedef.known = found
    return found


class Constants:
    """``known`` are the constants that may be named, with their types."""

    def __init__(self, known: Mapping[str, tuple[Type, Value]]) -> None:
        self._known = known

    def settle(self, value: Value, mention: Type) -> None:
        """Resolve and validate a value. Raises :class:`WrongConstantError`."""
        self._resolve(value, mention)
        _validate(value, mention)
        if name := next(_names(value), ""):
            raise WrongConstantError(f"names {name!r}, which cannot stand here")

    def _resolve(self, value: Value, mention: Type) -> None:
        kind = head(mention)
        if kind is None:
            raise WrongConstantError(f"is of the type {mention.word!r}, which is not defined yet")
        if isinstance(kind, Enum):
            _resolve_enum(value, kind)
        elif isinstance(kind, Struct) and kind.word != "exception":
            self._resolve_fields(value, kind)
        elif isinstance(kind, Type) and kind.arguments:
            self._resolve_items(value, kind)
        elif value.kind == "name":
            self._replace(value)

    def _resolve_items(self, value: Value, kind: Type) -> None:
        if kind.word == "map":
            for key, item in entries(value):
                self._resolve(key, kind.arguments[0])
                self._resolve(item, kind.arguments[1])
        else:
            for item in items(value):
                self._resolve(item, kind.arguments[0])

    def _resolve_fields(self, value: Value, struct: Struct) -> None:
        for key, item in entries(value):
            self._resolve(item, _field(struct, key).type)

    def _replace(self, value: Value) -> None:
        """A name by the constant that it names, where that is of a simple type."""
        assert isinstance(value.value, str)
        if value.value not in self._known:
            raise WrongConstantError(f"names {value.value!r}, which is no constant defined before")
        mention, constant = self._known[value.value]
        kind = head(mention)
        if isinstance(kind, Type) and kind.word != "set":
            value.kind, value.value = constant.kind, constant.value
            if kind.word == "double" and isinstance(constant.value, int):
                value.kind, value.value = "double", float(constant.value)


def items(value: Value) -> list[Value]:
    """The items of a list; none of anything else."""
    found = value.value if value.kind == "list" else []
    assert isinstance(found, list)
    return [item for item in found if isinstance(item, Value)]


def entries(value: Value) -> list[tuple[Value, Value]]:
    """The entries of a map; none of anything else."""
    found = value.value if value.kind == "map" else []
    assert isinstance(found, list)
    return [entry for entry in found if isinstance(entry, tuple)]


def _resolve_enum(value: Value, enum: Enum) -> None:
    """A number by the first value that has it; what is neither number nor name counts as 0."""
    if value.kind == "name":
        assert isinstance(value.value, str)
        name = value.value.rpartition(".")[2]
        found = enum.by_name.get(name)
        if found is None:
            raise WrongConstantError(f"is {value.value!r}, which is no value of {enum.name!r}")
        value.kind = "enum" if "." in value.value else "short enum"
    else:
        number = value.value if isinstance(value.value, int) else 0
        found = enum.by_number.get(number)
        if found is None:
            raise WrongConstantError(f"is {number}, which no value of {enum.name!r} is")
        value.kind = "enum"
    value.value = found


def _field(struct: Struct, key: Value) -> Field:
    found = struct.by_name.get(str(key.value)) if key.kind == "string" else None
    if found is not None:
        return found
    shown = repr(key.value) if key.kind == "string" else "something else than the name of a field"
    raise WrongConstantError(f"has {shown}, and {struct.name!r} has no such field")


def _validate(value: Value, mention: Type) -> None:
    """What the compiler sees without looking behind typedefs."""
    if mention.is_early or isinstance(mention.target, Typedef):
        return
    kind = head(mention)
    if isinstance(kind, Struct):
        if value.kind != "map":
            raise WrongConstantError(f"is no map, as a value of {kind.name!r} is written")
        for key, item in entries(value):
            _validate(item, _field(kind, key).type)
    elif isinstance(kind, Enum):
        if value.kind == "short enum":
            assert isinstance(value.value, EnumValue)
            raise WrongConstantError(f"has to be written as '{kind.name}.{value.value.name}'")
    elif isinstance(kind, Type) and kind.arguments:
        _validate_items(value, kind)
    elif isinstance(kind, Type) and not _fits(value, kind.word):
        raise WrongConstantError(f"is no {kind.word}")


def _validate_items(value: Value, kind: Type) -> None:
    if kind.word == "map":
        for key, item in entries(value):
            _validate(key, kind.arguments[0])
            _validate(item, kind.arguments[1])
    else:
        for item in items(value):
            _validate(item, kind.arguments[0])


def _fits(value: Value, word: str) -> bool:
    if word in _TEXTS:
        return value.kind == "string"
    return value.kind == "int" or (value.kind == "double" and word not in _INTEGERS)


def _names(value: Value) -> Iterator[str]:
    """Names that nothing has replaced."""
    if value.kind == "name":
        assert isinstance(value.value, str)
        yield value.value
    for item in items(value):
        yield from _names(item)
    for key, item in entries(value):
        yield from _names(key)
        yield from _names(item)
