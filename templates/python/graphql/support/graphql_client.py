"""The client's side of GraphQL: queries and mutations by POST, subscriptions by WebSocket."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from typing import Any

import msgspec

from .channel import CallOptions
from .endpoint import Endpoint
from .errors import Code, ServiceError, Violation, invalid
from .graphql_errors import WireError, read_error
from .graphql_fields import FINDER, GRAPHQL_JSON, ID, RootField, RootFields
from .graphql_input import reader
from .graphql_mixin import (
    GRAPHQL,
    GRAPHQL_EVENTS,
    GraphqlRequest,
    GraphqlResponse,
)
from .graphql_output import writer
from .graphql_socket_client import Sockets
from .graphql_types import UnusualError
from .http_client import HttpPool
from .http_errors import code_of_status, phrase
from .operation import Operation
from .settings import ClientSettings

_PATH = "/graphql"
_NEVER = "GraphQL carries no streams of requests"


class _Response(msgspec.Struct):
    """What a server answers (October 2021, 7.1)."""

    data: dict[str, Any] | None = None
    errors: list[WireError] | None = None


_decode = msgspec.json.Decoder(_Response).decode
_encode = msgspec.json.Encoder().encode


class GraphqlChannel:
    """Calls over GraphQL. Each operation sends the query that was written for it."""

    def __init__(
        self, fields: RootFields, endpoint: Endpoint, settings: ClientSettings
    ) -> None:
        secure = endpoint.scheme.endswith("https")
        self._pool = HttpPool(endpoint, settings, secure=secure)
        self._url = self._pool.base + ("" if endpoint.path else _PATH)
        self._sockets = Sockets(self._pool, self._url)
        self._fields = fields
        self._by_operation = {each.operation: each for each in fields if each.document}
        self._outgoing: dict[Operation, _Outgoing] = {}

    async def unary(
        self, operation: Operation, request: Any, options: CallOptions
    ) -> Any:
        if operation is GRAPHQL:
            return await self._free(request, options)
        outgoing = self._of(operation)
        response = await self._exchange(outgoing.body(request), options)
        return outgoing.value(response)

    async def client_stream(
        self, operation: Operation, requests: AsyncIterator[Any], options: CallOptions
    ) -> Any:
        raise ServiceError(Code.UNIMPLEMENTED, _NEVER)

    async def server_stream(
        self, operation: Operation, request: Any, options: CallOptions
    ) -> AsyncIterator[Any]:
        if operation is GRAPHQL_EVENTS:
            free = self._sockets.received(_encode(request), options)
            async with aclosing(free) as responses:
                async for payload in responses:
                    yield _free_response(_decoded(payload))
            return
        outgoing = self._of(operation)
        body = outgoing.body(request)
        stream = self._sockets.received(
            body, options, operation, shared=outgoing.is_event
        )
        async with aclosing(stream) as responses:
            async for payload in responses:
                yield outgoing.value(_decoded(payload))

    async def bidi(
        self, operation: Operation, requests: AsyncIterator[Any], options: CallOptions
    ) -> AsyncIterator[Any]:
        raise ServiceError(Code.UNIMPLEMENTED, _NEVER)
        yield  # makes this an asynchronous generator

    async def close(self) -> None:
        await self._pool.close()

    def _of(self, operation: Operation) -> _Outgoing:
        """How to call an operation; found out when it is called first."""
        outgoing = self._outgoing.get(operation)
        if outgoing is None:
            field = self._by_operation.get(operation)
            if field is None:
                text = f"GraphQL does not carry {operation.key} by itself"
                raise ServiceError(Code.UNIMPLEMENTED, text)
            outgoing = _Outgoing(field, self._fields.query(field))
            self._outgoing[operation] = outgoing
        return outgoing

    async def _free(
        self, request: GraphqlRequest, options: CallOptions
    ) -> GraphqlResponse:
        return _free_response(await self._exchange(_encode(request), options))

    async def _exchange(self, body: bytes, options: CallOptions) -> _Response:
        headers = {"accept": GRAPHQL_JSON, "content-type": "application/json"}
        status, data = await self._pool.exchange(
            "POST", self._url, headers, body, options
        )
        try:
            response = _decode(data)
        except (msgspec.DecodeError, RecursionError):
            response = _Response()
        if response.data is None and not response.errors:
            code = code_of_status(status) if status >= 300 else Code.INTERNAL
            raise ServiceError(code, f"no GraphQL response: {phrase(status)}")
        return response


class _Outgoing:
    """What is sent for one operation, and what is made of the answer."""

    def __init__(self, field: RootField, query: str) -> None:
        operation = field.operation
        self._field = field
        self.is_event = field.is_event
        self._head = b'{"query":' + _encode(query)
        self._write: Callable[[Any], Any] | None = None
        if operation.request is not None:
            self._write = writer(operation.request, field.renamed)
        self._read: Callable[[Any], Any] | None = None
        if operation.response is not None:
            self._read = reader(operation.response, field.renamed, is_answer=True)

    def body(self, request: Any) -> bytes:
        """The request as JSON. Raises ``ServiceError`` if GraphQL cannot say it."""
        if self._write is None:
            return self._head + b"}"
        try:
            written = self._write(request)
        except UnusualError as error:
            raise invalid([Violation(error.path, error.message)]) from None
        variables = {self._field.value: written} if self._field.value else written
        if self._field.found_by:
            owner = variables.pop(self._field.owner)
            variables[self._field.found_by] = owner[ID]
        return self._head + b',"variables":' + _encode(variables) + b"}"

    def value(self, response: _Response) -> Any:
        """The value of a response. Raises the error that it reports."""
        if response.errors:
            raise read_error(response.errors[0], self._field.operation)
        if self._read is None or response.data is None:
            return None
        data = response.data
        if self._field.found_by:
            data = data.get(FINDER) or {}
            if self._field.name not in data:
                raise ServiceError(Code.NOT_FOUND, f"the {self._field.of} is not found")
        try:
            return self._read(data.get(self._field.name))
        except (UnusualError, msgspec.ValidationError) as error:
            text = f"the response is not valid: {error}"
            raise ServiceError(Code.INTERNAL, text) from None


def _free_response(response: _Response) -> GraphqlResponse:
    errors = [read_error(each) for each in response.errors or ()]
    return GraphqlResponse(response.data, errors)


def _decoded(payload: bytes) -> _Response:
    try:
        return _decode(payload)
    except (msgspec.DecodeError, RecursionError) as error:
        text = f"the response is not valid: {error}"
        raise ServiceError(Code.INTERNAL, text) from None
