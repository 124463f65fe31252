"""Health on Thrift: ``i32 getStatus()`` of Apache's ``fb303.FacebookService``."""

from __future__ import annotations

from typing import Any

from .context import Context
from .dispatch import Dispatcher, UnaryCall
from .operation import Kind, Operation
from .thrift_methods import Method
from .thrift_types import int32

ALIVE, STOPPING, WARNING = 2, 3, 5

OPERATION = Operation(
    service="fb303.FacebookService",
    name="getStatus",
    kind=Kind.UNARY,
    request=None,
    response=int,
    invoke=lambda handler, _: handler(),
)
CODEC = Method(result=int32)


def health_call(dispatcher: Dispatcher) -> UnaryCall:
    """The readiness of the dispatcher as the status of the server."""

    async def status(request: Any, context: Context) -> int:
        if dispatcher.draining:
            return STOPPING
        return ALIVE if await dispatcher.is_ready() else WARNING

    return status
