"""Calls that go out together: a batch in one POST (section 6), at the client."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Hashable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from functools import partial
from typing import Any

import msgspec

from .channel import CallOptions
from .deadline import within

Post = Callable[[bytes, CallOptions], Awaitable[tuple[int, bytes]]]
"""Sends a body to one address; the status and body of the answer."""

Sending = asyncio.Task[tuple[int, bytes, CallOptions]]

_TRACE = ("traceparent", "tracestate")
_answers = msgspec.json.Decoder(list[msgspec.Raw]).decode


class _Identified(msgspec.Struct):
    id: msgspec.Raw = msgspec.Raw()


_identified = msgspec.json.Decoder(_Identified).decode


@dataclass(slots=True, eq=False)
class _Waiting:
    """A call that is to go out with others."""

    post: Post
    ident: bytes  # empty: a notification
    body: bytes
    options: CallOptions
    answer: asyncio.Future[tuple[int, bytes]]

    def company(self) -> Hashable:
        """The same for those that may share a request: one address, one set of headers."""
        own = [pair for pair in self.options.metadata if pair[0] not in _TRACE]
        return self.post, tuple(own)


class Batch:
    """Gathers one call of each of several tasks, and sends all once nobody else will come.

    Whatever the tasks call later, a second attempt for instance, goes out by itself.
    """

    def __init__(self, tasks: int) -> None:
        self._expected = tasks
        self._waiting: list[_Waiting] = []
        self._sending: list[Sending] = []

    async def exchange(
        self, post: Post, ident: bytes, body: bytes, options: CallOptions
    ) -> tuple[int, bytes]:
        """The status of the answer, and of its body what answers this call."""
        if self._sending:
            return await post(body, options)
        call = _Waiting(post, ident, body, options, asyncio.Future())
        self._waiting.append(call)
        self._send_if_complete()
        timeout = options.timeout
        deadline = None if timeout is None else time.monotonic() + timeout
        return await within(deadline, call.answer)

    def leave(self, _: object = None) -> None:
        """A task has ended."""
        self._expected -= 1
        self._send_if_complete()

    async def close(self) -> None:
        """End what is still under way."""
        for sending in self._sending:
            sending.cancel()
        if self._sending:
            await asyncio.wait(self._sending)

    def _send_if_complete(self) -> None:
        if self._sending or not 0 < self._expected <= len(self._waiting):
            return
        groups: dict[Hashable, list[_Waiting]] = {}
        for call in self._waiting:
            if not call.answer.done():
                groups.setdefault(call.company(), []).append(call)
        for group in groups.values():
            sending = asyncio.ensure_future(_send(group))
            sending.add_done_callback(partial(_deliver, group))
            self._sending.append(sending)


async def _send(calls: Sequence[_Waiting]) -> tuple[int, bytes, CallOptions]:
    """Send the calls; the status and body of the answer, and what came with it."""
    options = [call.options for call in calls]
    timeouts = [each.timeout for each in options if each.timeout is not None]
    longest = max(timeouts) if len(timeouts) == len(calls) else None
    shared = CallOptions(longest, options[0].metadata)
    bodies = [call.body for call in calls]
    body = bodies[0] if len(calls) == 1 else b"[%b]" % b",".join(bodies)
    status, data = await calls[0].post(body, shared)
    return status, data, shared


def _deliver(calls: Sequence[_Waiting], sending: Sending) -> None:
    """Give each call that still waits what is its own of the answer, or the failure."""
    waiting = [call for call in calls if not call.answer.done()]
    if sending.cancelled():
        return
    if (error := sending.exception()) is not None:
        for call in waiting:
            call.answer.set_exception(error)
        return
    status, data, shared = sending.result()
    answers = _by_id(data)
    for call in waiting:
        for name, value in shared.headers:
            call.options.headers.add(name, value)
        for name, value in shared.trailers:
            call.options.trailers.add(name, value)
        call.answer.set_result((status, _answer(answers, call.ident, data)))


def _by_id(data: bytes) -> dict[bytes, bytes] | None:
    """The responses of a batch by their id; ``None`` if the answer is no batch."""
    try:
        responses = _answers(data)
        return {bytes(_identified(raw).id): bytes(raw) for raw in responses}
    except (msgspec.DecodeError, RecursionError):
        return None


def _answer(answers: dict[bytes, bytes] | None, ident: bytes, data: bytes) -> bytes:
    """What answers a call; what is no batch, an error for instance, answers all of them."""
    return data if answers is None else answers.get(ident, b"")


BATCH: ContextVar[Batch | None] = ContextVar("BATCH", default=None)
"""Where the calls of this task are gathered."""


async def together(calls: Sequence[Awaitable[Any]]) -> list[Any]:
    """The outcomes of the calls, exceptions among them, in their order."""
    batch = Batch(len(calls))
    token = BATCH.set(batch)
    try:
        tasks = [asyncio.ensure_future(call) for call in calls]
    finally:
        BATCH.reset(token)
    for task in tasks:
        task.add_done_callback(batch.leave)
    try:
        return await asyncio.gather(*tasks, return_exceptions=True)
    finally:
        await batch.close()
