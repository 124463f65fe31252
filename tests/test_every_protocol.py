"""What the shared support code promises, held over every protocol alike."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import json
import logging
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import trustme

from tests import projects

LIMIT = 20.0  # seconds

sink = projects.package("kitchen-sink")
runtime = sink.runtime
Code = runtime.Code

HTTP = ("http", "jsonrpc+http", "graphql+http")
WITH_METADATA = (*HTTP, "jsonrpc+ws", "grpc")
EVERY = (*WITH_METADATA, "thrift")
SECURE = ("https", "jsonrpc+https", "jsonrpc+wss", "graphql+https", "grpcs", "thrifts")

ONCE = runtime.RetryPolicy(attempts=1)


def kitchen() -> Any:
    return next(h for h in projects.handlers("kitchen-sink") if isinstance(h, sink.KitchenSink))


def others() -> list[Any]:
    handlers = projects.handlers("kitchen-sink")
    return [handler for handler in handlers if not isinstance(handler, sink.KitchenSink)]


@contextlib.asynccontextmanager
async def serving(scheme: str, handler: Any = None, **settings: Any) -> AsyncIterator[Any]:
    handlers = [handler or kitchen(), *others()]
    urls = [f"{scheme}://localhost:0"]
    options = runtime.ServerSettings(**settings)
    async with asyncio.timeout(LIMIT), sink.serve(*handlers, urls=urls, settings=options) as server:
        yield server


@contextlib.asynccontextmanager
async def calling(*urls: str, **settings: Any) -> AsyncIterator[Any]:
    options = runtime.ClientSettings(**settings)
    async with asyncio.timeout(LIMIT), sink.connect(*urls, settings=options) as client:
        yield client.kitchen_sink


async def code_of(answer: Any) -> Any:
    """The code of the error that a call ends with."""
    with pytest.raises(runtime.ServiceError) as caught:
        await answer
    return caught.value.code


def saying(secret: str) -> Any:
    async def token() -> str:
        return secret

    return token


class Certificates:
    """Of a server and a client, of one authority."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        authority = trustme.CA()
        self.ca = folder / "ca.pem"
        authority.cert_pem.write_to_path(self.ca)
        self.server = self._files(authority, "localhost")
        self.client = self._files(authority, "client@example.org")

    def _files(self, authority: trustme.CA, name: str) -> tuple[Path, Path]:
        issued = authority.issue_cert(name)
        paths = self._folder / f"{name}.pem", self._folder / f"{name}.key"
        issued.cert_chain_pems[0].write_to_path(paths[0])
        issued.private_key_pem.write_to_path(paths[1])
        return paths


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return Certificates(tmp_path_factory.mktemp("certificates"))


@pytest.mark.parametrize("scheme", SECURE)
async def test_tls_is_held_by_both_sides(scheme: str, files: Certificates) -> None:
    trusting = runtime.Tls(ca=files.ca)
    async with serving(scheme, tls=runtime.Tls(*files.server)) as server:
        async with calling(*server.urls, tls=trusting) as client:
            assert await client.ping() == "pong"
        async with calling(*server.urls, retry=ONCE) as client:
            assert await code_of(client.ping()) is Code.UNAVAILABLE


@pytest.mark.parametrize("scheme", SECURE)
async def test_a_server_may_ask_for_a_certificate(scheme: str, files: Certificates) -> None:
    async with serving(scheme, tls=runtime.Tls(*files.server, files.ca)) as server:
        async with calling(*server.urls, tls=runtime.Tls(*files.client, files.ca)) as client:
            assert await client.ping() == "pong"
        async with calling(*server.urls, tls=runtime.Tls(ca=files.ca), retry=ONCE) as client:
            assert await code_of(client.ping()) is Code.UNAVAILABLE


@pytest.mark.parametrize("scheme", WITH_METADATA)
async def test_credentials_of_both_kinds_decide(scheme: str) -> None:
    async def authenticate(credentials: Any) -> Any:
        scopes = {"boss": {"admin"}, "guest": set()}.get(credentials.secret)
        name = f"{credentials.scheme} {credentials.secret}"
        return None if scopes is None else runtime.Principal(name, frozenset(scopes))

    async with serving(scheme, authenticate=authenticate) as server:
        for kind in ("bearer", "api_key"):
            async with calling(*server.urls, **{kind: saying("boss")}) as client:
                assert await client.secret() == f"hello {kind} boss"
            async with calling(*server.urls, **{kind: saying("guest")}) as client:
                assert await code_of(client.secret()) is Code.PERMISSION_DENIED
                assert await client.ping() == "pong"
            async with calling(*server.urls, **{kind: saying("thief")}) as client:
                assert await code_of(client.secret()) is Code.UNAUTHENTICATED
        async with calling(*server.urls) as client:
            assert await code_of(client.secret()) is Code.UNAUTHENTICATED


