"""Where an operation is in a GraphQL schema; made by the generated module."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from .operation import Operation

SUBSCRIPTION = "subscription"
GRAPHQL_JSON = "application/graphql-response+json"
SUBPROTOCOL = "graphql-transport-ws"

FINDER, ID = "node", "id"
"""The field that gives an object by its ID, and the field and argument that are that."""

_SPREAD = re.compile(r"\.\.\.(\w+)")


@dataclass(frozen=True, slots=True, eq=False)
class RootField:
    """A field of ``Query``, ``Mutation`` or ``Subscription``, and how a client asks for it.

    ``of`` is the type that has the field if it is none of these; the request's first
    field is then the value that has it. ``found_by`` is the variable with that value's
    ID; if it is empty, no client can ask for the field by itself. ``value`` is the
    argument that is the whole request; if it is empty, the arguments are the request's
    fields. ``renamed`` says what members are called in GraphQL whose names it does not
    take. ``is_event``: a subscription to an event of the definition. ``document`` is a
    query without its fragments; ``fragments`` are those that none before it has.
    """

    operation: Operation
    root: str
    name: str
    document: str = ""
    value: str = ""
    renamed: Mapping[str, str] = field(default_factory=dict)
    of: str = ""
    found_by: str = ""
    is_event: bool = False
    fragments: Mapping[str, str] = field(default_factory=dict)

    @property
    def owner(self) -> str:
        """The member of the request that is the value with the field."""
        wire: str = self.operation.request.__struct_encode_fields__[0]
        return self.renamed.get(wire, wire)


class RootFields:
    """All fields of a schema that are operations, and the queries for them."""

    def __init__(self, *fields: RootField) -> None:
        self._fields = fields
        self._fragments = {k: v for f in fields for k, v in f.fragments.items()}
        self._by_head: dict[str, list[RootField]] = {}
        for each in fields:
            if each.document:
                self._by_head.setdefault(_head(each.document), []).append(each)

    def __iter__(self) -> Iterator[RootField]:
        return iter(self._fields)

    def query(self, asked: RootField) -> str:
        """The query for a field, with all fragments that it needs."""
        texts, seen = [asked.document], set[str]()
        for text in texts:
            for name in _SPREAD.findall(text):
                if name not in seen:
                    seen.add(name)
                    texts.append(self._fragments[name])
        return "".join(texts)

    def has_query(self, text: str) -> bool:
        """Whether a query is one of these."""
        return any(
            text == self.query(each) for each in self._by_head.get(_head(text), ())
        )


def _head(text: str) -> str:
    """The first line of a query: what it is called and takes."""
    return text.lstrip("\n").partition("\n")[0]


def headers_extension(headers: Mapping[str, str]) -> bytes:
    """The member of a request that has metadata of its own, on a socket of several."""
    return b'"extensions":{"headers":' + msgspec.json.encode(headers) + b"}"


def own_headers(extensions: Mapping[str, Any] | None) -> dict[str, str]:
    """What such a member says."""
    headers = (extensions or {}).get("headers")
    if not isinstance(headers, Mapping):
        return {}
    return {k.lower(): v for k, v in headers.items() if isinstance(v, str)}
