"""One server of the sample, and clients of it, over the loopback."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from kernel.sample import SCHEMES, Sample
from kernel.support.channel import CallOptions
from kernel.support.client import ServiceClient, open_channel
from kernel.support.errors import ServiceError
from kernel.support.operation import Operation
from kernel.support.server import Server
from kernel.support.settings import ClientSettings, ServerSettings


class SampleClient(ServiceClient):
    """Calls any operation: what generated methods do with the operation they know."""

    async def one(
        self, operation: Operation, request: Any = None, options: CallOptions | None = None
    ) -> Any:
        if operation.kind.asks_stream:
            return await self._client_stream(operation, request, options)
        return await self._unary(operation, request, options)

    def many(
        self, operation: Operation, request: Any = None, options: CallOptions | None = None
    ) -> AsyncIterator[Any]:
        if operation.kind.asks_stream:
            return self._bidi(operation, request, options)
        return self._server_stream(operation, request, options)


@dataclass
class Serving:
    """A running server, its handler, and a client."""

    server: Server
    handler: Sample
    client: SampleClient


def client_of(urls: str | list[str], settings: ClientSettings | None = None) -> SampleClient:
    settings = settings or ClientSettings()
    return SampleClient(open_channel(urls, SCHEMES, settings), settings)


@asynccontextmanager
async def serving(
    settings: ServerSettings | None = None, client: ClientSettings | None = None
) -> AsyncIterator[Serving]:
    """A server on a port of its own; both ends are closed at the end."""
    handler = Sample()
    server = Server([handler], SCHEMES, "loopback://here:0", settings)
    async with server, client_of(server.urls, client) as caller:
        yield Serving(server, handler, caller)


async def each(items: Iterable[Any]) -> AsyncIterator[Any]:
    """The items as a stream of requests."""
    for item in items:
        yield item


async def gathered(responses: AsyncIterator[Any]) -> tuple[list[Any], ServiceError | None]:
    """The responses, and the error that ended them."""
    received = []
    try:
        async for response in responses:
            received.append(response)
    except ServiceError as error:
        return received, error
    return received, None
