"""The server side of Thrift: connections whose messages go to the dispatcher."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from . import thrift_health as health
from .dispatch import Dispatcher
from .endpoint import Endpoint
from .errors import ConfigurationError
from .settings import ServerSettings
from .thrift import ThriftMethod, option
from .thrift_call import Served
from .thrift_connection import ThriftConnection
from .thrift_start import Starter
from .thrift_threads import Workers
from .tls import server_context

POLL = 0.02  # seconds between looks at what is still open while draining
LAST_GRACE = 1.0  # seconds that cancelled calls have to clean up


class ThriftListener:
    """Serves the methods on one address, whatever protocol and transport a client takes.

    Methods are found by their name, and by ``Service:method`` (multiplexed); where
    services share a name, the plain one is the first service's. Options of the URL:
    ``server=threads`` runs handlers in ``workers`` threads, for those that block;
    ``reuse_port=1`` lets several processes listen on one port.
    """

    def __init__(
        self,
        methods: Sequence[ThriftMethod],
        endpoint: Endpoint,
        dispatcher: Dispatcher,
        settings: ServerSettings,
    ) -> None:
        self.settings = settings
        self.dispatcher = dispatcher
        self.connections: set[ThriftConnection] = set()
        self.methods: dict[bytes, Served] = {}
        self.calls: set[asyncio.Task[None]] = set()  # that have to wait
        self.starter: Starter
        self._endpoint = endpoint
        self._workers = _workers(endpoint)
        self._listed = methods
        self._server: asyncio.Server | None = None
        self._ticking: asyncio.Task[None] | None = None

    async def start(self) -> Endpoint:
        """Bind and accept; return the address with the port that was bound."""
        self.methods = self._served()
        self.starter = Starter()
        reuse = option(self._endpoint, "reuse_port", "0", ("0", "1")) == "1"
        loop = asyncio.get_running_loop()
        server = await loop.create_server(
            lambda: ThriftConnection(self),
            self._endpoint.host,
            self._endpoint.port,
            ssl=self._tls(),
            reuse_port=reuse or None,
        )
        self._server = server
        self._ticking = asyncio.create_task(self._tick())
        return self._endpoint.at(server.sockets[0].getsockname()[1])

    async def stop(self, grace: float) -> None:
        """Accept nothing new, give calls ``grace`` seconds, then end them."""
        if self._server is not None:
            self._server.close()
        for connection in list(self.connections):
            connection.drain()
        await self._wait(grace)
        for call in list(self.calls):
            call.cancel()
        for connection in list(self.connections):
            connection.abort()
        await self._wait(LAST_GRACE)
        if self._ticking is not None:
            self._ticking.cancel()
            await asyncio.wait((self._ticking,))
            await self.starter.close()
        if self._workers is not None:
            self._workers.close()

    async def _wait(self, seconds: float) -> None:
        """Until nothing is open any more, or ``seconds`` have passed."""
        end = time.monotonic() + seconds
        while (self.connections or self.calls) and time.monotonic() < end:
            await asyncio.sleep(POLL)

    def _served(self) -> dict[bytes, Served]:
        name, call = health.OPERATION.name.encode(), health.health_call(self.dispatcher)
        found = {name: Served(name, health.CODEC, call, health.OPERATION)}
        for method in reversed(
            self._listed
        ):  # the first of a name is the one that stays
            operation = method.operation
            if self._workers is not None:
                operation = replace(
                    operation, invoke=self._workers.wrap(operation.invoke)
                )
            call = self.dispatcher.call(operation)
            served = Served(method.name.encode(), method.codec, call, operation)
            found[served.name] = served
            found[f"{method.service}:{method.name}".encode()] = served
        return found

    def _tls(self) -> Any:
        if self._endpoint.scheme != "thrifts":
            return None
        if self.settings.tls is None:
            raise ConfigurationError(
                f"{self._endpoint} needs a TLS certificate and key"
            )
        return server_context(self.settings.tls)

    async def _tick(self) -> None:
        """Every second: no mercy with clients that stall inside of a message."""
        while True:
            await asyncio.sleep(min(1.0, self.settings.idle_timeout / 4))
            silent_since = time.monotonic() - self.settings.idle_timeout
            for connection in list(self.connections):
                connection.end_if_silent(silent_since)


def _workers(endpoint: Endpoint) -> Workers | None:
    kind = option(endpoint, "server", "asyncio", ("asyncio", "threads"))
    count = endpoint.options.get("workers", "32")
    if not count.isdecimal() or not 0 < int(count) <= 1024:
        raise ConfigurationError(
            f"{endpoint} has workers={count}; from 1 to 1024 can be"
        )
    return Workers(int(count)) if kind == "threads" else None
