"""Where the fields of one request travel by one HTTP rule: path, query, headers or body.

Fields inside of fields are named by the way to them, ``topic.name``. What no rule places is in the
body if that is ``*``; else in the query, structs field by field.
"""

from __future__ import annotations

from collections.abc import Mapping

from svcgen.diagnostics import Report, Rule
from svcgen.model.bindings import HttpBinding, HttpParameter
from svcgen.model.http_paths import encoded, path_problem, variables
from svcgen.model.messages import Exchange
from svcgen.model.service import Api, Streaming
from svcgen.model.types import Field, Literal, Struct
from svcgen.protocols.http_rules import (
    BODY_MISPLACED,
    HEADER_RESERVED,
    NAME_TWICE,
    NO_CONTENT,
    OPTIONAL_IN_PATH,
    PARAMETER_TWICE,
    PARAMETER_TYPE,
    PATH_MALFORMED,
    STREAM_METHOD,
    UNKNOWN_PARAMETER,
    UNSENT,
)
from svcgen.protocols.http_values import fits, kind_of, struct_of

_WITHOUT_BODY = ("GET", "HEAD", "DELETE")
_OWN_HEADERS = ("accept", "authorization", "connection", "content-length", "content-type", "host",
                "transfer-encoding", "upgrade", "x-request-timeout")  # fmt: skip

_MASK = ("google.protobuf", "FieldMask")


