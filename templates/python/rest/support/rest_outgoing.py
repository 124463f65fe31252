"""What a client sends for one route, and what it makes of the answer; made once a route."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any, NamedTuple
from urllib.parse import urlencode

from yarl import URL

from .errors import Code, ServiceError
from .http_negotiation import JSON
from .json import json_codec
from .operation import Operation
from .rest_lines import escaped
from .rest_paths import template
from .rest_request import RequestShape
from .rest_response import response_codec
from .rest_routes import Route

_NO_BODY = ("GET", "HEAD", "DELETE")


class Prepared(NamedTuple):
    """A request as one route sends it."""

    outgoing: Outgoing
    url: URL
    headers: dict[str, str]
    body: bytes | None


def outgoing_by_operation(
    routes: Iterable[Route], base: str
) -> dict[Operation, Outgoing]:
    """How each operation is called: by its main route, or else by one of its others."""
    found: dict[Operation, Outgoing] = {}
    for route in routes:
        each = Outgoing(route, base)
        if (main := found.setdefault(route.operation, each)) is not each:
            main.others.append(each)
    return found


class Outgoing:
    """The client's view of a route at one base URL."""

    def __init__(self, route: Route, base: str) -> None:
        style = {"int64_as_string": route.int64_as_string}
        self.operation = route.operation
        self.others: list[Outgoing] = []
        self.method = route.method
        self.fixed_url = URL(base + route.path, encoded=True)
        self._base = base
        self._path = template(route.path)
        self._shape = RequestShape(route)
        self._encode = json_codec(route.operation.request, **style).encode
        self._decode = response_codec(route).decode

    def prepare(self, request: Any) -> Prepared:
        """A request by the first route whose path can say it.

        Raises ``ServiceError`` with what the main route's path lacks if there is none.
        """
        try:
            return Prepared(self, *self.request(request))
        except ServiceError:
            for other in self.others:
                with suppress(ServiceError):
                    return Prepared(other, *other.request(request))
            raise

    def request(self, request: Any) -> tuple[URL, dict[str, str], bytes | None]:
        """The URL, headers and body of a request."""
        if not self._shape.parameters:
            body = self._encode(request) if self._shape.has_body else None
            return self.fixed_url, self._headers(body), body
        texts, body = self._shape.split(request)
        headers = self._headers(body)
        for parameter in self._shape.parameters:
            if parameter.place == "header" and (values := texts[parameter.name]):
                headers[parameter.name.lower()] = ", ".join(values)
        return self._url(texts), headers, body

    def _headers(self, body: bytes | None) -> dict[str, str]:
        return {} if body is None else {"content-type": JSON}

    def _url(self, texts: Mapping[str, list[str]]) -> URL:
        parts = [
            part if isinstance(part, str) else part.write("".join(texts[part.name]))
            for part in self._path
        ]
        url = self._base + "".join(parts)
        query: list[tuple[str, str]] = []
        for parameter in self._shape.parameters:
            if parameter.place == "query":
                query += [(parameter.name, text) for text in texts[parameter.name]]
        return URL(f"{url}?{urlencode(query)}" if query else url, encoded=True)

    def response(self, data: bytes) -> Any:
        """The value of a response's body."""
        return None if self.operation.response is None else self.item(data)

    def item(self, data: bytes) -> Any:
        """The value in a body, line or message. Raises ``ServiceError`` if it is none."""
        try:
            return self._decode(data)
        except ServiceError as error:
            text = f"the response is not valid: {error}"
            raise ServiceError(Code.INTERNAL, text) from None

    def line(self, request: Any) -> bytes:
        """One request of a stream as a line."""
        return self._encode(request) + b"\n"

    def message(self, request: Any) -> str:
        """One request of a stream as a message."""
        return escaped(self._encode(request)).decode()
