"""The value of an option as a .proto writes it, from the JSON value that the model keeps."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Mapping

from svcgen.formats.protobuf.fields import INTEGERS
from svcgen.formats.protobuf.keeping import quote
from svcgen.formats.protobuf.tree import Enum, Field, Message
from svcgen.model.types import Literal

_NUMBERS = {"NaN": "nan", "Infinity": "inf", "-Infinity": "-inf"}


class Unsayable(Exception):
    """The value is none of the option's type."""


def literal(field: Field, value: Literal) -> str:
    """One value of an option, or of a field in it. Raises :class:`Unsayable`."""
    if isinstance(field.target, Message) or field.is_map:
        return _block(_members(field, value))
    if isinstance(field.target, Enum):
        if any(each.name == value for each in field.target.values):
            return str(value)
        raise Unsayable
    return _scalar(field.type, value)


def _scalar(kind: str, value: Literal) -> str:
    match value:
        case bool() if kind == "bool":
            return "true" if value else "false"
        case int() if kind in INTEGERS and not isinstance(value, bool):
            smallest, largest = INTEGERS[kind]
            if smallest <= value <= largest:
                return str(value)
        case int() | float() if kind in ("float", "double") and not isinstance(value, bool):
            return repr(value)
        case str() if kind in ("float", "double") and value in _NUMBERS:
            return _NUMBERS[value]
        case str() if kind == "string":
            return quote(value)
        case str() if kind == "bytes":
            return _bytes(value)
    raise Unsayable


def _bytes(value: str) -> str:
    try:
        data = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Unsayable from error
    plain = (chr(b) if 32 <= b < 127 and b not in b'"\\' else f"\\{b:03o}" for b in data)
    return '"' + "".join(plain) + '"'


def _members(field: Field, value: Literal) -> Iterator[str]:
    """The fields of a message as they stand in its braces."""
    if not isinstance(value, Mapping) or field.is_map or not isinstance(field.target, Message):
        raise Unsayable
    known = field.target.fields_by_name
    for name, given in value.items():
        member = known.get(name)
        if member is None or member.group is not None:
            raise Unsayable
        if member.label != "repeated":
            yield f"{name}: {literal(member, given)}"
        elif isinstance(given, list) and given:
            yield f"{name}: {_list([literal(member, item) for item in given])}"
        else:
            raise Unsayable


def _block(members: Iterator[str]) -> str:
    lines = [line for member in members for line in member.split("\n")]
    if len(lines) == 1 and lines[0][-1] not in "]}":
        return f"{{{lines[0]}}}"
    return "\n".join(["{", *(f"  {line}" for line in lines), "}"]) if lines else "{}"


def _list(items: list[str]) -> str:
    if len(items) == 1 and items[0][-1] != "}":
        return f"[{items[0]}]"
    lines = ",\n".join(items).split("\n")
    return "\n".join(["[", *(f"  {line}" for line in lines), "]"])
