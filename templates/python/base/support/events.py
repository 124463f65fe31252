"""Events inside one process: a handler publishes, subscriptions receive."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Any
from weakref import WeakSet

from .errors import Code, ServiceError

CAPACITY = 1024


class Subscription:
    """An endless iterator over the payloads of one event; ``aclose`` leaves it.

    It receives from the moment it is made. A subscription that nobody holds any more
    is forgotten.
    """

    def __init__(self, hub: EventHub, event: str) -> None:
        self.waiting: deque[Any] = deque()
        self.overrun = False
        self._hub = hub
        self._event = event
        self._wake = asyncio.Event()
        self._closed = hub.closed

    def __aiter__(self) -> Subscription:
        return self

    async def __anext__(self) -> Any:
        while True:
            if self.waiting:
                return self.waiting.popleft()
            if self.overrun:
                self.overrun = False
                self._hub.forget(self._event, self)
                self.close()
                raise ServiceError(
                    Code.RESOURCE_EXHAUSTED,
                    f"the subscriber is too slow for the events {self._event!r}",
                )
            if work := self._hub.take_work(self._event):
                return work[0]
            if self._closed:
                raise StopAsyncIteration
            await self._wake.wait()
            self._wake.clear()

    def wake(self) -> None:
        """Let a waiting ``__anext__`` look again."""
        self._wake.set()

    def close(self) -> None:
        """End the iteration after what already waits."""
        self._closed = True
        self._wake.set()

    async def aclose(self) -> None:
        """Leave; what still waits is dropped."""
        self._hub.forget(self._event, self)
        self.waiting.clear()
        self.close()


class EventHub:
    """Hands published payloads to subscriptions. Use it from one event loop only.

    *Broadcast*: each subscription gets each payload, those published before it was
    made excepted. A subscription that falls ``capacity`` payloads behind gets what
    waits and then fails with ``resource_exhausted``: losing its place is told, never
    silent, and the publisher never waits.

    *Work*: each payload goes to exactly one subscription. Payloads wait for one while
    there is none; with ``capacity`` of them waiting, publishing fails with
    ``resource_exhausted``.
    """

    def __init__(self, capacity: int = CAPACITY) -> None:
        self.closed = False
        self._capacity = capacity
        self._subscriptions: dict[str, WeakSet[Subscription]] = {}
        self._work: dict[str, deque[Any]] = {}

    def subscribe(self, event: str) -> Subscription:
        """A new subscription to the event."""
        subscription = Subscription(self, event)
        if not self.closed:
            self._subscriptions.setdefault(event, WeakSet()).add(subscription)
        return subscription

    def broadcast(self, event: str, payload: Any) -> None:
        """Give the payload to every subscription."""
        for subscription in self._of(event):
            if subscription.overrun:
                continue
            if len(subscription.waiting) >= self._capacity:
                subscription.overrun = True
            else:
                subscription.waiting.append(payload)
            subscription.wake()

    def share(self, event: str, payload: Any) -> None:
        """Give the payload to one subscription, now or when there is one."""
        queue = self._work.setdefault(event, deque())
        if len(queue) >= self._capacity:
            raise ServiceError(
                Code.RESOURCE_EXHAUSTED, f"too many events {event!r} wait for a worker"
            )
        queue.append(payload)
        for subscription in self._of(event):
            subscription.wake()

    def take_work(self, event: str) -> list[Any]:
        """The next shared payload in a list, or an empty list."""
        queue = self._work.get(event)
        return [queue.popleft()] if queue else []

    def forget(self, event: str, subscription: Subscription) -> None:
        """Send nothing more to the subscription."""
        subscriptions = self._subscriptions.get(event)
        if subscriptions is not None:
            subscriptions.discard(subscription)
            if not subscriptions:
                del self._subscriptions[event]

    def close(self) -> None:
        """End every subscription, so that a server can stop."""
        self.closed = True
        for event in list(self._subscriptions):
            for subscription in self._of(event):
                subscription.close()
        self._subscriptions.clear()

    def _of(self, event: str) -> list[Subscription]:
        return list(self._subscriptions.get(event, ()))
