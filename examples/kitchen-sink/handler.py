"""Echoes: what goes in comes out, on every wire and under every name."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

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
    Plain,
    Presence,
    Scalars,
    Shape,
    Shared,
    SharedProblem,
    Switch,
    Teapot,
    Texts,
    Tree,
    Type,
    runtime,
)

WORDS = ["alpha", "beta", "gamma", "delta", "epsilon"]
_ID = UUID("12345678-1234-5678-1234-567812345678")


class KitchenSinkHandler(KitchenSink):
    """Everything at once."""

    async def echo_scalars(self, request: Scalars) -> Scalars:
        return request

    async def echo_containers(self, request: Containers) -> Containers:
        return request

    async def echo_presence(self, request: Presence) -> Presence:
        return request

    async def echo_limits(self, request: Limits) -> Limits:
        return request

    async def echo_hostile(self, request: Hostile) -> Hostile:
        return request

    async def echo_texts(self, request: Texts) -> Texts:
        return request

    async def echo_mixed(self, request: Mixed) -> Mixed:
        return request

    async def echo_tree(self, request: Tree) -> Tree:
        self.publish_happened(request)
        return request

    async def echo_shape(self, request: Shape) -> Shape:
        self.publish_work_waits(request)
        return request

    async def echo_color(self, color: Color, switch: Switch) -> Color:
        return color if switch is Switch.ON else Color.RED

    async def echo_names(self, request: Names) -> Names:
        return request

    async def echo_any(self, request: Any) -> Any:
        return request

    async def echo_nullable(self, maybe: str | None) -> str | None:
        return maybe

    async def search(
        self,
        text: str,
        limit: int,
        colors: list[Color] | None,
        since: dt.datetime | None,
        ratio: float | None,
    ) -> list[str]:
        facts = [
            text,
            *(c.value for c in colors or []),
            since and since.isoformat(),
            ratio,
        ]
        return [str(fact) for fact in facts if fact is not None][:limit]

    async def place(
        self, id: int, verbose: bool, request_id: str | None, tree: Tree
    ) -> str:
        return f"{id} {verbose} {request_id} {tree.value}"

    async def page(self, page_token: str | None, size: int) -> Page:
        start = int(page_token) if page_token and page_token.isdecimal() else 0
        end = start + max(1, min(size, len(WORDS)))
        more = str(end) if end < len(WORDS) else None
        return Page(items=WORDS[start:end], next_page_token=more)

    async def nothing(self) -> None:
        return None

    async def ping(self) -> str:
        return "pong"

    async def fire(self, line: str) -> None:
        return None

    async def fail(self, how: str) -> None:
        match how:
            case "teapot":
                raise Teapot(message_="short", code_=418)
            case "shared":
                raise SharedProblem(shared=Shared(id=_ID))
            case "fault":
                raise RuntimeError("the secret reason")
            case "loss":
                raise runtime.ServiceError(runtime.Code.DATA_LOSS, how)
            case _:
                raise Plain

    async def secret(self) -> str:
        principal = runtime.current().principal
        return f"hello {principal.name if principal else 'nobody'}"

    async def old(self) -> int:
        return 1

    async def count(self, to: int, delay: dt.timedelta) -> AsyncIterator[int]:
        for number in range(1, min(to, 10_000) + 1):
            await asyncio.sleep(max(0.0, delay.total_seconds()))
            yield number

    async def add_up(self, requests: AsyncIterator[int]) -> int:
        return sum([number async for number in requests])

    async def shapes(self, requests: AsyncIterator[Shape]) -> AsyncIterator[Shape]:
        async for shape in requests:
            yield shape

    async def trees(self, requests: AsyncIterator[Tree]) -> AsyncIterator[Tree]:
        async for tree in requests:
            yield tree

    async def list_(self) -> list[int]:
        return [1, 2, 3]

    async def class_(self, self_: str, options_: str, request: str) -> str:
        return self_ + options_ + request

    async def close_(self) -> str:
        return "closed"

    async def init(self, none: int) -> int:
        return none

    async def x(self, y: int | None) -> int | None:
        return y

    async def shared(self, request: Shared) -> Shared:
        return request


class TypeHandler(Type):
    """The second service."""

    async def version(self) -> str:
        return "type 1"

    async def import_(self, from_: str) -> str:
        return from_


class CommonHandler(Common):
    """The mixin, served by itself too."""

    async def version(self) -> str:
        return "common 1"
