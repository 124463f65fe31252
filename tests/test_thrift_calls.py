"""Generated client and server of Thrift together: errors, metadata, TLS, kinds of servers."""

from __future__ import annotations

import asyncio
import importlib
import socket
import sys
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import pytest
import trustme

from tests import projects

calculator = projects.package("calculator")
sink = projects.package("kitchen-sink")
runtime = calculator.runtime
ConfigurationError = importlib.import_module("calculator._gen.support.errors").ConfigurationError
Handler = importlib.import_module("calculator.handler").CalculatorHandler
QUERIES = [
    f"?protocol={p}&transport={t}" for p in ("binary", "compact") for t in ("framed", "buffered")
]
RESOURCE_EXHAUSTED = sink.runtime.Code.RESOURCE_EXHAUSTED
ONCE = runtime.ClientSettings(retry=runtime.RetryPolicy(attempts=1), timeout=5.0)


@asynccontextmanager
async def sinking(query: str = "", **settings: Any) -> AsyncIterator[Any]:
    """A client of the kitchen sink on a server of its own."""
    chosen = sink.runtime.ServerSettings(**settings)
    async with sink.serve(
        *projects.handlers("kitchen-sink"), urls=["thrift://127.0.0.1:0"], settings=chosen
    ) as server:
        async with sink.connect(server.urls[0] + query) as client:
            yield client


@pytest.mark.parametrize("query", QUERIES)
async def test_errors_arrive_as_they_were_raised(query: str) -> None:
    async with sinking(query) as client:
        with pytest.raises(sink.Teapot) as teapot:
            await client.kitchen_sink.fail("teapot")
        error = teapot.value
        assert (error.message, error.message_, error.code_, error.volume) == (
            'I\'m a "teapot" {{ 7*7 }}', "short", 418, 0.5,
        )  # fmt: skip
        assert error.retryable
        with pytest.raises(sink.Plain):
            await client.kitchen_sink.fail("plain")
        with pytest.raises(sink.SharedProblem) as shared:
            await client.kitchen_sink.fail("shared")
        assert shared.value.shared.note is None


@pytest.mark.parametrize("query", QUERIES)
async def test_other_errors_keep_their_code(query: str) -> None:
    """And a handler's fault does not tell its text."""
    async with sinking(query) as client:
        for how, code, message in (
            ("loss", "DATA_LOSS", "loss"),
            ("fault", "INTERNAL", "internal error"),
        ):
            with pytest.raises(sink.runtime.ServiceError) as caught:
                await client.kitchen_sink.fail(how)
            assert (caught.value.code, caught.value.message) == (sink.runtime.Code[code], message)


async def test_limits_of_the_definition_are_reported_where_they_are_broken() -> None:
    async with sinking() as client:
        limits = sink.Limits(between=99, open_between=0.5, short="abc", code="ABC-1", few=[1], blob=b"",
                             labels={}, percent=50.0)  # fmt: skip
        with pytest.raises(sink.runtime.ServiceError) as caught:
            await client.kitchen_sink.echo_limits(limits)

        assert caught.value.code is sink.runtime.Code.INVALID_ARGUMENT
        assert ["between"] == [each.field for each in caught.value.violations]


async def test_a_request_that_does_not_fit_never_leaves() -> None:
    async with sinking() as client:
        with pytest.raises(sink.runtime.ServiceError) as caught:
            await client.kitchen_sink.place(id=2**63, tree=sink.Tree(value="", children=[]))
        assert caught.value.code is sink.runtime.Code.INVALID_ARGUMENT


async def test_services_share_a_port_and_a_name() -> None:
    """``version`` is a method of two services."""
    async with sinking() as client:
        assert await client.type.version() == "type 1"
        assert await client.common.version() == "common 1"


@pytest.mark.parametrize("limited", ["server", "client"])
@pytest.mark.parametrize("query", QUERIES)
async def test_what_is_too_large_is_told_and_not_tried_again(query: str, limited: str) -> None:
    """A text that is, and a list of short ones; in one piece, and in several."""
    limit = {"max_message_bytes": 20_000}
    chosen = sink.runtime.ServerSettings(**(limit if limited == "server" else {}))
    calling = sink.runtime.ClientSettings(**(limit if limited == "client" else {}))
    handlers, urls = projects.handlers("kitchen-sink"), ["thrift://127.0.0.1:0"]
    async with sink.serve(*handlers, urls=urls, settings=chosen) as server:
        async with sink.connect(server.urls[0] + query, settings=calling) as client:
            kitchen = client.kitchen_sink
            for names in (["x" * 30_000], ["short"] * 4_000, ["x" * 900] * 900, ["x" * 10**6]):
                with pytest.raises(sink.runtime.ServiceError) as caught:
                    await kitchen.echo_names(names)
                error = caught.value
                assert (error.code, error.retryable) == (RESOURCE_EXHAUSTED, False), error
                await asyncio.sleep(0.05)  # without frames that was the connection's end
                assert await kitchen.echo_names(["short"]) == ["short"]


