"""gRPC: protobuf messages over HTTP/2, in all four streaming modes."""

from __future__ import annotations

import re
from collections.abc import Sequence

from svcgen.diagnostics import Report, Rule
from svcgen.model.bindings import BoundOperation, GrpcBinding
from svcgen.model.messages import Exchange
from svcgen.model.rpc import rpc_path
from svcgen.model.service import Api, Streaming
from svcgen.protocols import WireProtocol

GRPC_PATH = Rule(
    code="grpc-path",
    message="method {method!r} has the gRPC path {path!r}, which protobuf cannot name",
    fix="write under bind: grpc: names of ASCII letters, digits and underscores",
    why=(
        "A call travels as a POST to /package.Service/Method, and the .proto has to declare those\n"
        "names. Protobuf allows ASCII letters, digits and underscores, and no digit in front."
    ),
    example=(
        "svcgen: 1\npackage: demo\nservices:\n  Books:\n    methods:\n"
        "      find: {params: {id: int32}, bind: {grpc: {method: find-book}}}\n"
    ),
)
GRPC_SAME_PATH = Rule(
    code="grpc-same-path",
    message="methods {first!r} and {second!r} have the same gRPC path {path!r}",
    fix="give one of them another name under bind: grpc: method or service",
    why="The path is all that a server sees of which method is called.",
    example=(
        "svcgen: 1\npackage: demo\nservices:\n  Books:\n    methods:\n"
        "      find: {params: {id: int32}}\n"
        "      search: {params: {id: int32}, bind: {grpc: {method: Find}}}\n"
    ),
)

_PATH = re.compile(r"/([A-Za-z_]\w*\.)*[A-Za-z_]\w*/[A-Za-z_]\w*", re.ASCII)


def _bind(api: Api, exchange: Exchange, report: Report) -> GrpcBinding | None:
    operation = exchange.operation
    path = rpc_path(api, exchange.service, operation)
    if not _PATH.fullmatch(path):
        report.add(GRPC_PATH, operation.meta.span, method=operation.name.wire, path=path)
        return None
    return GrpcBinding(path)


def _check(api: Api, operations: Sequence[BoundOperation], report: Report) -> None:
    first: dict[str, Exchange] = {}
    for bound in operations:
        assert isinstance(bound.wire, GrpcBinding)
        exchange = bound.exchange
        other = first.setdefault(bound.wire.path, exchange)
        if other is not exchange:
            names = {"first": _key(other), "second": _key(exchange), "path": bound.wire.path}
            report.add(GRPC_SAME_PATH, exchange.operation.meta.span, **names)


def _key(exchange: Exchange) -> str:
    return f"{exchange.service.name.wire}.{exchange.operation.name.wire}"


PROTOCOL = WireProtocol(
    name="grpc",
    title="gRPC",
    schemes=("grpc", "grpcs"),
    default_port=50051,
    codec="protobuf",
    schema="protobuf",
    carries=dict.fromkeys(Streaming, "native"),
    bind=_bind,
    check=_check,
)
