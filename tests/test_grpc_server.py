"""The generated gRPC server, called with stubs that protoc made of our .proto."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import AsyncIterator
from types import ModuleType
from typing import Any

import grpc
import grpc.aio
import pytest
from google.protobuf.descriptor_pool import DescriptorPool
from google.rpc import error_details_pb2, status_pb2
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import (
    ProtoReflectionDescriptorDatabase,
)

from tests import projects
from tests.protoc import stubs

LIMIT = 20.0  # seconds


@pytest.fixture(scope="module")
def official() -> tuple[ModuleType, ModuleType]:
    return stubs(projects.generated("calculator") / "schemas")


class Probe:
    """A calculator whose handler tells what it saw and can be made to wait."""

    def __init__(self) -> None:
        package = projects.package("calculator")
        handler = importlib.import_module("calculator.handler").CalculatorHandler
        runtime = package.runtime
        probe = self

        class Handler(handler):  # type: ignore[misc, valid-type]
            async def add(self, request: Any) -> Any:
                context = runtime.current()
                probe.remaining = context.remaining
                probe.metadata = list(context.metadata)
                context.add_header("x-leading", "first")
                context.add_trailer("x-trailing-bin", b"\x00\xff")
                if request.a == probe.forever:
                    await probe.blocked()
                return await super().add(request)

            async def countdown(self, from_: int) -> AsyncIterator[int]:
                async for number in super().countdown(from_):
                    yield number
                    if number == probe.forever:
                        await probe.blocked()

        self.handler = Handler()
        self.forever = 77
        self.remaining: float | None = None
        self.metadata: list[Any] = []
        self.waiting = asyncio.Event()
        self.cancelled = asyncio.Event()

    async def blocked(self) -> None:
        self.waiting.set()
        try:
            await asyncio.sleep(LIMIT)
        except asyncio.CancelledError:
            self.cancelled.set()
            raise

    def serve(self, **settings: Any) -> Any:
        package = projects.package("calculator")
        chosen = package.runtime.ServerSettings(**settings)
        return package.serve(self.handler, urls=["grpc://127.0.0.1:0"], settings=chosen)


@pytest.fixture
async def probe() -> Probe:
    return Probe()


@pytest.fixture
async def channel(probe: Probe) -> AsyncIterator[Any]:
    async with probe.serve(max_message_bytes=100_000) as server:
        address = server.urls[0].removeprefix("grpc://")
        async with grpc.aio.insecure_channel(address) as channel:
            yield channel


@pytest.fixture
def stub(channel: Any, official: tuple[ModuleType, ModuleType]) -> Any:
    return official[1].CalculatorStub(channel)


@pytest.fixture
def pb2(official: tuple[ModuleType, ModuleType]) -> Any:
    return official[0]


async def numbers(pb2: Any, *values: int) -> AsyncIterator[Any]:
    for value in values:
        yield pb2.SumRequest(value=value)


async def test_all_four_modes(stub: Any, pb2: Any) -> None:
    added = await stub.Add(pb2.AddRequest(a=2, b=-3), timeout=LIMIT)
    summed = await stub.Sum(numbers(pb2, 1, 2, 3), timeout=LIMIT)
    counted = [r.value async for r in stub.Countdown(pb2.CountdownRequest(**{"from": 3}))]
    totals = [r.value async for r in stub.RunningTotal(numbers(pb2, 4, 5))]

    assert (-1, 6) == (added.result, summed.result)
    assert [3, 2, 1] == counted
    assert [4, 9] == totals


async def test_metadata_both_ways(stub: Any, pb2: Any, probe: Probe) -> None:
    sent = (("x-text", "a"), ("x-text", "b"), ("x-data-bin", b"\x00\x01"))

    call = stub.Add(pb2.AddRequest(), metadata=sent, timeout=LIMIT)
    await call

    assert ("x-leading", "first") in tuple(await call.initial_metadata())
    assert ("x-trailing-bin", b"\x00\xff") in tuple(await call.trailing_metadata())
    assert set(sent) <= set(probe.metadata)


async def test_declared_error_is_a_detail_of_the_status(stub: Any, pb2: Any) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await stub.Divide(pb2.DivideRequest(a=4, b=0), timeout=LIMIT)

    status = details(caught.value)
    payload = pb2.DivisionByZero()
    assert grpc.StatusCode.INVALID_ARGUMENT == caught.value.code()
    assert "cannot divide 4 by zero" == caught.value.details() == status.message
    assert status.details[0].Unpack(payload)
    assert 4.0 == payload.dividend


async def test_violations_are_a_bad_request(stub: Any, pb2: Any) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await stub.Countdown(pb2.CountdownRequest(**{"from": 5000})).read()

    found = error_details_pb2.BadRequest()
    assert grpc.StatusCode.INVALID_ARGUMENT == caught.value.code()
    assert details(caught.value).details[0].Unpack(found)
    assert ["from"] == [violation.field for violation in found.field_violations]


def details(error: grpc.aio.AioRpcError) -> Any:
    found = dict(tuple(error.trailing_metadata()))["grpc-status-details-bin"]
    return status_pb2.Status.FromString(found)


async def test_a_response_out_of_range_is_internal(stub: Any, pb2: Any) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await stub.Add(pb2.AddRequest(a=2**31 - 1, b=1), timeout=LIMIT)

    assert grpc.StatusCode.INTERNAL == caught.value.code()
    assert "out of the range of int32" in caught.value.details()


@pytest.mark.parametrize("broken", [b"\x08", b"\x0a\x05ab", b"\xff" * 20, b"\x07"])
async def test_bytes_that_are_no_message_are_internal(channel: Any, broken: bytes) -> None:
    for call in (
        channel.unary_unary("/calculator.Calculator/Add"),
        channel.unary_unary("/calculator.Calculator/Sum"),
    ):
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await call(broken, timeout=LIMIT)
        assert grpc.StatusCode.INTERNAL == caught.value.code()
    assert b"\x08\x03" == await channel.unary_unary("/calculator.Calculator/Add")(b"\x08\x03")


async def test_an_unknown_method_is_unimplemented(channel: Any) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await channel.unary_unary("/calculator.Calculator/Multiply")(b"", timeout=LIMIT)

    assert grpc.StatusCode.UNIMPLEMENTED == caught.value.code()


async def test_unknown_fields_are_ignored(channel: Any) -> None:
    data = b"\x08\x01\x10\x02\x9a\x06\x03abc"

    assert b"\x08\x03" == await channel.unary_unary("/calculator.Calculator/Add")(data)


async def test_a_message_over_the_limit_is_refused(stub: Any, pb2: Any) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await stub.Log(pb2.LogRequest(line="x" * 100_001), timeout=LIMIT)

    assert grpc.StatusCode.RESOURCE_EXHAUSTED == caught.value.code()
    await stub.Log(pb2.LogRequest(line="x" * 99_000), timeout=LIMIT)


async def test_the_deadline_is_known_and_held(stub: Any, pb2: Any, probe: Probe) -> None:
    await stub.Add(pb2.AddRequest(a=1), timeout=10)
    assert 9 < (probe.remaining or 0) <= 10.1  # gRPC rounds such a deadline up to tenths

    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await stub.Add(pb2.AddRequest(a=probe.forever), timeout=0.2)

    assert grpc.StatusCode.DEADLINE_EXCEEDED == caught.value.code()
    await asyncio.wait_for(probe.cancelled.wait(), LIMIT)


async def test_cancelling_reaches_the_handler(stub: Any, pb2: Any, probe: Probe) -> None:
    call = stub.Add(pb2.AddRequest(a=probe.forever))
    await asyncio.wait_for(probe.waiting.wait(), LIMIT)
    call.cancel()

    await asyncio.wait_for(probe.cancelled.wait(), LIMIT)


async def test_a_client_that_leaves_a_stream_ends_it(stub: Any, pb2: Any, probe: Probe) -> None:
    call = stub.Countdown(pb2.CountdownRequest(**{"from": probe.forever + 1}))
    assert probe.forever + 1 == (await call.read()).value
    await asyncio.wait_for(probe.waiting.wait(), LIMIT)
    call.cancel()

    await asyncio.wait_for(probe.cancelled.wait(), LIMIT)


async def test_gzip_both_ways(probe: Probe, official: tuple[ModuleType, ModuleType]) -> None:
    pb2, pb2_grpc = official
    package = projects.package("calculator")
    server = package.serve(probe.handler, urls=["grpc://127.0.0.1:0?compression=gzip"])
    async with server:
        address = server.urls[0].removeprefix("grpc://")
        async with grpc.aio.insecure_channel(address, compression=grpc.Compression.Gzip) as channel:
            response = await pb2_grpc.CalculatorStub(channel).Add(pb2.AddRequest(a=1, b=2))

    assert 3 == response.result


async def test_health_follows_readiness(official: tuple[ModuleType, ModuleType]) -> None:
    ready = True

    async def is_ready() -> bool:
        return ready

    async with Probe().serve(ready=is_ready) as server:
        address = server.urls[0].removeprefix("grpc://")
        async with grpc.aio.insecure_channel(address) as channel:
            health = health_pb2_grpc.HealthStub(channel)
            request = health_pb2.HealthCheckRequest(service="calculator.Calculator")
            assert 1 == (await health.Check(request, timeout=LIMIT)).status
            watched = health.Watch(request)
            assert 1 == (await watched.read()).status
            ready = False
            assert 2 == (await health.Check(request, timeout=LIMIT)).status
            assert 2 == (await asyncio.wait_for(watched.read(), LIMIT)).status
            watched.cancel()
            with pytest.raises(grpc.aio.AioRpcError) as caught:
                await health.Check(health_pb2.HealthCheckRequest(service="nobody"))
            assert grpc.StatusCode.NOT_FOUND == caught.value.code()


async def test_reflection_describes_the_services(probe: Probe) -> None:
    async with probe.serve() as server:
        address = server.urls[0].removeprefix("grpc://")
        services, method = await asyncio.to_thread(_reflected, address)

    assert {"calculator.Calculator", "grpc.health.v1.Health"} <= services
    assert ("AddRequest", "AddResponse") == method


def _reflected(address: str) -> tuple[set[str], tuple[str, str]]:
    with grpc.insecure_channel(address) as channel:
        database = ProtoReflectionDescriptorDatabase(channel)
        services = set(database.get_services())
        service = DescriptorPool(database).FindServiceByName("calculator.Calculator")
        method = service.methods_by_name["Add"]
        return services, (method.input_type.name, method.output_type.name)


async def test_reflection_can_be_turned_off(probe: Probe) -> None:
    async with probe.serve(reflection=False) as server:
        address = server.urls[0].removeprefix("grpc://")
        async with grpc.aio.insecure_channel(address) as channel:
            stub = reflection_pb2_grpc.ServerReflectionStub(channel)
            call = stub.ServerReflectionInfo(timeout=LIMIT)
            with pytest.raises(grpc.aio.AioRpcError) as caught:
                await call.write(reflection_pb2.ServerReflectionRequest(list_services=""))
                await call.read()

    assert grpc.StatusCode.UNIMPLEMENTED == caught.value.code()
