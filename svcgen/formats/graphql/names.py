"""Names of GraphQL: the definition's own where the grammar takes them, made legal where it does not.

A name is letters, digits and underscores, not a digit first (October 2021, 2.1.9); two underscores
first are introspection's. Members (fields, arguments, values of enums) are renamed in one way
everywhere in a definition, so that one small table says it all.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping

from svcgen.formats.graphql.bound import text
from svcgen.model.naming import Name
from svcgen.model.service import Api
from svcgen.model.types import Enum, Meta
from svcgen.model.walk import fields

_NAME = re.compile(r"(?!__)[_A-Za-z][_0-9A-Za-z]*\Z")
_NO_VALUE = ("true", "false", "null")  # of an enum (3.9)

BUILT_IN = ("Int", "Float", "String", "Boolean", "ID")
RESERVED = (*BUILT_IN, "Query", "Mutation", "Subscription")
"""Types that every schema has, or that have a meaning in it."""


INPUT_SUFFIX = "Input"
"""Ends the name of a struct's input type."""

ENTRY_DOC = "An entry of a map."


NOTHING = "_"
NOTHING_DOC = "Nothing; always null."
"""The field of a type that has none: GraphQL has no types without fields."""

EMPTY_QUERY_DOC = "There is nothing to query; always null."


def natural_names(name: str) -> tuple[str, str]:
    """What a type is called as output and as input, if nothing else is."""
    own = legal(name)
    if own.endswith(INPUT_SUFFIX):
        return f"{own}Type", own
    return own, own + INPUT_SUFFIX


def is_name(text: str) -> bool:
    """Whether the grammar takes it; as the value of an enum it may be taken all the same."""
    return bool(_NAME.match(text))


def legal(name: str) -> str:
    """The name itself if GraphQL takes it; else its letters without accents, the rest as ``_u<hex>_``."""
    if _NAME.match(name) and name not in _NO_VALUE:
        return name
    folded = unicodedata.normalize("NFKD", name)
    plain = "".join(map(_ascii, folded))
    return plain if _NAME.match(plain) and plain not in _NO_VALUE else f"x{plain}"


def distinct(wanted: str, taken: set[str]) -> str:
    """``wanted``, or with underscores behind it until nothing else has it; marks it taken."""
    while wanted in taken:
        wanted += "_"
    taken.add(wanted)
    return wanted


def member_names(api: Api) -> Mapping[str, str]:
    """The members whose names had to change, with what they are in GraphQL."""
    given = {name.wire: said for name, meta in _members(api) if (said := text(meta, "name"))}
    wires = dict.fromkeys(name.wire for name, _ in _members(api) if name.wire not in given)
    illegal = [wire for wire in wires if legal(wire) != wire]
    taken = set(wires) - set(illegal)
    return {**given, **{wire: distinct(legal(wire), taken) for wire in illegal}}


def entry_name(key: str, value: str, *, is_input: bool) -> str:
    """The type of a map's entries, of the types of its keys and values as written (``[Int!]!``)."""
    return f"{_words(key)}{_words(value)}{'EntryInput' if is_input else 'Entry'}"


def _words(kind: str) -> str:
    """``[Int!]!`` as ``IntList``, ``Int`` as ``IntOrNull``: parts of a name."""
    if kind.endswith("!"):
        kind = kind[:-1]
        return f"{_words(kind[1:-1])}List" if kind.startswith("[") else kind
    return f"{_words(kind + '!')}OrNull"


def _members(api: Api) -> Iterator[tuple[Name, Meta]]:
    for _, field in fields(api):
        yield field.name, field.meta
    for definition in api.types.values():
        if isinstance(definition, Enum):
            yield from ((value.name, value.meta) for value in definition.values)


def _ascii(char: str) -> str:
    if char == "_" or (char.isascii() and char.isalnum()):
        return char
    return "" if unicodedata.combining(char) else f"_u{ord(char):x}_"
