"""The server side of gRPC: a ``grpc.aio`` server whose methods hand bytes to the dispatcher."""

from __future__ import annotations

import socket
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import aclosing
from typing import Any

import grpc
import grpc.aio

from .context import Context, Metadata
from .dispatch import Dispatcher
from .endpoint import Endpoint
from .errors import Code, ServiceError
from .grpc import (
    DETAILS,
    MAX_METADATA_BYTES,
    STATUS_OF,
    GrpcMethod,
    status_details,
)
from .grpc_health import add_health, add_reflection
from .logs import log_call
from .operation import Operation
from .protobuf import Schema, Unfit
from .settings import ServerSettings, Tls
from .tls import read_pem, server_context

IDENTITY_AND_GZIP = 0b101


class GrpcContext(Context):
    """A call whose metadata is read from gRPC when somebody asks for it.

    gRPC holds the caller's deadline itself: it cancels the handler then. ``deadline`` is
    only what the server adds.
    """

    __slots__ = ("_started", "rpc")

    def __init__(self, operation: Operation, rpc: Any) -> None:
        Context.__init__(self, operation, "grpc")
        self.rpc = rpc
        self.peer = rpc.peer()
        self._started = False

    def read_metadata(self) -> Metadata:
        return Metadata(self.rpc.invocation_metadata())

    @property
    def remaining(self) -> float | None:
        own, callers = super().remaining, self.rpc.time_remaining()
        limits = [limit for limit in (own, callers) if limit is not None]
        return min(limits, default=None)

    async def send_headers(self) -> None:
        """Send what the handler set so far; once the response has begun, it is too late."""
        if self._started:
            return
        self._started = True
        if self.headers is not None:
            await self.rpc.send_initial_metadata(tuple(self.headers))


class Routes(grpc.GenericRpcHandler):  # type: ignore[misc]
    """The handlers of all methods by path.

    Takes them as a server does. One that has them itself waits for the next call of
    each method apart, so that every method makes every call slower.
    """

    def __init__(self) -> None:
        self._handlers: dict[str, Any] = {}

    def add_registered_method_handlers(
        self, service: str, handlers: Mapping[str, Any]
    ) -> None:
        for name, handler in handlers.items():
            self._handlers[f"/{service}/{name}"] = handler

    def add_generic_rpc_handlers(self, handlers: Any) -> None:
        """The same handlers once more, as protoc's functions give them."""

    def service(self, handler_call_details: Any) -> Any:
        """The handler of a call, ``None`` if there is no such method."""
        return self._handlers.get(handler_call_details.method)


class GrpcListener:
    """Serves the methods on one address, with health checks and, if set so, reflection.

    ``?compression=gzip`` at the endpoint compresses responses to clients that accept it.
    """

    def __init__(
        self,
        methods: Sequence[GrpcMethod],
        schema: Schema,
        endpoint: Endpoint,
        dispatcher: Dispatcher,
        settings: ServerSettings,
    ) -> None:
        self._methods = methods
        self._schema = schema
        self._endpoint = endpoint
        self._dispatcher = dispatcher
        self._settings = settings
        self._server: Any = None

    async def start(self) -> Endpoint:
        self._server = server = grpc.aio.server(options=self._options())
        routes = Routes()
        services = self._add_methods(routes)
        services += add_health(routes, self._dispatcher, services)
        if self._settings.reflection:
            add_reflection(routes, self._schema.pool, services)
        server.add_generic_rpc_handlers((routes,))
        port = self._bind(server)
        await server.start()
        return self._endpoint.at(port)

    async def stop(self, grace: float) -> None:
        if self._server is not None:
            await self._server.stop(grace)

    def _options(self) -> list[tuple[str, Any]]:
        wanted = self._endpoint.options
        return [
            ("grpc.max_receive_message_length", self._settings.max_message_bytes),
            ("grpc.max_metadata_size", MAX_METADATA_BYTES),
            ("grpc.absolute_max_metadata_size", 2 * MAX_METADATA_BYTES),
            ("grpc.so_reuseport", int(wanted.get("reuse_port") == "1")),
            # A level, unlike an algorithm, asks what the client accepts.
            (
                "grpc.default_compression_level",
                int(wanted.get("compression") == "gzip"),
            ),
            ("grpc.compression_enabled_algorithms_bitset", IDENTITY_AND_GZIP),
        ]

    def _add_methods(self, routes: Routes) -> list[str]:
        """Mount every method; return the full names of their services."""
        by_service: dict[str, dict[str, Any]] = defaultdict(dict)
        for method in self._methods:
            _, service, name = method.path.split("/")
            by_service[service][name] = _handler(method, self._dispatcher, self._schema)
        for service, handlers in by_service.items():
            routes.add_registered_method_handlers(service, handlers)
        return list(by_service)

    def _bind(self, server: Any) -> int:
        """Bind the address.

        Raises ``ConfigurationError`` if the certificate is wrong, ``OSError`` if the
        address cannot be bound.
        """
        address = self._endpoint.authority
        secure = self._endpoint.scheme == "grpcs"
        credentials = _credentials(self._settings.tls) if secure else None
        try:
            if credentials is None:
                return int(server.add_insecure_port(address))
            return int(server.add_secure_port(address, credentials))
        except RuntimeError:
            why = _why_not_bound(self._endpoint)
            raise OSError(why.errno, f"{address} cannot be bound: {why}") from None


