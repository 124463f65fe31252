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
            case inspect.FloatType():
                return self.leaves.of_float
            case inspect.IntType():
                return self.leaves.of_int64 if _is_wide(info) else self.leaves.of_int
            case inspect.AnyType():
                return self.leaves.of_any
            case inspect.ListType() | inspect.SetType() | inspect.FrozenSetType():
                return _each(self.mend(info.item_type))
            case inspect.DictType():
                return self._dict(info)
            case inspect.StructType():
                return self._struct(info)
            case inspect.UnionType():
                return self._union(info)
        return None

    def _dict(self, info: inspect.DictType) -> Mend | None:
        of_value = self.mend(info.value_type)
        of_key = (
            self.leaves.of_bool_key
            if isinstance(info.key_type, inspect.BoolType)
            else None
        )
        if of_value is None and of_key is None:
            return None
        key, item = of_key or _same, of_value or _same

        def mend(value: Any) -> Any:
            if not isinstance(value, dict):
                return value
            return {key(name): item(part) for name, part in value.items()}

        return mend

    def _struct(self, info: inspect.StructType) -> Mend | None:
        if info.cls in self.structs:
            return self.structs[info.cls]
        fields: dict[str, Mend] = {}

        def mend(value: Any) -> Any:
            if not isinstance(value, dict):
                return value
            return {
                name: fields[name](part) if name in fields else part
                for name, part in value.items()
            }

        # A type that contains itself must have something to refer to.
        self.structs[info.cls] = mend if self._matters(info, set()) else None
        for field in info.fields:
            if (of_field := self.mend(field.type)) is not None:
                fields[field.encode_name] = of_field
        return self.structs[info.cls]

    def _matters(self, info: inspect.Type, seen: set[Any]) -> bool:
        """Does a value of the type have any part that is to be mended?"""
        match info:
            case inspect.StructType():
                if info.cls in seen:
                    return False
                seen.add(info.cls)
                return any(self._matters(f.type, seen) for f in info.fields)
            case inspect.UnionType():
                return any(self._matters(t, seen) for t in info.types)
            case inspect.ListType() | inspect.SetType() | inspect.FrozenSetType():
                return self._matters(info.item_type, seen)
            case inspect.DictType():
                bool_key = isinstance(info.key_type, inspect.BoolType)
                if bool_key and self.leaves.of_bool_key is not None:
                    return True
                return self._matters(info.value_type, seen)
            case inspect.Metadata():
                return self._matters(info.type, seen)
        return self.mend(info) is not None

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


def _same(value: Any) -> Any:
    return value


def _each(of_item: Mend | None) -> Mend | None:
    if of_item is None:
        return None

    def mend(value: Any) -> Any:
        if not isinstance(value, list | tuple | set | frozenset):
            return value
        return [of_item(item) for item in value]

    return mend


def _unless_none(of_value: Mend) -> Mend:
    return lambda value: value if value is None else of_value(value)


def _is_wide(info: inspect.IntType) -> bool:
    """Has the integer 64 bits? Narrower ones are bounded on both sides."""
    return info.le is None or info.le >= _INT32 * 2