class Failing(type(kitchen())):  # type: ignore[misc]
    """Is not there for the first two calls of each method."""

    def __init__(self) -> None:
        super().__init__()
        self.calls = 0

    def _count(self) -> None:
        self.calls += 1
        if self.calls < 3:
            raise runtime.ServiceError(Code.UNAVAILABLE, "come back later")

    async def ping(self) -> str:
        self._count()
        return "pong"

    async def nothing(self) -> None:
        self._count()


@pytest.mark.parametrize("scheme", EVERY)
async def test_only_what_may_be_repeated_is_tried_again(scheme: str) -> None:
    readonly, neither = Failing(), Failing()
    async with serving(scheme, readonly) as server, calling(*server.urls) as client:
        assert await client.ping() == "pong"
    async with serving(scheme, neither) as server, calling(*server.urls) as client:
        assert await code_of(client.nothing()) is Code.UNAVAILABLE

    assert (readonly.calls, neither.calls) == (3, 1)


@pytest.mark.parametrize("scheme", EVERY)
async def test_what_was_never_sent_goes_to_another_address(scheme: str) -> None:
    """Whatever the operation: a call that found nobody has not begun."""
    async with (
        serving(scheme) as server,
        calling(f"{scheme}://127.0.0.1:9", *server.urls) as client,
    ):
        for _ in range(4):
            await client.nothing()


@pytest.mark.parametrize("scheme", EVERY)
async def test_calls_beyond_the_limit_are_refused(scheme: str) -> None:
    class Waiting(type(kitchen())):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.began, self.may_end = asyncio.Event(), asyncio.Event()

        async def nothing(self) -> None:
            self.began.set()
            await self.may_end.wait()

    handler = Waiting()
    async with serving(scheme, handler, max_in_flight=1) as server, calling(*server.urls) as client:
        first = asyncio.ensure_future(client.nothing())
        await handler.began.wait()
        assert await code_of(client.ping()) is Code.RESOURCE_EXHAUSTED
        handler.may_end.set()
        await first
        assert await client.ping() == "pong"


@pytest.mark.parametrize("scheme", EVERY)
async def test_a_message_beyond_the_limit_is_refused(scheme: str) -> None:
    async with (
        serving(scheme, max_message_bytes=2_000) as server,
        calling(*server.urls, retry=ONCE) as client,
    ):
        assert await code_of(client.echo_any("x" * 3_000)) is Code.RESOURCE_EXHAUSTED
        assert await client.echo_any("x" * 300) == "x" * 300


@pytest.mark.parametrize("scheme", EVERY)
async def test_an_answer_beyond_the_clients_limit_is_given_up(scheme: str) -> None:
    async with serving(scheme) as server, calling(*server.urls, max_message_bytes=2_000) as client:
        assert await code_of(client.echo_any("x" * 3_000)) is Code.RESOURCE_EXHAUSTED
        assert await client.echo_any("x" * 300) == "x" * 300


@pytest.mark.parametrize("scheme", EVERY)
async def test_a_deadline_reaches_the_handler(scheme: str) -> None:
    seen: list[Any] = []

    class Slow(type(kitchen())):  # type: ignore[misc]
        async def nothing(self) -> None:
            try:
                await asyncio.sleep(LIMIT)
            finally:
                seen.append(runtime.current().remaining)

    async with serving(scheme, Slow()) as server, calling(*server.urls) as client:
        assert await client.ping() == "pong"  # connected: the time is the call's alone
        options = runtime.CallOptions(timeout=0.5)
        assert await code_of(client.nothing(options=options)) is Code.DEADLINE_EXCEEDED
        while not seen:
            await asyncio.sleep(0.01)

    assert seen[0] < 0.5


