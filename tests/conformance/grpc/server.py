"""The server under test: the generated one, with a handler that does what the runner's requests say."""

from __future__ import annotations

import asyncio
import signal
import sys
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from connectrpc_conformance_v1 import (
    BidiStreamRequest,
    BidiStreamResponse,
    ClientStreamRequest,
    ClientStreamResponse,
    ConformancePayload,
    ConformanceService,
    Control,
    IdempotentUnaryRequest,
    IdempotentUnaryResponse,
    RequestInfo,
    ServerCompatRequest,
    ServerCompatResponse,
    ServerStreamRequest,
    ServerStreamResponse,
    StreamResponseDefinition,
    UnaryRequest,
    UnaryResponse,
    UnaryResponseDefinition,
    UnimplementedRequest,
    runtime,
    serve,
)
from wire import headers, metadata, packed, raised, read, write


class Conformance(ConformanceService):
    """Echoes what it was asked, and answers as it was told."""

    async def unary(self, request: UnaryRequest) -> UnaryResponse:
        info = request_info([packed("UnaryRequest", request)])
        return UnaryResponse(payload=await answer(request.response_definition, info))

    async def idempotent_unary(self, request: IdempotentUnaryRequest) -> IdempotentUnaryResponse:
        info = request_info([packed("IdempotentUnaryRequest", request)])
        return IdempotentUnaryResponse(payload=await answer(request.response_definition, info))

    async def client_stream(
        self, requests: AsyncIterator[ClientStreamRequest]
    ) -> ClientStreamResponse:
        asked = [request async for request in requests]
        info = request_info([packed("ClientStreamRequest", request) for request in asked])
        definition = asked[0].response_definition if asked else None
        return ClientStreamResponse(payload=await answer(definition, info))

    async def server_stream(
        self, request: ServerStreamRequest
    ) -> AsyncIterator[ServerStreamResponse]:
        info: RequestInfo | None = request_info([packed("ServerStreamRequest", request)])
        definition = request.response_definition
        if definition is None:
            return
        set_metadata(definition)
        for data in definition.response_data:
            await asyncio.sleep(definition.response_delay_ms / 1000)
            yield ServerStreamResponse(payload=ConformancePayload(data=data, request_info=info))
            info = None
        fail(definition, info)

    async def bidi_stream(
        self, requests: AsyncIterator[BidiStreamRequest]
    ) -> AsyncIterator[BidiStreamResponse]:
        asked = []
        definition: StreamResponseDefinition | None = None
        left: list[bytes] = []
        started = False
        async for request in requests:
            asked.append(packed("BidiStreamRequest", request))
            if definition is None and request.response_definition is not None:
                definition, full_duplex = request.response_definition, request.full_duplex
                left = list(definition.response_data)
                set_metadata(definition)
            if definition is None or not full_duplex:
                continue
            if not left:
                break
            info = (
                RequestInfo(request_headers=[], requests=asked) if started else request_info(asked)
            )
            await asyncio.sleep(definition.response_delay_ms / 1000)
            payload = ConformancePayload(data=left.pop(0), request_info=info)
            yield BidiStreamResponse(payload=payload)
            asked, started = [], True
        if definition is None:
            return
        for data in left:
            await asyncio.sleep(definition.response_delay_ms / 1000)
            info_once = None if started else request_info(asked)
            payload = ConformancePayload(data=data, request_info=info_once)
            yield BidiStreamResponse(payload=payload)
            started = True
        fail(definition, None if started else request_info(asked))

    async def unimplemented(self, request: UnimplementedRequest) -> Any:
        raise NotImplementedError


class Unused(Control):
    """The service whose messages travel over the pipes."""

    async def run_client(self, request: Any) -> Any:
        raise NotImplementedError

    async def run_server(self, request: Any) -> Any:
        raise NotImplementedError

    async def describe(self) -> Any:
        raise NotImplementedError


def request_info(requests: list[Any]) -> RequestInfo:
    context = runtime.current()
    remaining = context.remaining
    return RequestInfo(
        request_headers=headers(context.metadata),
        timeout_ms=None if remaining is None else int(remaining * 1000),
        requests=requests,
    )


def set_metadata(definition: UnaryResponseDefinition | StreamResponseDefinition) -> None:
    context = runtime.current()
    for name, value in metadata(definition.response_headers):
        context.add_header(name, value)
    for name, value in metadata(definition.response_trailers):
        context.add_trailer(name, value)


async def answer(
    definition: UnaryResponseDefinition | None, info: RequestInfo
) -> ConformancePayload:
    """The payload of a single response, or its error."""
    if definition is None:
        return ConformancePayload(data=b"", request_info=info)
    set_metadata(definition)
    await asyncio.sleep(definition.response_delay_ms / 1000)
    if definition.error is not None:
        raise raised(definition.error, packed("RequestInfo", info))
    return ConformancePayload(data=definition.response_data or b"", request_info=info)


def fail(definition: StreamResponseDefinition, info: RequestInfo | None) -> None:
    """The error at the end of a stream; if nothing was sent before, it tells of the request."""
    if definition.error is None:
        return
    if info is not None:
        raise raised(definition.error, packed("RequestInfo", info))
    raise raised(definition.error)


def tls_of(wanted: ServerCompatRequest, folder: Path) -> runtime.Tls | None:
    if not wanted.use_tls or wanted.server_creds is None:
        return None
    files = {"cert": wanted.server_creds.cert, "key": wanted.server_creds.key}
    files["ca"] = wanted.client_tls_cert
    for name, data in files.items():
        (folder / name).write_bytes(data)
    ca = folder / "ca" if wanted.client_tls_cert else None
    return runtime.Tls(folder / "cert", folder / "key", ca)


async def main() -> None:
    done = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, done.set)
    wanted = read(sys.stdin.buffer, "ServerCompatRequest")
    with tempfile.TemporaryDirectory() as folder:
        settings = runtime.ServerSettings(
            max_message_bytes=wanted.message_receive_limit or 4 * 1024 * 1024,
            tls=tls_of(wanted, Path(folder)),
        )
        scheme = "grpcs" if wanted.use_tls else "grpc"
        url = f"{scheme}://127.0.0.1:0?compression=gzip"
        async with serve(Conformance(), Unused(), urls=[url], settings=settings) as server:
            certificate = wanted.server_creds.cert if wanted.use_tls else b""
            port = server.endpoints[0].port
            response = ServerCompatResponse(host="127.0.0.1", port=port, pem_cert=certificate)
            write("ServerCompatResponse", response)
            await done.wait()


asyncio.run(main())
