"""Clients for scripts: calls that block, run by one event loop in a thread."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Iterator
from types import TracebackType
from typing import Any, Generic, Protocol, Self, TypeVar

from .server import loop_factory

T = TypeVar("T")
C = TypeVar("C", bound="Closable")
AHEAD = 16  # items that may wait between a thread and the loop


class Closable(Protocol):
    """A client, of one service or of several."""

    async def close(self) -> None: ...


class Portal:
    """An event loop in a daemon thread, shared by all blocking clients of a process."""

    _lock = threading.Lock()
    _shared: Portal | None = None

    def __init__(self) -> None:
        self._users = 0
        self._process = os.getpid()
        self._loop: asyncio.AbstractEventLoop
        self._stop: asyncio.Event
        ready = threading.Event()
        self._thread = threading.Thread(
            target=self._work, args=(ready,), name="blocking-calls", daemon=True
        )
        self._thread.start()
        ready.wait()

    @classmethod
    def enter(cls) -> Portal:
        """The running portal of this process; ``leave`` it when done."""
        with cls._lock:
            portal = cls._shared
            if portal is None or portal._process != os.getpid():
                portal = cls._shared = Portal()
            portal._users += 1
            return portal

    def leave(self) -> None:
        """End the thread if nobody else uses it."""
        with self._lock:
            self._users -= 1
            if self._users or self._process != os.getpid():
                return
            if Portal._shared is self:
                Portal._shared = None
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    def run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Run the coroutine on the portal's loop; cancel it if we are interrupted.

        Raises ``RuntimeError`` when its client was closed, and in a child process: a
        forked loop has no thread.
        """
        if not self._users:
            coroutine.close()
            raise RuntimeError("this client is closed")
        if self._process != os.getpid():
            coroutine.close()
            raise RuntimeError("this client was made before a fork; make a new one")
        if threading.current_thread() is self._thread:
            coroutine.close()
            raise RuntimeError("a blocking client cannot wait for itself")
        future = asyncio.run_coroutine_threadsafe(coroutine, self._loop)
        try:
            return future.result()
        except BaseException:
            future.cancel()
            raise

    def iterate(self, responses: AsyncIterator[T]) -> Iterator[T]:
        """The responses one by one; leaving the loop early ends the call."""
        received: asyncio.Queue[Callable[[], T]] = asyncio.Queue(AHEAD)
        pumping = self.run(_start(_pump(responses, received)))
        try:
            while True:
                try:
                    yield self.run(received.get())()
                except _EndOfStreamError:
                    return
        finally:
            if self._users:  # else the end of the thread has ended the call
                self.run(_ended(pumping))

    @staticmethod
    def stream(items: Iterable[T]) -> AsyncIterator[T]:
        """The items as a stream of requests; an iterable may block."""
        return requests_of(items)

    def _work(self, ready: threading.Event) -> None:
        async def main() -> None:
            self._loop = asyncio.get_running_loop()
            self._stop = asyncio.Event()
            ready.set()
            await self._stop.wait()

        with asyncio.Runner(loop_factory=loop_factory()) as runner:
            runner.run(main())


class BlockingClientBase(Generic[C]):
    """The base of generated blocking clients. ``close`` it, or use it in ``with``.

    One client may be used by several threads. Do not call it from a handler: that
    would block the server's loop.
    """

    def __init__(self, make: Callable[[], C]) -> None:
        """``make`` runs on the portal's loop, to which the client then belongs."""
        self._portal = Portal.enter()
        self._owner = True
        try:
            self._client = self._portal.run(_made(make))
        except BaseException:
            self._portal.leave()
            raise

    @classmethod
    def on(cls, portal: Portal, client: C) -> Self:
        """A blocking face of a client that somebody else closes."""
        self = cls.__new__(cls)
        self._portal, self._client, self._owner = portal, client, False
        return self

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections. Closing twice is fine."""
        if not self._owner:
            return
        self._owner = False
        try:
            self._portal.run(self._client.close())
        finally:
            self._portal.leave()


class BlockingServiceClient(BlockingClientBase[C]):
    """The base of the blocking client of one service."""


class _EndOfStreamError(Exception):
    """Nothing more will come."""


class _Ending:
    """How a stream ended, to be told where it is read."""

    def __init__(self) -> None:
        self._error: Exception = _EndOfStreamError()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        if isinstance(error, Exception):
            self._error = error
        return isinstance(error, Exception)

    def give(self) -> Any:
        raise self._error


async def requests_of(items: Iterable[T]) -> AsyncIterator[T]:
    """The items as a stream of requests; an iterable may block."""
    if isinstance(items, list | tuple | set | dict | range):
        for item in items:
            yield item
        return
    loop = asyncio.get_running_loop()
    read: asyncio.Queue[Callable[[], T]] = asyncio.Queue()
    room = threading.Semaphore(AHEAD)
    left = threading.Event()

    def work() -> None:
        with _Ending() as ending:
            for item in items:
                room.acquire()
                if left.is_set():
                    return
                loop.call_soon_threadsafe(read.put_nowait, _giving(item))
        if not left.is_set():
            loop.call_soon_threadsafe(read.put_nowait, ending.give)

    threading.Thread(target=work, name="requests", daemon=True).start()
    try:
        while True:
            try:
                item = (await read.get())()
            except _EndOfStreamError:
                return
            yield item
            room.release()
    finally:
        left.set()
        room.release()


async def _pump(
    responses: AsyncIterator[T], received: asyncio.Queue[Callable[[], T]]
) -> None:
    # one task takes all items: what a transport begins in a task it ends in that task
    with _Ending() as ending:
        try:
            async for response in responses:
                await received.put(_giving(response))
        finally:
            if (close := getattr(responses, "aclose", None)) is not None:
                await close()
    await received.put(ending.give)


def _giving(item: T) -> Callable[[], T]:
    return lambda: item


async def _start(work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
    return asyncio.create_task(work)


async def _ended(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.wait((task,))


async def _made(make: Callable[[], C]) -> C:
    return make()
