"""The client's WebSockets: events share one, it comes back after a loss, and a slow reader harms nobody."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from tests import projects

LIMIT = 20.0  # seconds

calculator = projects.package("calculator")
runtime = calculator.runtime
ONCE = runtime.RetryPolicy(attempts=1)


@contextlib.asynccontextmanager
async def talking(handler: Any = None, **settings: Any) -> AsyncIterator[tuple[Any, Any, Any]]:
    """A handler, its server, and a client of it."""
    handler = handler or projects.handlers("calculator")[0]
    given = runtime.ClientSettings(**settings)
    async with (
        asyncio.timeout(LIMIT),
        calculator.serve(handler, urls=["graphql+http://127.0.0.1:0"]) as server,
        calculator.connect(*server.urls, settings=given) as client,
    ):
        yield handler, server, client


def sockets(server: Any) -> int:
    """How many WebSockets are open at the server."""
    [listener] = server._listeners
    return sum(type(each).__name__ == "SocketConnection" for each in listener._connections)


async def until(condition: Any) -> None:
    while not condition():
        await asyncio.sleep(0.01)


async def subscribed(handler: Any, client: Any, count: int, **options: Any) -> list[Any]:
    """Readers of events, once the server knows of all of them."""
    wanted = len(waiting(handler)) + count
    events = [client.subscribe_calculated(**options) for _ in range(count)]
    first = [asyncio.ensure_future(anext(each)) for each in events]
    await until(lambda: len(waiting(handler)) == wanted)
    handler.publish_calculated(calculator.AddResponse(result=7))
    assert [each.result for each in await asyncio.gather(*first)] == [7] * count
    return events


def waiting(handler: Any) -> list[Any]:
    return [each for group in handler._events._subscriptions.values() for each in group]


async def test_events_share_a_socket_that_ends_with_the_last_of_them() -> None:
    async with talking() as (handler, server, client):
        events = await subscribed(handler, client, 10)
        assert sockets(server) == 1
        for each in events[:9]:
            await each.aclose()
        await until(lambda: len(waiting(handler)) == 1)
        handler.publish_calculated(calculator.AddResponse(result=8))
        assert (await anext(events[9])).result == 8
        await events[9].aclose()
        await until(lambda: not waiting(handler) and sockets(server) == 0)


async def test_other_credentials_have_another_socket() -> None:
    async with talking() as (handler, server, client):
        events = []
        for who, count in (("ada", 1), ("bob", 2), ("ada", 2)):
            options = runtime.CallOptions(metadata=[("x-who", who)])
            events += await subscribed(handler, client, 1, options=options)
            assert sockets(server) == count
        assert len(events) == 3


async def test_a_subscription_keeps_its_own_trace_and_time() -> None:
    seen: list[Any] = []

    class Telling(type(projects.handlers("calculator")[0])):  # type: ignore[misc]
        def subscribe_calculated(self) -> Any:
            context = runtime.current()
            seen.append((context.trace.trace_id, context.remaining is not None))
            return super().subscribe_calculated()

    async with (
        asyncio.timeout(LIMIT),
        calculator.serve(Telling(), urls=["graphql+http://127.0.0.1:0"]) as server,
        calculator.connect(*server.urls) as client,
    ):
        for digit, timeout in (("1", None), ("2", 0.3)):
            trace = [("traceparent", f"00-{digit * 32}-{digit * 16}-01")]
            options = runtime.CallOptions(timeout, trace)
            reading = asyncio.ensure_future(anext(client.subscribe_calculated(options=options)))
            await until(lambda count=int(digit): len(seen) == count)
        with pytest.raises(runtime.ServiceError) as late:
            await reading

    assert late.value.code is runtime.Code.DEADLINE_EXCEEDED
    assert seen == [("1" * 32, False), ("2" * 32, True)]


async def test_a_lost_socket_fails_its_subscriptions_and_the_next_connects_again() -> None:
    async with talking(retry=ONCE) as (handler, server, client):
        events = await subscribed(handler, client, 3)
        [listener] = server._listeners
        for each in list(listener._connections):
            each.transport.abort()
        for each in events:
            with pytest.raises(runtime.ServiceError) as lost:
                await anext(each)
            assert lost.value.code is runtime.Code.UNAVAILABLE
        await until(lambda: not waiting(handler))
        await subscribed(handler, client, 2)
        assert sockets(server) == 1


async def test_streams_wait_for_their_readers_and_events_do_not() -> None:
    """Far more than a window is sent, and nothing of it is lost."""

    class Long(type(projects.handlers("calculator")[0])):  # type: ignore[misc]
        async def countdown(self, from_: int) -> AsyncIterator[int]:
            for number in range(30_000):
                yield number

    async with talking(Long()) as (handler, server, client):
        events = await subscribed(handler, client, 1)
        numbers = client.countdown(1)
        assert await anext(numbers) == 0
        assert sockets(server) == 2
        await asyncio.sleep(0.2)
        handler.publish_calculated(calculator.AddResponse(result=9))
        assert (await anext(events[0])).result == 9
        assert sum([1 async for _ in numbers]) == 29_999


async def test_a_reader_that_is_too_slow_is_told() -> None:
    async with talking(max_message_bytes=10_000) as (handler, _, client):
        slow, fast = await subscribed(handler, client, 2)
        seen = 0
        for _ in range(80):
            for _ in range(100):
                handler.publish_calculated(calculator.AddResponse(result=1))
            for _ in range(100):
                seen += (await anext(fast)).result
        with pytest.raises(runtime.ServiceError) as told:
            async for _ in slow:
                pass

    assert seen == 8_000
    assert told.value.code is runtime.Code.RESOURCE_EXHAUSTED


CLOSES = {
    4400: ["no JSON"],
    4401: ['{"id":"1","type":"subscribe","payload":{"query":"{ __typename }"}}'],
    4408: [],
    4409: [
        '{"type":"connection_init"}',
        *['{"id":"1","type":"subscribe","payload":{"query":"subscription { calculated { result } }"}}']
        * 2,
    ],
    4429: ['{"type":"connection_init"}'] * 2,
}  # fmt: skip
"""Messages that break the protocol, by the code that the socket is closed with; 4403: test_graphql_calls."""


@pytest.mark.parametrize("code", CLOSES)
async def test_a_broken_protocol_closes_the_socket(code: int) -> None:
    async with talking() as (_, server, _client), aiohttp.ClientSession() as web:
        address = server.urls[0].removeprefix("graphql+") + "/graphql"
        async with web.ws_connect(address, protocols=("graphql-transport-ws",)) as socket:
            for message in CLOSES[code]:
                await socket.send_str(message)
            async for _ in socket:
                pass
            assert socket.close_code == code


async def test_another_subprotocol_is_refused() -> None:
    async with talking() as (_, server, _client), aiohttp.ClientSession() as web:
        address = server.urls[0].removeprefix("graphql+") + "/graphql"
        async with web.ws_connect(address, protocols=("graphql-ws",)) as socket:
            async for _ in socket:
                pass
            assert socket.close_code == 4406
