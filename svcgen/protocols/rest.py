"""REST over HTTP: which method, path and part of the request carries each parameter.

What ``http:`` says holds; the rest is derived. Without a path: ``/<service>/<method>`` in kebab
case. Without a method: GET for ``readonly`` operations whose parameters all fit a query, else POST.
Parameters are in the path where it names them, for GET and DELETE in the query, else in the body.
A client stream is an NDJSON body; both ways at once is a WebSocket, opened by GET.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from svcgen.diagnostics import Report
from svcgen.frozen import replace
from svcgen.model.bindings import BoundOperation, HttpBinding
from svcgen.model.http_paths import OWN_PATHS, route_key
from svcgen.model.messages import Exchange
from svcgen.model.service import Api, Operation, Streaming
from svcgen.model.types import Literal
from svcgen.protocols import WireProtocol
from svcgen.protocols.http_binder import Binder
from svcgen.protocols.http_rules import DUPLICATE_ROUTE, PATH_RESERVED


def bind(api: Api, exchange: Exchange, report: Report) -> HttpBinding | None:
    """The wire facts of an operation, or ``None`` with the reasons in the report."""
    given = exchange.operation.meta.bind.get("http")
    facts = given if isinstance(given, dict) else {}
    others = facts.get("additional_bindings")
    binders = [
        Binder(api, exchange, each, report)
        for each in (facts, *(others if isinstance(others, list) else ()))
        if isinstance(each, dict)
    ]
    for binder in binders:
        binder.place()
        binder.check(alone=len(binders) == 1)
    if not all(binder.fine for binder in binders):
        return None
    status = _status(facts, exchange.operation)
    main, *additional = (binder.binding(status) for binder in binders)
    return replace(main, additional=tuple(additional))


def check(api: Api, operations: Sequence[BoundOperation], report: Report) -> None:
    """Report operations that share a method and a path, or hide the server's own pages."""
    seen: dict[tuple[str, str], str] = {}
    for bound in operations:
        operation = bound.exchange.operation
        label = f"{bound.exchange.service.name.wire}.{operation.name.wire}"
        for number, wire in enumerate(
            bound.wire.all if isinstance(bound.wire, HttpBinding) else ()
        ):
            mine = f"{label} (additional binding {number})" if number else label
            facts = {"operation": mine, "route": f"{wire.method} {wire.path}"}
            first = seen.setdefault((wire.method, route_key(wire.path)), mine)
            if first != mine:
                report.add(DUPLICATE_ROUTE, operation.meta.span, **facts, other=first)
            if wire.path in OWN_PATHS:
                report.add(PATH_RESERVED, operation.meta.span, operation=mine, path=wire.path)


def _status(facts: Mapping[str, Literal], operation: Operation) -> int:
    given = facts.get("status")
    if isinstance(given, int):
        return given
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
