"""A limit in time on an awaitable, at about 1 µs (``asyncio.timeout`` takes 3.5)."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable
from typing import Any, TypeVar

from .errors import Code, ServiceError
from .steps import Others

T = TypeVar("T")


def deadline_exceeded() -> ServiceError:
    return ServiceError(Code.DEADLINE_EXCEEDED, "the deadline passed")


async def within(deadline: float | None, answer: Awaitable[T]) -> T:
    """Await ``answer``; cancel it at ``deadline`` (``time.monotonic`` seconds).

    Raises ``ServiceError`` with ``Code.DEADLINE_EXCEEDED`` then. A cancellation that
    comes from elsewhere stays one. What never waits sets no timer.
    """
    if deadline is None:
        return await answer
    steps: Any = answer.__await__()
    try:
        awaited = next(steps)
    except StopIteration as end:
        found: T = end.value
        return found
    task = asyncio.current_task()
    assert task is not None
    cancelled_before = task.cancelling()
    expired = False

    def expire() -> None:
        nonlocal expired
        expired = True
        task.cancel()

    delay = max(0.0, deadline - time.monotonic())
    timer = asyncio.get_running_loop().call_later(delay, expire)
    try:
        rest: T = await Others(steps, awaited)
        return rest
    except asyncio.CancelledError:
        if expired and task.cancelling() <= cancelled_before + 1:
            raise deadline_exceeded() from None
        raise
    finally:
        timer.cancel()
        if expired:
            task.uncancel()
