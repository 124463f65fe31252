"""The whole definition: services with operations and events, errors, types, servers."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from svcgen.diagnostics import Span
from svcgen.frozen import EMPTY, frozen
from svcgen.model.naming import Name
from svcgen.model.types import Constant, Example, Field, Meta, Struct, TypeDef, TypeRef


class Code(StrEnum):
    """The sixteen canonical error codes, in the order of their gRPC numbers 1 to 16."""

    CANCELLED = "cancelled"
    UNKNOWN = "unknown"
    INVALID_ARGUMENT = "invalid_argument"
    DEADLINE_EXCEEDED = "deadline_exceeded"
    NOT_FOUND = "not_found"
    ALREADY_EXISTS = "already_exists"
    PERMISSION_DENIED = "permission_denied"
    RESOURCE_EXHAUSTED = "resource_exhausted"
    FAILED_PRECONDITION = "failed_precondition"
    ABORTED = "aborted"
    OUT_OF_RANGE = "out_of_range"
    UNIMPLEMENTED = "unimplemented"
    INTERNAL = "internal"
    UNAVAILABLE = "unavailable"
    DATA_LOSS = "data_loss"
    UNAUTHENTICATED = "unauthenticated"


class Streaming(StrEnum):
    """The four ways in which messages flow."""

    UNARY = "unary"
    CLIENT = "client"
    SERVER = "server"
    BOTH = "both"


class Delivery(StrEnum):
    BROADCAST = "broadcast"  # every subscriber gets every event
    WORK = "work"  # the consumers share them: each event goes to one


@frozen
class Payload:
    """What flows in one direction of an operation: one value, or a stream of them."""

    type: TypeRef
    stream: bool = False


@frozen
class Auth:
    """The schemes of which one must succeed, and the scopes that the principal must have."""

    schemes: tuple[str, ...]  # "bearer", "api_key"; empty: open to everyone
    scopes: tuple[str, ...] = ()


@frozen
class Pagination:
    """Names of fields: the page token in the request, the next token and the items in the response."""

    token: str
    next_token: str
    items: str


@frozen
class Operation:
    """A method of a service. It has either several ``params`` or one ``input``, or neither."""

    name: Name
    meta: Meta
    params: tuple[Field, ...] = ()
    input: Payload | None = None
    output: Payload | None = None
    errors: tuple[str, ...] = ()  # names of Error
    error_spans: tuple[Span, ...] = ()  # where each of them is named; empty: where the operation is
    readonly: bool = False
    idempotent: bool = False  # true as well where readonly is
    oneway: bool = False
    deadline: float | None = None  # seconds
    auth: Auth | None = None  # None: as the service says
    pagination: Pagination | None = None
    number: int | None = None
    examples: tuple[Example, ...] = ()

    @property
    def streaming(self) -> Streaming:
        match (bool(self.input and self.input.stream), bool(self.output and self.output.stream)):
            case (False, False):
                return Streaming.UNARY
            case (True, False):
                return Streaming.CLIENT
            case (False, True):
                return Streaming.SERVER
            case _:
                return Streaming.BOTH


EVENT_RETRIES = 3
"""How often an event is delivered again where its definition does not say."""


@frozen
class Event:
    """Something that a service publishes; a queue or topic, or a server stream where there is none."""

    name: Name
    payload: TypeRef
    meta: Meta
    key: str = ""  # the payload's field that orders and partitions
    delivery: Delivery = Delivery.BROADCAST
    durable: bool = True
    retries: int = EVENT_RETRIES
    dead_letter: str = ""
    number: int | None = None


@frozen
class Service:
    name: Name
    operations: tuple[Operation, ...]
    meta: Meta
    events: tuple[Event, ...] = ()
    auth: Auth | None = None


@frozen
class Error:
    """A typed error: its payload is a struct of the same name."""

    name: Name
    code: Code
    fields: tuple[Field, ...]
    meta: Meta
    retryable: bool = False
    message: str = ""  # the default human-readable text


@frozen
class Server:
    """A named environment and the URLs under which it serves."""

    name: str
    urls: tuple[str, ...]
    meta: Meta


@frozen
class JsonStyle:
    int64_as_string: bool = False
    absent_is_zero: bool = False  # a required field that did not come is zero, empty or false


@frozen
class Origin:
    """The declaration in another file of which a type or an error of this definition is the copy."""

    file: str  # the path by which files name it, without its suffix: google/rpc/status
    package: str  # of that file
    name: str  # there


@frozen
class Api:
    """One definition with all that it imports; the model of everything that svcgen does."""

    package: str  # dotted
    services: tuple[Service, ...]
    types: Mapping[str, TypeDef]  # in definition order, imported ones first
    meta: Meta
    errors: Mapping[str, Error] = EMPTY
    constants: tuple[Constant, ...] = ()
    servers: tuple[Server, ...] = ()
    version: str = ""
    json: JsonStyle = JsonStyle()
    origins: Mapping[str, Origin] = EMPTY  # of imported types and errors, by their names here

    @property
    def structs(self) -> list[Struct]:
        return [t for t in self.types.values() if isinstance(t, Struct)]
