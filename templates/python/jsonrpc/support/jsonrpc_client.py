"""The client's side of HTTP: one POST a call."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from itertools import count
from typing import Any

from yarl import URL

from .channel import CallOptions
from .endpoint import Endpoint
from .errors import Code, ServiceError
from .http_client import HttpPool
from .http_errors import code_of_status, phrase
from .http_negotiation import JSON
from .jsonrpc_batch import BATCH
from .jsonrpc_method import Method
from .jsonrpc_outgoing import incoming, outgoing
from .operation import Operation
from .settings import ClientSettings


class PostChannel:
    """Calls over HTTP. What streams cannot be called here, and says so."""

    def __init__(
        self, methods: Sequence[Method], endpoint: Endpoint, settings: ClientSettings
    ) -> None:
        secure = endpoint.scheme.endswith("https")
        self._pool = HttpPool(endpoint, settings, secure=secure)
        self._url = URL(self._pool.base, encoded=True)
        self._outgoing = outgoing(methods)
        self._ids = count(1)

    async def unary(
        self, operation: Operation, request: Any, options: CallOptions
    ) -> Any:
        method = self._outgoing[operation]
        ident = b"" if operation.oneway else b"%d" % next(self._ids)
        body = method.call(ident, method.params(request))
        batch = BATCH.get()
        if batch is None:
            status, data = await self._post(body, options)
        else:
            status, data = await batch.exchange(self._post, ident, body, options)
        if operation.oneway and status < 300:
            return None
        response = incoming(data, lambda text: _fault(status, text))
        if bytes(response.id) != ident and not response.error:
            raise _fault(status, "the response belongs to another call")
        return method.outcome(response)

    async def _post(self, body: bytes, options: CallOptions) -> tuple[int, bytes]:
        headers = {"accept": JSON, "content-type": JSON}
        return await self._pool.exchange("POST", self._url, headers, body, options)

    async def client_stream(
        self, operation: Operation, requests: AsyncIterator[Any], options: CallOptions
    ) -> Any:
        raise _no_stream(operation)

    async def server_stream(
        self, operation: Operation, request: Any, options: CallOptions
    ) -> AsyncIterator[Any]:
        raise _no_stream(operation)
        yield

    def bidi(
        self, operation: Operation, requests: AsyncIterator[Any], options: CallOptions
    ) -> AsyncIterator[Any]:
        return self.server_stream(operation, None, options)

    async def close(self) -> None:
        await self._pool.close()


def _fault(status: int, text: str) -> ServiceError:
    """The error of an answer that is no response to the call."""
    if status >= 300:
        return ServiceError(code_of_status(status), phrase(status))
    return ServiceError(Code.INTERNAL, text)


def _no_stream(operation: Operation) -> ServiceError:
    text = f"{operation.key} streams: call it over jsonrpc+ws, not over HTTP"
    return ServiceError(Code.UNIMPLEMENTED, text)
