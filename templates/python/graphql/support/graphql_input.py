"""Values on GraphQL as what ``msgspec.convert`` takes: requests at the server, responses at a client.

A map comes as a list of entries, a union as an object with one field, a wide integer as a string,
and members by the names that GraphQL has for them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import msgspec
from msgspec import inspect

from .graphql_types import (
    NOTHING,
    Member,
    UnusualError,
    enum_names,
    is_wide,
    members,
    plain,
    read_integer,
    variants,
)

Read: TypeAlias = Callable[[Any], Any]

TYPENAME = "__typename"


def reader(
    kind: Any, renamed: Mapping[str, str], *, is_answer: bool = False
) -> Callable[[Any], Any]:
    """How to read a value of type ``kind``. Raises ``UnusualError``, ``msgspec.ValidationError``."""
    read = Reader(renamed, is_answer=is_answer).of(inspect.type_info(kind))
    if read is None:
        return lambda value: msgspec.convert(value, kind)
    return lambda value: msgspec.convert(read(value), kind)


class Reader:
    """Makes readers; ``None`` where a value may stay as it is."""

    def __init__(self, renamed: Mapping[str, str], *, is_answer: bool) -> None:
        self._renamed = renamed
        self._is_answer = is_answer
        self._made: dict[Any, Read] = {}

    def of(self, info: inspect.Type) -> Read | None:
        info, nullable = plain(info)
        read = self._of(info)
        if read is None or not nullable:
            return read
        return lambda value: None if value is None else read(value)

    def _of(self, info: inspect.Type) -> Read | None:
        if unions := variants(info):
            return self._kept(unions[0].cls, lambda: self._union(unions))
        match info:
            case inspect.IntType() if is_wide(info):
                return lambda value: read_integer(value, info)
            case inspect.EnumType():
                return self._enum(info)
            case inspect.ListType():
                return _list(self.of(info.item_type))
            case inspect.SetType():
                return _set(self.of(info.item_type))
            case inspect.DictType():
                return _map(self.of(info.key_type), self.of(info.value_type))
            case inspect.StructType():
                return self._kept(info.cls, lambda: self._struct(info))
        return None

    def _kept(self, key: Any, make: Callable[[], Read]) -> Read:
        """The reader of a type; one that contains itself refers to what is being made."""
        if key in self._made:
            return self._made[key]

        def made_later(value: Any) -> Any:
            return self._made[key](value)

        self._made[key] = made_later
        self._made[key] = made = make()
        return made

    def _enum(self, info: inspect.EnumType) -> Read:
        wires = {name: wire for wire, name in enum_names(info, self._renamed).items()}

        def read(value: Any) -> Any:
            wire = wires.get(value) if isinstance(value, str) else None
            if wire is None:
                raise UnusualError("is no value of the enum")
            return wire

        return read

    def _struct(self, info: inspect.StructType) -> Read:
        listed = members(info, self._renamed)
        reads = {m.name: (m.wire, self._member(m)) for m in listed}
        missing = [m for m in listed if m.is_required and plain(m.type)[1]]
        optional = {m.name for m in listed if m.is_optional and _never_null(m)}

        def read(value: Any) -> Any:
            if isinstance(value, info.cls):  # what has the field that is asked for
                return value
            if not isinstance(value, dict):
                raise UnusualError("is no object")
            found: dict[str, Any] = {}
            for name, given in value.items():
                known = reads.get(name)
                if known is None:
                    self._unknown(name, listed)
                elif given is not None or name not in optional:
                    wire, of_member = known
                    found[wire] = at(name, of_member, given) if of_member else given
            for member in missing:
                found.setdefault(member.wire, None)
            return found

        return read

    def _unknown(self, name: str, listed: tuple[Member, ...]) -> None:
        if name == TYPENAME and self._is_answer:
            if not listed:
                return
            raise UnusualError("is nested more deeply than the query asks for")
        if name != NOTHING or listed:
            raise UnusualError(f"has no field {name!r}")

    def _member(self, member: Member) -> Read | None:
        return self.of(member.type)

    def _union(self, unions: tuple[inspect.StructType, ...]) -> Read:
        reads = {}
        for variant in unions:
            tag = str(variant.tag)
            name = self._renamed.get(tag, tag)
            reads[name] = (tag, variant.tag_field, self.of(variant.fields[0].type))

        def read(value: Any) -> Any:
            given = dict(value) if isinstance(value, dict) else {}
            if self._is_answer:
                type_name = given.pop(TYPENAME, None)
                if type_name in reads:
                    given = {type_name: unprefixed(given, f"{type_name}_")}
            if len(given) != 1:
                raise UnusualError("must have exactly one member")
            [(name, item)] = given.items()
            if name not in reads or item is None:
                raise UnusualError("must have exactly one member")
            tag, tag_field, of_item = reads[name]
            return {
                str(tag_field): tag,
                "value": at(name, of_item, item) if of_item else item,
            }

        return read


def unprefixed(value: dict[str, Any], prefix: str) -> dict[str, Any]:
    """A member of a union that is asked for under names that no other member has."""
    if not all(key.startswith(prefix) for key in value):
        raise UnusualError("has fields of another type")
    return {key.removeprefix(prefix): item for key, item in value.items()}


def at(place: str, read: Read, value: Any) -> Any:
    """What ``read`` makes of a value at ``place``."""
    try:
        return read(value)
    except UnusualError as error:
        raise error.below(place) from None


def _never_null(member: Member) -> bool:
    return isinstance(member.type, inspect.UnionType)


def _list(of_item: Read | None) -> Read:
    def read(value: Any) -> Any:
        if not isinstance(value, list):
            raise UnusualError("is no list")
        if of_item is None:
            return value
        return [at(f"[{i}]", of_item, item) for i, item in enumerate(value)]

    return read


def _set(of_item: Read | None) -> Read:
    read_list = _list(of_item)

    def read(value: Any) -> Any:
        items = read_list(value)
        scalars = [item for item in items if not isinstance(item, list | dict)]
        if len(set(scalars)) < len(scalars):
            raise UnusualError("has an item twice")
        return items

    return read


def _map(of_key: Read | None, of_value: Read | None) -> Read:
    def read(value: Any) -> Any:
        if not isinstance(value, list):
            raise UnusualError("is no list of entries")
        found: dict[Any, Any] = {}
        for i, entry in enumerate(value):
            key, item = at(f"[{i}]", lambda each: _entry(each, of_key, of_value), entry)
            if key in found:
                raise UnusualError("has a key twice", f"[{i}].key")
            found[key] = item
        return found

    return read


def _entry(entry: Any, of_key: Read | None, of_value: Read | None) -> tuple[Any, Any]:
    if not isinstance(entry, dict) or not entry.keys() <= {"key", "value"}:
        raise UnusualError("is no entry with a key and a value")
    key, value = entry.get("key"), entry.get("value")
    if isinstance(key, list | dict):
        raise UnusualError("is no key")
    return (
        at("key", of_key, key) if of_key else key,
        at("value", of_value, value) if of_value else value,
    )