@pytest.mark.parametrize("scheme", EVERY)
async def test_draining_ends_what_began(scheme: str) -> None:
    class Slow(type(kitchen())):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.began = asyncio.Event()

        async def nothing(self) -> None:
            self.began.set()
            await asyncio.sleep(0.3)

    handler = Slow()
    async with serving(scheme, handler) as server, calling(*server.urls, retry=ONCE) as client:
        slow = asyncio.ensure_future(client.nothing())
        await handler.began.wait()
        stopping = asyncio.ensure_future(server.stop(5))
        await slow
        await stopping
        assert await code_of(client.ping()) is Code.UNAVAILABLE


@pytest.mark.parametrize("scheme", [*HTTP, "jsonrpc+ws"])
async def test_health_is_told_beside_the_calls(scheme: str) -> None:
    fine = True

    async def ready() -> bool:
        return fine

    async with serving(scheme, ready=ready) as server, aiohttp.ClientSession() as web:
        address = server.urls[0].partition("://")[2].partition("/")[0]
        for path, good, bad in (("/healthz", 200, 200), ("/readyz", 200, 503)):
            statuses = []
            for fine in (True, False):  # noqa: B007  # what the hook says
                async with web.get(f"http://{address}{path}") as response:
                    statuses.append(response.status)
            assert statuses == [good, bad]


@pytest.mark.parametrize("scheme", EVERY)
async def test_logs_have_the_trace_of_the_caller(
    scheme: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    trace_id = "4bf92f3577b34da6a3ce929d0e0e4736"
    given = [("traceparent", f"00-{trace_id}-00f067aa0ba902b7-01")]
    async with serving(scheme, access_log=True) as server, calling(*server.urls) as client:
        await client.ping(options=runtime.CallOptions(metadata=given))
        assert await code_of(client.fail("fault")) is Code.INTERNAL

    fine, fault = [r for r in caplog.records if r.message == "call ended"]
    assert fine.facts["operation"] == "KitchenSink.ping"  # type: ignore[attr-defined]
    assert fine.facts["code"] == "ok"  # type: ignore[attr-defined]
    assert fine.facts["trace_id"] == trace_id  # type: ignore[attr-defined]
    assert fine.facts["protocol"] == fault.facts["protocol"]  # type: ignore[attr-defined]
    assert fault.exc_info is not None
    assert "the secret reason" in str(fault.exc_info[1])


@pytest.mark.parametrize("pair", [("x-a", "é"), ("x a", "b"), ("x-a", "b\r\nx-c: d"), ("x-a", b"")])
@pytest.mark.parametrize("scheme", WITH_METADATA)
async def test_metadata_that_cannot_travel_is_a_fault_of_the_handler(
    scheme: str, pair: Any, caplog: pytest.LogCaptureFixture
) -> None:
    class Wrong(type(kitchen())):  # type: ignore[misc]
        async def ping(self) -> str:
            runtime.current().add_header("X-Upper", "fine")
            runtime.current().add_header(*pair)
            return "never"

    async with serving(scheme, Wrong()) as server, calling(*server.urls) as client:
        assert await code_of(client.ping()) is Code.INTERNAL
        assert await client.echo_any("still here") == "still here"

    [logged] = [r for r in caplog.records if r.message == "call ended"]
    assert logged.exc_info is not None
    assert f"the metadata {pair[0]!r}" in str(logged.exc_info[1])


BODIES = {
    "http": ("/kitchen-sink/echo-any", {"a": 1}),
    "jsonrpc+http": ("/", {"jsonrpc": "2.0", "method": "KitchenSink.ping", "id": 1}),
    "graphql+http": ("/graphql", {"query": "{ ping }"}),
}


@pytest.mark.parametrize("size", [0, 100_000], ids=["small", "large"])
@pytest.mark.parametrize("scheme", HTTP)
async def test_compressed_bodies_are_refused_unopened(scheme: str, size: int) -> None:
    """415, and what is taken instead (RFC 9110, 15.5.16): a bomb stays shut."""
    path, value = BODIES[scheme]
    body = gzip.compress(json.dumps(value).encode() + b" " * size, compresslevel=size and 0)
    async with serving(scheme) as server:
        url = server.urls[0].partition("://")[2].partition("/")[0]
        headers = {"content-type": "application/json", "content-encoding": "gzip"}
        async with (
            aiohttp.ClientSession() as web,
            web.post(f"http://{url}{path}", data=body, headers=headers) as response,
        ):
            await response.read()
    assert response.status == 415
    assert response.headers["accept-encoding"] == "identity"
