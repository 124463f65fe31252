"""A small service, as svcgen would write it, to run the kernel with."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any, ClassVar

import msgspec

from kernel.support.context import current
from kernel.support.endpoint import Schemes
from kernel.support.errors import Code, ServiceError, Violation
from kernel.support.operation import Kind, Operation
from kernel.support.service import ServiceBase

SCHEMES = Schemes("kernel", {"loopback": "loopback"})


class Pair(msgspec.Struct, kw_only=True):
    a: int
    b: int


class TooBigPayload(msgspec.Struct, kw_only=True):
    limit: int


class TooBigError(ServiceError):
    error_name: ClassVar[str] = "TooBig"
    default_code: ClassVar[Code] = Code.OUT_OF_RANGE
    payload_type: ClassVar[Any] = TooBigPayload

    def __init__(self, message: str = "", *, limit: int) -> None:
        super().__init__(message=message, payload=TooBigPayload(limit=limit))


class Sample(ServiceBase):
    """Does what a test asks of it, and notes what happened."""

    service_name = "Sample"

    def __init__(self) -> None:
        self.seen: list[Any] = []
        self.outcomes: list[Any] = []  # of successive calls of ``act``: values or errors

    async def on_start(self) -> None:
        self.seen.append("start")

    async def on_stop(self) -> None:
        self.seen.append("stop")

    async def add(self, a: int, b: int) -> int:
        return a + b

    async def act(self, request: Any) -> Any:
        """The next outcome; a number is a sleep."""
        self.seen.append(request)
        outcome = self.outcomes.pop(0) if self.outcomes else "done"
        if isinstance(outcome, float):
            try:
                await asyncio.sleep(outcome)
            except asyncio.CancelledError:
                self.seen.append("cancelled")
                raise
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome

    async def about(self) -> dict[str, Any]:
        """What this call knows of itself."""
        call = current()
        call.add_header("x-answered", "yes")
        return {
            "operation": call.operation.name,
            "remaining": call.remaining,
            "metadata": list(call.metadata),
            "trace": call.trace.trace_id,
            "caller": call.principal.name if call.principal else "",
        }

    async def total(self, requests: AsyncIterator[int]) -> int:
        return sum([request async for request in requests])

    async def count(self, request: int) -> AsyncIterator[int]:
        """Counts to the request, then does the next outcome."""
        try:
            for number in range(request):
                assert current().operation is COUNT
                yield number
            if self.outcomes:
                yield await self.act(request)
        finally:
            self.seen.append(f"counted, {current().operation.name}")

    async def echo(self, requests: AsyncIterator[Any]) -> AsyncIterator[Any]:
        async for request in requests:
            yield request

    def subscribe_ticked(self) -> AsyncIterator[int]:
        return self._events.subscribe("ticked")

    def publish_ticked(self, payload: int) -> None:
        self._events.broadcast("ticked", payload)


def positive(value: Any) -> list[Violation]:
    """A limit, as generated validation says it."""
    number = value.a if isinstance(value, Pair) else value
    return [] if number >= 0 else [Violation("a", "must be at least 0")]


def _operation(name: str, kind: Kind, request: Any, response: Any, **facts: Any) -> Operation:
    method = facts.pop("method", name)
    facts.setdefault("invoke", lambda handler, value: getattr(handler, method)(value))
    return Operation("Sample", name, kind, request, response, **facts)


ADD = _operation(
    "add",
    Kind.UNARY,
    Pair,
    int,
    invoke=lambda handler, request: handler.add(request.a, request.b),
    validate=positive,
)
ACT = _operation("act", Kind.UNARY, Any, Any, errors=(TooBigError,))
LOOK = _operation("look", Kind.UNARY, Any, Any, method="act", readonly=True)
PROMPT = _operation("prompt", Kind.UNARY, Any, Any, method="act", deadline=0.05)
ABOUT = _operation(
    "about", Kind.UNARY, None, dict[str, Any], invoke=lambda handler, _: handler.about()
)
SECRET = _operation(
    "secret",
    Kind.UNARY,
    None,
    dict[str, Any],
    invoke=lambda handler, _: handler.about(),
    auth=("bearer", "api_key"),
    scopes=("read",),
)
TOTAL = _operation("total", Kind.CLIENT_STREAM, int, int, validate=positive)
COUNT = _operation("count", Kind.SERVER_STREAM, int, int, readonly=True)
ECHO = _operation("echo", Kind.BIDI, int, int, validate=positive)
TICKED = _operation(
    "ticked",
    Kind.SERVER_STREAM,
    None,
    int,
    invoke=lambda handler, _: handler.subscribe_ticked(),
)
OPERATIONS = (ADD, ACT, LOOK, PROMPT, ABOUT, SECRET, TOTAL, COUNT, ECHO, TICKED)
