"""Calls through generated clients and by hand: streams, cancellation, metadata, loss, the end."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from tests.jsonrpc_service import LIMIT, handler, package, serving

TIME = aiohttp.ClientTimeout(total=LIMIT)


@contextlib.asynccontextmanager
async def calling(
    given: Any = None, scheme: str = "jsonrpc+ws", **settings: Any
) -> AsyncIterator[Any]:
    module = package()
    async with serving(given) as address:
        options = module.runtime.ClientSettings(**settings)
        async with module.connect(f"{scheme}://{address}", settings=options) as client:
            yield client


@contextlib.asynccontextmanager
async def socket_to(given: Any = None, settings: Any = None) -> AsyncIterator[Any]:
    async with (
        serving(given, settings) as address,
        aiohttp.ClientSession(timeout=TIME) as web,
        web.ws_connect(f"ws://{address}") as socket,
    ):
        yield socket


def call(method: str, params: Any = None, ident: Any = None, **more: Any) -> str:
    found = {"jsonrpc": "2.0", "method": method, **more}
    found |= {} if params is None else {"params": params}
    return json.dumps(found if ident is None else found | {"id": ident})


async def numbers(count: int) -> AsyncIterator[int]:
    for number in range(count):
        yield number


async def until(condition: Any) -> None:
    async with asyncio.timeout(LIMIT):
        while not condition():
            await asyncio.sleep(0.005)


async def test_streams_of_every_kind() -> None:
    async with calling() as client:
        assert [n async for n in client.count(3)] == [3, 2, 1]
        assert await client.total(numbers(1000)) == 499_500
        assert [n async for n in client.running_total(numbers(4))] == [0, 1, 3, 6]


async def test_long_streams_wait_for_their_readers_and_nobody_else_does() -> None:
    """More than a window each way, a slow reader, and other calls on the same socket meanwhile."""
    async with calling() as client:
        seen = 0
        async for number in client.count(20_000):
            seen += number
            if number % 2_000 == 0:
                assert await client.subtract(number, 1) == number - 1
        assert seen == 20_000 * 20_001 // 2
        assert await client.total(numbers(20_000)) == 20_000 * 19_999 // 2


async def test_a_thousand_calls_are_in_flight_on_one_socket() -> None:
    async with calling() as client:
        slow = [asyncio.ensure_future(client.sleep(3.0)) for _ in range(500)]
        fast = await asyncio.gather(*(client.subtract(n, n) for n in range(500)))
        assert not any(task.done() for task in slow)
        assert set(fast) == {0}
        assert set(await asyncio.gather(*slow)) == {3.0}


async def test_answers_come_when_they_are_there() -> None:
    async with socket_to() as socket:
        await socket.send_str(call("sleep", [0.1], "slow"))
        await socket.send_str(call("subtract", [2, 1], "fast"))
        ids = [(await socket.receive_json())["id"] for _ in range(2)]

    assert ids == ["fast", "slow"]


async def test_leaving_a_stream_ends_it_at_the_server() -> None:
    given = handler()
    async with calling(given) as client:
        async for _ in client.count(10**9):
            break
        await until(lambda: given.open == 0)
        assert await client.subtract(1, 1) == 0


async def test_a_deadline_ends_the_call_at_both_ends() -> None:
    given = handler()
    module = package()
    for scheme in ("jsonrpc+ws", "jsonrpc+http"):
        async with calling(given, scheme) as client:
            options = module.runtime.CallOptions(timeout=0.05)
            with pytest.raises(module.runtime.ServiceError) as late:
                await client.sleep(10, options=options)
            assert late.value.code is module.runtime.Code.DEADLINE_EXCEEDED
            await until(lambda: given.open == 0)


async def test_cancelling_a_call_cancels_it_at_the_server() -> None:
    given = handler()
    async with calling(given) as client:
        waiting = asyncio.ensure_future(client.sleep(10))
        await until(lambda: given.open == 1)
        waiting.cancel()
        await until(lambda: given.open == 0)
        assert await client.subtract(1, 1) == 0


async def test_subscriptions_by_hand() -> None:
    """The little protocol as documented, without a window."""
    async with socket_to() as socket:
        await socket.send_str(call("count", {"first": 2}, "s"))
        found = [await socket.receive_json() for _ in range(3)]
        assert [f["params"] for f in found[:2]] == [
            {"subscription": "s", "value": 2},
            {"subscription": "s", "value": 1},
        ]
        assert found[2] == {"jsonrpc": "2.0", "result": None, "id": "s"}

        await socket.send_str(call("total", None, 7))
        for number in (1, 2, 3):
            await socket.send_str(call("rpc.next", {"subscription": 7, "value": number}))
        await socket.send_str(call("rpc.complete", {"subscription": 7}))
        assert (await socket.receive_json()) == {"jsonrpc": "2.0", "result": 6, "id": 7}


async def test_cancel_by_hand() -> None:
    given = handler()
    async with socket_to(given) as socket:
        await socket.send_str(call("sleep", [10], 1))
        await until(lambda: given.open == 1)
        await socket.send_str(call("rpc.cancel", {"subscription": 1}))
        answer = await socket.receive_json()
        await socket.send_str(call("rpc.cancel", {"subscription": 1}, 2))
        again = await socket.receive_json()

    assert answer["id"] == 1
    assert answer["error"]["data"]["code"] == "cancelled"
    assert again == {"jsonrpc": "2.0", "result": False, "id": 2}


@pytest.mark.parametrize("ident", [None, "null"])
async def test_a_stream_needs_an_id(ident: str | None) -> None:
    text = '{"jsonrpc":"2.0","method":"count","params":[1]%s}'
    async with socket_to() as socket:
        await socket.send_str(text % ("" if ident is None else f',"id":{ident}'))
        await socket.send_str(call("get_data", None, 1))
        first = await socket.receive_json()

    assert first["id"] == (1 if ident is None else None)


async def test_an_id_in_use_opens_no_second_stream() -> None:
    given = handler()
    async with socket_to(given) as socket:
        await socket.send_str(call("running_total", None, 1))
        await socket.send_str(call("running_total", None, 1))
        refused = await socket.receive_json()
        await socket.send_str(call("rpc.next", {"subscription": 1, "value": 5}))
        value = await socket.receive_json()

    assert refused["error"]["code"] == -32602
    assert value["params"] == {"subscription": 1, "value": 5}


async def test_a_flood_ahead_of_the_handler_ends_its_stream_only() -> None:
    """Without waiting for ``rpc.more`` more than a window and a message cannot be left behind."""
    module = package()

    class Slow(type(handler())):  # type: ignore[misc]
        async def total(self, requests: AsyncIterator[int]) -> int:
            await asyncio.sleep(0.5)
            return await super().total(requests)

    settings = module.runtime.ServerSettings(max_message_bytes=65_536)
    async with socket_to(Slow(), settings) as socket:
        await socket.send_str(call("total", None, 1))
        for _ in range(6_000):
            await socket.send_str(
                '{"jsonrpc":"2.0","method":"rpc.next","params":{"subscription":1,"value":1}}'
            )
        answer = await socket.receive_json()
        await socket.send_str(call("get_data", None, 2))
        after = await socket.receive_json()

    assert answer["error"]["data"]["code"] == "resource_exhausted"
    assert after["result"] == ["hello", 5]


async def test_what_streams_says_so_over_http() -> None:
    module = package()
    async with calling(scheme="jsonrpc+http") as client:
        with pytest.raises(module.runtime.ServiceError, match=r"over jsonrpc\+ws") as refused:
            [n async for n in client.count(3)]
        with pytest.raises(module.runtime.ServiceError):
            await client.total(numbers(3))

    assert refused.value.code is module.runtime.Code.UNIMPLEMENTED


@pytest.mark.parametrize("scheme", ["jsonrpc+ws", "jsonrpc+http"])
async def test_metadata_goes_both_ways(scheme: str) -> None:
    module = package()

    class Telling(type(handler())):  # type: ignore[misc]
        async def get_data(self) -> list[Any]:
            context = module.runtime.current()
            context.add_header("x-answer", "a")
            context.add_trailer("x-after", "b")
            metadata = context.metadata
            return [
                metadata.get("x-question"),
                bool(metadata.get("traceparent")),
                context.remaining is not None,
            ]

    async with calling(Telling(), scheme) as client:
        options = module.runtime.CallOptions(metadata=[("x-question", "q")])
        answer = await client.get_data(options=options)

    assert answer == ["q", True, True]
    assert options.headers.get("x-answer") == "a"
    assert options.trailers.get("x-after") == "b"


async def test_a_lost_connection_fails_its_calls_and_the_next_call_connects_again() -> None:
    module = package()
    given = handler()
    server = module.serve(given, urls=["jsonrpc+ws://127.0.0.1:0"])
    await server.start()
    url = server.urls[0]
    async with module.connect(url) as client:
        waiting = asyncio.ensure_future(client.sleep(10))
        await until(lambda: given.open == 1)
        await server.stop(0.05)
        with pytest.raises(module.runtime.ServiceError) as lost:
            await waiting
        assert lost.value.code is module.runtime.Code.UNAVAILABLE
        async with module.serve(handler(), urls=[url]):
            assert await client.subtract(3, 1) == 2


async def test_draining_lets_calls_end_and_refuses_new_ones() -> None:
    module = package()
    given = handler()
    server = module.serve(given, urls=["jsonrpc+ws://127.0.0.1:0"])
    await server.start()
    async with module.connect(server.urls[0]) as client:
        waiting = asyncio.ensure_future(client.sleep(0.3))
        await until(lambda: given.open == 1)
        stopping = asyncio.ensure_future(server.stop(5))
        await asyncio.sleep(0.05)
        settings = module.runtime.CallOptions(timeout=1)
        with pytest.raises(module.runtime.ServiceError) as refused:
            await client.subtract(1, 1, options=settings)
        assert refused.value.code is module.runtime.Code.UNAVAILABLE
        assert await waiting == 0.3
        await stopping


async def test_pages_call_only_if_their_origin_is_listed() -> None:
    module = package()
    settings = module.runtime.ServerSettings(cors_origins=("https://page.example",))
    for given, allowed in ((None, False), (settings, True)):
        async with serving(settings=given) as address, aiohttp.ClientSession(timeout=TIME) as web:
            headers = {"origin": "https://page.example", "content-type": "application/json"}
            body = call("get_data", None, 1)
            async with web.post(f"http://{address}", data=body, headers=headers) as response:
                assert ("access-control-allow-origin" in response.headers) is allowed
            async with web.options(f"http://{address}", headers=headers) as response:
                assert ("access-control-allow-methods" in response.headers) is allowed
            try:
                async with web.ws_connect(f"ws://{address}", origin="https://page.example"):
                    opened = True
            except aiohttp.WSServerHandshakeError:
                opened = False
            assert opened is allowed


async def test_a_client_that_vanishes_leaves_nothing() -> None:
    given = handler()
    async with serving(given) as address, aiohttp.ClientSession(timeout=TIME) as web:
        before = len(asyncio.all_tasks())
        socket = await web.ws_connect(f"ws://{address}")
        for ident in range(20):
            await socket.send_str(call("sleep", [30], ident))
            await socket.send_str(call("running_total", None, f"s{ident}"))
        await until(lambda: given.open == 40)
        transport = socket._response.connection.transport
        transport.abort()
        await until(lambda: given.open == 0)
        await until(lambda: len(asyncio.all_tasks()) <= before)


class Posts:
    """Counts the requests to a server, and what they hold."""

    def __init__(self, client: Any) -> None:
        [address] = client._channel._addresses
        self._channel = address.channel
        self._post = self._channel._post
        self._channel._post = self
        self.bodies: list[Any] = []

    async def __call__(self, body: bytes, options: Any) -> Any:
        self.bodies.append(json.loads(body))
        return await self._post(body, options)


async def test_a_batch_is_one_request() -> None:
    module = package()
    given = handler()
    async with calling(given, "jsonrpc+http") as client:
        posts = Posts(client)
        outcomes = await client.jsonrpc_batch(
            client.subtract(42, 23),
            client.sum(2**31 - 1, 1, 0),
            client.notify_hello(7),
            client.get_data(),
            client.sleep(-1),
            return_exceptions=True,
        )
        with pytest.raises(module.Overflow):
            await client.jsonrpc_batch(client.get_data(), client.sum(2**31 - 1, 1, 0))
        assert await client.subtract(1, 1) == 0

    difference, overflow, told, data, fault = outcomes
    assert (difference, told, data) == (19, None, ["hello", 5])
    assert isinstance(overflow, module.Overflow)
    assert overflow.limit == 2**31 - 1
    assert fault.code is module.runtime.Code.INTERNAL
    assert given.told == [7]
    assert [[c["method"] for c in b] if isinstance(b, list) else b["method"] for b in posts.bodies] == [
        ["subtract", "sum", "notify_hello", "get_data", "sleep"], ["get_data", "sum"], "subtract"
    ]  # fmt: skip


async def test_calls_of_other_metadata_go_apart() -> None:
    """A request has one set of headers: nobody's credentials go with the calls of somebody else."""
    module = package()

    class Telling(type(handler())):  # type: ignore[misc]
        async def get_data(self) -> list[Any]:
            return [module.runtime.current().metadata.get("x-who")]

    def who(name: str) -> Any:
        return module.runtime.CallOptions(metadata=[("x-who", name)])

    async with calling(Telling(), "jsonrpc+http") as client:
        posts = Posts(client)
        calls = [client.get_data(options=who(name)) for name in "abab"]
        assert await client.jsonrpc_batch(*calls) == [["a"], ["b"], ["a"], ["b"]]

    assert [len(body) for body in posts.bodies] == [2, 2]