@pytest.mark.parametrize("query", QUERIES)
async def test_credentials_and_metadata_travel_as_attachments(query: str) -> None:
    async def authenticate(credentials: Any) -> Any:
        known = credentials.secret == "open sesame"
        return sink.runtime.Principal("ali", frozenset({"admin"})) if known else None

    async def secret() -> str:
        return "open sesame"

    async with sinking(query, authenticate=authenticate) as client:
        with pytest.raises(sink.runtime.ServiceError) as caught:
            await client.kitchen_sink.secret()
        assert caught.value.code is sink.runtime.Code.UNAUTHENTICATED
        for name, value in (("authorization", "Bearer open sesame"), ("x-api-key", "open sesame")):
            options = sink.runtime.CallOptions(metadata=[(name, value)])
            assert await client.kitchen_sink.secret(options=options) == "hello ali"


async def test_what_a_handler_sees_of_a_call() -> None:
    seen: list[Any] = []

    class Seeing(Handler):  # type: ignore[misc, valid-type]
        async def subtract(self, a: int, b: int) -> int:
            seen.append(runtime.current())
            return a - b

    async with calculator.serve(Seeing(), urls=["thrift://127.0.0.1:0"]) as server:
        async with calculator.connect(server.urls[0]) as client:
            metadata = [
                ("X-One", "1"),
                ("data-bin", b"\x00\xff"),
                ("traceparent", "00-" + "a" * 32 + "-" + "b" * 16 + "-01"),
            ]
            await client.subtract(1, 2, options=runtime.CallOptions(timeout=7.0, metadata=metadata))
        async with calculator.connect(server.urls[0] + "?attachments=no") as client:
            await client.subtract(1, 2)
    first, second = seen
    assert (first.metadata.get("x-one"), first.metadata.get_all("data-bin")) == ("1", [b"\x00\xff"])
    assert first.trace.trace_id == "a" * 32
    assert 6.0 < first.remaining <= 7.0
    assert first.protocol == "thrift"
    assert first.peer.startswith("127.0.0.1:")
    assert (len(second.metadata), second.remaining) == (0, None)


@pytest.mark.parametrize("mutual", [False, True])
async def test_tls(tmp_path: Path, mutual: bool) -> None:
    """Without a certificate of its own a client does not pass mutual TLS; plain text never does."""
    authority = trustme.CA()
    files = {"ca": tmp_path / "ca.pem"}
    authority.cert_pem.write_to_path(files["ca"])
    for name in ("localhost", "client"):
        issued = authority.issue_cert(name)
        files |= {name: tmp_path / f"{name}.pem", f"{name}-key": tmp_path / f"{name}.key"}
        issued.cert_chain_pems[0].write_to_path(files[name])
        issued.private_key_pem.write_to_path(files[f"{name}-key"])
    tls = runtime.Tls(files["localhost"], files["localhost-key"], files["ca"] if mutual else None)
    settings = runtime.ServerSettings(tls=tls)
    async with calculator.serve(
        Handler(), urls=["thrifts://127.0.0.1:0"], settings=settings
    ) as server:
        url = server.urls[0].replace("127.0.0.1", "localhost")
        own = runtime.Tls(files["client"], files["client-key"], files["ca"])
        assert await difference(url, own) == 2
        refused = [(url, None), (url.replace("thrifts", "thrift"), None)]
        for address, shown in [*refused, (url, runtime.Tls(ca=files["ca"]))][: 3 if mutual else 2]:
            with pytest.raises(runtime.ServiceError) as caught:
                await difference(address, shown)
            assert caught.value.code is runtime.Code.UNAVAILABLE


async def difference(url: str, tls: Any) -> int:
    settings = runtime.ClientSettings(tls=tls, timeout=5, retry=runtime.RetryPolicy(attempts=1))
    async with calculator.connect(url, settings=settings) as client:
        result: int = await client.subtract(5, 3)
        return result


