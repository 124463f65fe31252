"""What comes over an open network: broken, oversized, slow and vanishing clients. Nothing may leak."""

from __future__ import annotations

import asyncio
import gzip
import importlib
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from multidict import CIMultiDict

from tests import projects

LIMIT = 20.0  # seconds
PATIENCE = 1.0  # seconds that a silent client is borne with here

calculator = projects.package("calculator")
runtime = calculator.runtime
Handler = importlib.import_module("calculator.handler").CalculatorHandler


class Watched(Handler):  # type: ignore[misc, valid-type]
    """A calculator that counts the streams that are open in it, and counts down slowly."""

    def __init__(self) -> None:
        super().__init__()
        self.open = 0
        self.ended: list[BaseException | None] = []

    async def countdown(self, from_: int) -> AsyncIterator[int]:
        async with self._watch():
            for number in range(from_, 0, -1):
                yield number
                await asyncio.sleep(0.01)

    async def sum(self, requests: AsyncIterator[int]) -> int:
        async with self._watch():
            return sum([number async for number in requests])

    async def running_total(self, requests: AsyncIterator[int]) -> AsyncIterator[int]:
        async with self._watch():
            total = 0
            async for number in requests:
                total += number
                yield total

    def _watch(self) -> Any:
        return _Watch(self)


class _Watch:
    def __init__(self, handler: Watched) -> None:
        self._handler = handler

    async def __aenter__(self) -> None:
        self._handler.open += 1

    async def __aexit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        self._handler.open -= 1
        self._handler.ended.append(error)


