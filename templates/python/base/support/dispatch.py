"""The server's seam: every protocol hands its decoded calls to one dispatcher.

It admits, authenticates, validates, bounds in time, traces, logs, and turns whatever a handler
raises into a ``ServiceError``. A protocol decodes, calls, encodes.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import aclosing
from typing import Any

from .context import CURRENT, Context
from .errors import Code, ServiceError, invalid
from .logs import log_call
from .operation import Operation
from .settings import Credentials, ServerSettings

UnaryCall = Callable[[Any, Context], Awaitable[Any]]
StreamCall = Callable[[Any, Context], AsyncIterator[Any]]


class Dispatcher:
    """Calls the handlers. ``call`` and ``stream`` bind an operation once, when a server starts."""

    def __init__(self, handlers: Mapping[str, Any], settings: ServerSettings) -> None:
        """``handlers``: by the service's name in the definition."""
        self.handlers = handlers
        self.settings = settings
        self.in_flight = 0
        self.draining = False

    async def is_ready(self) -> bool:
        """May traffic come here now?"""
        if self.draining:
            return False
        return self.settings.ready is None or await self.settings.ready()

    def call(self, operation: Operation) -> UnaryCall:
        """How to call an operation with one response: ``await call(request_or_iterator, context)``."""
        handler = self.handlers[operation.service]
        invoke, validate = operation.invoke, operation.validate
        streams = operation.kind.value[0]

        async def call(request: Any, context: Context) -> Any:
            self._admit(context)
            token = CURRENT.set(context)
            failure: ServiceError | None = None
            try:
                if operation.auth:
                    await self._authenticate(context)
                if streams:
                    request = self._checked(operation, request)
                elif validate is not None and (violations := validate(request)):
                    raise invalid(violations)
                if context.deadline is None:
                    return await invoke(handler, request)
                return await _within(context, invoke(handler, request))
            except Exception as error:
                failure = as_service_error(error, context)
                raise failure from error
            finally:
                self.in_flight -= 1
                CURRENT.reset(token)
                if failure is not None or self.settings.access_log:
                    log_call(context, failure)

        return call

    def stream(self, operation: Operation) -> StreamCall:
        """How to call an operation with many responses: ``async for … in stream(request, context)``."""
        handler = self.handlers[operation.service]
        invoke, validate = operation.invoke, operation.validate
        streams = operation.kind.value[0]

        async def stream(request: Any, context: Context) -> AsyncIterator[Any]:
            self._admit(context)
            CURRENT.set(context)
            failure: ServiceError | None = None
            try:
                if operation.auth:
                    await self._authenticate(context)
                if streams:
                    request = self._checked(operation, request)
                elif validate is not None and (violations := validate(request)):
                    raise invalid(violations)
                async with aclosing(invoke(handler, request)) as responses:
                    async for response in _before_deadline(context, responses):
                        yield response
            except Exception as error:
                failure = as_service_error(error, context)
                raise failure from error
            finally:
                self.in_flight -= 1
                if failure is not None or self.settings.access_log:
                    log_call(context, failure)

        return stream

    def _admit(self, context: Context) -> None:
        if self.in_flight >= self.settings.max_in_flight:
            raise ServiceError(Code.RESOURCE_EXHAUSTED, "too many calls at once")
        self.in_flight += 1
        if context.deadline is None:
            seconds = context.operation.deadline or self.settings.default_deadline
            if seconds is not None:
                context.deadline = asyncio.get_running_loop().time() + seconds

    async def _authenticate(self, context: Context) -> None:
        hook = self.settings.authenticate
        for credentials in presented(context):
            if hook is None or credentials.scheme not in context.operation.auth:
                continue
            principal = await hook(credentials)
            if principal is None:
                continue
            if not principal.scopes.issuperset(context.operation.scopes):
                raise ServiceError(Code.PERMISSION_DENIED, "the caller lacks a scope")
            context.principal = principal
            return
        raise ServiceError(Code.UNAUTHENTICATED, "valid credentials are needed")

    @staticmethod
    async def _checked(operation: Operation, requests: AsyncIterator[Any]) -> AsyncIterator[Any]:
        async for request in requests:
            if operation.validate is not None and (violations := operation.validate(request)):
                raise invalid(violations)
            yield request


def presented(context: Context) -> Iterable[Credentials]:
    """The credentials that came with a call (RFC 6750 section 2.1; ``x-api-key``)."""
    scheme, _, secret = context.metadata.get("authorization").partition(" ")
    if scheme.lower() == "bearer" and secret:
        yield Credentials("bearer", secret.strip())
    if key := context.metadata.get("x-api-key"):
        yield Credentials("api_key", key)


async def _within(context: Context, answer: Awaitable[Any]) -> Any:
    async with asyncio.timeout_at(context.deadline):
        return await answer


async def _before_deadline(context: Context, items: AsyncIterator[Any]) -> AsyncIterator[Any]:
    while True:
        try:
            async with asyncio.timeout_at(context.deadline):
                item = await anext(items)
        except StopAsyncIteration:
            return
        yield item


def as_service_error(error: Exception, context: Context) -> ServiceError:
    """What the client may know of ``error``: itself, a passed deadline, or only that it happened."""
    if isinstance(error, ServiceError):
        return error
    if isinstance(error, TimeoutError) and context.remaining == 0.0:
        return ServiceError(Code.DEADLINE_EXCEEDED, "the deadline passed")
    if isinstance(error, NotImplementedError):
        return ServiceError(Code.UNIMPLEMENTED, f"{context.operation.key} is not implemented")
    return ServiceError(Code.INTERNAL, "internal error")
