"""Both ways at once over WebSocket, at the client; ``rest_websocket`` tells how they talk."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from typing import Any

import aiohttp

from .errors import Code, ServiceError
from .rest_lines import unmarked
from .rest_outgoing import Outgoing
from .rest_problem import decode_problem

_END = ""  # the message that ends the client's stream
_NORMAL = 1000
_STATUSES = 4000  # a close code beyond it is 4000 plus a status


class SocketCall:
    """One call over an open socket."""

    def __init__(
        self,
        socket: aiohttp.ClientWebSocketResponse,
        outgoing: Outgoing,
        requests: AsyncIterator[Any],
    ) -> None:
        self._socket = socket
        self._outgoing = outgoing
        self._requests = requests
        self._failure: Exception | None = None  # of the caller's iterator

    async def run(self) -> AsyncGenerator[Any, None]:
        """Send the requests, give the responses. Raises what failed on either side."""
        sending = asyncio.ensure_future(self._send())
        try:
            async for message in self._socket:
                if message.type is not aiohttp.WSMsgType.TEXT:
                    continue
                data = message.data.encode()
                if (problem := unmarked(data)) is not None:
                    raise decode_problem(self._outgoing.operation, 500, problem)
                yield self._outgoing.item(data)
            self._check_end()
        finally:
            sending.cancel()
            await asyncio.wait({sending})
            if not sending.cancelled():
                sending.exception()  # told above, or late: the call has ended

    async def _send(self) -> None:
        try:
            async for request in self._requests:
                await self._socket.send_str(self._outgoing.message(request))
            await self._socket.send_str(_END)
        except aiohttp.ClientError:
            return  # the socket is closed; why, the receiving side knows
        except Exception as error:
            self._failure = error
            await self._socket.close()
            raise

    def _check_end(self) -> None:
        if self._failure is not None:
            raise self._failure
        code = self._socket.close_code
        if code == _NORMAL:
            return
        if code is not None and _STATUSES < code < _STATUSES + 600:
            raise decode_problem(self._outgoing.operation, code - _STATUSES, b"")
        error = self._socket.exception()
        text = str(error) if error else f"closed with {code}"
        raise ServiceError(Code.UNAVAILABLE, f"the connection broke: {text}")