async def test_a_server_without_a_certificate_does_not_start() -> None:
    with pytest.raises(ConfigurationError, match="TLS"):
        async with calculator.serve(Handler(), urls=["thrifts://127.0.0.1:0"]):
            pass


class Blocking(Handler):  # type: ignore[misc, valid-type]
    """A calculator that holds its thread up."""

    async def subtract(self, a: int, b: int) -> int:
        time.sleep(0.2)
        await asyncio.sleep(0)
        assert runtime.current().operation.name == "subtract"
        if threading.current_thread() is threading.main_thread():
            return -1
        return a - b


async def test_handlers_in_threads_do_not_hold_each_other_up() -> None:
    url = "thrift://127.0.0.1:0?server=threads&workers=8"
    async with calculator.serve(Blocking(), urls=[url]) as server:
        async with calculator.connect(server.urls[0]) as client:
            began = time.monotonic()
            results = await asyncio.gather(*(client.subtract(n, 1) for n in range(8)))

            assert results == [n - 1 for n in range(8)]
            assert time.monotonic() - began < 1.2
            with pytest.raises(calculator.DivisionByZero):
                await client.divide(1.0, 0.0)


async def test_a_process_a_core_shares_a_port() -> None:
    """Either answers while the other is gone."""
    with _free_port() as port:
        url = f"thrift://127.0.0.1:{port}?reuse_port=1"
        async with _process(url):
            async with _process(url):
                await _answers_twenty_times(port)
            await _answers_twenty_times(port)
            async with _process(url):
                await _answers_twenty_times(port)


@contextmanager
def _free_port() -> Iterator[int]:
    """A port that is ours, and that others may share."""
    with socket.socket() as bound:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        bound.bind(("127.0.0.1", 0))
        yield bound.getsockname()[1]


@asynccontextmanager
async def _process(url: str) -> AsyncIterator[None]:
    """``python -m calculator serve`` in a process of its own."""
    serving = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "calculator", "serve", "--url", url),
        cwd=projects.generated("calculator") / "python" / "src",
        stdout=asyncio.subprocess.PIPE,
    )
    assert serving.stdout is not None
    try:
        assert b"thrift://" in await asyncio.wait_for(serving.stdout.readline(), 30.0)
        yield
    finally:
        serving.terminate()
        await asyncio.wait_for(serving.wait(), 30.0)


async def _answers_twenty_times(port: int) -> None:
    """On connections of their own: the kernel gives them to whoever listens."""
    for _ in range(20):
        async with calculator.connect(f"thrift://127.0.0.1:{port}", settings=ONCE) as client:
            assert await client.subtract(5, 3) == 2


async def test_processes_may_share_a_port() -> None:
    url = "thrift://127.0.0.1:0?reuse_port=1"
    async with calculator.serve(Handler(), urls=[url]) as first:
        again = f"{first.urls[0]}?reuse_port=1"
        async with calculator.serve(Handler(), urls=[again]) as second:
            assert first.urls == second.urls
    async with calculator.serve(Handler(), urls=["thrift://127.0.0.1:0"]) as first:
        with pytest.raises(OSError, match="in use"):
            async with calculator.serve(Handler(), urls=first.urls):
                pass


@pytest.mark.parametrize(
    "query",
    ["?protocol=json", "?transport=http", "?multiplexed=maybe", "?attachments=1"],
)
def test_unknown_options_of_a_client_are_refused(query: str) -> None:
    with pytest.raises(ConfigurationError, match="known: "):
        calculator.connect("thrift://127.0.0.1:1" + query)


@pytest.mark.parametrize("query", ["?server=fork", "?server=threads&workers=0", "?reuse_port=yes"])
async def test_unknown_options_of_a_server_are_refused(query: str) -> None:
    with pytest.raises(ConfigurationError):
        async with calculator.serve(Handler(), urls=["thrift://127.0.0.1:0" + query]):
            pass


async def test_streams_are_not_carried() -> None:
    async with calculator.serve(Handler(), urls=["thrift://127.0.0.1:0"]) as server:
        async with calculator.connect(server.urls[0]) as client:
            with pytest.raises(runtime.ServiceError, match="cannot carry") as caught:
                await anext(client.countdown(3))
            assert caught.value.code is runtime.Code.UNIMPLEMENTED


async def test_many_calls_share_one_connection() -> None:
    async with calculator.serve(Handler(), urls=["thrift://127.0.0.1:0"]) as server:
        async with calculator.connect(server.urls[0]) as client:
            results = await asyncio.gather(*(client.subtract(n, 1) for n in range(500)))

            assert results == [n - 1 for n in range(500)]
            assert len(server._listeners[0].connections) == 1


