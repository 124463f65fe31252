"""Serves calls wherever they come from: finds the method, dispatches, answers."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import Any, Protocol

from .context import Context
from .dispatch import Dispatcher
from .errors import Code, ServiceError
from .http_exchange import FAULTS, internal
from .json import json_codec
from .jsonrpc_envelope import (
    NO_METHOD,
    Batch,
    Call,
    failure,
    parse,
    result,
)
from .jsonrpc_errors import encode_error
from .jsonrpc_method import Method, Params
from .operation import Operation
from .settings import ServerSettings

DISCOVER = "rpc.discover"  # of OpenRPC

_AT_ONCE = 16  # calls of a batch
_BREATH = 64  # calls of a batch after which others get their turn


class Served:
    """A method of the server; made once."""

    def __init__(self, method: Method, dispatcher: Dispatcher) -> None:
        operation = method.operation
        style = {"int64_as_string": method.int64_as_string}
        self.method = method
        self.operation = operation
        self.asks_stream = operation.kind.asks_stream
        self.gives_stream = operation.kind.gives_stream
        self.streams = self.asks_stream or self.gives_stream
        self.call: Any = None if self.gives_stream else dispatcher.call(operation)
        self.stream: Any = dispatcher.stream(operation) if self.gives_stream else None
        self.decode = Params(method).decode
        self.decode_value = json_codec(operation.request, **style).decode
        encode = json_codec(operation.response, **style).encode
        self.encode = _null if operation.response is None else encode


def _null(_: Any) -> bytes:
    return b"null"


class Origin(Protocol):
    """Where a call came from."""

    def context(self, operation: Operation, call: Call) -> Context: ...

    async def stream(self, served: Served, call: Call, context: Context) -> bytes:
        """Serve a call that streams; the value of its response."""
        ...

    def more(self, context: Context) -> bytes:
        """Further members of the response."""
        ...


class Calls:
    """The methods of a server."""

    def __init__(
        self,
        methods: Sequence[Method],
        dispatcher: Dispatcher,
        settings: ServerSettings,
        document: bytes = b"",
    ) -> None:
        """``document`` is the OpenRPC description as JSON."""
        self._served = {m.name: Served(m, dispatcher) for m in methods}
        for method in methods:
            for name in method.also:
                self._served.setdefault(name, self._served[method.name])
        self._document = document.strip() if settings.docs else b""
        self._limit = settings.max_message_bytes

    async def answer(self, call: Call, origin: Origin) -> bytes | None:
        """The response; ``None`` to a notification."""
        served = self._served.get(call.method)
        ident = bytes(call.id)
        if served is None:
            return self._other(call.method, ident) if ident else None
        context: Context | None = None
        try:
            context = origin.context(served.operation, call)
            if served.streams:
                value = await origin.stream(served, call, context)
            else:
                request = served.decode(call.params)
                value = served.encode(await served.call(request, context))
            if not ident:
                return None
            if context.headers is None and context.trailers is None:
                return result(ident, value)
            return result(ident, value, origin.more(context))
        except ServiceError as error:
            failed = error
        except FAULTS as error:
            failed = internal(error)
        if not ident:
            return None
        return _failure(ident, failed, served.method, origin, context)

    def _other(self, method: str, ident: bytes) -> bytes:
        if method == DISCOVER and self._document:
            return result(ident, self._document)
        return failure(ident, NO_METHOD)

    async def answer_batch(
        self, batch: Batch, answer: Callable[[Call], Awaitable[bytes | None]]
    ) -> bytes | None:
        """The responses in the order of the calls; ``None`` if all are notifications.

        Once they are longer than a message may be, further calls are refused.
        """
        work = _Batch(batch, answer, self._limit)
        if len(batch) == 1:
            await work.run()
        else:
            async with asyncio.TaskGroup() as group:
                for _ in range(min(len(batch), _AT_ONCE)):
                    group.create_task(work.run())
        found = [response for response in work.responses if response is not None]
        return b"[%b]" % b",".join(found) if found else None


def _failure(
    ident: bytes,
    error: ServiceError,
    method: Method,
    origin: Origin,
    context: Context | None,
) -> bytes:
    try:
        more = b"" if context is None else origin.more(context)
    except ServiceError:
        more = b""  # metadata that cannot travel
    return failure(ident, encode_error(error, method), more)


class _Batch:
    """The calls of a batch, shared by those who work on it."""

    def __init__(
        self,
        batch: Batch,
        answer: Callable[[Call], Awaitable[bytes | None]],
        limit: int,
    ) -> None:
        self.responses: list[bytes | None] = [None] * len(batch)
        self._answer = answer
        self._left = limit
        self._todo: Iterator[tuple[int, Any]] = iter(enumerate(batch))

    async def run(self) -> None:
        for index, element in self._todo:
            if index % _BREATH == 0:
                await asyncio.sleep(0)
            response = await self._one(parse(element))
            if response is not None:
                self._left -= len(response)
                self.responses[index] = response

    async def _one(self, call: Call | bytes) -> bytes | None:
        if isinstance(call, bytes):
            return call
        if self._left > 0:
            return await self._answer(call)
        ident = bytes(call.id)
        return failure(ident, _TOO_LONG) if ident else None


_TOO_LONG = encode_error(
    ServiceError(Code.RESOURCE_EXHAUSTED, "the responses of the batch are too long")
)
