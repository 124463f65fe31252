"""REST over HTTP: which method, path and part of the request carries each parameter.

What ``http:`` says holds; the rest is derived. Without a path: ``/<service>/<method>`` in kebab
case. Without a method: GET for ``readonly`` operations whose parameters all fit a query, else POST.
Parameters are in the path where it names them, for GET and DELETE in the query, else in the body.
A client stream is an NDJSON body; both ways at once is a WebSocket, opened by GET.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from svcgen.diagnostics import Report, Span
from svcgen.frozen import replace
from svcgen.model.bindings import BoundOperation, HttpBinding
from svcgen.model.http_paths import OWN_PATHS, crossing, route_key
from svcgen.model.messages import Exchange
from svcgen.model.service import Api, Operation, Streaming
from svcgen.model.types import Literal
from svcgen.protocols import WireProtocol
from svcgen.protocols.http_binder import Binder
from svcgen.protocols.http_rules import AMBIGUOUS_ROUTE, DUPLICATE_ROUTE, PATH_RESERVED


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
    """Report operations that share a method and paths, or hide the server's own pages."""
    routes = _Routes(report)
    for bound in operations:
        service, operation = bound.exchange.service, bound.exchange.operation
        wires = bound.wire.all if isinstance(bound.wire, HttpBinding) else ()
        for number, wire in enumerate(wires):
            which = f" (additional binding {number})" if number else ""
            label = f"{service.name.wire}.{operation.name.wire}{which}"
            routes.add(label, wire, operation.meta.span)


class _Routes:
    """The routes of a server, each compared with those before it that have all of its texts, but for
    wildcards.
    """

    def __init__(self, report: Report) -> None:
        self._report = report
        # By method and number of segments: the owner of each path, without names.
        self._owners: dict[tuple[str, int], dict[str, str]] = {}
        # By the same and the beginning of a key: the segments that follow it.
        self._next: dict[tuple[str, int, str], dict[str, None]] = {}

    def add(self, label: str, wire: HttpBinding, span: Span) -> None:
        key = route_key(wire.path)
        owners = self._owners.setdefault((wire.method, key.count("/")), {})
        if key in owners:
            route = f"{wire.method} {wire.path}"
            facts = {"operation": label, "route": route, "other": owners[key]}
            self._report.add(DUPLICATE_ROUTE, span, **facts)
        for known in self._alike(wire.method, key):
            if path := crossing(known, key):
                met = {"operation": label, "other": owners[known], "path": path}
                self._report.add(AMBIGUOUS_ROUTE, span, **met)
        owners.setdefault(key, label)
        if wire.path in OWN_PATHS:
            self._report.add(PATH_RESERVED, span, operation=label, path=wire.path)

    def _alike(self, method: str, key: str) -> list[str]:
        """The keys so far that meet this one in every segment, which is among them from now on."""
        size = key.count("/")
        found, own = [""], ""
        for segment in key.split("/")[1:]:
            following = ((each, self._next.get((method, size, each), {})) for each in found)
            found = [
                f"{each}/{there}"
                for each, known in following
                for there in (known if segment == "*" else (segment, "*"))
                if there in known
            ]
            self._next.setdefault((method, size, own), {})[segment] = None
            own = f"{own}/{segment}"
        return found


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
