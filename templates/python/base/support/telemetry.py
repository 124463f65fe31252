"""OpenTelemetry spans around calls, when the application has set up a tracer provider.

Without one nothing of OpenTelemetry is imported or run. Set it up before the server
starts or the client is made.
"""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractContextManager
from importlib import import_module
from typing import Any

from .context import Context
from .errors import ServiceError
from .operation import Operation
from .trace import Trace


class Telemetry:
    """Makes spans of one tracer."""

    def __init__(self, api: Any) -> None:
        self._api = api
        self._context = import_module("opentelemetry.context")
        self._tracer = api.get_tracer(__package__.partition(".")[0])
        module = import_module("opentelemetry.trace.propagation.tracecontext")
        self._propagator = module.TraceContextTextMapPropagator()

    def server_call(
        self, call: Callable[[Any, Context], Awaitable[Any]]
    ) -> Callable[[Any, Context], Awaitable[Any]]:
        """``call`` in a span below the caller's."""

        async def traced(request: Any, context: Context) -> Any:
            span = self._server_span(context)
            with self._current(span):
                try:
                    return await call(request, context)
                except ServiceError as error:
                    self._failed(span, error)
                    raise
                finally:
                    span.end()

        return traced

    def server_stream(
        self, stream: Callable[[Any, Context], AsyncIterator[Any]]
    ) -> Callable[[Any, Context], AsyncIterator[Any]]:
        """``stream`` in a span below the caller's."""

        def traced(request: Any, context: Context) -> AsyncIterator[Any]:
            span = self._server_span(context)
            return self._stepped(span, stream(request, context))

        return traced

    def client_call(
        self, operation: Operation, start: Callable[[], Awaitable[Any]]
    ) -> Awaitable[Any]:
        """Await ``start()`` in a span below the current one."""

        async def traced() -> Any:
            span = self._span(operation, self._api.SpanKind.CLIENT, None)
            with self._current(span):
                try:
                    return await start()
                except ServiceError as error:
                    self._failed(span, error)
                    raise
                finally:
                    span.end()

        return traced()

    def client_stream(
        self, operation: Operation, responses: AsyncIterator[Any]
    ) -> AsyncIterator[Any]:
        """Iterate over ``responses`` in a span below the current one."""
        span = self._span(operation, self._api.SpanKind.CLIENT, None)
        return self._stepped(span, responses)

    def current(self) -> Trace | None:
        """The current span as a trace context, ``None`` if there is no span."""
        found = self._api.get_current_span().get_span_context()
        return _trace(found) if found.is_valid else None

    async def _stepped(
        self, span: Any, items: AsyncIterator[Any]
    ) -> AsyncIterator[Any]:
        # the span is current only while an item is made: a generator's body runs in
        # whatever context its consumer has
        try:
            while True:
                with self._current(span):
                    try:
                        item = await anext(items)
                    except StopAsyncIteration:
                        return
                yield item
        except ServiceError as error:
            self._failed(span, error)
            raise
        finally:
            with self._current(span):
                if (close := getattr(items, "aclose", None)) is not None:
                    await close()
            span.end()

    def _server_span(self, context: Context) -> Any:
        parent = None
        if not self._api.get_current_span().get_span_context().is_valid:
            metadata = context.metadata
            carrier = {
                name: metadata.get(name) for name in ("traceparent", "tracestate")
            }
            parent = self._propagator.extract(carrier, self._context.Context())
        span = self._span(context.operation, self._api.SpanKind.SERVER, parent)
        if (found := span.get_span_context()).is_valid:
            context.trace = _trace(found)
        return span

    def _span(self, operation: Operation, kind: Any, parent: Any) -> Any:
        name = f"{operation.service}/{operation.name}"
        facts = {"rpc.service": operation.service, "rpc.method": operation.name}
        return self._tracer.start_span(name, parent, kind, facts)

    def _current(self, span: Any) -> AbstractContextManager[Any]:
        current: AbstractContextManager[Any] = self._api.use_span(span)
        return current

    def _failed(self, span: Any, error: ServiceError) -> None:
        span.set_attribute("error.type", error.code.value)
        span.set_status(self._api.StatusCode.ERROR, error.message)


def _trace(span: Any) -> Trace:
    return Trace(
        f"{span.trace_id:032x}",
        f"{span.span_id:016x}",
        f"{int(span.trace_flags):02x}",
        span.trace_state.to_header(),
    )


def telemetry() -> Telemetry | None:
    """Spans for this process, or ``None`` if nothing has set a tracer provider."""
    api: Any = sys.modules.get("opentelemetry.trace")  # set up only if imported
    if api is None or isinstance(api.get_tracer_provider(), api.ProxyTracerProvider):
        return None
    return Telemetry(api)
