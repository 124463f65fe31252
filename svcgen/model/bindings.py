"""Wire facts: what a protocol adds to an operation. Made by ``protocols``, read by everybody."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from svcgen.frozen import EMPTY, frozen
from svcgen.model.messages import Exchange
from svcgen.model.service import Api
from svcgen.model.types import Field


@frozen
class HttpParameter:
    """A field of the request that travels outside of the body."""

    field: Field
    name: str  # on the wire
    place: str  # "path", "query", "header", "body" (for its form there), or "nowhere"
    within: tuple[Field, ...] = ()  # the fields of the request that hold it, from the outside
    is_mask: bool = False  # the paths of a google.protobuf.FieldMask: one text, commas between

    @property
    def way(self) -> str:
        """Where it is in the request, by names of JSON: ``topic.name``."""
        return ".".join(field.name.wire for field in (*self.within, self.field))


@frozen
class HttpBinding:
    """What ``google.api.HttpRule`` says of a method, and where the fields of its request travel."""

    method: str  # GET, POST …
    path: str  # /users/{id}, /v1/{name=projects/*/topics/*}:publish
    parameters: tuple[HttpParameter, ...]
    body: (
        str | None
    )  # "*": the whole request, or what parameters leave of it; a field's name; None: no body
    status: int  # of success
    response_body: str | None = None  # the response's field that is the body; None: all of it
    unsent: tuple[HttpParameter, ...] = ()  # fields for which there is no place
    additional: tuple[HttpBinding, ...] = ()  # other ways to call it, without any of their own

    @property
    def placed(self) -> tuple[HttpParameter, ...]:
        """What is not in the body."""
        return self.parameters + self.unsent

    @property
    def is_spread(self) -> bool:
        """Whether anything is not in the body."""
        return any(each.placed for each in self.all)

    @property
    def all(self) -> tuple[HttpBinding, ...]:
        """This one and the additional ones."""
        return (self, *self.additional)


@frozen
class GrpcBinding:
    path: str  # /package.Service/Method


@frozen
class ThriftBinding:
    service: str  # what multiplexed calls carry before the method
    method: str


@frozen
class JsonRpcBinding:
    method: str  # subtract, or Calculator.subtract where there are several services
    also: tuple[str, ...] = ()  # other names that a server takes
    codes: Mapping[str, int] = EMPTY  # of declared errors, chosen by hand


@frozen
class GraphqlBinding:
    root: str  # query, mutation or subscription
    field: str  # of the root
    value: str  # the argument that is the whole request; empty: the arguments are its parameters
    document: tuple[str, ...]  # the lines of the query that asks for the whole answer
    fragments: Mapping[str, tuple[str, ...]]  # that no query before it needs, by name
    renamed: Mapping[str, str]  # what members are called in GraphQL whose names it does not take
    of: str = ""  # the type that has the field, if it is no root
    found_by: str = ""  # the variable with the ID of the value that has it, if that can be found


Binding: TypeAlias = "HttpBinding | GrpcBinding | ThriftBinding | JsonRpcBinding | GraphqlBinding"


@frozen
class BoundOperation:
    """An exchange with its wire facts under one protocol."""

    exchange: Exchange
    wire: Binding

    @property
    def is_callable(self) -> bool:
        """Whether a client can call it by itself."""
        return not (isinstance(self.wire, GraphqlBinding) and self.wire.of)


@frozen
class Bound:
    """A definition as one protocol sees it; operations that it cannot carry are left out."""

    api: Api
    protocol: str
    operations: tuple[BoundOperation, ...]
