"""Values of generated models, made at random from their type annotations: the same for one seed."""

from __future__ import annotations

import datetime as dt
import random
import types
import typing
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

import msgspec

DEPTH = 4  # beyond it, containers are empty and what may be absent is

_TEXTS = ("", "a", "ünï ☃ 😀", "x" * 200, "\x00\n\"'\\")
_FLOATS = (0.0, -0.0, 1.5, -2.25, 2.0**100, float("inf"))  # exact in four bytes


class Values:
    """``Values(seed).make(models.Order)``"""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def make(self, annotation: Any, depth: int = 0) -> Any:
        if annotation is None:
            return None
        origin = typing.get_origin(annotation)
        if origin is typing.Annotated:
            return self._limited(annotation)
        if origin in (types.UnionType, typing.Union):
            return self._one_of(typing.get_args(annotation), depth)
        if origin in (list, set, dict):
            return self._many(origin, typing.get_args(annotation), depth)
        if isinstance(annotation, type) and issubclass(annotation, msgspec.Struct):
            return self._struct(annotation, depth)
        if isinstance(annotation, type) and issubclass(annotation, Enum):
            return self._random.choice(list(annotation))
        return self._plain(annotation)

    def _struct(self, cls: Any, depth: int) -> Any:
        hints = typing.get_type_hints(cls, include_extras=True)
        given = {}
        for field in msgspec.structs.fields(cls):
            if field.required or (depth <= DEPTH and self._random.random() < 0.7):
                given[field.name] = self.make(hints[field.name], depth + 1)
        return cls(**given)

    def _one_of(self, choices: Any, depth: int) -> Any:
        if depth > DEPTH:
            absent = [c for c in choices if c in (type(None), msgspec.UnsetType)]
            choices = absent or choices[:1]
        choice = self._random.choice(choices)
        if choice is msgspec.UnsetType:
            return msgspec.UNSET
        return None if choice is type(None) else self.make(choice, depth + 1)

    def _many(self, kind: Any, items: Any, depth: int) -> Any:
        count = 0 if depth > DEPTH else self._random.randrange(4)
        if kind is dict:
            key, value = items
            return {self.make(key, depth + 1): self.make(value, depth + 1) for _ in range(count)}
        return kind(self.make(items[0], depth + 1) for _ in range(count))

    def _limited(self, annotation: Any) -> Any:
        base, meta = annotation.__origin__, annotation.__metadata__[0]
        if base is not int:
            return self.make(base)
        high = meta.le if meta.le is not None else 2**64 - 1
        picks = (meta.ge, high, 0, 1, self._random.randint(meta.ge, high))
        return self._random.choice(picks)

    def _plain(self, kind: Any) -> Any:
        pick = self._random.choice
        number = self._random.randint(0, 2**32)
        micros = dt.timedelta(microseconds=number)
        makers = {
            bool: lambda: pick((True, False)),
            float: lambda: pick(_FLOATS),
            str: lambda: pick(_TEXTS),
            bytes: lambda: pick((b"", b"\x00\xff", b"x" * 300)),
            int: lambda: pick((0, 1, -1, number)),
            Decimal: lambda: pick((Decimal("0"), Decimal("-12.500"), Decimal("1E+30"))),
            dt.datetime: lambda: dt.datetime(1960, 2, 3, tzinfo=dt.UTC) + micros * 400_000,
            dt.date: lambda: dt.date(1970, 1, 1) + dt.timedelta(days=number % 50_000),
            dt.time: lambda: (dt.datetime(1970, 1, 1) + micros).time(),
            dt.timedelta: lambda: pick((micros, -micros, dt.timedelta(0))),
            UUID: lambda: UUID(int=self._random.getrandbits(128)),
            Any: lambda: pick((None, True, 1, 0.5, "text", [1, [None]], {"a": {"b": []}})),
        }
        return makers[kind]()
