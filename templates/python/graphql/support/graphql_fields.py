"""Where an operation is in a GraphQL schema; made by the generated module."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from .operation import Operation

SUBSCRIPTION = "subscription"
GRAPHQL_JSON = "application/graphql-response+json"
SUBPROTOCOL = "graphql-transport-ws"


@dataclass(frozen=True, slots=True, eq=False)
class RootField:
    """A field of ``Query``, ``Mutation`` or ``Subscription``, and how a client asks for it.

    ``of`` is the type that has the field if it is none of these; the request's first
    field is then the value that has it, and no client can ask for it by itself.
    ``value`` is the argument that is the whole request; if it is empty, the arguments
    are the request's fields. ``renamed`` says what members are called in GraphQL whose
    names it does not take. ``is_event``: a subscription to an event of the definition.
    """

    operation: Operation
    root: str
    name: str
    document: str = ""
    value: str = ""
    renamed: Mapping[str, str] = field(default_factory=dict)
    of: str = ""
    is_event: bool = False


def headers_extension(headers: Mapping[str, str]) -> bytes:
    """The member of a request that has metadata of its own, on a socket of several."""
    return b'"extensions":{"headers":' + msgspec.json.encode(headers) + b"}"


def own_headers(extensions: Mapping[str, Any] | None) -> dict[str, str]:
    """What such a member says."""
    headers = (extensions or {}).get("headers")
    if not isinstance(headers, Mapping):
        return {}
    return {k.lower(): v for k, v in headers.items() if isinstance(v, str)}