async def test_each_call_ends_at_its_own_deadline() -> None:
    """One timer serves all: shorter ones that come later are not held up by longer ones."""
    timeouts = [0.6, 0.1, 5.0, 0.3, 0.1]

    async def ended(client: Any, timeout: float) -> float:
        began = time.monotonic()
        with pytest.raises(runtime.ServiceError) as caught:
            await client.subtract(5, 3, options=runtime.CallOptions(timeout=timeout))
        assert caught.value.code is runtime.Code.DEADLINE_EXCEEDED
        return time.monotonic() - began

    async with silent_server() as port:
        async with calculator.connect(f"thrift://127.0.0.1:{port}", settings=ONCE) as client:
            calls = [asyncio.create_task(ended(client, timeout)) for timeout in timeouts]
            waits = calls.pop(2)
            for timeout, took in zip(
                [0.6, 0.1, 0.3, 0.1], await asyncio.gather(*calls), strict=True
            ):
                assert timeout <= took + 0.01 < timeout + 2.0
            assert not waits.done()
            waits.cancel()
            await asyncio.wait((waits,))


@asynccontextmanager
async def silent_server() -> AsyncIterator[int]:
    """The port of one that reads and never answers."""

    async def listen(reader: Any, writer: Any) -> None:
        await reader.read(-1)
        writer.close()

    server = await asyncio.start_server(listen, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


async def test_what_was_sent_is_out_when_the_client_is_closed() -> None:
    heard: list[str] = []

    class Listening(Handler):  # type: ignore[misc, valid-type]
        async def log(self, line: str) -> None:
            heard.append(line)

    async with calculator.serve(Listening(), urls=["thrift://127.0.0.1:0"]) as server:
        async with calculator.connect(server.urls[0]) as client:
            await client.log("last words")
        async with asyncio.timeout(5.0):
            while not heard:
                await asyncio.sleep(0.01)

    assert heard == ["last words"]


async def test_a_connection_that_is_gone_is_made_again() -> None:
    async with calculator.serve(Handler(), urls=["thrift://127.0.0.1:0"]) as server:
        async with calculator.connect(server.urls[0]) as client:
            assert await client.subtract(5, 3) == 2
            for connection in list(server._listeners[0].connections):
                connection.abort()
            await asyncio.sleep(0.05)
            assert await client.subtract(5, 3) == 2


async def test_nobody_at_home_means_unsent() -> None:
    async with calculator.connect("thrift://127.0.0.1:1", settings=ONCE) as client:
        with pytest.raises(runtime.ServiceError) as caught:
            await client.add(calculator.AddRequest(a=1, b=2))
        assert (caught.value.code, caught.value.unsent) == (runtime.Code.UNAVAILABLE, True)


REPLY = b"\x80\x01\x00\x02\x00\x00\x00\x08subtract"
ANSWERS = {
    "HTTP/1.1 400 Bad Request\r\n\r\n": runtime.Code.UNAVAILABLE,
    "": runtime.Code.UNAVAILABLE,
    "\x7f\xff\xff\xff": runtime.Code.UNAVAILABLE,
    "\x00\x00\x00\x15" + (REPLY + b"\0\0\0\1\0").decode("latin-1"): runtime.Code.INTERNAL,
    "\x00\x00\x00\x16" + (REPLY + b"\0\0\0\1\x0b\0").decode("latin-1"): runtime.Code.UNAVAILABLE,
    "\x00\x00\x00\x15" + (REPLY + b"\0\0\0\7\0").decode("latin-1"): runtime.Code.DEADLINE_EXCEEDED,
}


@pytest.mark.parametrize("text", ANSWERS)
async def test_a_server_that_talks_nonsense(text: str) -> None:
    """Broken, empty, closed, too large, cut short, an answer to another call."""

    async def talk(reader: Any, writer: Any) -> None:
        await reader.read(1)
        writer.write(text.encode("latin-1"))
        await writer.drain()
        if not text:
            writer.close()
        await reader.read(-1)
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        async with calculator.connect(f"thrift://127.0.0.1:{port}", settings=ONCE) as client:
            with pytest.raises(runtime.ServiceError) as caught:
                await client.subtract(1, 2, options=runtime.CallOptions(timeout=1.0))
            assert caught.value.code is ANSWERS[text]
