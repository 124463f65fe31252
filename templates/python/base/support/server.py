"""A server: handlers behind any number of protocols, from start to graceful end."""

from __future__ import annotations

import asyncio
import gc
import signal
from collections.abc import Callable, Iterable, Sequence
from types import TracebackType
from typing import Self

from .dispatch import Dispatcher
from .endpoint import Endpoint, Listener, Schemes, endpoints_of
from .errors import ConfigurationError
from .logs import LOGGER
from .service import ServiceBase, end_subscriptions, handlers_by_service
from .settings import ServerSettings

SIGNALS = (signal.SIGTERM, signal.SIGINT)


class Server:
    """Serves handlers at URLs: ``run`` it, or use it as ``async with``."""

    def __init__(
        self,
        handlers: Iterable[ServiceBase],
        schemes: Schemes,
        urls: str | Sequence[str],
        settings: ServerSettings | None = None,
    ) -> None:
        """Raises ``ConfigurationError`` if a URL is wrong, or two share an address."""
        self.settings = settings or ServerSettings()
        self._handlers = list(handlers)
        self.dispatcher = Dispatcher(handlers_by_service(self._handlers), self.settings)
        self.endpoints: list[Endpoint] = []
        self._schemes = schemes
        self._wanted = endpoints_of(urls)
        self._listeners: list[Listener] = []
        self._started: list[ServiceBase] = []
        _refuse_shared(self._wanted)
        if self.settings.tls is not None and not any(
            schemes.is_secure(each.scheme) for each in self._wanted
        ):
            raise ConfigurationError("TLS is set, but no URL is of a secure scheme")

    @property
    def urls(self) -> list[str]:
        """Where it listens, with the ports that were bound."""
        return [str(endpoint) for endpoint in self.endpoints]

    async def start(self) -> None:
        """Start the handlers, then the listeners; if one fails, stop what was started.

        Raises ``OSError`` if an address cannot be bound.
        """
        try:
            for handler in self._handlers:
                self._started.append(handler)
                await handler.on_start()
            for wanted in self._wanted:
                listener = self._schemes.listen(wanted, self.dispatcher, self.settings)
                self.endpoints.append(await listener.start())
                self._listeners.append(listener)
        except BaseException:
            await self.stop(0.0)
            raise

    async def stop(self, grace: float | None = None) -> None:
        """Drain: say not ready, accept nothing new, give calls ``grace`` seconds, end.

        ``grace`` is ``settings.drain_grace`` unless given. Subscriptions to events
        end at once.
        """
        self.dispatcher.draining = True
        if grace is None:
            grace = self.settings.drain_grace
        for handler in self._started:
            end_subscriptions(handler)
        stopping = [listener.stop(grace) for listener in self._listeners]
        outcomes = await asyncio.gather(*stopping, return_exceptions=True)
        self._listeners.clear()
        while self._started:
            await self._started.pop().on_stop()
        for outcome in outcomes:
            if isinstance(outcome, BaseException):
                raise outcome

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.stop()

    def run(self, announce: Callable[[Server], None] | None = None) -> None:
        """``serve`` on a new event loop, uvloop's if it is there."""
        with asyncio.Runner(loop_factory=loop_factory()) as runner:
            runner.run(self.serve(announce))

    async def serve(self, announce: Callable[[Server], None] | None = None) -> None:
        """Start, call ``announce``, serve until SIGTERM or SIGINT, and drain.

        A second signal ends the calls in flight at once.
        """
        asked = [asyncio.Event(), asyncio.Event()]
        with _OnSignals(asked):
            await self.start()
            gc.collect()
            gc.freeze()  # what is alive now stays: no collection need look at it
            if announce is not None:
                announce(self)
            await asked[0].wait()
            LOGGER.info("draining")
            stopping = asyncio.ensure_future(self.stop())
            hurrying = asyncio.ensure_future(asked[1].wait())
            await asyncio.wait(
                (stopping, hurrying), return_when=asyncio.FIRST_COMPLETED
            )
            hurrying.cancel()
            if not stopping.done():
                stopping.cancel()
                await asyncio.wait((stopping,))
                await self.stop(0.0)
            else:
                await stopping
            LOGGER.info("stopped")


def loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """How to make the fastest event loop there is."""
    try:
        import uvloop
    except ImportError:
        return None
    factory: Callable[[], asyncio.AbstractEventLoop] = uvloop.new_event_loop
    return factory


class _OnSignals:
    """Sets the events one after the other at SIGTERM or SIGINT."""

    def __init__(self, events: Sequence[asyncio.Event]) -> None:
        self._events = list(events)

    def __enter__(self) -> None:
        loop = asyncio.get_running_loop()
        self._before = {each: signal.getsignal(each) for each in SIGNALS}
        for each in SIGNALS:
            signal.signal(each, lambda *_: loop.call_soon_threadsafe(self._set))

    def __exit__(self, *_: object) -> None:
        for each, before in self._before.items():
            signal.signal(each, before)

    def _set(self) -> None:
        for event in self._events:
            if not event.is_set():
                event.set()
                return


def _refuse_shared(endpoints: Sequence[Endpoint]) -> None:
    seen: dict[tuple[str, int], Endpoint] = {}
    for endpoint in endpoints:
        address = (endpoint.host, endpoint.port)
        if endpoint.port and (other := seen.get(address)):
            raise ConfigurationError(
                f"{other} and {endpoint} share one address; give each its own port"
            )
        seen[address] = endpoint
