"""The business logic. This file is yours: svcgen wrote it once, and only appends new methods."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator
from typing import Any

from kitchen_sink_v1 import (
    Color,
    Common,
    Containers,
    Hostile,
    KitchenSink,
    Limits,
    Mixed,
    Names,
    Page,
    Presence,
    Scalars,
    Shape,
    Shared,
    Switch,
    Texts,
    Tree,
    Type,
)


class KitchenSinkHandler(KitchenSink):
    """What KitchenSink does."""

    async def echo_scalars(self, request: Scalars) -> Scalars:
        raise NotImplementedError("echo_scalars")

    async def echo_containers(self, request: Containers) -> Containers:
        raise NotImplementedError("echo_containers")

    async def echo_presence(self, request: Presence) -> Presence:
        raise NotImplementedError("echo_presence")

    async def echo_limits(self, request: Limits) -> Limits:
        raise NotImplementedError("echo_limits")

    async def echo_hostile(self, request: Hostile) -> Hostile:
        raise NotImplementedError("echo_hostile")

    async def echo_texts(self, request: Texts) -> Texts:
        raise NotImplementedError("echo_texts")

    async def echo_mixed(self, request: Mixed) -> Mixed:
        raise NotImplementedError("echo_mixed")

    async def echo_tree(self, request: Tree) -> Tree:
        raise NotImplementedError("echo_tree")

    async def echo_shape(self, request: Shape) -> Shape:
        raise NotImplementedError("echo_shape")

    async def echo_color(self, color: Color, switch: Switch) -> Color:
        raise NotImplementedError("echo_color")

    async def echo_names(self, request: Names) -> Names:
        raise NotImplementedError("echo_names")

    async def echo_any(self, request: Any) -> Any:
        raise NotImplementedError("echo_any")

    async def echo_nullable(self, maybe: str | None) -> str | None:
        raise NotImplementedError("echo_nullable")

    async def search(
        self,
        text: str,
        limit: int,
        colors: list[Color] | None,
        since: dt.datetime | None,
        ratio: float | None,
    ) -> list[str]:
        """Everything that fits a query."""
        raise NotImplementedError("search")

    async def place(
        self,
        id: int,
        verbose: bool,
        request_id: str | None,
        tree: Tree,
    ) -> str:
        """Parts of the request in every place."""
        raise NotImplementedError("place")

    async def page(self, page_token: str | None, size: int) -> Page:
        raise NotImplementedError("page")

    async def nothing(self) -> None:
        raise NotImplementedError("nothing")

    async def ping(self) -> str:
        raise NotImplementedError("ping")

    async def fire(self, line: str) -> None:
        raise NotImplementedError("fire")

    async def fail(self, how: str) -> None:
        raise NotImplementedError("fail")

    async def secret(self) -> str:
        raise NotImplementedError("secret")

    async def old(self) -> int:
        """Deprecated: use ping"""
        raise NotImplementedError("old")

    async def count(self, to: int, delay: dt.timedelta) -> AsyncIterator[int]:
        raise NotImplementedError("count")
        yield  # makes this an asynchronous generator

    async def add_up(self, requests: AsyncIterator[int]) -> int:
        raise NotImplementedError("add_up")

    async def shapes(self, requests: AsyncIterator[Shape]) -> AsyncIterator[Shape]:
        raise NotImplementedError("shapes")
        yield  # makes this an asynchronous generator

    async def trees(self, requests: AsyncIterator[Tree]) -> AsyncIterator[Tree]:
        raise NotImplementedError("trees")
        yield  # makes this an asynchronous generator

    async def list_(self) -> list[int]:
        raise NotImplementedError("list")

    async def class_(self, self_: str, options_: str, request: str) -> str:
        raise NotImplementedError("class")

    async def close_(self) -> str:
        raise NotImplementedError("close")

    async def init(self, none: int) -> int:
        raise NotImplementedError("__init__")

    async def x(self, y: int | None) -> int | None:
        raise NotImplementedError("x")

    async def shared(self, request: Shared) -> Shared:
        raise NotImplementedError("shared")


class TypeHandler(Type):
    """What type does."""

    async def version(self) -> str:
        raise NotImplementedError("version")

    async def import_(self, from_: str) -> str:
        raise NotImplementedError("import")


class CommonHandler(Common):
    """What Common does."""

    async def version(self) -> str:
        raise NotImplementedError("version")
