"""The generated client on gRPC, against a server on stubs that protoc made of our .proto."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from types import ModuleType
from typing import Any

import grpc
import grpc.aio
import pytest
import trustme
from google.rpc import error_details_pb2, status_pb2

from tests import projects
from tests.protoc import stubs

LIMIT = 20.0  # seconds


class Peer:
    """A calculator on the official stubs; ``script`` says how ``Add`` answers."""

    def __init__(self) -> None:
        self.pb2, pb2_grpc = stubs(projects.generated("calculator") / "schemas")
        self.metadata: dict[str, Any] = {}
        self.remaining: float | None = None
        self.left = asyncio.Event()
        self.status = status_pb2.Status()
        peer = self

        class Servicer(pb2_grpc.CalculatorServicer):  # type: ignore[misc]
            async def Add(self, request: Any, rpc: Any) -> Any:
                peer.metadata = dict(rpc.invocation_metadata())
                peer.remaining = rpc.time_remaining()
                await rpc.send_initial_metadata((("x-leading", "1"),))
                rpc.set_trailing_metadata((("x-trailing", "2"),))
                if request.a == 999:
                    await asyncio.sleep(LIMIT)
                return peer.pb2.AddResponse(result=request.a + request.b)

            async def Divide(self, request: Any, rpc: Any) -> Any:
                packed = peer.status.SerializeToString()
                code = next(c for c in grpc.StatusCode if c.value[0] == peer.status.code)
                trailers = (("grpc-status-details-bin", packed),)
                await rpc.abort(code, peer.status.message, trailers)

            async def Sum(self, requests: Any, rpc: Any) -> Any:
                total = 0
                async for request in requests:
                    if request.value < 0:  # the answer comes before the end of the question
                        break
                    total += request.value
                return peer.pb2.SumResponse(result=total)

            async def Countdown(self, request: Any, rpc: Any) -> Any:
                try:
                    for number in range(1000):
                        yield peer.pb2.CountdownResponse(value=number)
                        await asyncio.sleep(0.01)
                finally:
                    peer.left.set()

            async def RunningTotal(self, requests: Any, rpc: Any) -> Any:
                async for request in requests:
                    yield peer.pb2.RunningTotalResponse(value=request.value)

        self.server = grpc.aio.server()
        pb2_grpc.add_CalculatorServicer_to_server(Servicer(), self.server)


@pytest.fixture(scope="module")
def package() -> ModuleType:
    return projects.package("calculator")


@pytest.fixture
async def peer() -> AsyncIterator[Peer]:
    peer = Peer()
    port = peer.server.add_insecure_port("127.0.0.1:0")
    await peer.server.start()
    peer.url = f"grpc://127.0.0.1:{port}"
    yield peer
    await peer.server.stop(None)


@pytest.fixture
async def client(peer: Peer, package: ModuleType) -> AsyncIterator[Any]:
    async with package.connect(peer.url) as client:
        yield client


async def items(*values: Any) -> AsyncIterator[Any]:
    for value in values:
        yield value


async def test_all_four_modes(client: Any, package: ModuleType) -> None:
    assert 3 == (await client.add(package.AddRequest(a=1, b=2))).result
    assert 6 == await client.sum(items(1, 2, 3))
    assert [7, 8] == [each async for each in client.running_total(items(7, 8))]
    counted = client.countdown(0)
    assert [0, 1] == [await anext(counted), await anext(counted)]
    await counted.aclose()


async def test_metadata_and_deadline(client: Any, peer: Peer, package: ModuleType) -> None:
    options = package.runtime.CallOptions(timeout=5, metadata=[("x-one", "1"), ("x-bin", b"\x00")])

    await client.add(package.AddRequest(a=1, b=2), options=options)

    assert ("1", b"\x00") == (peer.metadata["x-one"], peer.metadata["x-bin"])
    assert peer.metadata["traceparent"].startswith("00-")
    assert 4 < (peer.remaining or 0) <= 5
    assert ("1", "2") == (options.headers.get("x-leading"), options.trailers.get("x-trailing"))


async def test_a_passed_deadline(client: Any, package: ModuleType) -> None:
    with pytest.raises(package.runtime.ServiceError) as caught:
        options = package.runtime.CallOptions(timeout=0.2)
        await client.add(package.AddRequest(a=999, b=0), options=options)

    assert package.runtime.Code.DEADLINE_EXCEEDED is caught.value.code


async def test_declared_error_arrives_as_its_class(
    client: Any, peer: Peer, package: ModuleType
) -> None:
    peer.status = status_pb2.Status(code=3, message="no")
    peer.status.details.add().Pack(peer.pb2.DivisionByZero(dividend=4))

    with pytest.raises(package.DivisionByZero) as caught:
        await client.divide(4.0, 0.0)

    assert ("no", 4.0) == (caught.value.message, caught.value.dividend)


async def test_other_details_stay_raw_and_violations_are_read(
    client: Any, peer: Peer, package: ModuleType
) -> None:
    violation = error_details_pb2.BadRequest.FieldViolation(field="a", description="too odd")
    peer.status = status_pb2.Status(code=9, message="no")
    peer.status.details.add().Pack(error_details_pb2.BadRequest(field_violations=[violation]))
    peer.status.details.add(type_url="type.googleapis.com/x.Unknown", value=b"\x01")

    with pytest.raises(package.runtime.ServiceError) as caught:
        await client.divide(4.0, 0.0)

    error = caught.value
    assert package.runtime.Code.FAILED_PRECONDITION is error.code
    assert [("a", "too odd")] == [(v.field, v.message) for v in error.violations]
    assert ("type.googleapis.com/x.Unknown", b"\x01") in error.details


@pytest.mark.parametrize("number", range(1, 17))
async def test_every_code(client: Any, peer: Peer, package: ModuleType, number: int) -> None:
    peer.status = status_pb2.Status(code=number, message="ünï\n%")

    with pytest.raises(package.runtime.ServiceError) as caught:
        await client.divide(4.0, 0.0, options=package.runtime.CallOptions(timeout=LIMIT))

    assert list(package.runtime.Code)[number - 1] is caught.value.code
    assert "ünï\n%" == caught.value.message


async def test_leaving_a_stream_ends_it_at_the_server(client: Any, peer: Peer) -> None:
    async for _ in client.countdown(0):
        break

    await asyncio.wait_for(peer.left.wait(), LIMIT)


async def test_cancelling_a_call_ends_it(client: Any, package: ModuleType) -> None:
    call = asyncio.create_task(client.add(package.AddRequest(a=999, b=0)))
    await asyncio.sleep(0.1)
    call.cancel()

    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(call, LIMIT)


async def test_a_server_that_answers_early(client: Any) -> None:
    asked = asyncio.Event()

    async def endless() -> AsyncIterator[int]:
        try:
            yield 1
            yield -1
            await asyncio.sleep(LIMIT)
        finally:
            asked.set()

    assert 1 == await asyncio.wait_for(client.sum(endless()), LIMIT)
    await asyncio.wait_for(asked.wait(), LIMIT)


async def test_the_exception_of_a_request_stream_comes_out(client: Any) -> None:
    async def broken() -> AsyncIterator[int]:
        yield 1
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        await client.sum(broken())
    with pytest.raises(KeyError, match="mine"):
        _ = [each async for each in client.running_total(broken())]


async def test_a_request_out_of_range_is_not_sent(
    client: Any, peer: Peer, package: ModuleType
) -> None:
    with pytest.raises(package.runtime.ServiceError, match="out of the range of int32") as caught:
        await client.add(package.AddRequest(a=2**31, b=0))

    assert package.runtime.Code.INVALID_ARGUMENT is caught.value.code
    assert {} == peer.metadata


WRONG_METADATA = [
    ("x-a", "a\nb"),
    ("x-a", "a\r\nb"),
    ("x-a", "\u00e9"),
    ("X A", "b"),
    ("", "b"),
    ("x-a", b"b"),
    ("x-a-bin", "b"),
]


@pytest.mark.parametrize("scheme", ["grpc", "http"])
@pytest.mark.parametrize("pair", WRONG_METADATA)
async def test_metadata_that_cannot_travel(package: ModuleType, scheme: str, pair: Any) -> None:
    """Refused before anything is sent, alike on every protocol."""
    runtime = package.runtime
    async with projects.serving("calculator", scheme) as url, package.connect(url) as client:
        with pytest.raises(runtime.ServiceError, match="metadata") as caught:
            await client.subtract(5, 3, options=runtime.CallOptions(metadata=[pair]))
        assert runtime.Code.INVALID_ARGUMENT is caught.value.code
        with pytest.raises(runtime.ServiceError, match="metadata"):
            options = runtime.CallOptions(metadata=[pair])
            _ = [item async for item in client.countdown(3, options=options)]


async def test_names_of_metadata_may_have_capitals(client: Any, peer: Peer, package: Any) -> None:
    options = package.runtime.CallOptions(metadata=[("X-Tenant", "a")])
    await client.add(package.AddRequest(a=1, b=2), options=options)

    assert "a" == peer.metadata["x-tenant"]


async def test_a_call_that_the_server_drops_is_unavailable(package: ModuleType) -> None:
    """HTTP/2: the server resets the stream (CANCEL) without a status."""
    left = asyncio.Event()

    async def drop(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"\0\0\0\4\0\0\0\0\0")  # SETTINGS
        await reader.readexactly(24)  # the preface
        kind = 0
        while kind != 1:  # HEADERS
            head = await reader.readexactly(9)
            await reader.readexactly(int.from_bytes(head[:3]))
            kind = head[3]
            if kind == 4 and not head[4]:
                writer.write(b"\0\0\0\4\1\0\0\0\0")
        writer.write(b"\0\0\4\3\0" + head[5:] + b"\0\0\0\x08")
        await writer.drain()
        writer.close()
        await writer.wait_closed()
        left.set()

    server = await asyncio.start_server(drop, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    settings = package.runtime.ClientSettings(retry=package.runtime.RetryPolicy(attempts=1))
    async with package.connect(f"grpc://127.0.0.1:{port}", settings=settings) as client:
        with pytest.raises(package.runtime.ServiceError, match="dropped") as caught:
            await client.subtract(5, 3)
    await asyncio.wait_for(left.wait(), LIMIT)
    server.close()

    assert package.runtime.Code.UNAVAILABLE is caught.value.code


async def test_nobody_there_is_unavailable(package: ModuleType) -> None:
    settings = package.runtime.ClientSettings(retry=package.runtime.RetryPolicy(attempts=1))
    async with package.connect("grpc://127.0.0.1:1", settings=settings) as client:
        with pytest.raises(package.runtime.ServiceError) as caught:
            await client.add(package.AddRequest(a=1, b=2))

    assert package.runtime.Code.UNAVAILABLE is caught.value.code


@pytest.mark.parametrize("mutual", [False, True])
async def test_tls(package: ModuleType, tmp_path: Path, mutual: bool) -> None:
    """Both sides generated; without a certificate of its own a client does not pass mutual TLS."""
    runtime, authority = package.runtime, trustme.CA()
    files = {"ca": tmp_path / "ca.pem"}
    authority.cert_pem.write_to_path(files["ca"])
    for name in ("localhost", "client"):
        issued = authority.issue_cert(name)
        files |= {name: tmp_path / f"{name}.pem", f"{name}-key": tmp_path / f"{name}.key"}
        issued.cert_chain_pems[0].write_to_path(files[name])
        issued.private_key_pem.write_to_path(files[f"{name}-key"])
    tls = runtime.Tls(files["localhost"], files["localhost-key"], files["ca"] if mutual else None)
    handlers = projects.handlers("calculator")
    settings = runtime.ServerSettings(tls=tls)

    async with package.serve(*handlers, urls=["grpcs://127.0.0.1:0"], settings=settings) as server:
        url = server.urls[0].replace("127.0.0.1", "localhost")
        with_own = runtime.Tls(files["client"], files["client-key"], files["ca"])
        assert 3 == await tls_sum(package, url, with_own)
        if mutual:
            with pytest.raises(runtime.ServiceError):
                await tls_sum(package, url, runtime.Tls(ca=files["ca"]))
        with pytest.raises(runtime.ServiceError):
            await tls_sum(package, url, None)


async def tls_sum(package: ModuleType, url: str, tls: Any) -> Any:
    runtime = package.runtime
    settings = runtime.ClientSettings(tls=tls, timeout=5, retry=runtime.RetryPolicy(attempts=1))
    async with package.connect(url, settings=settings) as client:
        return await client.sum(items(1, 2))
