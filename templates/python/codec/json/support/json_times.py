"""Finds times without an offset in values of the model: as instants they mean nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeAlias

from msgspec import inspect

from .json_walk import parts

Check: TypeAlias = Callable[[Any], None]


def refuse_naive(kind: Any) -> Check | None:
    """What raises ``ValueError`` for such a time anywhere in a value; ``None``: no instants in it."""
    info = inspect.type_info(kind)
    return _Checks().of(info) if _has_instant(info, set()) else None


def _has_instant(info: inspect.Type, seen: set[Any]) -> bool:
    if isinstance(info, inspect.StructType):
        if info.cls in seen:
            return False
        seen.add(info.cls)
    if isinstance(info, inspect.DateTimeType):
        return info.tz is True
    return any(_has_instant(part, seen) for part in parts(info))


class _Checks:
    def __init__(self) -> None:
        self.structs: dict[Any, dict[str, Check]] = {}

    def of(self, info: inspect.Type) -> Check | None:
        match info:
            case inspect.Metadata():
                return self.of(info.type)
            case inspect.DateTimeType():
                return _instant if info.tz else None
            case inspect.ListType() | inspect.SetType() | inspect.FrozenSetType():
                return _each(self.of(info.item_type))
            case inspect.DictType():
                return _each_value(self.of(info.value_type))
            case inspect.UnionType():
                return self._union(info)
            case inspect.StructType():
                return self._struct(info)
        return None

    def _struct(self, info: inspect.StructType) -> Check | None:
        known = info.cls in self.structs
        checks = self.structs.setdefault(info.cls, {})

        def check(value: Any) -> None:
            for name, of_field in checks.items():
                of_field(getattr(value, name))

        if not known:
            for field in info.fields:
                if (of_field := self.of(field.type)) is not None:
                    checks[field.name] = of_field
            return check if checks else None
        return check  # a type that contains itself is still being read

    def _union(self, info: inspect.UnionType) -> Check | None:
        classes = [t for t in info.types if isinstance(t, inspect.StructType)]
        by_class = {t.cls: c for t in classes if (c := self.of(t)) is not None}
        others = [c for t in info.types if t not in classes and (c := self.of(t))]
        if not by_class and not others:
            return None

        def check(value: Any) -> None:
            of_class = by_class.get(type(value))
            for of_value in others if of_class is None else (of_class,):
                of_value(value)

        return check


def _instant(value: Any) -> None:
    if isinstance(value, datetime) and value.tzinfo is None:
        raise ValueError(f"the time {value} has no offset from UTC")


def _each(check: Check | None) -> Check | None:
    if check is None:
        return None

    def check_each(values: Any) -> None:
        if isinstance(values, list | set | frozenset):
            for value in values:
                check(value)

    return check_each


def _each_value(check: Check | None) -> Check | None:
    if check is None:
        return None

    def check_each(values: Any) -> None:
        if isinstance(values, dict):
            for value in values.values():
                check(value)

    return check_each