async def test_a_batch_runs_side_by_side_over_a_socket() -> None:
    async with calling() as client:
        calls = [client.subtract(n, 1) for n in range(100)]
        assert await client.jsonrpc_batch(*calls) == list(range(-1, 99))
        assert await client.jsonrpc_batch() == []


async def test_a_call_of_a_batch_keeps_its_own_deadline() -> None:
    module = package()
    given = handler()
    async with calling(given, "jsonrpc+http") as client:
        soon = module.runtime.CallOptions(timeout=0.1)
        late, fine = await client.jsonrpc_batch(
            client.sleep(10, options=soon), client.sleep(0.3), return_exceptions=True
        )
        assert (late.code, fine) == (module.runtime.Code.DEADLINE_EXCEEDED, 0.3)


async def test_a_batch_that_is_given_up_ends_at_the_server() -> None:
    given = handler()
    async with calling(given, "jsonrpc+http") as client:
        batch = asyncio.ensure_future(client.jsonrpc_batch(client.sleep(10), client.sleep(10)))
        await until(lambda: given.open == 2)
        batch.cancel()
        await until(lambda: given.open == 0)


async def test_a_batch_that_nobody_answers_fails_each_call() -> None:
    module = package()
    once = module.runtime.ClientSettings(retry=module.runtime.RetryPolicy(attempts=1))
    async with module.connect("jsonrpc+http://127.0.0.1:9", settings=once) as client:
        outcomes = await client.jsonrpc_batch(
            client.get_data(), client.subtract(1, 1), return_exceptions=True
        )
    assert [error.code for error in outcomes] == [module.runtime.Code.UNAVAILABLE] * 2


async def test_batches_of_blocking_clients() -> None:
    module = package()
    async with serving() as address:

        def use() -> list[Any]:
            with module.connect_blocking(f"jsonrpc+http://{address}") as client:
                found: list[Any] = client.jsonrpc_batch(lambda c: [c.subtract(3, 1), c.get_data()])
                return found

        assert await asyncio.to_thread(use) == [2, ["hello", 5]]
