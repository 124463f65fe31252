"""What a client sends: values of the model as variables of a GraphQL query."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import msgspec
from msgspec import inspect

from .graphql_input import at
from .graphql_types import (
    NOTHING,
    UnusualError,
    enum_names,
    is_wide,
    json_value,
    members,
    plain,
    variants,
)

Write: TypeAlias = Callable[[Any], Any]


def writer(kind: Any, renamed: Mapping[str, str]) -> Callable[[Any], Any]:
    """How to write a value of type ``kind``. Raises ``UnusualError``."""
    write = Writer(renamed).of(inspect.type_info(kind))
    return lambda value: write(msgspec.to_builtins(value))


class Writer:
    """Makes writers, which take what ``msgspec.to_builtins`` gives."""

    def __init__(self, renamed: Mapping[str, str]) -> None:
        self._renamed = renamed
        self._made: dict[Any, Write] = {}

    def of(self, info: inspect.Type) -> Write:
        info, nullable = plain(info)
        write = self._of(info)
        if not nullable:
            return write
        return lambda value: None if value is None else write(value)

    def _of(self, info: inspect.Type) -> Write:
        if unions := variants(info):
            return self._kept(unions[0].cls, lambda: self._union(unions))
        match info:
            case inspect.IntType():
                return str if is_wide(info) else _same
            case inspect.FloatType():
                return _float
            case inspect.AnyType():
                return json_value
            case inspect.EnumType():
                names = enum_names(info, self._renamed)
                return lambda value: names.get(value, value)
            case inspect.ListType() | inspect.SetType():
                write = self.of(info.item_type)
                return lambda value: [
                    at(f"[{i}]", write, item) for i, item in enumerate(value)
                ]
            case inspect.DictType():
                return _map(self.of(info.key_type), self.of(info.value_type))
            case inspect.StructType():
                return self._kept(info.cls, lambda: self._struct(info))
        return _same

    def _kept(self, key: Any, make: Callable[[], Write]) -> Write:
        """The writer of a type; one that contains itself refers to what is being made."""
        if key in self._made:
            return self._made[key]

        def made_later(value: Any) -> Any:
            return self._made[key](value)

        self._made[key] = made_later
        self._made[key] = made = make()
        return made

    def _struct(self, info: inspect.StructType) -> Write:
        writes = {
            m.wire: (m.name, self.of(m.type)) for m in members(info, self._renamed)
        }
        if not writes:
            return lambda _: {NOTHING: None}

        def write(value: Any) -> Any:
            found: dict[str, Any] = {}
            for wire, given in value.items():
                name, of_member = writes[wire]
                found[name] = None if given is None else at(name, of_member, given)
            return found

        return write

    def _union(self, unions: tuple[inspect.StructType, ...]) -> Write:
        writes = {}
        for variant in unions:
            tag = str(variant.tag)
            name = self._renamed.get(tag, tag)
            writes[tag] = (name, self.of(variant.fields[0].type))
        tag_field = str(unions[0].tag_field)

        def write(value: Any) -> Any:
            name, of_item = writes[value[tag_field]]
            return {name: at(name, of_item, value["value"])}

        return write


def _same(value: Any) -> Any:
    return value


def _float(value: Any) -> Any:
    if not math.isfinite(value):
        raise UnusualError("GraphQL has no NaN and no infinities")
    return value


def _map(of_key: Write, of_value: Write) -> Write:
    def write(value: Any) -> Any:
        return [
            {"key": of_key(key), "value": at(str(key), of_value, item)}
            for key, item in value.items()
        ]

    return write