def _credentials(tls: Tls | None) -> Any:
    """What gRPC serves TLS with; it does not say itself what is wrong with the files."""
    tls = tls or Tls()
    server_context(tls)
    return grpc.ssl_server_credentials(
        [(read_pem(tls.key), read_pem(tls.certificate))],
        root_certificates=read_pem(tls.ca),
        require_client_auth=tls.ca is not None,
    )


def _why_not_bound(endpoint: Endpoint) -> OSError:
    """What the system says of an address that gRPC, which does not tell, could not bind."""
    family = socket.AF_INET6 if ":" in endpoint.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        try:
            probe.bind((endpoint.host, endpoint.port))
        except OSError as error:
            return error
    return OSError("the system does not say why")


def _handler(method: GrpcMethod, dispatcher: Dispatcher, schema: Schema) -> Any:
    """The ``grpc.RpcMethodHandler`` of a method; it deals in bytes.

    gRPC is told that all requests are streams: it leaves a call without an answer that
    has no request where one is needed.
    """
    if method.operation.kind.gives_stream:
        many = _many(method, dispatcher, schema)
        return grpc.stream_stream_rpc_method_handler(many)
    one = _one(method, dispatcher, schema)
    return grpc.stream_unary_rpc_method_handler(one)


def _one(method: GrpcMethod, dispatcher: Dispatcher, schema: Schema) -> Any:
    """Serve a method with one response."""
    operation, call = method.operation, dispatcher.call(method.operation)
    asks_stream = operation.kind.asks_stream
    decode, encode = method.request.decode, method.response.encode

    async def serve(_: Any, rpc: Any) -> bytes:
        context = GrpcContext(operation, rpc)
        try:
            if asks_stream:
                request = _requests(rpc, decode)
            elif (data := await rpc.read()) is not grpc.aio.EOF:
                request = decode(data)
            else:
                raise _no_request()
            response = encode(await call(request, context))
        except (ServiceError, Unfit) as error:
            await _abort(context, error, schema)
            raise
        if context.headers is not None:
            await context.send_headers()
        if context.trailers is not None:
            rpc.set_trailing_metadata(tuple(context.trailers))
        return response

    return serve


def _many(method: GrpcMethod, dispatcher: Dispatcher, schema: Schema) -> Any:
    """Serve a method with a stream of responses."""
    operation, stream = method.operation, dispatcher.stream(method.operation)
    asks_stream = operation.kind.asks_stream
    decode, encode = method.request.decode, method.response.encode

    async def serve(_: Any, rpc: Any) -> None:
        context = GrpcContext(operation, rpc)
        try:
            if asks_stream:
                request = _requests(rpc, decode)
            elif (data := await rpc.read()) is not grpc.aio.EOF:
                request = decode(data)
            else:
                raise _no_request()
            responses: Any = stream(request, context)
            async with aclosing(responses):
                async for response in responses:
                    await context.send_headers()
                    await rpc.write(encode(response))
        except (ServiceError, Unfit) as error:
            await _abort(context, error, schema)
        await context.send_headers()
        if context.trailers is not None:
            rpc.set_trailing_metadata(tuple(context.trailers))

    return serve


async def _requests(rpc: Any, decode: Callable[[bytes], Any]) -> AsyncIterator[Any]:
    """The requests of a stream."""
    while (data := await rpc.read()) is not grpc.aio.EOF:
        yield decode(data)


def _no_request() -> ServiceError:
    return ServiceError(Code.UNIMPLEMENTED, "the call has no request")


async def _abort(
    context: GrpcContext, error: ServiceError | Unfit, schema: Schema
) -> None:
    """End the call with the status of ``error``. Raises what gRPC ends a call with."""
    if not isinstance(error, ServiceError):
        log_call(context, "internal", error)
        error = ServiceError(Code.INTERNAL, f"the response is not valid: {error}")
    await context.send_headers()
    trailers = list(context.trailers or ())
    if details := status_details(error, schema):
        trailers.append((DETAILS, details))
    await context.rpc.abort(STATUS_OF[error.code], error.message, tuple(trailers))
