"""The client side of gRPC: a ``grpc.aio`` channel that carries the model's values."""

from __future__ import annotations

import asyncio
from collections.abc import (
    AsyncGenerator,
    AsyncIterator,
    Callable,
    Iterator,
    Sequence,
)
from contextlib import aclosing, asynccontextmanager
from typing import Any

import grpc
import grpc.aio

from .channel import CallOptions
from .context import Metadata
from .deadline import deadline_exceeded
from .endpoint import Endpoint
from .errors import Code, ServiceError
from .grpc import MAX_METADATA_BYTES, GrpcMethod, compression, error_of
from .metadata import Pair
from .operation import Kind, Operation
from .protobuf import MessageCodec, Schema, Unfit
from .settings import ClientSettings, Tls
from .tls import read_pem

DROPPED = ("CANCELLED", "Stream removed")
"""How gRPC's own message begins for a call that a server ended without its handler."""

UNREACHED = ("failed to connect", "errors resolving", "DNS resolution failed")
"""How it begins where there is no connection to send a call over."""


class _Sent(grpc.aio.Metadata):  # type: ignore[misc]
    """Metadata that gRPC only goes through, once: not put in order first."""

    def __init__(self, pairs: Sequence[Pair]) -> None:
        self._pairs = pairs

    def __len__(self) -> int:
        return len(self._pairs)

    def __iter__(self) -> Iterator[Pair]:
        return iter(self._pairs)


class GrpcChannel:
    """One connection (kept alive and mended by gRPC) to one address."""

    def __init__(
        self,
        methods: Sequence[GrpcMethod],
        schema: Schema,
        endpoint: Endpoint,
        settings: ClientSettings,
    ) -> None:
        self._schema = schema
        self._channel = _connect(endpoint, settings)
        open_call = {
            Kind.UNARY: self._channel.unary_unary,
            Kind.CLIENT_STREAM: self._channel.stream_unary,
            Kind.SERVER_STREAM: self._channel.stream_stream,
            Kind.BIDI: self._channel.stream_stream,
        }
        self._calls = {
            each.operation: (
                open_call[each.operation.kind](each.path),
                _encoder(each.request),
                _decoder(each.response),
            )
            for each in methods
        }

    async def unary(
        self, operation: Operation, request: Any, options: CallOptions
    ) -> Any:
        start, encode, decode = self._calls[operation]
        call = start(
            encode(request), timeout=options.timeout, metadata=_Sent(options.metadata)
        )
        try:
            response = await call
        except grpc.aio.AioRpcError as error:
            raise self._failure(error, call, options) from None
        if options.wants_metadata:
            await _keep_metadata(call, options)
        return decode(response)

    async def client_stream(
        self, operation: Operation, requests: AsyncIterator[Any], options: CallOptions
    ) -> Any:
        start, encode, decode = self._calls[operation]
        call = start(timeout=options.timeout, metadata=options.metadata)
        async with _sending(call, requests, encode):
            try:
                response = await call
            except grpc.aio.AioRpcError as error:
                raise self._failure(error, call, options) from None
        await _keep_metadata(call, options)
        return decode(response)

    def server_stream(
        self, operation: Operation, request: Any, options: CallOptions
    ) -> AsyncIterator[Any]:
        """A stream of one request: gRPC's own way loses the headers of short answers."""
        return self.bidi(operation, _once(request), options)

    async def bidi(
        self, operation: Operation, requests: AsyncIterator[Any], options: CallOptions
    ) -> AsyncIterator[Any]:
        start, encode, decode = self._calls[operation]
        call = start(timeout=options.timeout, metadata=options.metadata)
        async with (
            _sending(call, requests, encode),
            aclosing(self._received(call, options)) as responses,
        ):
            async for response in responses:
                yield decode(response)

    async def close(self) -> None:
        await self._channel.close()

    async def _received(self, call: Any, options: CallOptions) -> AsyncGenerator[bytes]:
        """The responses as bytes; a call that is left early is cancelled."""
        try:
            while (response := await call.read()) is not grpc.aio.EOF:
                if not options.headers:
                    _extend(options.headers, await call.initial_metadata())
                yield response
            await _keep_metadata(call, options)
        except grpc.aio.AioRpcError as error:
            raise self._failure(error, call, options) from None
        finally:
            call.cancel()

    def _failure(self, error: Any, call: Any, options: CallOptions) -> ServiceError:
        status, trailers = error.code(), error.trailing_metadata()
        options.headers.clear()
        _extend(options.headers, error.initial_metadata())
        _extend(options.trailers, trailers)
        if status is grpc.StatusCode.CANCELLED:
            if call.time_remaining() == 0:
                # A server whose timer was faster can only reset the stream.
                return deadline_exceeded()
            if not trailers and (error.details() or "").startswith(DROPPED):
                # So does one that ends: with calls it has not begun, or cannot finish.
                return ServiceError(Code.UNAVAILABLE, "the server has dropped the call")
        failure = error_of(status, error.details() or "", trailers, self._schema)
        failure.unsent = self._is_unreached(failure)
        return failure

    def _is_unreached(self, failure: ServiceError) -> bool:
        """Is it gRPC that says so, and not a server that tells of another one?"""
        if failure.code is not Code.UNAVAILABLE:
            return False
        connected = self._channel.get_state() is grpc.ChannelConnectivity.READY
        return failure.message.startswith(UNREACHED) and not connected


