"""The pieces of compiled answers: each makes JSON of one kind of value.

What is not as declared raises ``UnusualError``, and graphql-core then says what is wrong.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from operator import attrgetter, itemgetter
from typing import Any

from msgspec import UNSET

from .graphql_schema import Convert, Source
from .graphql_types import UnusualError


def fields(
    values: list[tuple[str, Source]],
    converts: tuple[tuple[str, Convert], ...],
    never_null: tuple[str, ...],
) -> Convert:
    keys = tuple(key for key, _ in values)
    get = _getter([source.place for _, source in values])

    def project(owner: Any) -> Any:
        found = dict(zip(keys, get(owner), strict=True))
        for key, convert in converts:
            found[key] = convert(found[key])
        if never_null and None in found.values():
            for key in never_null:
                if found[key] is None:
                    raise UnusualError("is null")
        return found

    return project


def _getter(places: Sequence[Any]) -> Callable[[Any], Any]:
    """What gets all the places of an owner as a tuple."""
    if not places:
        return lambda _owner: ()
    getter = attrgetter if isinstance(places[0], str) else itemgetter
    if len(places) == 1:
        one: Callable[[Any], Any] = getter(places[0])
        return lambda owner: (one(owner),)
    several: Callable[[Any], Any] = getter(*places)
    return several


def with_constants(
    project: Convert, constants: Mapping[str, Any], keys: tuple[str, ...]
) -> Convert:
    if not constants:
        return project

    def with_constants(owner: Any) -> Any:
        found = {**constants, **project(owner)}
        return {key: found[key] for key in keys}

    return with_constants


def never_null(convert: Convert) -> Convert:
    def checked(value: Any) -> Any:
        if value is None:
            raise UnusualError("is null")
        return convert(value)

    return checked


def nullable(convert: Convert) -> Convert:
    return lambda value: None if value is None or value is UNSET else convert(value)


def items_of(convert: Convert | None, never_null: bool) -> Convert:
    if convert is not None:
        return lambda value: [convert(item) for item in _listed(value)]
    if not never_null:
        return lambda value: list(_listed(value))

    def items(value: Any) -> Any:
        found = list(_listed(value))
        if None in found:
            raise UnusualError("has an item that is null")
        return found

    return items


def _listed(value: Any) -> Any:
    if not isinstance(value, list | tuple | set | frozenset):
        raise UnusualError("is no list")
    return value


def entries_of(convert: Convert) -> Convert:
    return lambda value: [convert(item) for item in value.items()]


def name_of(names: Mapping[str, str]) -> Convert:
    def name(value: Any) -> Any:
        found = names.get(value)
        if found is None:
            raise UnusualError("is no value of the enum")
        return found

    return name


def _int32(value: Any) -> Any:
    if type(value) is not int or not -(2**31) <= value < 2**31:
        raise UnusualError("is no integer of 32 bits")
    return value


def _finite(value: Any) -> Any:
    if type(value) is int:
        return float(value)
    if type(value) is not float or not math.isfinite(value):
        raise UnusualError("is no finite number")
    return value


def set_or_none(value: Any) -> Any:
    return None if value is UNSET else value


def done(_value: Any) -> Any:
    return True


def same(value: Any) -> Any:
    return value


BUILT_IN: Mapping[str, Convert] = {"Int": _int32, "Float": _finite}
