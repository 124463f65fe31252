"""The client under test: the generated one makes each call that the runner's requests describe."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from connectrpc_conformance_v1 import (
    Cancel,
    Client,
    ClientCompatRequest,
    ClientCompatResponse,
    ClientErrorResult,
    ClientResponseResult,
    Code,
    Compression,
    ConformancePayload,
    Error,
    StreamType,
    connect,
    runtime,
)
from wire import CODECS, caught, headers, metadata, read, write

PARALLEL = 8


class Call:
    """One call, and what came of it."""

    def __init__(self, wanted: ClientCompatRequest) -> None:
        self.wanted = wanted
        self.cancel = wanted.cancel
        message = f"{wanted.method}Request"
        self.left = [CODECS[message].decode(m.value) for m in wanted.request_messages]
        self.all_sent = asyncio.Event()
        self.received = asyncio.Semaphore(0)
        self.payloads: list[Any] = []
        self.error: Error | None = None
        timeout = None if wanted.timeout_ms is None else wanted.timeout_ms / 1000
        self.options = runtime.CallOptions(
            timeout=timeout, metadata=metadata(wanted.request_headers)
        )

    async def requests(self) -> AsyncIterator[Any]:
        """The requests of a stream; a full-duplex one waits for the response to each."""
        full_duplex = self.wanted.stream_type is StreamType.FULL_DUPLEX
        while self.left:
            await asyncio.sleep(self.wanted.request_delay_ms / 1000)
            yield self.left.pop(0)
            if full_duplex:
                await self.received.acquire()
        self.all_sent.set()
        if self.cancel is not None and self.cancel.before_close_send is not None:
            await asyncio.Event().wait()

    async def make(self, client: Client) -> ClientResponseResult:
        calling = asyncio.create_task(self._call(client))
        cancelling = asyncio.create_task(self._cancel(calling, self.cancel))
        try:
            await calling
        except runtime.ServiceError as error:
            self.error = caught(error)
        except asyncio.CancelledError:
            self.error = Error(code=Code.CANCELED, message="cancelled", details=[])
        finally:
            cancelling.cancel()
        return ClientResponseResult(
            response_headers=headers(self.options.headers),
            payloads=self.payloads,
            error=self.error,
            response_trailers=headers(self.options.trailers),
            num_unsent_requests=len(self.left),
        )

    async def _call(self, client: Client) -> None:
        service = client.conformance_service
        match self.wanted.method:
            case "Unary":
                self._got(await service.unary(self._one(), options=self.options))
            case "IdempotentUnary":
                self._got(await service.idempotent_unary(self._one(), options=self.options))
            case "Unimplemented":
                await service.unimplemented(self._one(), options=self.options)
            case "ClientStream":
                self._got(await service.client_stream(self.requests(), options=self.options))
            case "ServerStream":
                await self._stream(service.server_stream(self._one(), options=self.options))
            case "BidiStream":
                await self._stream(service.bidi_stream(self.requests(), options=self.options))
            case other:
                raise ValueError(f"there is no method {other}")

    def _one(self) -> Any:
        self.all_sent.set()
        return self.left.pop(0)

    def _got(self, response: Any) -> None:
        self.payloads.append(response.payload or ConformancePayload(data=b""))

    async def _stream(self, responses: AsyncIterator[Any]) -> None:
        async for response in responses:
            self._got(response)
            self.received.release()
            if self.cancel is not None and len(self.payloads) == self.cancel.after_num_responses:
                await responses.aclose()  # type: ignore[attr-defined]
                raise asyncio.CancelledError

    async def _cancel(self, calling: asyncio.Task[None], cancel: Cancel | None) -> None:
        if cancel is None or cancel.after_num_responses is not None:
            return
        await self.all_sent.wait()
        await asyncio.sleep((cancel.after_close_send_ms or 0) / 1000)
        calling.cancel()


async def run(wanted: ClientCompatRequest) -> ClientResponseResult:
    with tempfile.TemporaryDirectory() as folder:
        settings = runtime.ClientSettings(
            timeout=None,
            retry=runtime.RetryPolicy(attempts=1),
            tls=tls_of(wanted, Path(folder)),
            max_message_bytes=wanted.message_receive_limit or 4 * 1024 * 1024,
            compression="gzip" if wanted.compression is Compression.GZIP else None,
        )
        scheme = "grpcs" if wanted.server_tls_cert else "grpc"
        async with connect(f"{scheme}://{wanted.host}:{wanted.port}", settings=settings) as client:
            return await Call(wanted).make(client)


def tls_of(wanted: ClientCompatRequest, folder: Path) -> runtime.Tls | None:
    if not wanted.server_tls_cert:
        return None
    (folder / "ca").write_bytes(wanted.server_tls_cert)
    if wanted.client_tls_creds is None:
        return runtime.Tls(ca=folder / "ca")
    (folder / "cert").write_bytes(wanted.client_tls_creds.cert)
    (folder / "key").write_bytes(wanted.client_tls_creds.key)
    return runtime.Tls(folder / "cert", folder / "key", folder / "ca")


async def report(wanted: ClientCompatRequest, free: asyncio.Semaphore) -> None:
    response = ClientCompatResponse(test_name=wanted.test_name)
    try:
        response.response = await run(wanted)
    except Exception as error:
        response.error = ClientErrorResult(message=repr(error))
    finally:
        free.release()
    write("ClientCompatResponse", response)


async def main() -> None:
    free = asyncio.Semaphore(PARALLEL)
    async with asyncio.TaskGroup() as calls:
        while True:
            await free.acquire()
            wanted = await asyncio.to_thread(read, sys.stdin.buffer, "ClientCompatRequest")
            if wanted is None:
                return
            calls.create_task(report(wanted, free))


asyncio.run(main())
