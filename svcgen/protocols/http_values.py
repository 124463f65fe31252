"""What a URL or header can hold: which types fit where, and the syntax of path templates."""

from __future__ import annotations

import re
from typing import assert_never

from svcgen.model.messages import resolve
from svcgen.model.service import Api
from svcgen.model.types import (
    Alias,
    Enum,
    Field,
    ListOf,
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

_HOLE = re.compile(r"\{([^{}]*)\}")
_BROKEN_ESCAPE = r"%(?![0-9A-Fa-f]{2})"


def holes(path: str) -> list[str]:
    """The names in the braces of a path, in order."""
    return _HOLE.findall(path)


def route_key(path: str) -> str:
    """The path without the names: two routes with one key are the same to a server."""
    return _HOLE.sub("{}", path)


def path_problem(path: str) -> str:
    """What is wrong with a path template, empty if nothing is."""
    fixed = _HOLE.sub("", path)
    segments = _HOLE.sub("x", path).split("/")[1:]
    names = holes(path)
    if "{" in fixed or "}" in fixed:
        return "its braces do not match"
    if "" in names or len(names) != len(set(names)):
        return "each of its braces needs a name of its own"
    if "}{" in path:
        return "two parameters have nothing between them"
    if "%" in fixed and re.search(_BROKEN_ESCAPE, fixed):
        return "a percent sign is not followed by two hexadecimal digits"
    if any(segment in (".", "..") for segment in segments):
        return "it has a segment '.' or '..'"
    if "" in segments and path != "/":
        return "it has an empty segment"
    return ""


def fits(api: Api, field: Field, place: str) -> bool:
    """Can the field's value travel in the ``path``, ``query`` or a ``header``?"""
    ref = resolve(field.type, api.types)
    if isinstance(ref, ListOf | SetOf) and place == "query":
        ref = resolve(ref.item, api.types)
    if isinstance(ref, NamedRef):
        return isinstance(api.types.get(ref.name), Enum)
    return isinstance(ref, ScalarRef) and ref.scalar is not Scalar.ANY


def kind_of(api: Api, ref: TypeRef) -> str:
    """What a type is, in words."""
    resolved = resolve(ref, api.types)
    match resolved:
        case ScalarRef():
            return f"of type {resolved.scalar}"
        case ListOf():
            return "a list"
        case SetOf():
            return "a set"
        case MapOf():
            return "a map"
        case NullableOf():
            return "nullable"
        case NamedRef():
            return _KINDS[type(api.types[resolved.name])]
        case _:
            assert_never(resolved)


_KINDS = {Struct: "a struct", Union: "a union", Enum: "an enum", Alias: "an alias"}
