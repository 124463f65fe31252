"""The HTTP host: limits, slow clients, clients that vanish, graceful end."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import trustme
from kernel.support.endpoint import Endpoint
from kernel.support.errors import ConfigurationError
from kernel.support.http import MAX_HEAD_BYTES, AsgiListener
from kernel.support.settings import ServerSettings, Tls
from kernel.support.tls import client_context
from websockets.asyncio.client import connect as connect_websocket
from websockets.exceptions import ConnectionClosed

Run = Callable[[Any], Any]

GET = b"GET / HTTP/1.1\r\nhost: a\r\n\r\n"
POST = b"POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\n\r\n"


class App:
    """Answers ``/`` with the size of the body; ``/slow`` never, ``/flood`` without end."""

    def __init__(self) -> None:
        self.ended: list[str] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        ending = "cancelled"
        try:
            size, more = 0, True
            while more:
                message = await receive()
                if message["type"] == "http.disconnect":
                    ending = "disconnected"
                    return
                size += len(message["body"])
                more = message["more_body"]
            if scope["path"] == "/slow":
                await asyncio.sleep(60)
            await send({"type": "http.response.start", "status": 200, "headers": []})
            while scope["path"] == "/flood":
                await send({"type": "http.response.body", "body": b"x" * 65536, "more_body": True})
            await send({"type": "http.response.body", "body": str(size).encode()})
            ending = "answered"
        finally:
            self.ended.append(ending)


@asynccontextmanager
async def hosting(
    app: App, settings: ServerSettings | None = None
) -> AsyncIterator[tuple[AsgiListener, Callable[[], Any]]]:
    """A listener, and how to open a connection to it."""
    endpoint = Endpoint("http", "127.0.0.1", 0)
    listener = AsgiListener(endpoint, app, settings or ServerSettings())
    bound = await listener.start()
    writers = []

    async def connect() -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, writer = await asyncio.open_connection(bound.host, bound.port)
        writers.append(writer)
        return reader, writer

    try:
        yield listener, connect
    finally:
        for writer in writers:
            writer.close()
        await listener.stop(0.5)


async def head(reader: asyncio.StreamReader) -> bytes:
    return (await reader.readuntil(b"\r\n\r\n")).split(b"\r\n")[0]


def test_requests_are_answered_on_one_connection(run: Run) -> None:
    async def check() -> None:
        async with hosting(App()) as (_, connect):
            reader, writer = await connect()
            for request in (GET, POST + b"12345", GET):
                writer.write(request)
                assert await head(reader) == b"HTTP/1.1 200 OK"
                size = int(await reader.readline(), 16)
                assert await reader.readexactly(size + 2)
                assert await reader.readexactly(5) == b"0\r\n\r\n"

    run(check())


@pytest.mark.parametrize("sent", [b"", b"GET / HTTP/1.1\r\nhost", POST + b"12"])
def test_a_client_that_owes_bytes_is_ended(run: Run, sent: bytes) -> None:
    async def check() -> None:
        app = App()
        async with hosting(app, ServerSettings(idle_timeout=0.1)) as (_, connect):
            reader, writer = await connect()
            writer.write(sent)
            async with asyncio.timeout(5):
                assert await head(reader) == b"HTTP/1.1 408 Request Timeout"
                assert await reader.read() == b""
        assert "answered" not in app.ended

    run(check())


def test_a_client_that_drips_its_head_is_ended(run: Run) -> None:
    async def check() -> None:
        async with hosting(App(), ServerSettings(idle_timeout=0.3)) as (_, connect):
            reader, writer = await connect()
            writer.write(b"GET / HTTP/1.1\r\n")
            dripping = asyncio.create_task(_drip(writer))
            async with asyncio.timeout(5):
                assert await head(reader) == b"HTTP/1.1 408 Request Timeout"
            dripping.cancel()

    async def _drip(writer: asyncio.StreamWriter) -> None:
        while True:
            writer.write(b"x: y\r\n")
            await asyncio.sleep(0.02)

    run(check())


def test_an_endless_head_is_refused(run: Run) -> None:
    async def check() -> None:
        async with hosting(App()) as (_, connect):
            reader, writer = await connect()
            writer.write(b"GET / HTTP/1.1\r\n")
            for _ in range(11):
                writer.write(b"x: " + b"y" * (MAX_HEAD_BYTES // 10) + b"\r\n")
                await asyncio.sleep(0.001)
            assert await head(reader) == b"HTTP/1.1 431 Request Header Fields Too Large"

    run(check())


def test_a_client_that_does_not_read_is_ended(run: Run) -> None:
    async def check() -> None:
        app = App()
        async with hosting(app, ServerSettings(idle_timeout=0.1)) as (_, connect):
            _, writer = await connect()
            writer.write(b"GET /flood HTTP/1.1\r\nhost: a\r\n\r\n")
            async with asyncio.timeout(5):
                while not app.ended:
                    await asyncio.sleep(0.05)

    run(check())


def test_a_client_that_vanishes_ends_its_request(run: Run) -> None:
    async def check() -> None:
        app = App()
        async with hosting(app) as (_, connect):
            _, writer = await connect()
            writer.write(b"GET /slow HTTP/1.1\r\nhost: a\r\n\r\n")
            await asyncio.sleep(0.05)
            writer.close()
            async with asyncio.timeout(5):
                while not app.ended:
                    await asyncio.sleep(0.01)
            assert app.ended == ["cancelled"]

    run(check())


def test_connections_beyond_the_limit_get_503(run: Run) -> None:
    async def check() -> None:
        async with hosting(App(), ServerSettings(max_connections=3)) as (_, connect):
            answers = []
            for _ in range(4):
                reader, writer = await connect()
                writer.write(GET)
                answers.append((await head(reader)).split()[1])
            assert answers == [b"200", b"200", b"503", b"503"]

    run(check())


def test_garbage_gets_400(run: Run) -> None:
    async def check() -> None:
        async with hosting(App()) as (_, connect):
            reader, writer = await connect()
            writer.write(b"\x00\xff\r\n\r\n")
            assert await head(reader) == b"HTTP/1.1 400 Bad Request"

    run(check())


def test_stopping_waits_for_requests_and_then_cancels_them(run: Run) -> None:
    async def check() -> None:
        app = App()
        async with hosting(app) as (listener, connect):
            _, writer = await connect()
            writer.write(b"GET /slow HTTP/1.1\r\nhost: a\r\n\r\n")
            reader, other = await connect()
            other.write(POST)
            await asyncio.sleep(0.05)
            stopping = asyncio.create_task(listener.stop(0.3))
            await asyncio.sleep(0.05)
            other.write(b"12345")
            assert await head(reader) == b"HTTP/1.1 200 OK"
            with pytest.raises(ConnectionError):
                await connect()
            async with asyncio.timeout(3):
                await stopping
            assert sorted(app.ended) == ["answered", "cancelled"]

    run(check())


def test_https_needs_a_certificate_and_serves_with_one(run: Run, tmp_path: Path) -> None:
    authority = trustme.CA()
    issued = authority.issue_cert("localhost")
    tls = Tls(tmp_path / "server.pem", tmp_path / "server.key")
    issued.cert_chain_pems[0].write_to_path(tls.certificate)
    issued.private_key_pem.write_to_path(tls.key)
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    endpoint = Endpoint("rest+https", "127.0.0.1", 0)

    async def check() -> None:
        with pytest.raises(ConfigurationError, match="needs a TLS certificate"):
            await AsgiListener(endpoint, App(), ServerSettings()).start()
        listener = AsgiListener(endpoint, App(), ServerSettings(tls=tls))
        bound = await listener.start()
        reader, writer = await asyncio.open_connection(
            "127.0.0.1",
            bound.port,
            ssl=client_context(Tls(ca=tmp_path / "ca.pem")),
            server_hostname="localhost",
        )
        writer.write(GET)
        assert await head(reader) == b"HTTP/1.1 200 OK"
        writer.close()
        await listener.stop(1.0)

    run(check())


async def echo_socket(scope: Any, receive: Any, send: Any) -> None:
    """Echoes texts over a WebSocket until the client leaves."""
    await receive()
    await send({"type": "websocket.accept"})
    while (message := await receive())["type"] == "websocket.receive":
        await send({"type": "websocket.send", "text": message["text"]})


def test_websockets_are_served_limited_and_closed_at_the_end(run: Run) -> None:
    async def check() -> None:
        endpoint = Endpoint("http", "127.0.0.1", 0)
        listener = AsgiListener(endpoint, echo_socket, ServerSettings(max_message_bytes=100))
        bound = await listener.start()
        async with connect_websocket(f"ws://127.0.0.1:{bound.port}") as socket:
            await socket.send("hello")
            assert await socket.recv() == "hello"
            await socket.send("x" * 200)
            with pytest.raises(ConnectionClosed) as caught:
                await socket.recv()
            assert caught.value.rcvd is not None
            assert caught.value.rcvd.code == 1009
        async with connect_websocket(f"ws://127.0.0.1:{bound.port}") as socket:
            await socket.send("hello")
            assert await socket.recv() == "hello"
            async with asyncio.timeout(3):
                await listener.stop(1.0)
            with pytest.raises(ConnectionClosed):
                await socket.recv()

    run(check())
