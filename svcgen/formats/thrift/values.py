"""Constants of .thrift files -> literals of the model."""

from __future__ import annotations

import base64
import re

from svcgen.formats.thrift.constants import entries, head, items
from svcgen.formats.thrift.cursor import DEEPEST
from svcgen.formats.thrift.names import renamed
from svcgen.formats.thrift.tree import Enum, EnumValue, Struct, Type, Value
from svcgen.model.types import Literal

_UUID = re.compile(r"\{?([0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})\}?")
_KEYS = frozenset("bool i8 i16 i32 i64 string uuid".split())
_BITS = {"i8": 8, "i16": 16, "i32": 32, "i64": 64}


class NoLiteralError(Exception):
    """Says why the model has no such value."""


def literal(value: Value, mention: Type) -> Literal:
    """The value that a constant has as one of the type. Raises :class:`NoLiteralError`."""
    kind = head(mention)
    if isinstance(kind, Struct):
        return _struct(value, kind)
    if isinstance(kind, Enum):
        assert isinstance(value.value, EnumValue)
        name = kind.by_number[value.value.number].name
        return renamed(kind).get(name, name)
    assert kind is not None
    if kind.word == "map":
        pairs = entries(value)
        return {_key(k, kind.arguments[0]): literal(v, kind.arguments[1]) for k, v in pairs}
    if kind.arguments:
        found = [literal(each, kind.arguments[0]) for each in items(value)]
        return found if kind.word == "list" else _once(found)
    return _simple(value, kind.word)


def _once(found: list[Literal]) -> list[Literal]:
    """Without what is there before; the items of a set are scalars."""
    return [*dict.fromkeys(found)]


def _struct(value: Value, struct: Struct) -> Literal:
    found: dict[str, Literal] = {}
    for key, item in entries(value):
        assert isinstance(key.value, str)
        kind = struct.by_name[key.value].type
        if problem := problem_of(kind):
            raise NoLiteralError(f"{key.value!r} is left out: {problem}")
        found[key.value] = literal(item, kind)
    lacking = [] if struct.word == "union" else [n for n in struct.needed if n not in found]
    if lacking:
        raise NoLiteralError(f"it lacks {lacking[0]!r}, which {struct.name!r} requires")
    spelled = renamed(struct)
    found = {spelled.get(name, name): item for name, item in found.items()}
    if struct.word == "union":
        if len(found) != 1:
            raise NoLiteralError(f"{struct.name!r} is a union, of which one member has to be set")
        [(name, only)] = found.items()
        return {"kind": name, "value": only}
    return found


def _key(value: Value, mention: Type) -> str:
    found = literal(value, mention)
    return str(found).lower() if isinstance(found, bool) else str(found)


def _simple(value: Value, word: str) -> Literal:
    found = value.value
    if isinstance(found, str):
        return _text(found, word)
    if isinstance(found, int | float):
        return _number(found, word)
    raise NoLiteralError(f"it is no {word}")


def _number(found: float, word: str) -> Literal:
    if word == "bool":
        return bool(found)
    if word == "double":
        return float(found)
    if word not in _BITS or not isinstance(found, int):
        raise NoLiteralError(f"{found} is no {word}")
    if not -(2 ** (_BITS[word] - 1)) <= found < 2 ** (_BITS[word] - 1):
        raise NoLiteralError(f"{found} is out of the range of {word}")
    return found


def _text(found: str, word: str) -> Literal:
    if word == "binary":
        return base64.b64encode(found.encode()).decode("ascii")
    if word == "uuid":
        match = _UUID.fullmatch(found)
        if match is None:
            raise NoLiteralError(f"{found!r} is no UUID")
        return match[1].lower()
    if word != "string":
        raise NoLiteralError(f"{found!r} is no {word}")
    return found


def problem_of(mention: Type, deepest: int = DEEPEST) -> str:
    """Why svcgen has no such type; empty if it has. Typedefs may nest more than one file can."""
    if not deepest:
        return f"it is nested more than {DEEPEST} deep"
    kind = head(mention)
    if not isinstance(kind, Type) or not kind.arguments:
        return ""
    inner = head(kind.arguments[0])
    if not isinstance(inner, Enum):
        plain = isinstance(inner, Type) and not inner.arguments
        if kind.word == "set" and not plain:
            return "it has a set of structs or containers"
        if kind.word == "map" and not (isinstance(inner, Type) and inner.word in _KEYS):
            return "it has a map with keys that JSON cannot write"
    inside = (problem_of(argument, deepest - 1) for argument in kind.arguments)
    return next(filter(None, inside), "")
