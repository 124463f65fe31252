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
    place: str  # "path", "query" or "header"


@frozen
class HttpBinding:
    method: str  # GET, POST …
    path: str  # /users/{id}
    parameters: tuple[HttpParameter, ...]
    body: (
        str | None
    )  # "*": the whole request, or what parameters leave of it; a field's name; None: no body
    status: int  # of success


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
    renamed: Mapping[str, str]  # what members are called in GraphQL whose names it does not take
    of: str = ""  # the type that has the field, if it is no root; a client cannot ask for it then


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
