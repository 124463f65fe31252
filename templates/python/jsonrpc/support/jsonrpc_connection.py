"""One open WebSocket at the client: sends the calls, and gives each response to its own."""

from __future__ import annotations

import asyncio
from itertools import count

import aiohttp

from .errors import Code, ServiceError
from .http_client import UNREACHABLE, HttpPool
from .jsonrpc_outgoing import Incoming, incoming
from .jsonrpc_socket_call import SocketCall
from .jsonrpc_stream import CANCEL, MORE, NEXT, SIGNAL, Inbox, Signal, signal


class Connection:
    """Reads until it breaks or is closed; the calls in flight fail then."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse, pool: HttpPool) -> None:
        self._socket = socket
        self._pool = pool
        self._calls: dict[bytes, SocketCall] = {}
        self._ids = count(1)
        self._cancelling: set[asyncio.Task[None]] = set()
        self._reading = asyncio.ensure_future(self._read())

    @property
    def is_closed(self) -> bool:
        return self._socket.closed or self._reading.done()

    def begin(self, call: SocketCall) -> None:
        """Give the call its id; what comes for it, it gets."""
        ident = call.ident = b"%d" % next(self._ids)
        if call.method.operation.oneway:
            return
        self._calls[ident] = call
        if call.method.operation.kind.gives_stream:
            call.inbox = Inbox(self._pool.limit, lambda n: self._grant(ident, n))

    def end(self, call: SocketCall) -> None:
        """Forget the call, and let the server do so if it has not ended it."""
        self._calls.pop(call.ident, None)
        if not call.is_ended and not self.is_closed:
            cancelling = asyncio.ensure_future(self._cancel(call.ident))
            self._cancelling.add(cancelling)
            cancelling.add_done_callback(self._cancelling.discard)

    async def send(self, message: bytes) -> None:
        try:
            await self._socket.send_str(message.decode())
        except UNREACHABLE as error:
            raise self._pool.unavailable(error) from error

    async def close(self) -> None:
        if self._cancelling:
            await asyncio.wait(self._cancelling)
        await self._socket.close()
        await asyncio.wait({self._reading})

    async def _cancel(self, ident: bytes) -> None:
        try:
            await self.send(signal(CANCEL, ident))
        except ServiceError:
            return  # the connection is gone, and the call with it

    async def _grant(self, ident: bytes, size: int) -> None:
        await self.send(signal(MORE, ident, b',"bytes":%d' % size))

    async def _read(self) -> None:
        try:
            async for message in self._socket:
                if message.type is aiohttp.WSMsgType.ERROR:
                    break
                self._take(incoming(message.data, _broken))
            failure = self._pool.broken_off(self._socket)
        except ServiceError as error:
            failure = error
        for call in self._calls.values():
            call.fail(failure)
        self._calls.clear()
        await self._socket.close()

    def _take(self, message: Incoming) -> None:
        if message.method:
            self._notified(message)
            return
        call = self._calls.pop(bytes(message.id), None)
        if call is not None:
            call.respond(message)

    def _notified(self, message: Incoming) -> None:
        if message.method not in (NEXT, MORE):
            return
        told = _signal(message)
        call = self._calls.get(bytes(told.subscription))
        if call is None:
            return
        if message.method == MORE:
            call.credit.add(told.bytes)
        elif call.inbox is not None:
            call.inbox.put(bytes(told.value))


def _signal(message: Incoming) -> Signal:
    try:
        return SIGNAL(message.params)
    except ValueError as error:
        raise _broken(str(error)) from None


def _broken(text: str) -> ServiceError:
    return ServiceError(Code.INTERNAL, text)
