"""The service of ``wire/jsonrpc/arithmetic.yaml``, generated once, with a handler for the tests."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import importlib
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from types import ModuleType
from typing import Any

WIRE = Path(__file__).parent / "wire" / "jsonrpc"
LIMIT = 20  # seconds that anything may take


@functools.cache
def package() -> ModuleType:
    root = Path(tempfile.mkdtemp(prefix="svcgen-arithmetic-"))
    command = [sys.executable, "-m", "svcgen", "new", str(WIRE / "arithmetic.yaml")]
    options = ["-o", str(root), "--protocol", "jsonrpc"]
    done = subprocess.run(
        [*command, *options], capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    sys.path.insert(0, str(root / "python" / "src"))
    return importlib.import_module("arithmetic")


def handler() -> Any:
    """A new handler; ``told`` is what notifications said, ``open`` how many streams are."""
    module: Any = package()

    class Handler(module.Arithmetic):  # type: ignore[misc]
        def __init__(self) -> None:
            self.told: list[Any] = []
            self.open = 0

        async def subtract(self, minuend: int, subtrahend: int) -> int:
            return minuend - subtrahend

        async def sum(self, a: int, b: int, c: int) -> int:
            if a + b + c >= 2**31:
                raise module.Overflow(limit=2**31 - 1)
            return a + b + c

        async def update(self, a: int, b: int, c: int, d: int, e: int) -> None:
            self.told.append([a, b, c, d, e])

        async def notify_hello(self, value: int) -> None:
            self.told.append(value)

        async def notify_sum(self, a: int, b: int, c: int) -> None:
            self.told.append(a + b + c)

        async def get_data(self) -> list[Any]:
            return ["hello", 5]

        async def echo(self, request: Any) -> Any:
            return request

        async def sleep(self, seconds: float) -> float:
            if seconds < 0:
                raise ValueError("the secret reason")
            self.open += 1
            try:
                await asyncio.sleep(seconds)
            finally:
                self.open -= 1
            return seconds

        async def count(self, first: int) -> AsyncIterator[int]:
            self.open += 1
            try:
                while first > 0:
                    yield first
                    first -= 1
            finally:
                self.open -= 1

        async def total(self, requests: AsyncIterator[int]) -> int:
            found = 0
            async for request in requests:
                found += request
            return found

        async def running_total(self, requests: AsyncIterator[int]) -> AsyncIterator[int]:
            self.open += 1
            try:
                found = 0
                async for request in requests:
                    found += request
                    yield found
            finally:
                self.open -= 1

    return Handler()


@contextlib.asynccontextmanager
async def serving(given: Any = None, settings: Any = None) -> AsyncIterator[str]:
    """A server at a free port; its ``host:port``."""
    server = package().serve(
        given or handler(), urls=["jsonrpc+ws://127.0.0.1:0"], settings=settings
    )
    async with server:
        yield server.urls[0].partition("://")[2]
