"""REST over HTTP: which method, path and part of the request carries each parameter.

What ``http:`` says holds; the rest is derived. Without a path: ``/<service>/<method>`` in kebab
case. Without a method: GET for ``readonly`` operations whose parameters all fit a query, else POST.
Parameters are in the path where it names them, for GET and DELETE in the query, else in the body.
A client stream is an NDJSON body; both ways at once is a WebSocket, opened by GET.
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from svcgen.diagnostics import Report, Rule
from svcgen.model.bindings import BoundOperation, HttpBinding, HttpParameter
from svcgen.model.messages import Exchange
from svcgen.model.service import Api, Streaming
from svcgen.protocols import WireProtocol
from svcgen.protocols.http_rules import (
    BODY_MISPLACED,
    DUPLICATE_ROUTE,
    HEADER_RESERVED,
    NAME_TWICE,
    NO_CONTENT,
    OPTIONAL_IN_PATH,
    PARAMETER_TWICE,
    PARAMETER_TYPE,
    PATH_MALFORMED,
    PATH_RESERVED,
    STREAM_METHOD,
    UNKNOWN_PARAMETER,
)
from svcgen.protocols.http_values import fits, holes, kind_of, path_problem, route_key

_WITHOUT_BODY = ("GET", "HEAD", "DELETE")
_OWN_PATHS = ("/healthz", "/readyz", "/openapi.json", "/docs")
_OWN_HEADERS = ("accept", "authorization", "connection", "content-length", "content-type", "host",
                "transfer-encoding", "upgrade", "x-request-timeout")  # fmt: skip


def bind(api: Api, exchange: Exchange, report: Report) -> HttpBinding | None:
    """The wire facts of an operation, or ``None`` with the reasons in the report."""
    bound = _Binder(api, exchange, report)
    bound.place()
    bound.check()
    return bound.binding() if bound.fine else None


def check(api: Api, operations: Sequence[BoundOperation], report: Report) -> None:
    """Report operations that share a method and a path, or hide the server's own pages."""
    seen: dict[tuple[str, str], str] = {}
    for bound in operations:
        if not isinstance(bound.wire, HttpBinding):
            continue
        operation = bound.exchange.operation
        label = f"{bound.exchange.service.name.wire}.{operation.name.wire}"
        route = f"{bound.wire.method} {bound.wire.path}"
        first = seen.setdefault((bound.wire.method, route_key(bound.wire.path)), label)
        if first != label:
            report.add(
                DUPLICATE_ROUTE, operation.meta.span, operation=label, route=route, other=first
            )
        if bound.wire.path in _OWN_PATHS:
            report.add(PATH_RESERVED, operation.meta.span, operation=label, path=bound.wire.path)


class _Binder:
    """Places the parameters of one operation, the hand-written ones first."""

    def __init__(self, api: Api, exchange: Exchange, report: Report) -> None:
        operation = exchange.operation
        given = operation.meta.bind.get("http")
        self.api = api
        self.exchange = exchange
        self.report = report
        self.fine = True
        self.label = f"{exchange.service.name.wire}.{operation.name.wire}"
        self.facts = given if isinstance(given, dict) else {}
        self.streaming = operation.streaming
        # A stream of requests has nothing outside of its messages.
        streams = self.streaming in (Streaming.CLIENT, Streaming.BOTH)
        self.fields = {} if streams else {f.name.wire: f for f in exchange.request.struct.fields}
        self.placed: dict[str, HttpParameter] = {}
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
            return quote(given, safe="/{}-._~!$&'()*+,;=:@%")
        names = (self.exchange.service.name, self.exchange.operation.name)
        return "".join(f"/{quote(name.kebab, safe='')}" for name in names)

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
        for name in holes(path):
            self._place(name, name, "path")
        for place in ("header", "query"):
            names = self.facts.get(place)
            for name, wire in names.items() if isinstance(names, dict) else ():
                self._place(name, str(wire), place)
        body = self.body
        if body is not None and body != "*" and body not in self.fields:
            self.complain(UNKNOWN_PARAMETER, place="body", parameter=body)
        if body != "*":
            for name in [n for n in self.fields if n not in self.placed and n != body]:
                self._place(name, name, "query")

    def _place(self, name: str, wire: str, place: str) -> None:
        parameter = self.fields.get(name)
        if parameter is None:
            self.complain(UNKNOWN_PARAMETER, place=place, parameter=name)
        elif name in self.placed or name == self.facts.get("body"):
            self.complain(PARAMETER_TWICE, parameter=name)
        else:
            self.placed[name] = HttpParameter(parameter, wire, place)

    def check(self) -> None:
        for parameter in self.placed.values():
            self._check_parameter(parameter)
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

    def _check_parameter(self, parameter: HttpParameter) -> None:
        name, place = parameter.field.name.wire, parameter.place
        if place == "header" and parameter.name.lower() in _OWN_HEADERS:
            self.complain(HEADER_RESERVED, header=parameter.name)
        if not fits(self.api, parameter.field, place):
            kind = kind_of(self.api, parameter.field.type)
            self.complain(PARAMETER_TYPE, parameter=name, place=place, kind=kind)
        elif place == "path" and not parameter.field.required:
            self.complain(OPTIONAL_IN_PATH, parameter=name)

    def _check_names(self) -> None:
        first: dict[tuple[str, str], str] = {}
        for parameter in self.placed.values():
            own, place = parameter.field.name.wire, parameter.place
            name = parameter.name.lower() if place == "header" else parameter.name
            other = first.setdefault((place, name), own)
            if other != own:
                facts = {"parameter": own, "other": other, "place": place, "name": name}
                self.complain(NAME_TWICE, **facts)

    def complain(self, rule: Rule, **facts: object) -> None:
        self.fine = False
        span = self.exchange.operation.meta.span
        self.report.add(rule, span, operation=self.label, **facts)

    def binding(self) -> HttpBinding:
        in_order = [self.placed[name] for name in self.fields if name in self.placed]
        return HttpBinding(self.method, self.path, tuple(in_order), self.body, self._status())

    def _status(self) -> int:
        given = self.facts.get("status")
        if isinstance(given, int):
            return given
        operation = self.exchange.operation
        if operation.output is not None:
            return 200
        return 202 if operation.oneway else 204


PROTOCOL = WireProtocol(
    name="rest",
    title="REST",
    schemes=("rest+http", "rest+https", "http", "https"),
    default_port=8080,
    codec="json",
    schema="openapi",
    carries={
        Streaming.UNARY: "JSON",
        Streaming.SERVER: "SSE, NDJSON",
        Streaming.CLIENT: "NDJSON",
        Streaming.BOTH: "WebSocket",
    },
    bind=bind,
    check=check,
)