class Binder:
    """Places the parameters of one operation, the hand-written ones first."""

    def __init__(
        self, api: Api, exchange: Exchange, facts: Mapping[str, Literal], report: Report
    ) -> None:
        self.api = api
        self.exchange = exchange
        self.facts = facts
        self.report = report
        self.fine = True
        self.label = f"{exchange.service.name.wire}.{exchange.operation.name.wire}"
        self.streaming = exchange.operation.streaming
        # A stream of requests has nothing outside of its messages.
        streams = self.streaming in (Streaming.CLIENT, Streaming.BOTH)
        self.fields = {} if streams else {f.name.wire: f for f in exchange.request.struct.fields}
        self.placed: dict[str, HttpParameter] = {}
        self.unsent: list[HttpParameter] = []
        self.method = self._method()

    def _method(self) -> str:
        given = self.facts.get("method")
        if isinstance(given, str):
            return given
        if self.streaming is Streaming.BOTH:
            return "GET"
        asks = self.exchange.operation.readonly and self.streaming is not Streaming.CLIENT
        simple = all(fits(self.api, f, "query") for f in self.fields.values())
        return "GET" if asks and simple and "body" not in self.facts else "POST"

    @property
    def path(self) -> str:
        given = self.facts.get("path")
        if isinstance(given, str):
            return encoded(given)
        names = (self.exchange.service.name, self.exchange.operation.name)
        return "".join(f"/{encoded(name.kebab)}" for name in names)

    @property
    def body(self) -> str | None:
        """The field that is the body, ``*`` for all that is placed nowhere else, or none."""
        if self.streaming is Streaming.BOTH:
            return None
        if self.streaming is Streaming.CLIENT:
            return "*"
        given = self.facts.get("body", "")
        if given is None or (isinstance(given, str) and given):
            return given
        left = self.fields.keys() - self.placed.keys()
        return "*" if left and self.method not in _WITHOUT_BODY else None

    def place(self) -> None:
        path = str(self.facts.get("path", ""))
        if problem := path_problem(path) if path else "":
            self.complain(PATH_MALFORMED, path=path, problem=problem)
            return
        for variable in variables(path):
            self._place(variable.name, variable.name, "path")
        for place in ("header", "query"):
            names = self.facts.get(place)
            for name, wire in names.items() if isinstance(names, dict) else ():
                self._place(name, str(wire), place)
        body = self.body
        if body is not None and body != "*" and body not in self.fields:
            self.complain(UNKNOWN_PARAMETER, place="body", parameter=body)
        if body == "*":
            self._masks()
        else:
            for field in [f for name, f in self.fields.items() if name != body]:
                self._query(field, (), frozenset())

    def _place(self, name: str, wire: str, place: str) -> None:
        way = self._way(name)
        if not way:
            self.complain(UNKNOWN_PARAMETER, place=place, parameter=name)
        elif name in self.placed or name == self.facts.get("body"):
            self.complain(PARAMETER_TWICE, parameter=name)
        else:
            self.placed[name] = HttpParameter(way[-1], wire, place, way[:-1])

    def _way(self, name: str) -> tuple[Field, ...]:
        """The fields on the way to one, itself the last; none if there is no such field."""
        found: list[Field] = []
        fields = self.fields
        for part in name.split("."):
            if part not in fields:
                return ()
            found.append(fields[part])
            struct = struct_of(self.api, fields[part].type)
            fields = {f.name.wire: f for f in struct.fields} if struct else {}
        return tuple(found)

    def _query(self, field: Field, within: tuple[Field, ...], seen: frozenset[str]) -> None:
        """Place a field in the query, or what is in it, unless that is placed already."""
        parameter = HttpParameter(field, "", "query", within)
        way = parameter.way
        struct = struct_of(self.api, field.type)
        if way in self.placed:
            return
        if struct is not None and self._is_mask(struct):
            self.placed[way] = _mask(struct, "query", (*within, field))
            return
        if struct is not None and struct.fields and struct.name.wire not in seen:
            for inner in struct.fields:
                self._query(inner, (*within, field), seen | {struct.name.wire})
        elif fits(self.api, field, "query") or not self.api.json.absent_is_zero:
            self.placed[way] = HttpParameter(field, way, "query", within)
        else:
            self.unsent.append(HttpParameter(field, way, "nowhere", within))
            kind = kind_of(self.api, field.type)
            self._report(UNSENT, parameter=way, kind=kind)

    def _masks(self) -> None:
        """Place the FieldMasks of the request, whose paths are one text in its body."""
        for name, field in self.fields.items():
            struct = struct_of(self.api, field.type)
            if name not in self.placed and struct is not None and self._is_mask(struct):
                self.placed[name] = _mask(struct, "body", (field,))

    def _is_mask(self, struct: Struct) -> bool:
        """Is it a FieldMask, which has a form of its own on JSON (google/protobuf/field_mask.proto)?"""
        origin = self.api.origins.get(struct.name.wire)
        return origin is not None and (origin.package, origin.name) == _MASK

    def check(self, *, alone: bool) -> None:
        """Report what cannot be; ``alone``: there is no other rule to fall back on."""
        for parameter in self.placed.values():
            self._check_parameter(parameter, alone=alone)
        self._check_names()
        method = self.method
        has_body = self.body is not None and self.streaming is not Streaming.CLIENT
        if has_body and method in _WITHOUT_BODY:
            self.complain(BODY_MISPLACED, method=method)
        wrong = {Streaming.BOTH: method != "GET", Streaming.CLIENT: method in _WITHOUT_BODY}
        if wrong.get(self.streaming):
            needed = "GET" if self.streaming is Streaming.BOTH else "POST, PUT or PATCH"
            self.complain(STREAM_METHOD, method=method, needed=needed)
        if self.facts.get("status") in (204, 205) and self.exchange.operation.output:
            self.complain(NO_CONTENT, status=self.facts["status"])
        answered = {f.name.wire for f in self._answered()}
        if (field := self.facts.get("response_body")) and field not in answered:
            self.complain(UNKNOWN_PARAMETER, place="response_body", parameter=field)

    def _answered(self) -> tuple[Field, ...]:
        response = self.exchange.response
        return () if response.type is None or response.wrapped else response.struct.fields

    def _check_parameter(self, parameter: HttpParameter, *, alone: bool) -> None:
        name, place = parameter.way, parameter.place
        if place == "header" and parameter.name.lower() in _OWN_HEADERS:
            self.complain(HEADER_RESERVED, header=parameter.name)
        if place != "body" and not fits(self.api, parameter.field, place):
            kind = kind_of(self.api, parameter.field.type)
            self.complain(PARAMETER_TYPE, parameter=name, place=place, kind=kind)
        elif place == "path" and alone and not parameter.field.required:
            self._report(OPTIONAL_IN_PATH, parameter=name)

    def _check_names(self) -> None:
        first: dict[tuple[str, str], str] = {}
        for parameter in self.placed.values():
            own, place = parameter.way, parameter.place
            name = parameter.name.lower() if place == "header" else parameter.name
            other = first.setdefault((place, name), own)
            if other != own:
                facts = {"parameter": own, "other": other, "place": place, "name": name}
                self.complain(NAME_TWICE, **facts)

    def complain(self, rule: Rule, **facts: object) -> None:
        self.fine = False
        self._report(rule, **facts)

    def _report(self, rule: Rule, **facts: object) -> None:
        span = self.exchange.operation.meta.span
        self.report.add(rule, span, operation=self.label, **facts)

    def binding(self, status: int) -> HttpBinding:
        """The wire facts, the parameters in the order of the request's fields."""
        order = {name: number for number, name in enumerate(self.fields)}
        placed = sorted(self.placed.values(), key=lambda p: order[p.way.partition(".")[0]])
        response_body = self.facts.get("response_body")
        return HttpBinding(
            self.method,
            self.path,
            tuple(placed),
            self.body,
            status,
            response_body if isinstance(response_body, str) and response_body else None,
            tuple(self.unsent),
        )


def _mask(struct: Struct, place: str, within: tuple[Field, ...]) -> HttpParameter:
    name = ".".join(field.name.wire for field in within)
    return HttpParameter(struct.fields[0], name, place, within, is_mask=True)