def _encoder(codec: MessageCodec) -> Callable[[Any], bytes]:
    """Writes requests; one that its message cannot carry is the caller's fault."""
    write = codec.encode

    def encode(value: Any) -> bytes:
        try:
            return write(value)
        except Unfit as unfit:
            problem = f"the request is not valid: {unfit}"
            raise ServiceError(Code.INVALID_ARGUMENT, problem) from unfit

    return encode


def _decoder(codec: MessageCodec) -> Callable[[bytes | None], Any]:
    """Reads responses; one with wrong values is the server's fault."""
    read = codec.decode

    def decode(data: bytes | None) -> Any:
        if data is None:
            raise ServiceError(Code.UNIMPLEMENTED, "the call has no response")
        try:
            return read(data)
        except ServiceError as error:
            raise ServiceError(
                Code.INTERNAL,
                f"the response is not valid: {error.message}",
                violations=error.violations,
            ) from error

    return decode


def _connect(endpoint: Endpoint, settings: ClientSettings) -> Any:
    """A channel of ``grpc.aio``; it connects when it is first used."""
    options = {
        "grpc.max_receive_message_length": settings.max_message_bytes,
        "grpc.max_metadata_size": MAX_METADATA_BYTES,
        "grpc.absolute_max_metadata_size": 2 * MAX_METADATA_BYTES,
        **settings.options,
    }
    wanted = endpoint.options.get("compression", settings.compression)
    facts: dict[str, Any] = {
        "options": list(options.items()),
        "compression": compression(wanted),
    }
    if endpoint.scheme != "grpcs":
        return grpc.aio.insecure_channel(endpoint.authority, **facts)
    tls = settings.tls or Tls()
    credentials = grpc.ssl_channel_credentials(
        read_pem(tls.ca), read_pem(tls.key), read_pem(tls.certificate)
    )
    return grpc.aio.secure_channel(endpoint.authority, credentials, **facts)


@asynccontextmanager
async def _sending(
    call: Any, requests: AsyncIterator[Any], encode: Callable[[Any], bytes]
) -> AsyncIterator[None]:
    """Send ``requests`` while the body waits for what they bring; then stop asking for more.

    An exception of the requests' own ends the call and comes out of here.
    """
    sender = asyncio.create_task(_send(call, requests, encode))
    try:
        yield
    except (asyncio.CancelledError, ServiceError):
        if sender.done() and not sender.cancelled() and (fault := sender.exception()):
            raise fault from None
        raise
    finally:
        call.cancel()
        sender.cancel()
        await asyncio.wait((sender,))


async def _send(
    call: Any, requests: AsyncIterator[Any], encode: Callable[[Any], bytes]
) -> None:
    try:
        async for request in requests:
            await call.write(encode(request))
        await call.done_writing()
    except (grpc.aio.AioRpcError, asyncio.InvalidStateError):
        return  # the call has ended: its status says how
    except Exception:
        call.cancel()
        raise


async def _once(item: Any) -> AsyncIterator[Any]:
    yield item


async def _keep_metadata(call: Any, options: CallOptions) -> None:
    """Give the caller what came with a response that has arrived."""
    if not options.headers:
        _extend(options.headers, await call.initial_metadata())
    _extend(options.trailers, await call.trailing_metadata())


def _extend(metadata: Metadata, pairs: Any) -> None:
    for name, value in pairs or ():
        metadata.add(name, value)
