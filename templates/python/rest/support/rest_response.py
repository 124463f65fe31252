"""Responses on HTTP: the value of an operation, or of one of its fields, as JSON."""

from __future__ import annotations

from typing import Any

import msgspec

from .json import JsonCodec, json_codec
from .rest_routes import Route


def response_codec(route: Route) -> JsonCodec:
    """The codec of a route's responses. ``None`` for a field that is absent is ``null``."""
    kind = route.operation.response
    whole = json_codec(kind, int64_as_string=route.int64_as_string)
    if route.response_body is None:
        return whole
    fields = {f.encode_name: f for f in msgspec.structs.fields(kind)}
    field = fields[route.response_body]
    part = json_codec(field.type, int64_as_string=route.int64_as_string)
    opening = msgspec.json.encode({route.response_body: 0})[:-2]

    def encode(response: Any) -> bytes:
        return part.encode(getattr(response, field.name))

    def decode(data: bytes) -> Any:
        return whole.decode(b"{}" if data == b"null" else opening + data + b"}")

    return JsonCodec(encode, decode)
