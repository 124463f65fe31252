"""Requests on HTTP: which part of a request value travels where, for both sides.

A request is a struct whose fields may be spread over path, query, headers and body, or one value
that is the whole body (or the only parameter).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from .errors import Violation, invalid
from .http_negotiation import require_json
from .json import JsonCodec, json_codec
from .rest_parameters import BoundParameter, parse_query
from .rest_routes import Parameter, Route


@dataclass(frozen=True, slots=True)
class Arrived:
    """The parts of a request outside of its body."""

    captured: Sequence[str]  # what stands in the path's braces, decoded
    query: bytes
    headers: Mapping[bytes, bytes]
    repeated: Iterable[tuple[bytes, bytes]]  # the headers as they came


class RequestShape:
    """How a route's request is taken apart and put together; made once a route."""

    def __init__(self, route: Route) -> None:
        kind = route.operation.request
        self.is_struct = isinstance(kind, type) and issubclass(kind, msgspec.Struct)
        self.kind = kind
        fields = _fields(kind) if self.is_struct else {}
        self.parameters = [_bound(p, kind, fields) for p in route.parameters]
        self.holes = route.holes
        taken = {parameter.attribute for parameter in self.parameters}
        self.rest = [f for f in fields.values() if f.name not in taken]
        self.body_field = fields[route.body].name if route.body in fields else None
        self.has_body = route.body is not None and kind is not None
        self.whole = self.has_body and not self.parameters and self.body_field is None
        spread = self.parameters and self.is_struct and self.body_field is None
        self.part = _part(self.kind, self.rest) if spread else None
        self.codec = self._codec(route) if self.has_body else None

    def _codec(self, route: Route) -> JsonCodec:
        kind: Any = self.kind
        if self.body_field is not None:
            kind = next(f.type for f in self.rest if f.name == self.body_field)
        elif self.part is not None:
            kind = self.part
        return json_codec(kind, int64_as_string=route.int64_as_string)

    def reader(self) -> Callable[[Arrived, bytes], Any]:
        """How a request's value is read from what arrived and the body, whose type is checked."""
        if self.kind is None:
            return _nothing
        if self.codec is None:
            return self.join
        join, decode, whole = self.join, self.codec.decode, self.whole

        def read(arrived: Arrived, body: bytes) -> Any:
            require_json(arrived.headers)
            return decode(body) if whole else join(arrived, body)

        return read

    def join(self, arrived: Arrived, body: bytes) -> Any:
        """The request's value. Raises ``ServiceError`` with every violation of the parameters."""
        values = self._read(arrived)
        if not self.is_struct:
            return next(iter(values.values()), None)
        if self.codec is not None:
            part = self.codec.decode(body)
            if self.body_field is not None:
                values[self.body_field] = part
            else:
                values |= {f.name: getattr(part, f.name) for f in self.rest}
        try:
            return self.kind(**values)
        except TypeError:
            absent = [f for f in self.rest if f.required and f.name not in values]
            raise invalid(
                [Violation(f.encode_name, "is required") for f in absent]
            ) from None

    def _read(self, arrived: Arrived) -> dict[str, Any]:
        query = parse_query(arrived.query)
        violations: list[Violation] = []
        values: dict[str, Any] = {}
        for parameter in self.parameters:
            texts = self._texts(parameter, arrived, query)
            if texts or (parameter.many and parameter.required):
                values[parameter.attribute] = parameter.read(texts, violations)
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
            return [arrived.captured[self.holes.index(parameter.name)]]
        wanted = parameter.name.lower().encode()
        if wanted not in arrived.headers:
            return []
        return [
            _header_text(value) for name, value in arrived.repeated if name == wanted
        ]

    def split(self, request: Any) -> tuple[dict[str, list[str]], bytes | None]:
        """The texts of the parameters by wire name, and the body."""
        texts = {}
        for parameter in self.parameters:
            value = getattr(request, parameter.attribute) if self.is_struct else request
            texts[parameter.name] = parameter.write(value)
        return texts, self._body(request)

    def _body(self, request: Any) -> bytes | None:
        if self.codec is None:
            return None
        if self.body_field is not None:
            return self.codec.encode(getattr(request, self.body_field))
        if self.part is not None:
            values = {f.name: getattr(request, f.name) for f in self.rest}
            return self.codec.encode(self.part(**values))
        return self.codec.encode(request)


def _fields(kind: Any) -> dict[str, msgspec.structs.FieldInfo]:
    return {field.encode_name: field for field in msgspec.structs.fields(kind)}


def _bound(
    parameter: Parameter,
    kind: Any,
    fields: Mapping[str, msgspec.structs.FieldInfo],
) -> BoundParameter:
    if parameter.field not in fields:
        return BoundParameter(parameter, "", kind, required=True)
    field = fields[parameter.field]
    return BoundParameter(parameter, field.name, field.type, required=field.required)


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
