"""Defaults as literals of GraphQL (October 2021, 2.9)."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import assert_never

from svcgen.formats.graphql.names import legal
from svcgen.model.messages import resolve
from svcgen.model.service import Api
from svcgen.model.types import (
    Enum,
    Field,
    ListOf,
    Literal,
    MapOf,
    NamedRef,
    NullableOf,
    Scalar,
    ScalarRef,
    SetOf,
    Struct,
    TypeRef,
    Union,
)

_PLAIN = (Scalar.BOOL, Scalar.STRING)


class Unwritable(Exception):
    """GraphQL has no literal of the value, such as an infinity."""


class Literals:
    """Writes the literals of one definition."""

    def __init__(self, api: Api, renamed: Mapping[str, str]) -> None:
        self._api = api
        self._renamed = renamed

    def write(self, value: Literal, ref: TypeRef) -> str:
        """The literal of a value that fits ``ref``. Raises ``Unwritable``."""
        if value is None:
            return "null"
        head = resolve(ref, self._api.types)
        match head:
            case NullableOf(item):
                return self.write(value, item)
            case ScalarRef(scalar):
                return _scalar(value, scalar)
            case ListOf(item) | SetOf(item):
                assert isinstance(value, list)
                return f"[{', '.join(self.write(each, item) for each in value)}]"
            case MapOf():
                assert isinstance(value, dict)
                return f"[{', '.join(self._entry(k, v, head) for k, v in value.items())}]"
            case NamedRef(name):
                return self._named(value, name)
        assert_never(head)

    def _entry(self, key: str, value: Literal, ref: MapOf) -> str:
        head = resolve(ref.key, self._api.types)
        given: Literal = key
        if isinstance(head, ScalarRef) and head.scalar is Scalar.BOOL:
            given = key == "true"
        elif isinstance(head, ScalarRef) and head.scalar.is_integer:
            given = int(key)
        return f"{{key: {self.write(given, ref.key)}, value: {self.write(value, ref.value)}}}"

    def _named(self, value: Literal, name: str) -> str:
        definition = self._api.types[name]
        if isinstance(definition, Enum):
            known = {v.name.wire for v in definition.values}
            if value not in known:
                raise Unwritable
            return self._name(str(value))
        assert isinstance(value, dict)
        if isinstance(definition, Union):
            member = next(m for m in definition.members if m.name.wire == value["kind"])
            return f"{{{self._field(member, value['value'])}}}"
        assert isinstance(definition, Struct)
        fields = {f.name.wire: f for f in definition.fields}
        return f"{{{', '.join(self._field(fields[k], v) for k, v in value.items())}}}"

    def _field(self, field: Field, value: Literal) -> str:
        return f"{self._name(field.name.wire)}: {self.write(value, field.type)}"

    def _name(self, wire: str) -> str:
        return self._renamed.get(wire, wire)


def _scalar(value: Literal, scalar: Scalar) -> str:
    if scalar is Scalar.ANY:
        return _json(value)
    if scalar.is_float:
        number = float(str(value))
        if not math.isfinite(number):
            raise Unwritable
        return repr(number)
    if scalar in _PLAIN or (scalar.is_integer and isinstance(value, int)):
        return (
            json.dumps(value, ensure_ascii=False) if scalar in _PLAIN else _integer(value, scalar)
        )
    return json.dumps(str(value), ensure_ascii=False)


def _integer(value: Literal, scalar: Scalar) -> str:
    limits = scalar.integer_range
    assert limits is not None
    return str(value) if limits[1] < 2**31 else f'"{value}"'


def _json(value: Literal) -> str:
    match value:
        case dict():
            if any(legal(key) != key for key in value):
                raise Unwritable
            return f"{{{', '.join(f'{k}: {_json(v)}' for k, v in value.items())}}}"
        case list():
            return f"[{', '.join(map(_json, value))}]"
    return json.dumps(value, ensure_ascii=False)
