"""Mends plain JSON values by the type that they have or shall have: one walk for both directions.

The values are what ``msgspec.to_builtins`` returns and ``msgspec.convert`` takes: dicts by wire
names, lists, text, numbers. A walk touches only the paths that lead to something to mend.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from msgspec import inspect

Mend: TypeAlias = Callable[[Any], Any]

_INT32 = 2**31


@dataclass(frozen=True, slots=True)
class Leaves:
    """What to do with a value of each kind; ``None``: nothing."""

    of_float: Mend | None
    of_int: Mend | None
    of_int64: Mend | None
    of_any: Mend | None
    of_bool_key: Mend | None
    of_int_key: Mend | None = None
    of_set: Mend | None = None  # of its list of items
    of_decimal: Mend | None = None
    of_optional: Mend | None = None  # of a field that may be absent, not null
    of_duration: Mend | None = None


class MisplacedError(Exception):
    """A walk met a value that may not be where it is."""

    def __init__(self, message: str, path: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.path = path

    def below(self, place: str) -> MisplacedError:
        """The same, seen from the value that has it at ``place``: a name or ``[index]``."""
        dot = "." if self.path and not self.path.startswith("[") else ""
        return MisplacedError(self.message, f"{place}{dot}{self.path}")


def parts(info: inspect.Type) -> list[inspect.Type]:
    """The types of what is directly inside of a value of a type."""
    match info:
        case inspect.Metadata():
            return [info.type]
        case inspect.ListType() | inspect.SetType() | inspect.FrozenSetType():
            return [info.item_type]
        case inspect.DictType():
            return [info.value_type]
        case inspect.UnionType():
            return list(info.types)
        case inspect.StructType():
            return [field.type for field in info.fields]
    return []


def walker(kind: Any, leaves: Leaves) -> Mend | None:
    """How to mend a value of type ``kind``, ``None`` if no part of it ever needs it."""
    return _Walk(leaves).mend(inspect.type_info(kind))


class _Walk:
    def __init__(self, leaves: Leaves) -> None:
        self.leaves = leaves
        self.structs: dict[Any, Mend | None] = {}

    def mend(self, info: inspect.Type) -> Mend | None:
        match info:
            case inspect.Metadata():
                return self.mend(info.type)
            case inspect.ListType():
                return _each(self.mend(info.item_type))
            case inspect.SetType() | inspect.FrozenSetType():
                return _both(self.leaves.of_set, _each(self.mend(info.item_type)))
            case inspect.DictType():
                return self._dict(info)
            case inspect.StructType():
                return self._struct(info)
            case inspect.UnionType():
                return self._union(info)
        return self._leaf(info)

    def _leaf(self, info: inspect.Type) -> Mend | None:
        match info:
            case inspect.FloatType():
                return self.leaves.of_float
            case inspect.IntType():
                return self.leaves.of_int64 if _is_wide(info) else self.leaves.of_int
            case inspect.AnyType():
                return self.leaves.of_any
            case inspect.DecimalType():
                return self.leaves.of_decimal
            case inspect.TimeDeltaType():
                return self.leaves.of_duration
        return None

    def _dict(self, info: inspect.DictType) -> Mend | None:
        of_value = self.mend(info.value_type)
        of_key = self._key(info.key_type)
        if of_value is None and of_key is None:
            return None
        key, item = of_key or _same, of_value or _same

        def mend(value: Any) -> Any:
            if not isinstance(value, dict):
                return value
            return {key(n): _at(str(n), item, part) for n, part in value.items()}

        return mend

    def _key(self, info: inspect.Type) -> Mend | None:
        while isinstance(info, inspect.Metadata):
            info = info.type
        if isinstance(info, inspect.BoolType):
            return self.leaves.of_bool_key
        return self.leaves.of_int_key if isinstance(info, inspect.IntType) else None

    def _struct(self, info: inspect.StructType) -> Mend | None:
        if info.cls in self.structs:
            return self.structs[info.cls]
        fields: dict[str, Mend] = {}

        def mend(value: Any) -> Any:
            if not isinstance(value, dict):
                return value
            mended = dict(value)
            for name, of_field in fields.items():
                if name in mended:
                    mended[name] = _at(name, of_field, mended[name])
            return mended

        # A type that contains itself must have something to refer to.
        self.structs[info.cls] = mend if self._matters(info, set()) else None
        for field in info.fields:
            if (of_field := self._field(field)) is not None:
                fields[field.encode_name] = of_field
        return self.structs[info.cls]

    def _field(self, field: inspect.Field) -> Mend | None:
        check = self.leaves.of_optional if _is_optional(field) else None
        return _both(check, self.mend(field.type))

    def _matters(self, info: inspect.Type, seen: set[Any]) -> bool:
        """Does a value of the type have any part that is to be mended?"""
        match info:
            case inspect.StructType():
                if info.cls in seen:
                    return False
                seen.add(info.cls)
                if self.leaves.of_optional and any(map(_is_optional, info.fields)):
                    return True
            case inspect.SetType() | inspect.FrozenSetType() if self.leaves.of_set:
                return True
            case inspect.DictType() if self._key(info.key_type):
                return True
        inner = parts(info)
        if not inner and not isinstance(info, inspect.StructType):
            return self.mend(info) is not None
        return any(self._matters(part, seen) for part in inner)

    def _union(self, info: inspect.UnionType) -> Mend | None:
        tagged = [t for t in info.types if isinstance(t, inspect.StructType) and t.tag]
        if tagged:
            return self._tagged(tagged)
        mends = [m for t in info.types if (m := self.mend(t)) is not None]
        return _unless_none(mends[0]) if mends else None

    def _tagged(self, members: list[inspect.StructType]) -> Mend | None:
        by_tag = {m.tag: each for m in members if (each := self.mend(m)) is not None}
        tag_field = members[0].tag_field
        if not by_tag:
            return None

        def mend(value: Any) -> Any:
            if not isinstance(value, dict):
                return value
            tag = value.get(tag_field)
            of_member = by_tag.get(tag) if isinstance(tag, str) else None
            return value if of_member is None else of_member(value)

        return mend


def _at(place: str, mend: Mend, value: Any) -> Any:
    """What ``mend`` makes of a value at ``place``."""
    try:
        return mend(value)
    except MisplacedError as error:
        raise error.below(place) from None


def _same(value: Any) -> Any:
    return value


def _each(of_item: Mend | None) -> Mend | None:
    if of_item is None:
        return None

    def mend(value: Any) -> Any:
        if not isinstance(value, list | tuple | set | frozenset):
            return value
        return [_at(f"[{i}]", of_item, item) for i, item in enumerate(value)]

    return mend


def _both(first: Mend | None, then: Mend | None) -> Mend | None:
    if first is None or then is None:
        return first or then
    return lambda value: then(first(value))


def _unless_none(of_value: Mend) -> Mend:
    return lambda value: value if value is None else of_value(value)


def _is_optional(field: inspect.Field) -> bool:
    """May the field be absent (``None`` then), but never null on the wire?"""
    return (
        not field.required
        and field.default is None
        and isinstance(field.type, inspect.UnionType)
    )


def _is_wide(info: inspect.IntType) -> bool:
    """Has the integer 64 bits? Narrower ones are bounded on both sides."""
    return info.le is None or info.le >= _INT32 * 2
