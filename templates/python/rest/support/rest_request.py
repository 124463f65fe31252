"""Requests on HTTP: which part of a request value travels where, for both sides.

A request is a struct whose fields may be spread over path, query, headers and body, or one value
that is the whole body (or the only parameter).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from .errors import Code, ServiceError, Violation, invalid
from .http_negotiation import require_json
from .json import JsonCodec, json_codec
from .rest_parameters import (
    BoundParameter,
    bound_parameter,
    fields_of,
    parse_query,
    present,
)
from .rest_paths import Variable, template
from .rest_routes import Route
from .rest_tree import put, replace_text


@dataclass(frozen=True, slots=True)
class Arrived:
    """The parts of a request outside of its body."""

    captured: Sequence[str]  # what the path's wildcards hold, percent-encoded
    query: bytes
    headers: Mapping[bytes, bytes]
    repeated: Iterable[tuple[bytes, bytes]]  # the headers as they came


class RequestShape:
    """How a route's request is taken apart and put together; made once a route."""

    def __init__(self, route: Route) -> None:
        kind = route.operation.request
        self.is_struct = isinstance(kind, type) and issubclass(kind, msgspec.Struct)
        self.kind = kind
        fields = fields_of(kind)
        bound = [bound_parameter(p, kind) for p in route.parameters]
        self.parameters = [p for p in bound if p.place not in ("nowhere", "body")]
        self.masks = [p for p in bound if p.place == "body"]
        self.unsent = [p for p in bound if p.place == "nowhere"]
        parts = template(route.path)
        self.variables = {v.name: v for v in parts if isinstance(v, Variable)}
        # Parameters inside of a field: the request is put together as JSON.
        nested = any(len(p.way) > 1 for p in bound)
        flat = {p.attribute for p in self.parameters if len(p.way) == 1}
        self.rest = [f for f in fields.values() if f.name not in flat]
        self.body_field = fields.get(route.body or "")
        self.may_lack_body = self.body_field is not None and (
            self.body_field.default in (None, msgspec.UNSET)
        )
        self.has_body = route.body is not None and kind is not None
        self.whole = self.has_body and not bound and self.body_field is None
        spread = flat and self.is_struct and self.body_field is None
        self.part = _part(self.kind, self.rest) if spread else None
        style = {"int64_as_string": route.int64_as_string}
        self.codec = self._codec(style) if self.has_body else None
        self.all = json_codec(kind, **style) if nested else None

    def _codec(self, style: dict[str, bool]) -> JsonCodec:
        kind: Any = self.kind
        if self.body_field is not None:
            kind = self.body_field.type
            if self.body_field.default is None:  # absent, never null
                kind = present(kind)
        elif self.part is not None:
            kind = self.part
        return json_codec(kind, **style)

    def reader(self) -> Callable[[Arrived, bytes], Any]:
        """How a request's value is read from what arrived and the body, whose type is checked."""
        if self.kind is None:
            return _nothing
        join = self.join if self.all is None else self.join_nested
        if self.codec is None:
            return join
        decode, whole, may_lack = self.codec.decode, self.whole, self.may_lack_body

        def read(arrived: Arrived, body: bytes) -> Any:
            if body or not may_lack:
                require_json(arrived.headers)
            return decode(body) if whole else join(arrived, body)

        return read

    def join(self, arrived: Arrived, body: bytes) -> Any:
        """The request's value. Raises ``ServiceError`` with every violation of the parameters."""
        values = {p.attribute: v for p, v in self._read(arrived)}
        if not self.is_struct:
            return next(iter(values.values()), None)
        if self.codec is not None and (body or not self.may_lack_body):
            part = self.codec.decode(body)
            if self.body_field is not None:
                values[self.body_field.name] = part
            else:
                values |= {f.name: getattr(part, f.name) for f in self.rest}
        try:
            return self.kind(**values)
        except TypeError:
            absent = [f for f in self.rest if f.required and f.name not in values]
            raise invalid(
                [Violation(f.encode_name, "is required") for f in absent]
            ) from None

    def join_nested(self, arrived: Arrived, body: bytes) -> Any:
        """The request's value where parameters are inside of its fields, or of the body."""
        assert self.all is not None
        if self.body_field is not None and body:
            body = put(b"{}", [(self.body_field.encode_name,)], [body])
        for mask in self.masks:
            body = replace_text(body, mask.way[0], mask.read_text)
        values = list(self._read(arrived))
        ways = [parameter.way for parameter, _ in values]
        texts = [parameter.encode(value) for parameter, value in values]
        return self.all.decode(put(body or b"{}", ways, texts))

    def _read(self, arrived: Arrived) -> list[tuple[BoundParameter, Any]]:
        query = parse_query(arrived.query)
        violations: list[Violation] = []
        values: list[tuple[BoundParameter, Any]] = []
        for parameter in self.parameters:
            texts = self._texts(parameter, arrived, query)
            if texts or (parameter.many and parameter.required):
                values.append((parameter, parameter.read(texts, violations)))
            elif parameter.required:
                violations.append(Violation(parameter.name, "is required"))
        if violations:
            raise invalid(violations)
        return values

    def _texts(
        self,
        parameter: BoundParameter,
        arrived: Arrived,
        query: Mapping[str, list[str]],
    ) -> list[str]:
        """What came for a parameter, as often as it came."""
        if parameter.place == "query":
            return query.get(parameter.name, [])
        if parameter.place == "path":
            return [self.variables[parameter.name].read(arrived.captured)]
        wanted = parameter.name.lower().encode()
        if wanted not in arrived.headers:
            return []
        return [
            _header_text(value) for name, value in arrived.repeated if name == wanted
        ]

    def split(self, request: Any) -> tuple[dict[str, list[str]], bytes | None]:
        """The texts of the parameters by wire name, and the body.

        Raises ``ServiceError`` if a field has a value for which a request has no place.
        """
        for field in self.unsent:
            if field.value_in(request):
                message = f"{field.name} has no place in a request over REST"
                raise ServiceError(Code.INVALID_ARGUMENT, message)
        texts = {p.name: p.write(p.value_in(request)) for p in self.parameters}
        return texts, self._body(request)

    def _body(self, request: Any) -> bytes | None:
        if self.codec is None:
            return None
        if self.body_field is not None:
            value = getattr(request, self.body_field.name)
            absent = self.may_lack_body and value is self.body_field.default
            return None if absent else self.codec.encode(value)
        if self.part is not None:
            values = {f.name: getattr(request, f.name) for f in self.rest}
            return self.codec.encode(self.part(**values))
        return self.codec.encode(request)


def _part(kind: Any, fields: list[msgspec.structs.FieldInfo]) -> Any:
    """A struct of some fields of another one."""
    members: list[Any] = []
    for field in fields:
        if field.required:
            members.append((field.name, field.type))
        else:
            default = field.default
            if default is msgspec.NODEFAULT:
                default = msgspec.field(default_factory=field.default_factory)
            members.append((field.name, field.type, default))
    return msgspec.defstruct(
        kind.__name__,
        members,
        rename={field.name: field.encode_name for field in fields},
        omit_defaults=kind.__struct_config__.omit_defaults,
        kw_only=True,
    )


def _header_text(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")


def _nothing(arrived: Arrived, body: bytes) -> None:
    return None
