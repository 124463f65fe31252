"""Handlers in threads: for those that block, so that others are served meanwhile."""

from __future__ import annotations

import asyncio
import contextvars
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any


class Workers:
    """A pool of threads, each with an event loop of its own.

    A handler that runs in one must not use what belongs to the server's loop: events
    that it publishes, clients that it shares.
    """

    def __init__(self, count: int) -> None:
        self._pool = ThreadPoolExecutor(count, "thrift")
        self._local = threading.local()
        self._loops: list[asyncio.AbstractEventLoop] = []

    def wrap(
        self, invoke: Callable[[Any, Any], Any]
    ) -> Callable[[Any, Any], Awaitable[Any]]:
        """``invoke`` in a thread; a call that is cancelled ends at its next ``await``."""

        async def invoked(handler: Any, request: Any) -> Any:
            running = _Running()
            context = contextvars.copy_context()
            future = asyncio.get_running_loop().run_in_executor(
                self._pool,
                lambda: context.run(
                    self._run, running, lambda: invoke(handler, request)
                ),
            )
            try:
                return await future
            except asyncio.CancelledError:
                running.cancel()
                raise

        return invoked

    def close(self) -> None:
        """End the threads once their calls have ended."""
        self._pool.shutdown(wait=False, cancel_futures=True)
        for loop in self._loops:
            if not loop.is_running():
                loop.close()

    def _run(self, running: _Running, start: Callable[[], Awaitable[Any]]) -> Any:
        loop = getattr(self._local, "loop", None)
        if loop is None:
            loop = self._local.loop = asyncio.new_event_loop()
            self._loops.append(loop)
        return loop.run_until_complete(running.watch(loop, start))


class _Running:
    """A call in a thread, to be cancelled from another."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[Any] | None = None

    async def watch(
        self, loop: asyncio.AbstractEventLoop, start: Callable[[], Awaitable[Any]]
    ) -> Any:
        self._task = asyncio.current_task()
        self._loop = loop
        return await start()

    def cancel(self) -> None:
        loop, task = self._loop, self._task
        if loop is not None and task is not None and not task.done():
            loop.call_soon_threadsafe(task.cancel)
