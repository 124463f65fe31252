"""What a Thrift server knows of each method, and of each call of one."""

from __future__ import annotations

from .context import Context, Metadata
from .dispatch import UnaryCall
from .operation import Operation
from .thrift import metadata_of
from .thrift_methods import Attachments, Method
from .thrift_wire import REPLY, WIRES


class ThriftContext(Context):
    """A call whose metadata came as attachments."""

    __slots__ = ("attachments",)

    attachments: Attachments | None

    def read_metadata(self) -> Metadata:
        return metadata_of(self.attachments or {})


class Served:
    """A method that is served: how to read, call and answer it."""

    __slots__ = ("call", "codec", "name", "oneway", "operation", "replies")

    def __init__(
        self, name: bytes, codec: Method, call: UnaryCall, operation: Operation
    ) -> None:
        self.name = name
        self.codec = codec
        self.call = call
        self.operation = operation
        self.oneway = operation.oneway
        self.replies = {wire: each.opening(REPLY, name) for wire, each in WIRES.items()}
