"""Values in paths, queries and headers: text to values of the model and back, by type."""

from __future__ import annotations

import functools
import math
import operator
import re
import types
from collections.abc import Callable, Sequence
from enum import Enum
from typing import Annotated, Any, Union, get_args, get_origin
from urllib.parse import unquote_plus

import msgspec

from .errors import Violation
from .json import json_codec, read_duration, violation
from .rest_routes import Parameter

_INTEGER = re.compile(r"-?[0-9]{1,20}\Z")
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?\Z")
_SPECIAL = {"NaN": "nan", "Infinity": "inf", "-Infinity": "-inf"}


class BoundParameter:
    """A parameter with the type of its field: ``read`` at the server, ``write`` at the client.

    ``attributes`` lead to its value in a request, none where the request itself is the value;
    ``way`` is the same in the names of JSON.
    """

    def __init__(
        self,
        parameter: Parameter,
        attributes: Sequence[str],
        kind: Any,
        *,
        required: bool,
    ) -> None:
        self.name = parameter.name
        self.place = parameter.place
        self.attributes = attributes
        self.attribute = attributes[0] if attributes else ""
        self.way = parameter.field.split(".")
        self._kind = kind
        self._is_mask = parameter.is_mask
        container, item = _container(kind)
        self.many = container is not None
        self.required = required
        parse = _parser(item)
        self._parse: Callable[[Any], Any] = (
            parse if container is None else _parser_of_many(parse, container)
        )

    def read(self, texts: Sequence[str], violations: list[Violation]) -> Any:
        """The value, or a violation and ``None``. ``texts``: as often as the name occurred."""
        if self._is_mask:
            texts = [path for text in texts for path in _paths(text)]
        if not self.many and len(texts) != 1:
            violations.append(Violation(self.name, "is given more than once"))
            return None
        try:
            return self._parse(texts if self.many else texts[0])
        except msgspec.ValidationError as error:
            violations.append(violation(error, self.name))
        return None

    @functools.cached_property
    def encode(self) -> Callable[[Any], bytes]:
        """How the value is written as JSON."""
        return json_codec(self._kind).encode

    def value_in(self, request: Any) -> Any:
        """The value in a request, ``None`` if it or what it is in is absent."""
        for attribute in self.attributes:
            if request is None or request is msgspec.UNSET:
                return None
            request = getattr(request, attribute)
        return request

    def read_text(self, text: str) -> dict[str, Any]:
        """A mask in a body, as its message is on JSON."""
        return {self.way[-1]: _paths(text)}

    def write(self, value: Any) -> list[str]:
        """The texts of a value; none if it is absent."""
        if value is None or value is msgspec.UNSET:
            return []
        if self._is_mask:
            return [",".join(map(_camel, value))]
        if self.many:
            return [_text(item) for item in value]
        return [_text(value)]


def bound_parameter(parameter: Parameter, kind: Any) -> BoundParameter:
    """A parameter with its place in requests of type ``kind``."""
    attributes: list[str] = []
    required = True
    for name in parameter.field.split("."):
        fields = fields_of(present(kind))
        if name not in fields:
            return BoundParameter(parameter, (), kind, required=True)
        attributes.append(fields[name].name)
        kind = fields[name].type
        required = fields[name].required and len(attributes) == 1
    return BoundParameter(parameter, attributes, kind, required=required)


def parse_query(raw: bytes) -> dict[str, list[str]]:
    """``a=1&a=2`` as lists by name (the URL standard's x-www-form-urlencoded)."""
    found: dict[str, list[str]] = {}
    if not raw:
        return found
    text = raw.decode("latin-1")
    plain = "%" not in text and "+" not in text
    for pair in text.split("&"):
        name, _, value = pair.partition("=")
        if not plain:
            name, value = unquote_plus(name), unquote_plus(value)
        if name:
            found.setdefault(name, []).append(value)
    return found


def _paths(text: str) -> list[str]:
    """The paths of a FieldMask as messages have them, from what JSON has."""
    snake = re.sub(r"[A-Z]", lambda match: f"_{match[0].lower()}", text)
    return [path for path in snake.split(",") if path]


def _camel(path: str) -> str:
    return re.sub(r"_([a-z])", lambda match: match[1].upper(), path)


def fields_of(kind: Any) -> dict[str, msgspec.structs.FieldInfo]:
    """The fields of a struct by their names on JSON; none of any other type."""
    if not isinstance(kind, type) or not issubclass(kind, msgspec.Struct):
        return {}
    return {field.encode_name: field for field in msgspec.structs.fields(kind)}


def _container(kind: Any) -> tuple[Callable[[list[Any]], Any] | None, Any]:
    """How a list or set is made, and the type of one item; no container for a single value."""
    kind = present(kind)
    origin = get_origin(kind)
    if origin is Annotated:
        container, item = _container(get_args(kind)[0])
        return container, item if container is not None else kind
    if origin in (list, set, frozenset):
        return origin, get_args(kind)[0]
    return None, kind


def present(kind: Any) -> Any:
    """The type without what says that it may be absent."""
    if get_origin(kind) not in (Union, types.UnionType):
        return kind
    absent = (types.NoneType, msgspec.UnsetType)
    present = [part for part in get_args(kind) if part not in absent]
    return functools.reduce(operator.or_, present)


def _parser(kind: Any) -> Callable[[str], Any]:
    info = msgspec.inspect.type_info(kind)
    while isinstance(info, msgspec.inspect.Metadata):
        info = info.type
    match info:
        case msgspec.inspect.StrType() if info == msgspec.inspect.StrType():
            return _same
        case msgspec.inspect.BoolType():
            return _bool
        case msgspec.inspect.IntType():
            return lambda text: msgspec.convert(_int(text), kind)
        case msgspec.inspect.FloatType():
            return lambda text: msgspec.convert(_float(text), kind)
        case msgspec.inspect.TimeDeltaType():
            return lambda text: msgspec.convert(read_duration(text), kind)
        case msgspec.inspect.DecimalType():
            return lambda text: msgspec.convert(_decimal(text), kind)
    return lambda text: msgspec.convert(text, kind)


def _parser_of_many(
    parse: Callable[[str], Any], container: Callable[[list[Any]], Any]
) -> Callable[[Sequence[str]], Any]:
    return lambda texts: container([parse(text) for text in texts])


def _same(text: str) -> str:
    return text


def _bool(text: str) -> bool:
    if text not in ("true", "false"):
        raise msgspec.ValidationError("Expected `true` or `false`")
    return text == "true"


def _int(text: str) -> int:
    if not _INTEGER.match(text):
        raise msgspec.ValidationError("Expected `int`")
    return int(text)


def _float(text: str) -> float:
    if text in _SPECIAL:
        return float(_SPECIAL[text])
    if not _NUMBER.match(text):
        raise msgspec.ValidationError("Expected `float`")
    value = float(text)
    if math.isinf(value):
        raise msgspec.ValidationError("Number out of range")
    return value


def _decimal(text: str) -> str:
    if not _NUMBER.match(text):
        raise msgspec.ValidationError("Expected `decimal`")
    return text


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, float):
        return _float_text(value)
    return str(msgspec.to_builtins(value))


def _float_text(value: float) -> str:
    for text, special in _SPECIAL.items():
        if repr(value) == special:
            return text
    return repr(value)
