"""GraphQL over HTTP (https://graphql.github.io/graphql-over-http/draft/)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl

import msgspec

from .context import Context
from .errors import Code, ServiceError
from .graphql_documents import InvalidQueryError, Prepared
from .graphql_errors import show
from .graphql_executor import Executor, Run, encode
from .graphql_faults import show_all
from .graphql_fields import GRAPHQL_JSON
from .http_errors import HttpError
from .http_exchange import (
    FAULTS,
    Answer,
    HttpContext,
    RawHeaders,
    Receive,
    Scope,
    internal,
    metadata_headers,
    read_body,
)
from .http_negotiation import JSON, preferred, require_json
from .operation import Operation

_OFFERS = (GRAPHQL_JSON, JSON)


class Asked(msgspec.Struct):
    """The parameters of a request (section 4)."""

    query: str | None = None
    operation_name: str | None = msgspec.field(default=None, name="operationName")
    variables: dict[str, Any] | None = None
    extensions: dict[str, Any] | None = None


class RefusedError(ServiceError):
    """A request that is not executed, with the status and the extensions that say why."""

    def __init__(
        self,
        message: str,
        status: int = 400,
        headers: tuple[tuple[str, str], ...] = (),
    ) -> None:
        super().__init__(Code.INVALID_ARGUMENT, message)
        self.status = status
        self.headers = headers


class GraphqlContext(HttpContext):
    """A call over GraphQL; ``limit`` is the time that it has if nobody says more."""

    __slots__ = ()

    def __init__(
        self, operation: Operation, scope: Scope, headers: Any, limit: float
    ) -> None:
        super().__init__(operation, "graphql", scope, headers)
        if operation.kind.gives_stream:
            return
        latest = self.started + limit
        if self.deadline is not None:
            self.deadline = min(self.deadline, latest)
        elif operation.deadline is None:
            self.deadline = latest


_decode = msgspec.json.Decoder(Asked).decode


class HttpSide:
    """Answers GraphQL requests by HTTP."""

    def __init__(self, executor: Executor, limit: int) -> None:
        self._executor = executor
        self._limit = limit  # bytes of a request

    async def serve(self, scope: Scope, receive: Receive) -> Answer:
        """The answer to a POST, GET or HEAD."""
        headers = dict(scope["headers"])
        body = b""
        if scope["method"] == "POST":
            try:
                body = await read_body(headers, receive, self._limit)
            except HttpError as error:
                return _refusal(JSON, error.status, [show(error)], error.headers)
        return await self.answer(scope, headers, (), body)

    async def answer(
        self, scope: Scope, headers: Any, captured: Sequence[str], body: bytes
    ) -> Answer:
        """The same, once the body is there."""
        kind = JSON
        run = Run(
            lambda operation: GraphqlContext(
                operation, scope, headers, self._executor.limits.time
            )
        )
        try:
            kind = _kind(headers)
            if scope["method"] == "POST":
                require_json(headers)
                asked = read_request(body)
            else:
                asked = _from_query(scope["query_string"])
            prepared = self._prepare(asked, scope["method"])
            data = await self._executor.run(prepared, asked.variables or {}, run)
        except InvalidQueryError as error:
            status = 200 if kind == JSON else 400  # section 6.4.1
            return _refusal(kind, status, show_all(error.errors))
        except (RefusedError, HttpError) as error:
            return _refusal(kind, error.status, [show(error)], error.headers)
        except ServiceError as error:
            return _refusal(kind, 400, [show(error)])
        except FAULTS as error:
            return _refusal(kind, 500, [show(internal(error))])
        status = 400 if kind != JSON and data.startswith(_NO_DATA) else 200
        return _answer(kind, status, data, run.contexts)

    def _prepare(self, asked: Asked, method: str) -> Prepared:
        prepared = prepare(self._executor, asked)
        if method != "POST" and prepared.kind == "mutation":
            allow = (("allow", "POST"),)
            raise RefusedError("a mutation needs the method POST", 405, allow)
        if prepared.kind == "subscription":
            raise RefusedError("a subscription needs a WebSocket")
        return prepared


_NO_DATA = b'{"errors":'


def prepare(executor: Executor, asked: Asked) -> Prepared:
    """The operation that is asked for. Raises ``InvalidQueryError`` or ``RefusedError``."""
    text = asked.query
    stored = (asked.extensions or {}).get("persistedQuery")
    if isinstance(stored, Mapping):
        text = _persisted(executor, text, stored)
    if not text:
        raise RefusedError("the request has no query")
    return executor.documents.prepare(text, asked.operation_name or None)


def _persisted(executor: Executor, text: str | None, stored: Mapping[str, Any]) -> str:
    """The query of a hash; with its text it is kept for those who send the hash alone."""
    digest = stored.get("sha256Hash")
    if stored.get("version") != 1 or not isinstance(digest, str):
        raise RefusedError("PersistedQueryNotSupported", 200)
    if text is None:
        found = executor.documents.text_of(digest)
        if found is None:
            raise RefusedError("PersistedQueryNotFound", 200)
        return found
    if not executor.documents.register(digest, text):
        raise RefusedError("the hash is not that of the query")
    return text


def read_request(body: bytes) -> Asked:
    """The parameters in a body. Raises ``RefusedError``."""
    try:
        return _decode(body)
    except msgspec.ValidationError as error:
        text = str(error).replace("`", "'")
        raise RefusedError(f"the request is not one of GraphQL: {text}") from None
    except (ValueError, RecursionError) as error:  # UTF-8 may be wrong as well
        raise RefusedError(f"the body is no JSON: {error}") from None


def _from_query(query: bytes) -> Asked:
    try:
        given = dict(
            parse_qsl(query.decode("ascii"), keep_blank_values=True, max_num_fields=16)
        )
        objects = {
            name: msgspec.json.decode(given[name], type=dict[str, Any] | None)
            for name in ("variables", "extensions")
            if given.get(name)
        }
    except (ValueError, RecursionError) as error:
        text = f"the query of the URL is not one of GraphQL: {error}"
        raise RefusedError(text) from None
    return Asked(
        given.get("query"),
        given.get("operationName"),
        objects.get("variables"),
        objects.get("extensions"),
    )


def _kind(headers: Any) -> str:
    """Which of the two forms of an answer the client takes; the older one if it does not say."""
    accept = headers.get(b"accept", b"").decode("latin-1")
    if not accept or accept == "*/*":
        return JSON
    return preferred(accept, _OFFERS)


def _refusal(
    kind: str,
    status: int,
    errors: list[dict[str, Any]],
    headers: tuple[tuple[str, str], ...] = (),
) -> Answer:
    """An answer without data."""
    status, described, body = _answer(kind, status, encode({"errors": errors}), [])
    described += [(name.encode(), value.encode()) for name, value in headers]
    return status, described, body


def _answer(kind: str, status: int, body: bytes, contexts: list[Context]) -> Answer:
    headers: RawHeaders = [
        (b"content-type", f"{kind}; charset=utf-8".encode()),
        (b"content-length", b"%d" % len(body)),
    ]
    for context in contexts:
        if context.headers is not None or context.trailers is not None:
            headers += metadata_headers(context)
    return status, headers, body
