"""How Python spells a name, by role, and which spellings it must avoid."""

from __future__ import annotations

import keyword
from enum import Enum

from svcgen.languages.python.modules import LIBRARIES, STANDARD
from svcgen.model.naming import Name


class Role(Enum):
    TYPE = "type"
    ATTRIBUTE = "attribute"  # of a struct
    ERROR_ATTRIBUTE = "error attribute"  # of an exception
    METHOD = "method"  # of a service and of its client
    PARAMETER = "parameter"  # of a method
    CONSTANT = "constant"  # of a module or an enum


_ANNOTATIONS = frozenset("bool int float str bytes list set dict object dt".split())
"""Names that annotations mention: what is called so hides them in its class or function."""

_MEMBERS = _ANNOTATIONS | {"default", "field"}
"""Names that class bodies mention in annotations and defaults."""

_RESERVED = {
    Role.TYPE: frozenset(
        "Any AsyncIterator AsyncIterable Iterable Iterator ClassVar Decimal UUID Struct UnsetType "
        "TypeAlias OpenEnum ClosedEnum CallOptions Client BlockingClient ServiceBase ServiceClient "
        "Int8 Int16 Int32 Int64 UInt8 UInt16 UInt32 UInt64 AwareDatetime NaiveTime ABC None_".split()
    ),
    Role.ATTRIBUTE: _MEMBERS,
    Role.ERROR_ATTRIBUTE: _MEMBERS
    | frozenset(
        "args code message property violations payload details retryable error_name default_code "
        "default_message payload_type declared_retryable with_traceback add_note self".split()
    ),
    Role.METHOD: _MEMBERS
    | frozenset({"close", "connect", "schemes", "on_start", "on_stop", "property", "service_name"}),
    Role.PARAMETER: _ANNOTATIONS | frozenset({"self", "options", "operations", "response"}),
    Role.CONSTANT: frozenset({"OPERATIONS", "PROTOCOL", "UUID", "mro", "name", "value"}),
}


def spell(name: Name, role: Role) -> str:
    """The identifier for ``name``; a trailing underscore keeps it clear of what Python reserves."""
    match role:
        case Role.TYPE:
            spelling = name.pascal
        case Role.CONSTANT:
            spelling = name.constant
        case _:
            spelling = name.snake
    if not spelling.isidentifier():
        spelling = f"x{spelling}" if role is not Role.TYPE else f"X{spelling}"
    if keyword.iskeyword(spelling) or spelling in _RESERVED[role]:
        return f"{spelling}_"
    return spelling


def unique(wanted: str, taken: set[str]) -> str:
    """``wanted``, or with underscores behind it until nothing else has it; marks it taken."""
    while wanted in taken:
        wanted += "_"
    taken.add(wanted)
    return wanted


def package_name(package: str) -> str:
    """The Python package of a definition: its dotted name with underscores."""
    name = spell(Name.parse(package.replace(".", "_")), Role.PARAMETER)
    return f"{name}_" if name in STANDARD | LIBRARIES else name
