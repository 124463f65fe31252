"""What both sides of gRPC share: the methods, and how errors travel in a status."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import grpc
from google.protobuf.any_pb2 import Any as AnyMessage
from google.protobuf.message import DecodeError
from google.rpc.error_details_pb2 import BadRequest
from google.rpc.status_pb2 import Status

from .errors import Code, ServiceError, Violation
from .operation import Operation
from .protobuf import MessageCodec, Schema

DETAILS = "grpc-status-details-bin"
TYPE_URL = "type.googleapis.com/"
MAX_METADATA_BYTES = 256 * 1024

STATUS_OF = {code: grpc.StatusCode[code.name] for code in Code}
CODE_OF = {status: code for code, status in STATUS_OF.items()}
NUMBER_OF = {code: number for number, code in enumerate(Code, 1)}


@dataclass(frozen=True, slots=True)
class GrpcMethod:
    """An operation on gRPC: its path, and the codecs of its messages."""

    operation: Operation
    path: str  # /package.Service/Method
    request: MessageCodec
    response: MessageCodec


def compression(name: str | None) -> Any:
    """What gRPC calls a compression; only ``gzip`` is one, anything else is none."""
    return grpc.Compression.Gzip if name == "gzip" else None


def status_details(error: ServiceError, schema: Schema) -> bytes:
    """The ``google.rpc.Status`` of an error, empty if it says no more than code and message."""
    details = [AnyMessage(type_url=url, value=value) for url, value in error.details]
    codec = schema.errors.get(type(error))
    if codec is not None and error.payload is not None:
        payload = AnyMessage(
            type_url=TYPE_URL + codec.name, value=codec.encode(error.payload)
        )
        details.insert(0, payload)
    if error.violations:
        found = [
            BadRequest.FieldViolation(field=each.field, description=each.message)
            for each in error.violations
        ]
        packed = AnyMessage()
        packed.Pack(BadRequest(field_violations=found))
        details.append(packed)
    if not details:
        return b""
    status = Status(code=NUMBER_OF[error.code], message=error.message, details=details)
    data: bytes = status.SerializeToString()
    return data


def error_of(
    status: grpc.StatusCode,
    message: str,
    trailers: Iterable[tuple[str, Any]],
    schema: Schema,
) -> ServiceError:
    """The error that a status stands for: a declared one as its own class."""
    code = CODE_OF.get(status, Code.UNKNOWN)
    packed = next((value for key, value in trailers if key == DETAILS), b"")
    try:
        details = Status.FromString(packed).details
    except DecodeError:  # a peer's malformed details must not hide the status itself
        details = []
    violations: list[Violation] = []
    raw: list[tuple[str, bytes]] = []
    for detail in details:
        name = detail.type_url.rpartition("/")[2]
        if name in schema.errors_by_name:
            return _declared(schema, name, message, detail.value)
        if detail.Is(BadRequest.DESCRIPTOR):
            violations += _violations(detail)
        raw.append((detail.type_url, detail.value))
    return ServiceError(code, message, violations=violations, details=raw)


def _declared(schema: Schema, name: str, message: str, value: bytes) -> ServiceError:
    """The declared error of a payload's name, made without its constructor's arguments."""
    cls = schema.errors_by_name[name]
    error = cls.__new__(cls)
    payload = schema.errors[cls].decode(value)
    ServiceError.__init__(error, message=message, payload=payload)
    return error


def _violations(detail: Any) -> list[Violation]:
    found = BadRequest()
    detail.Unpack(found)
    return [Violation(each.field, each.description) for each in found.field_violations]
