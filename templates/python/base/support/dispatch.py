"""The server's seam: every protocol hands its decoded calls to one dispatcher.

It admits, authenticates, validates, bounds in time, traces, logs, and turns whatever
a handler raises into a ``ServiceError``. A protocol decodes, calls, encodes.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from typing import Any

from .context import CURRENT, Context
from .deadline import deadline_exceeded, within
from .errors import Code, ConfigurationError, ServiceError
from .logs import LOGGER, log_call
from .operation import Operation
from .settings import Credentials, ServerSettings
from .telemetry import telemetry
from .validation import check_of

UnaryCall = Callable[[Any, Context], Awaitable[Any]]
StreamCall = Callable[[Any, Context], AsyncIterator[Any]]

READINESS_LIMIT = 1.0  # seconds that the owner's hook may take


class Dispatcher:
    """Calls the handlers.

    ``call`` and ``stream`` bind an operation once, when a server starts. What they
    return raises ``ServiceError``, or ``CancelledError`` if the caller went away.
    """

    def __init__(self, handlers: Mapping[str, Any], settings: ServerSettings) -> None:
        """``handlers``: by the service's name in the definition."""
        self.handlers = handlers
        self.settings = settings
        self.in_flight = 0
        self.draining = False
        self._telemetry = telemetry()

    async def is_ready(self) -> bool:
        """May traffic come here now?"""
        if self.draining:
            return False
        if self.settings.ready is None:
            return True
        limit = time.monotonic() + READINESS_LIMIT
        asking = within(limit, self.settings.ready())
        [answer] = await asyncio.gather(asking, return_exceptions=True)
        if isinstance(answer, BaseException):
            LOGGER.error("the readiness hook failed", exc_info=answer)
            return False
        return answer

    def call(self, operation: Operation) -> UnaryCall:
        """How to call an operation with one response.

        ``await call(request, context)``; the request of a client stream is an
        iterator.
        """
        handler = self._handler(operation)
        invoke, checked = operation.invoke, check_of(operation)
        limit = self._limit(operation)

        async def call(request: Any, context: Context) -> Any:
            self._admit(context, limit)
            token = CURRENT.set(context)
            try:
                if operation.auth:
                    await within(context.deadline, self._authenticate(context))
                if checked is not None:
                    request = checked(request)
                answer = invoke(handler, request)
                if context.deadline is not None:
                    answer = within(context.deadline, answer)
                response = await answer
            except BaseException as error:
                failure = self._failure(error, context)
                if failure is error:
                    raise
                raise failure from error
            finally:
                self.in_flight -= 1
                CURRENT.reset(token)
            if self.settings.access_log:
                log_call(context, "ok")
            return response

        return call if self._telemetry is None else self._telemetry.server_call(call)

    def stream(self, operation: Operation) -> StreamCall:
        """How to call an operation with many responses.

        ``async for response in stream(request, context)``. Close the iterator when
        the caller goes away: that ends the handler's generator.
        """
        handler = self._handler(operation)
        invoke, checked = operation.invoke, check_of(operation)

        async def stream(request: Any, context: Context) -> AsyncIterator[Any]:
            self._admit(context, self._limit(operation))
            responses: AsyncIterator[Any] | None = None
            try:
                if operation.auth:
                    await within(context.deadline, self._authenticate(context))
                if checked is not None:
                    request = checked(request)
                responses = _in_call(context, lambda: invoke(handler, request))
                while True:
                    try:
                        response = await _next(responses, context)
                    except StopAsyncIteration:
                        break
                    yield response
            except BaseException as error:
                failure = self._failure(error, context)
                if failure is error:
                    raise
                raise failure from error
            finally:
                self.in_flight -= 1
                await _close(responses, context)
            if self.settings.access_log:
                log_call(context, "ok")

        if self._telemetry is None:
            return stream
        return self._telemetry.server_stream(stream)

    def _handler(self, operation: Operation) -> Any:
        handler = self.handlers.get(operation.service)
        if handler is None:
            raise ConfigurationError(
                f"no handler implements the service {operation.service}"
            )
        if operation.auth and self.settings.authenticate is None:
            LOGGER.warning(
                "%s needs credentials, and ServerSettings.authenticate is not set:"
                " all its calls are refused",
                operation.key,
            )
        return handler

    def _limit(self, operation: Operation) -> float | None:
        """Seconds of a call whose caller says nothing, if there is a limit."""
        if operation.deadline is not None or operation.kind.gives_stream:
            return operation.deadline
        return self.settings.default_deadline

    def _admit(self, context: Context, limit: float | None) -> None:
        if self.in_flight >= self.settings.max_in_flight:
            raise ServiceError(Code.RESOURCE_EXHAUSTED, "too many calls at once")
        if context.deadline is None:
            if limit is not None:
                context.deadline = context.started + limit
        elif context.deadline <= time.monotonic():
            raise deadline_exceeded()
        self.in_flight += 1

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
        error = ServiceError(Code.UNAUTHENTICATED, "valid credentials are needed")
        error.challenges = tuple(context.operation.auth)
        raise error

    def _failure(self, error: BaseException, context: Context) -> BaseException:
        """What to raise for ``error``; logs it."""
        if _gone(error):
            if self.settings.access_log:
                log_call(context, Code.CANCELLED.value)
            return error
        failure = as_service_error(error, context)
        fault = failure.code in (Code.INTERNAL, Code.UNKNOWN)
        log_call(context, failure.code.value, error if fault else None)
        return failure


def _in_call(context: Context, start: Callable[[], AsyncIterator[Any]]) -> Any:
    token = CURRENT.set(context)
    try:
        return start()
    finally:
        CURRENT.reset(token)


async def _next(responses: AsyncIterator[Any], context: Context) -> Any:
    # A generator's body sees the context variables of whoever asks it for the next
    # item, so the current call is set at each.
    token = CURRENT.set(context)
    try:
        return await within(context.deadline, anext(responses))
    finally:
        CURRENT.reset(token)


async def _close(responses: AsyncIterator[Any] | None, context: Context) -> None:
    """End a handler's generator, so that its ``finally`` blocks run now."""
    close = getattr(responses, "aclose", None)
    if close is None:
        return
    token = CURRENT.set(context)
    try:
        await close()
    finally:
        CURRENT.reset(token)


def presented(context: Context) -> Iterable[Credentials]:
    """The credentials that came with a call (RFC 6750 section 2.1; ``x-api-key``)."""
    scheme, _, secret = context.metadata.get("authorization").partition(" ")
    if scheme.lower() == "bearer" and secret:
        yield Credentials("bearer", secret.strip())
    if key := context.metadata.get("x-api-key"):
        yield Credentials("api_key", key)


def _gone(error: BaseException) -> bool:
    """Did the caller end the call? A handler's own ``CancelledError`` is a fault."""
    if isinstance(error, asyncio.CancelledError):
        task = asyncio.current_task()
        return task is not None and task.cancelling() > 0
    return not isinstance(error, Exception)


def as_service_error(error: BaseException, context: Context) -> ServiceError:
    """What the client may know of ``error``: itself, or only that it happened."""
    if isinstance(error, ServiceError):
        return error
    if isinstance(error, NotImplementedError):
        name = context.operation.key
        return ServiceError(Code.UNIMPLEMENTED, f"{name} is not implemented")
    return ServiceError(Code.INTERNAL, "internal error")
