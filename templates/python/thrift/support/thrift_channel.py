"""The client side of Thrift: one connection that carries many calls at a time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from typing import Any

from .channel import CallOptions
from .deadline import within
from .endpoint import Endpoint
from .errors import Code, ServiceError
from .operation import Operation
from .settings import ClientSettings
from .thrift import ThriftMethod, attachments_of, option
from .thrift_link import Link
from .thrift_methods import Attachments, Method
from .thrift_values import Wrong
from .thrift_wire import CALL, ONEWAY, WIRES
from .tls import client_context


class ThriftChannel:
    """Connects when it is first used, and again when the connection is gone.

    Options of the URL: ``protocol`` (binary, compact), ``transport`` (framed,
    buffered), ``multiplexed`` (whether methods are called ``Service:method``; by
    default where the definition has several services) and ``attachments`` (whether
    metadata and deadlines travel in a field that foreign servers skip).
    """

    def __init__(
        self,
        methods: Sequence[ThriftMethod],
        endpoint: Endpoint,
        settings: ClientSettings,
    ) -> None:
        self._endpoint = endpoint
        self._settings = settings
        self._wire = WIRES[option(endpoint, "protocol", "binary", tuple(WIRES))]
        transport = option(endpoint, "transport", "framed", ("framed", "buffered"))
        self._framed = transport == "framed"
        self._attaches = option(endpoint, "attachments", "yes") == "yes"
        several = len({method.service for method in methods}) > 1
        prefixed = option(endpoint, "multiplexed", "yes" if several else "no") == "yes"
        self._methods = {
            method.operation: (method.codec, self._opening(method, prefixed))
            for method in methods
        }
        self._tls = (
            client_context(settings.tls) if endpoint.scheme == "thrifts" else None
        )
        self._link: Link | None = None
        self._connecting: asyncio.Task[Link] | None = None
        self._closed = False

    async def unary(
        self, operation: Operation, request: Any, options: CallOptions
    ) -> Any:
        found = self._methods.get(operation)
        if found is None:
            raise _streams(operation)
        codec, opening = found
        timeout = options.timeout
        deadline = None if timeout is None else time.monotonic() + timeout
        body = self._written(codec, request, options)
        link = self._link
        if link is None or link.closed:
            link = await within(deadline, self._connected())
        if link.full is not None:
            await within(deadline, link.full)
        if operation.oneway:
            link.send(opening, body)
            return None
        sequence, answer = link.ask(opening, body, codec, deadline)
        try:
            return await answer
        finally:
            link.forget(sequence)

    async def client_stream(
        self, operation: Operation, requests: AsyncIterator[Any], options: CallOptions
    ) -> Any:
        raise _streams(operation)

    async def server_stream(
        self, operation: Operation, request: Any, options: CallOptions
    ) -> AsyncIterator[Any]:
        raise _streams(operation)
        yield

    async def bidi(
        self, operation: Operation, requests: AsyncIterator[Any], options: CallOptions
    ) -> AsyncIterator[Any]:
        raise _streams(operation)
        yield

    async def close(self) -> None:
        self._closed = True
        if self._connecting is not None:
            self._connecting.cancel()
        if self._link is not None:
            self._link.close()

    def _opening(self, method: ThriftMethod, prefixed: bool) -> tuple[bytes, bytes]:
        name = f"{method.service}:{method.name}" if prefixed else method.name
        kind = ONEWAY if method.operation.oneway else CALL
        return self._wire.opening(kind, name.encode())

    def _written(self, codec: Method, request: Any, options: CallOptions) -> bytes:
        """The arguments; what they cannot carry is the caller's fault."""
        attached: Attachments | None = None
        if self._attaches:
            attached = attachments_of(options.metadata, options.timeout) or None
        try:
            return codec.write_request(self._wire, request, attached)
        except Wrong as wrong:
            where = f"{wrong.field}: " if wrong.field else ""
            raise ServiceError(
                Code.INVALID_ARGUMENT, f"the request is not valid: {where}{wrong}"
            ) from wrong

    async def _connected(self) -> Link:
        """The connection; callers that come together share one attempt to make it."""
        if self._closed:
            raise ServiceError(Code.UNAVAILABLE, "the client is closed")
        if self._connecting is None:
            self._connecting = asyncio.create_task(self._connect())
            self._connecting.add_done_callback(self._connection_tried)
        return await asyncio.shield(self._connecting)

    def _connection_tried(self, task: asyncio.Task[Link]) -> None:
        self._connecting = None
        if not task.cancelled() and task.exception() is None:
            self._link = task.result()

    async def _connect(self) -> Link:
        loop = asyncio.get_running_loop()
        endpoint = self._endpoint
        limit = self._settings.max_message_bytes
        try:
            _, link = await loop.create_connection(
                lambda: Link(self._wire, self._framed, limit),
                endpoint.host,
                endpoint.port,
                ssl=self._tls,
                server_hostname=endpoint.host if self._tls else None,
            )
        except OSError as error:  # an ssl.SSLError is one too
            failure = ServiceError(
                Code.UNAVAILABLE, f"cannot connect to {endpoint}: {error}"
            )
            failure.unsent = True
            raise failure from error
        return link


def _streams(operation: Operation) -> ServiceError:
    return ServiceError(
        Code.UNIMPLEMENTED, f"{operation.key} streams, which Thrift cannot carry"
    )
