"""One channel over several addresses: round robin, circuit breakers, retries."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator, Sequence
from typing import Any

from .channel import CallOptions, Channel
from .errors import Code, ServiceError
from .operation import Operation
from .settings import BreakerPolicy, ClientSettings, RetryPolicy

RESERVE = 100.0  # retries that may be saved up: what a lost address had in flight


class Address:
    """A channel to one address, and its circuit breaker.

    Only ``Code.UNAVAILABLE`` counts as a failure of the address: any other code is an
    answer. After ``policy.failures`` in a row it rests for ``policy.cooldown``
    seconds; then one call probes it, and its outcome decides.
    """

    __slots__ = ("_failures", "_policy", "_rests_until", "channel")

    def __init__(self, channel: Channel, policy: BreakerPolicy) -> None:
        self.channel = channel
        self._policy = policy
        self._failures = 0
        self._rests_until = 0.0

    def admits(self) -> bool:
        """May a call go here now?

        While one probes the address no other may, for as long as a rest: a probe may be
        a stream that stays silent.
        """
        if self._failures < self._policy.failures:
            return True
        now = time.monotonic()
        if now < self._rests_until:
            return False
        self._rests_until = now + self._policy.cooldown
        return True

    def answered(self) -> None:
        self._failures = 0

    def failed(self, error: BaseException) -> None:
        """A call ended with ``error``; one that was cancelled says nothing."""
        if not isinstance(error, ServiceError):
            self._rests_until = 0.0
        elif error.code is Code.UNAVAILABLE:
            self._failures += 1
            self._rests_until = time.monotonic() + self._policy.cooldown
        else:
            self._failures = 0


class Retries:
    """Whether and when a failed call may be tried again.

    Each call saves ``policy.budget`` of a retry and each retry spends one, so that
    retries never multiply the load of a server in trouble.
    """

    def __init__(self, policy: RetryPolicy) -> None:
        self._policy = policy
        self._saved = RESERVE if policy.budget else 0.0

    def save(self) -> None:
        """A new call begins."""
        if self._saved < RESERVE:
            self._saved += self._policy.budget

    def delay(
        self, operation: Operation, error: ServiceError, attempt: int
    ) -> float | None:
        """Seconds to wait after failed ``attempt`` 1, 2 …; ``None`` to give up."""
        repeatable = operation.idempotent or operation.readonly
        allowed = error.unsent or (error.retryable and repeatable)
        if not allowed or attempt >= self._policy.attempts or self._saved < 1.0:
            return None
        self._saved -= 1.0
        ceiling = self._policy.first_delay * 2.0 ** (attempt - 1)
        return random.uniform(0.0, min(self._policy.max_delay, ceiling))


class BalancedChannel:
    """A ``Channel`` that spreads calls over others.

    A unary call and a server stream without a response yet are tried again, if the
    operation is readonly or idempotent or the request cannot have reached a server.
    Streams of requests are never tried again: their requests are gone.
    """

    def __init__(self, channels: Sequence[Channel], settings: ClientSettings) -> None:
        self._addresses = [Address(each, settings.breaker) for each in channels]
        self._retries = Retries(settings.retry)
        self._next = 0

    async def unary(
        self, operation: Operation, request: Any, options: CallOptions
    ) -> Any:
        attempt, started = 1, time.monotonic()
        self._retries.save()
        current = options
        address: Address | None = None
        while True:
            address = self._pick(address)
            try:
                response = await address.channel.unary(operation, request, current)
            except ServiceError as error:
                address.failed(error)
                delay = self._retries.delay(operation, error, attempt)
                current = _again(options, started, delay, error)
            except BaseException as error:
                address.failed(error)
                raise
            else:
                address.answered()
                return response
            await asyncio.sleep(delay or 0.0)
            attempt += 1

    async def client_stream(
        self, operation: Operation, requests: AsyncIterator[Any], options: CallOptions
    ) -> Any:
        address = self._pick()
        try:
            response = await address.channel.client_stream(operation, requests, options)
        except BaseException as error:
            address.failed(error)
            raise
        address.answered()
        return response

    async def server_stream(
        self, operation: Operation, request: Any, options: CallOptions
    ) -> AsyncIterator[Any]:
        attempt, started, begun = 1, time.monotonic(), False
        self._retries.save()
        current = options
        address: Address | None = None
        while True:
            address = self._pick(address)
            items = address.channel.server_stream(operation, request, current)
            try:
                async for item in items:
                    if not begun:
                        begun = True
                        address.answered()
                    yield item
            except ServiceError as error:
                address.failed(error)
                if begun:
                    raise
                delay = self._retries.delay(operation, error, attempt)
                current = _again(options, started, delay, error)
            except BaseException as error:
                address.failed(error)
                raise
            else:
                address.answered()
                return
            finally:
                await _close(items)
            await asyncio.sleep(delay or 0.0)
            attempt += 1

    async def bidi(
        self, operation: Operation, requests: AsyncIterator[Any], options: CallOptions
    ) -> AsyncIterator[Any]:
        address = self._pick()
        items = address.channel.bidi(operation, requests, options)
        begun = False
        try:
            async for item in items:
                if not begun:
                    begun = True
                    address.answered()
                yield item
        except BaseException as error:
            address.failed(error)
            raise
        else:
            address.answered()
        finally:
            await _close(items)

    async def close(self) -> None:
        """Close the channel of every address."""
        closing = [address.channel.close() for address in self._addresses]
        for outcome in await asyncio.gather(*closing, return_exceptions=True):
            if isinstance(outcome, BaseException):
                raise outcome

    def _pick(self, failed: Address | None = None) -> Address:
        """The next address; one that has just ``failed`` only if no other admits a call."""
        addresses = self._addresses
        for _ in addresses:
            self._next = (self._next + 1) % len(addresses)
            address = addresses[self._next]
            if address is not failed and address.admits():
                return address
        if failed is not None and failed.admits():
            return failed
        raise ServiceError(
            Code.UNAVAILABLE, "every address failed lately and rests (circuit breaker)"
        )


def _again(
    options: CallOptions, started: float, delay: float | None, error: ServiceError
) -> CallOptions:
    """The options of another attempt after ``delay``; without one raises ``error``."""
    if delay is None:
        raise error
    timeout = options.timeout
    if timeout is not None:
        timeout -= time.monotonic() - started + delay
        if timeout <= 0.0:
            raise error
    options.headers.clear()
    options.trailers.clear()
    return options.sending(timeout, options.metadata)


async def _close(items: AsyncIterator[Any]) -> None:
    close = getattr(items, "aclose", None)
    if close is not None:
        await close()
