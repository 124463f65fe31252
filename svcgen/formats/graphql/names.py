"""Names of GraphQL: the definition's own where the grammar takes them, made legal where it does not.

A name is letters, digits and underscores, not a digit first (October 2021, 2.1.9); two underscores
first are introspection's. Members (fields, arguments, values of enums) are renamed in one way
everywhere in a definition, so that one small table says it all.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

from svcgen.model.service import Api
from svcgen.model.types import Enum
from svcgen.model.walk import fields

_NAME = re.compile(r"(?!__)[_A-Za-z][_0-9A-Za-z]*\Z")
_NO_VALUE = ("true", "false", "null")  # of an enum (3.9)

RESERVED = ("Int", "Float", "String", "Boolean", "ID", "Query", "Mutation", "Subscription")
"""Types that every schema has, or that have a meaning in it."""


def legal(name: str) -> str:
    """The name itself if GraphQL takes it; else its letters without accents, the rest as ``_u<hex>_``."""
    if _NAME.match(name) and name not in _NO_VALUE:
        return name
    folded = unicodedata.normalize("NFKD", name)
    text = "".join(map(_ascii, folded))
    return text if _NAME.match(text) and text not in _NO_VALUE else f"x{text}"


def distinct(wanted: str, taken: set[str]) -> str:
    """``wanted``, or with underscores behind it until nothing else has it; marks it taken."""
    while wanted in taken:
        wanted += "_"
    taken.add(wanted)
    return wanted


def member_names(api: Api) -> Mapping[str, str]:
    """The members whose names had to change, with what they are in GraphQL."""
    wires = dict.fromkeys(_members(api))
    illegal = [wire for wire in wires if legal(wire) != wire]
    taken = set(wires) - set(illegal)
    return {wire: distinct(legal(wire), taken) for wire in illegal}


def _members(api: Api) -> Iterable[str]:
    for _, field in fields(api):
        yield field.name.wire
    for definition in api.types.values():
        if isinstance(definition, Enum):
            yield from (value.name.wire for value in definition.values)


def _ascii(char: str) -> str:
    if char == "_" or (char.isascii() and char.isalnum()):
        return char
    return "" if unicodedata.combining(char) else f"_u{ord(char):x}_"
