"""The base of generated clients: what every call carries, whatever its protocol."""

from __future__ import annotations

import random
from collections.abc import (
    AsyncIterable,
    AsyncIterator,
    Awaitable,
    Iterable,
    Sequence,
)
from types import TracebackType
from typing import Any, ClassVar, Self

from .balance import BalancedChannel
from .channel import CallOptions, Channel
from .context import CURRENT, Context
from .deadline import deadline_exceeded
from .endpoint import Schemes, endpoints_of
from .errors import ConfigurationError
from .metadata import Pair, sendable
from .operation import Operation
from .settings import ClientSettings
from .telemetry import telemetry
from .validation import check_of

_OWN = {"traceparent", "tracestate", "authorization", "x-api-key"}


def open_channel(
    urls: str | Sequence[str], schemes: Schemes, settings: ClientSettings
) -> Channel:
    """A channel over the addresses of the URLs; nothing is sent before the first call.

    Raises ``ConfigurationError`` if a URL is wrong or its scheme unknown.
    """
    endpoints = endpoints_of(urls)
    if not endpoints:
        raise ConfigurationError("a client needs at least one URL")
    channels = [schemes.connect(endpoint, settings) for endpoint in endpoints]
    return BalancedChannel(channels, settings)


class ServiceClient:
    """Makes the calls of one service over a channel.

    Adds to each call its deadline (the caller's, the operation's, the client's, and
    never later than that of the call being served), the metadata and credentials of
    the settings, and the trace context. Use it as ``async with``, or ``close`` it.
    """

    schemes: ClassVar[Schemes]  # of the package that generated the client

    @classmethod
    def connect(cls, *urls: str, settings: ClientSettings | None = None) -> Self:
        """A client of the server at ``urls``; the scheme of a URL is the protocol.

        Several addresses (``a://h:1,i:1``) share the calls. Nothing is sent before the
        first call.
        """
        settings = settings or ClientSettings()
        return cls(open_channel(urls, cls.schemes, settings), settings)

    def __init__(
        self, channel: Channel, settings: ClientSettings | None = None
    ) -> None:
        self._channel = channel
        self._settings = settings = settings or ClientSettings()
        self._has_secrets = bool(settings.bearer or settings.api_key)
        self._telemetry = telemetry()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connections. Calls in flight fail."""
        await self._channel.close()

    def _unary(
        self, operation: Operation, request: Any, options: CallOptions | None
    ) -> Awaitable[Any]:
        if self._telemetry is not None:
            return self._telemetry.client_call(
                operation, lambda: self._send(operation, request, options)
            )
        return self._send(operation, request, options)

    def _client_stream(
        self,
        operation: Operation,
        requests: AsyncIterable[Any],
        options: CallOptions | None,
    ) -> Awaitable[Any]:
        return self._unary(operation, aiter(requests), options)

    def _server_stream(
        self, operation: Operation, request: Any, options: CallOptions | None
    ) -> AsyncIterator[Any]:
        responses = self._receive(operation, request, options)
        if self._telemetry is not None:
            return self._telemetry.client_stream(operation, responses)
        return responses

    def _bidi(
        self,
        operation: Operation,
        requests: AsyncIterable[Any],
        options: CallOptions | None,
    ) -> AsyncIterator[Any]:
        return self._server_stream(operation, aiter(requests), options)

    async def _send(
        self, operation: Operation, request: Any, options: CallOptions | None
    ) -> Any:
        if self._settings.validate:
            request = _checked(operation, request)
        secrets = await self._secrets() if self._has_secrets else ()
        outgoing = self._outgoing(operation, options, secrets)
        if operation.kind.asks_stream:
            return await self._channel.client_stream(operation, request, outgoing)
        return await self._channel.unary(operation, request, outgoing)

    async def _receive(
        self, operation: Operation, request: Any, options: CallOptions | None
    ) -> AsyncIterator[Any]:
        if self._settings.validate:
            request = _checked(operation, request)
        secrets = await self._secrets() if self._has_secrets else ()
        outgoing = self._outgoing(operation, options, secrets)
        if operation.kind.asks_stream:
            responses = self._channel.bidi(operation, request, outgoing)
        else:
            responses = self._channel.server_stream(operation, request, outgoing)
        try:
            async for response in responses:
                yield response
        finally:
            if (close := getattr(responses, "aclose", None)) is not None:
                await close()

    async def _secrets(self) -> list[Pair]:
        """The credentials as metadata, asked anew for each call."""
        settings = self._settings
        given: list[Pair] = []
        if settings.bearer is not None:
            given.append(("authorization", f"Bearer {await settings.bearer()}"))
        if settings.api_key is not None:
            given.append(("x-api-key", await settings.api_key()))
        return sendable(given)

    def _outgoing(
        self,
        operation: Operation,
        options: CallOptions | None,
        secrets: Iterable[Pair],
    ) -> CallOptions:
        """What to send along; ``headers`` and ``trailers`` stay the caller's.

        What the caller itself gives as trace context or credentials goes instead.
        """
        served = CURRENT.get()
        timeout = self._timeout(operation, options, served)
        metadata = self._trace_context(served)
        if self._settings.metadata:
            metadata = sendable(self._settings.metadata) + metadata
        metadata += secrets
        if options is None:
            return CallOptions(timeout, metadata, False)
        if options.metadata:
            own = sendable(options.metadata)
            given = {name for name, _ in own} & _OWN
            metadata = [pair for pair in metadata if pair[0] not in given]
            metadata += own
        return options.sending(timeout, metadata)

    def _timeout(
        self, operation: Operation, options: CallOptions | None, served: Context | None
    ) -> float | None:
        timeout = None if options is None else options.timeout
        if timeout is None:
            timeout = operation.deadline
        if timeout is None and not operation.kind.gives_stream:
            timeout = self._settings.timeout
        if served is not None and (remaining := served.remaining) is not None:
            timeout = remaining if timeout is None else min(timeout, remaining)
        if timeout is not None and timeout <= 0.0:
            raise deadline_exceeded()
        return timeout

    def _trace_context(self, served: Context | None) -> list[Pair]:
        """The W3C trace context of a new span, below that of the call being served."""
        fresh = random.randbytes(24).hex()  # a trace id and a span id
        span_id, trace = fresh[32:], None
        if self._telemetry is not None and (trace := self._telemetry.current()):
            span_id = trace.span_id
        elif served is not None:
            trace = served.trace
        if trace is None:
            return [("traceparent", f"00-{fresh[:32]}-{span_id}-01")]
        parent = f"00-{trace.trace_id}-{span_id}-{trace.flags}"
        if trace.state:
            return [("traceparent", parent), ("tracestate", trace.state)]
        return [("traceparent", parent)]


def _checked(operation: Operation, request: Any) -> Any:
    """The request, checked against its limits."""
    check = check_of(operation)
    return request if check is None else check(request)