class Host:
    """A server of a watched calculator, spoken to in bytes."""

    def __init__(self, handler: Watched, url: str) -> None:
        self.handler = handler
        self.url = url
        self.port = int(url.rpartition(":")[2])

    async def say(self, *parts: bytes, pause: float = 0.0) -> bytes:
        """Everything that the server answers until it closes the connection, or stays silent."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            for part in parts:
                writer.write(part)
                await asyncio.sleep(pause)
            return await asyncio.wait_for(_until_silent(reader), LIMIT)
        finally:
            writer.close()

    async def is_well(self) -> bool:
        answer = await self.say(post("/add", b'{"a":1,"b":2}'))
        return b'{"result":3}' in answer

    async def settled(self) -> bool:
        """Have all streams ended within a moment?"""
        for _ in range(200):
            if self.handler.open == 0:
                return True
            await asyncio.sleep(0.02)
        return False


async def _until_silent(reader: asyncio.StreamReader) -> bytes:
    found = b""
    while True:
        try:
            part = await asyncio.wait_for(reader.read(65536), 2 * PATIENCE + 1)
        except (TimeoutError, ConnectionResetError):
            return found
        if not part:
            return found
        found += part


def post(path: str, body: bytes, *headers: str, close: bool = True) -> bytes:
    lines = [f"POST {path} HTTP/1.1", "host: x", "content-type: application/json", *headers]
    lines += [f"content-length: {len(body)}", *(["connection: close"] if close else [])]
    return "\r\n".join([*lines, "", ""]).encode() + body


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1]) if answer.startswith(b"HTTP/1.1 ") else 0


def descriptors() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


@pytest.fixture
async def host() -> AsyncIterator[Host]:
    """The host; afterwards, no task and no descriptor is more than there was before."""
    open_before, tasks = descriptors(), len(asyncio.all_tasks())
    settings = runtime.ServerSettings(idle_timeout=PATIENCE, max_message_bytes=10_000)
    handler = Watched()
    server = calculator.serve(handler, urls=["http://127.0.0.1:0"], settings=settings)
    async with asyncio.timeout(3 * LIMIT), server:
        found = Host(handler, str(server.urls[0]))
        yield found
        assert await found.is_well()
        assert await found.settled()
    for _ in range(100):
        await asyncio.sleep(0.02)
        if len(asyncio.all_tasks()) <= tasks and descriptors() <= open_before:
            return
    assert len(asyncio.all_tasks()) <= tasks
    assert descriptors() <= open_before


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b'"text"',
        b'{"a":1,"b":}',
        b'{"a":1,"b":2}{"a":1,"b":2}',
        b'{"a":1e999,"b":2}',
        b'{"a":99999999999999999999999999,"b":2}',
        b'{"a":NaN,"b":2}',
        b'{"a":"1","b":2}',
        b'{"a":true,"b":2}',
        b"\xff\xfe{\x00}\x00",
        b"\x00" * 100,
        b"[" * 9_000,
        b'{"a":' * 1_800,
    ],
    ids=lambda body: body[:24].decode("latin-1"),
)
async def test_a_wrong_body_is_refused(host: Host, body: bytes) -> None:
    answer = await host.say(post("/add", body))

    assert status(answer) == 400
    assert b"application/problem+json" in answer


@pytest.mark.parametrize(
    "request_",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"POST /add HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n\r\n",
        b"POST /add HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nxx",
        b"POST /add HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nnope\r\n",
        b"GET /\x00 HTTP/1.1\r\nhost: x\r\n\r\n",
    ],
    ids=range(7),
)
async def test_what_is_no_http_ends_the_connection(host: Host, request_: bytes) -> None:
    answer = await host.say(request_)

    assert status(answer) in (0, 400, 404, 408)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/calculator/subtract?a=5&b=%ff", 400),
        ("/calculator/subtract?a=5&b=7%00", 400),
        ("/calculator/subtract?" + "&".join(["a=1"] * 5000), 400),
        ("/calculator/../add", 404),
        ("/%2e%2e/etc/passwd", 404),
        ("//", 404),
        ("/" + "a" * 60_000, 404),
        ("/docs/../../etc/passwd", 404),
        ("http://elsewhere/calculator/subtract?a=5&b=7", 200),
        ("/calculator/subtract?a=5&b=7#fragment", 200),
    ],
    ids=range(10),
)
async def test_a_strange_path_is_answered(host: Host, path: str, expected: int) -> None:
    request = f"GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n".encode()

    assert status(await host.say(request)) == expected


async def test_a_head_without_end_is_refused(host: Host) -> None:
    answer = await host.say(b"GET / HTTP/1.1\r\n", *[b"x: " + b"y" * 30_000 + b"\r\n"] * 4)

    assert status(answer) in (0, 431)


async def test_an_oversized_body_is_refused_before_it_comes(host: Host) -> None:
    head = b"POST /add HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n"
    answer = await host.say(head + b"content-length: 99999999999\r\n\r\n")

    assert status(answer) == 413


async def test_an_oversized_body_in_chunks_is_refused_as_it_comes(host: Host) -> None:
    head = b"POST /add HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n"
    chunk = b"1000\r\n" + b"x" * 4096 + b"\r\n"
    answer = await host.say(head + b"transfer-encoding: chunked\r\n\r\n", *[chunk] * 4, pause=0.05)

    assert status(answer) == 413


async def test_an_oversized_line_of_a_stream_is_refused(host: Host) -> None:
    body = b"1\n" + b"1" * 20_000
    head = b"POST /calculator/sum HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-ndjson\r\n"
    answer = await host.say(head + b"content-length: %d\r\n\r\n" % len(body), body)

    assert status(answer) == 413


async def test_a_stream_may_be_longer_than_a_message(host: Host) -> None:
    body = b"1\n" * 20_000
    head = b"POST /calculator/sum HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-ndjson\r\n"
    length = b"content-length: %d\r\nconnection: close\r\n\r\n" % len(body)
    answer = await host.say(head + length, body)

    assert answer.endswith(b"\r\n\r\n20000")


async def test_a_wrong_line_of_a_stream_is_refused(host: Host) -> None:
    body = b'1\n"two"\n3\n'
    head = b"POST /calculator/sum HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-ndjson\r\n"
    answer = await host.say(
        head + b"content-length: %d\r\nconnection: close\r\n\r\n" % len(body), body
    )

    assert status(answer) == 400


@pytest.mark.parametrize(
    "request_",
    [
        b"POST /add HTTP/1.1\r\nhost: x\r\n",
        b"POST /add HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 20\r\n\r\n{",
        (
            b"POST /calculator/sum HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-ndjson\r\n"
            b"transfer-encoding: chunked\r\n\r\n2\r\n1\n\r\n"
        ),
    ],
    ids=["head", "body", "stream"],
)
async def test_a_silent_client_loses_its_connection(host: Host, request_: bytes) -> None:
    answer = await host.say(request_)

    assert status(answer) in (0, 408)


async def test_a_client_that_leaves_inside_of_its_body_is_forgotten(host: Host) -> None:
    for body in (post("/add", b"x" * 500)[:-100], post("/calculator/sum", b"1\n")[:-1]):
        _, writer = await asyncio.open_connection("127.0.0.1", host.port)
        writer.write(body)
        await writer.drain()
        writer.transport.abort()


@pytest.mark.parametrize("accept", ["application/x-ndjson", "text/event-stream"])
async def test_a_client_that_leaves_a_server_stream_ends_it(host: Host, accept: str) -> None:
    for abort in (True, False):
        reader, writer = await asyncio.open_connection("127.0.0.1", host.port)
        writer.write(
            f"GET /calculator/countdown?from=1000 HTTP/1.1\r\nhost: x\r\naccept: {accept}\r\n\r\n".encode()
        )
        await reader.readuntil(b"999")
        assert host.handler.open == 1
        writer.transport.abort() if abort else writer.close()
        assert await host.settled()


async def test_a_client_that_leaves_its_own_stream_ends_it(host: Host) -> None:
    _, writer = await asyncio.open_connection("127.0.0.1", host.port)
    writer.write(
        b"POST /calculator/sum HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-ndjson\r\n"
        b"transfer-encoding: chunked\r\n\r\n2\r\n1\n\r\n"
    )
    while host.handler.open == 0:
        await asyncio.sleep(0.01)
    writer.transport.abort()

    assert await host.settled()
    assert host.handler.ended[-1] is not None


async def test_a_client_that_leaves_a_conversation_ends_it(host: Host) -> None:
    for close in (True, False):
        async with aiohttp.ClientSession() as session:
            socket = await session.ws_connect(f"{host.url}/calculator/running-total")
            await socket.send_str("1")
            assert await socket.receive_str() == "1"
            assert host.handler.open == 1
            if close:
                await socket.close()
            else:
                socket._conn.transport.abort()  # type: ignore[union-attr]
                await session.close()
        assert await host.settled()


@pytest.mark.parametrize(
    ("message", "code"),
    [("{", 4400), ('"x"', 4400), ("9" * 30, 4400), ("1" * 20_000, 1009)],
    ids=["no JSON", "wrong type", "out of range", "too large"],
)
async def test_a_wrong_message_ends_a_conversation(host: Host, message: str, code: int) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(f"{host.url}/calculator/running-total") as socket,
    ):
        await socket.send_str(message)
        last = await asyncio.wait_for(socket.receive(), LIMIT)
        if code != 1009:
            assert json.loads(last.data)["$problem"]["code"] == "invalid_argument"
            await asyncio.wait_for(socket.receive(), LIMIT)
        assert socket.close_code == code


async def test_a_socket_at_an_unknown_path_is_refused(host: Host) -> None:
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(f"{host.url}/nowhere")


async def test_pipelined_requests_are_answered_in_order(host: Host) -> None:
    requests = [post("/add", b'{"a":%d,"b":0}' % n, close=n == 9) for n in range(10)]
    answer = await host.say(b"".join(requests))

    assert [b'{"result":%d}' % n in answer for n in range(10)] == [True] * 10
    assert [answer.index(b'{"result":%d}' % n) for n in range(10)] == sorted(
        answer.index(b'{"result":%d}' % n) for n in range(10)
    )


async def test_requests_of_all_kinds_share_a_connection(host: Host) -> None:
    """One after the other and all at once: none is lost, mixed up or served twice."""
    stream = b"GET /calculator/countdown?from=2 HTTP/1.1\r\nhost: x\r\n\r\n"
    upgrade = (
        b"GET /calculator/running-total HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n"
        b"sec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
    )
    add = post("/add", b'{"a":1,"b":2}', close=False)
    together = await host.say(add + stream + add)
    apart = await host.say(add, stream, add, upgrade, pause=0.2)

    for answer in (together, apart):
        assert answer.count(b'{"result":3}') == 2
        assert answer.index(b'{"result":3}') < answer.index(b"2\n") < answer.rindex(b'{"result":3}')
    assert apart.count(b"HTTP/1.1 101 ") == 1


async def test_pipelined_requests_keep_their_own_query_and_headers() -> None:
    class Telling(Watched):
        async def subtract(self, a: int, b: int) -> int:
            runtime.current().add_header("x-token", runtime.current().metadata.get("x-token"))
            return a - b

    def get(a: int) -> bytes:
        line = f"GET /calculator/subtract?a={a}&b=0 HTTP/1.1"
        return f"{line}\r\nhost: x\r\nx-token: of-{a}\r\n\r\n".encode()

    server = calculator.serve(Telling(), urls=["http://127.0.0.1:0"])
    async with asyncio.timeout(LIMIT), server:
        answer = await Host(Telling(), str(server.urls[0])).say(get(1) + get(2) + get(3))

    answers = answer.split(b"HTTP/1.1 200 OK")[1:]
    assert [each.endswith(b"%d" % a) for a, each in enumerate(answers, 1)] == [True] * 3
    assert [b"x-token: of-%d\r" % a in each for a, each in enumerate(answers, 1)] == [True] * 3


async def test_an_upgrade_behind_a_call_does_not_repeat_the_call() -> None:
    calls: list[int] = []

    class Counting(Watched):
        async def subtract(self, a: int, b: int) -> int:
            calls.append(a)
            await asyncio.sleep(0.05)
            return a - b

    call = b"GET /calculator/subtract?a=1&b=0 HTTP/1.1\r\nhost: x\r\n\r\n"
    upgrade = b"GET /x HTTP/1.1\r\nhost: x\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n"
    server = calculator.serve(Counting(), urls=["http://127.0.0.1:0"])
    async with asyncio.timeout(LIMIT), server:
        await Host(Counting(), str(server.urls[0])).say(call + upgrade)
        await asyncio.sleep(0.2)

    assert calls in ([], [1])


async def test_a_body_is_called_for_when_the_client_waits(host: Host) -> None:
    request = post("/add", b'{"a":1,"b":2}', "expect: 100-continue")
    answer = await host.say(request[:-13], request[-13:], pause=0.1)

    assert answer.startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK")


async def test_an_old_client_is_served_and_let_go(host: Host) -> None:
    answer = await host.say(b"GET /calculator/subtract?a=5&b=7 HTTP/1.0\r\n\r\n")

    assert answer.endswith(b"\r\n\r\n-2")
    assert b"connection: close" in answer


async def test_a_text_that_is_no_utf_8_is_refused(host: Host) -> None:
    assert status(await host.say(post("/calculator/log", b'{"line":"\xed\xa0\x80"}'))) == 400


async def test_a_compressed_body_is_refused(host: Host) -> None:
    for path, kind in (("/add", "application/json"), ("/calculator/sum", "application/x-ndjson")):
        headers = (f"content-type: {kind}", "content-encoding: gzip")
        answer = await host.say(post(path, gzip.compress(b'{"a":1,"b":2}'), *headers))
        assert status(answer) == 415
        assert b"accept-encoding: identity" in answer.lower()


async def test_a_repeated_header_of_a_parameter_is_refused() -> None:
    async with projects.serving("kitchen-sink", "http") as url, aiohttp.ClientSession() as session:
        answers = []
        for ids in (["a"], ["a", "b"]):
            headers = CIMultiDict([("x-request-id", each) for each in ids])
            async with session.put(f"{url}/places/1", json={}, headers=headers) as response:
                answers.append(await response.text())
    assert "more than once" not in answers[0]
    assert "more than once" in answers[1]


async def test_a_header_cannot_be_ended_early_by_a_handler(
    caplog: pytest.LogCaptureFixture,
) -> None:
    class Injecting(Watched):
        async def subtract(self, a: int, b: int) -> int:
            runtime.current().add_header("x-evil", "a\r\nset-cookie: b")
            return a - b

    server = calculator.serve(Injecting(), urls=["http://127.0.0.1:0"])
    async with asyncio.timeout(LIMIT), server, aiohttp.ClientSession() as session:
        response = await session.get(f"{server.urls[0]}/calculator/subtract?a=5&b=7")
        async with response:
            assert response.status == 500
            assert "set-cookie" not in response.headers
    assert "the metadata 'x-evil' is not printable ASCII" in caplog.text


@pytest.mark.parametrize("wait", [0.0, 0.3])
@pytest.mark.parametrize("items", [0, 1])
async def test_a_header_of_a_stream_cannot_be_ended_early(wait: float, items: int) -> None:
    class Injecting(Watched):
        async def countdown(self, from_: int) -> AsyncIterator[int]:
            runtime.current().add_header("x-evil", "a\r\nset-cookie: b")
            await asyncio.sleep(wait)
            for item in range(items):
                yield item

    server = calculator.serve(Injecting(), urls=["http://127.0.0.1:0"])
    async with asyncio.timeout(LIMIT), server, aiohttp.ClientSession() as session:
        url = f"{server.urls[0]}/calculator/countdown?from=1"
        async with session.get(url) as response:
            assert response.status == 500
            assert response.content_type == "application/problem+json"
            assert "set-cookie" not in response.headers
