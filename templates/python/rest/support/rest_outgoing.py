"""What a client sends for one route, and what it makes of the answer; made once a route."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

from yarl import URL

from .errors import Code, ServiceError
from .http_negotiation import JSON
from .json import json_codec
from .rest_lines import escaped
from .rest_request import RequestShape
from .rest_routes import Route

_NO_BODY = ("GET", "HEAD", "DELETE")


class Outgoing:
    """The client's view of a route at one base URL."""

    def __init__(self, route: Route, base: str) -> None:
        style = {"int64_as_string": route.int64_as_string}
        self.operation = route.operation
        self.method = route.method
        self.fixed_url = URL(base + route.path, encoded=True)
        self._base = base
        self._path = route.path
        self._shape = RequestShape(route)
        self._encode = json_codec(route.operation.request, **style).encode
        self._decode = json_codec(route.operation.response, **style).decode

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
        url = self._base + self._path
        query: list[tuple[str, str]] = []
        for parameter in self._shape.parameters:
            values = texts[parameter.name]
            if parameter.place == "path":
                url = url.replace(
                    f"{{{parameter.name}}}", _segment(parameter.name, values)
                )
            elif parameter.place == "query":
                query += [(parameter.name, value) for value in values]
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


def _segment(name: str, values: list[str]) -> str:
    """A value as one segment of a path, which it can neither leave nor split."""
    text = values[0] if values else ""
    if not text:
        raise ServiceError(Code.INVALID_ARGUMENT, f"{name} is empty")
    if text in (".", ".."):
        return text.replace(".", "%2E")
    return quote(text, safe="")
