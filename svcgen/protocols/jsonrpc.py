"""JSON-RPC 2.0 over HTTP and WebSocket (https://www.jsonrpc.org/specification): method names.

What ``bind: {jsonrpc: {method: …}}`` says holds. Else a method is called by its own name where the
definition has one service, and ``Service.method`` where it has several; servers take the other form
too, so that a second service breaks no client of the first. ``bind: {jsonrpc: {code: …}}`` at an
error is its code on the wire.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import takewhile

from svcgen.diagnostics import Report, Rule
from svcgen.model.bindings import BoundOperation, JsonRpcBinding
from svcgen.model.messages import Exchange, subscription
from svcgen.model.service import Api, Streaming
from svcgen.model.types import Literal, Meta
from svcgen.protocols import WireProtocol

RESERVED_NAME = Rule(
    code="jsonrpc-reserved-name",
    message="{operation} has the JSON-RPC method name {method!r}, which JSON-RPC keeps to itself",
    fix="choose another name with bind: jsonrpc: method",
    why="Names that begin with 'rpc.' are for extensions (section 4), such as rpc.discover.",
    example=(
        "svcgen: 1\npackage: demo\nservices:\n  Books:\n    methods:\n"
        "      find: {params: {id: int32}, bind: {jsonrpc: {method: rpc.find}}}\n"
    ),
)
SAME_METHOD = Rule(
    code="jsonrpc-same-method",
    message="{first} and {second} have the same JSON-RPC method name {method!r}",
    fix="give one of them another name with bind: jsonrpc: method",
    why="The method's name is all that a server sees of which operation is called.",
    example=(
        "svcgen: 1\npackage: demo\nservices:\n  Books:\n    methods:\n"
        "      find: {params: {id: int32}}\n"
        "      search: {params: {id: int32}, bind: {jsonrpc: {method: find}}}\n"
    ),
)
RESERVED_CODE = Rule(
    code="jsonrpc-reserved-code",
    message="error {error!r} has the JSON-RPC code {code}, which is no free one",
    fix="choose an integer of 32 bits outside of -32768 to -32000",
    why="JSON-RPC defines the codes from -32768 to -32000 itself (section 5.1).",
    example=(
        "svcgen: 1\npackage: demo\nerrors:\n  Sold:\n    code: not_found\n"
        "    bind: {jsonrpc: {code: -32000}}\nservices:\n  Books:\n    methods:\n"
        "      find: {params: {id: int32}, errors: [Sold]}\n"
    ),
)

_RESERVED = "rpc."
_LOWEST, _HIGHEST = -(2**31), 2**31 - 1


def bind(api: Api, exchange: Exchange, report: Report) -> JsonRpcBinding | None:
    """The names of an operation, or ``None`` with the reason in the report."""
    operation = exchange.operation
    own, full = operation.name.wire, _label(exchange)
    several = len(api.services) > 1
    chosen = _fact(operation.meta, "method")
    method = chosen if isinstance(chosen, str) and chosen else full if several else own
    if method.startswith(_RESERVED):
        report.add(RESERVED_NAME, operation.meta.span, operation=full, method=method)
        return None
    others = {own, full} if not several or _is_first(api, exchange) else {full}
    also = sorted(n for n in others - {method} if not n.startswith(_RESERVED))
    return JsonRpcBinding(method, tuple(also), _codes(api, operation.errors))


def check(api: Api, operations: Sequence[BoundOperation], report: Report) -> None:
    """Report operations of one name, and errors whose code is not theirs to choose."""
    seen: dict[str, Exchange] = {}
    for bound in operations:
        assert isinstance(bound.wire, JsonRpcBinding)
        method, exchange = bound.wire.method, bound.exchange
        first = seen.setdefault(method, exchange)
        if first is not exchange:
            names = {"first": _label(first), "second": _label(exchange), "method": method}
            report.add(SAME_METHOD, exchange.operation.meta.span, **names)
    for name, error in api.errors.items():
        code = _fact(error.meta, "code")
        if code is not None and not _is_free(code):
            report.add(RESERVED_CODE, error.meta.span, error=name, code=code)


def _codes(api: Api, errors: Sequence[str]) -> Mapping[str, int]:
    chosen = {name: _fact(api.errors[name].meta, "code") for name in errors}
    return {name: code for name, code in chosen.items() if isinstance(code, int)}


def _is_free(code: Literal) -> bool:
    if not isinstance(code, int) or isinstance(code, bool):
        return False
    return _LOWEST <= code < -32768 or -32000 < code <= _HIGHEST


def _fact(meta: Meta, key: str) -> Literal:
    facts = meta.bind.get("jsonrpc")
    return facts.get(key) if isinstance(facts, dict) else None


def _is_first(api: Api, exchange: Exchange) -> bool:
    """Has no service before this one a method of the same name?"""
    earlier = takewhile(lambda service: service is not exchange.service, api.services)
    names = (o.name.wire for s in earlier for o in (*s.operations, *map(subscription, s.events)))
    return exchange.operation.name.wire not in names


def _label(exchange: Exchange) -> str:
    return f"{exchange.service.name.wire}.{exchange.operation.name.wire}"


_STREAMS = frozenset(Streaming) - {Streaming.UNARY}

PROTOCOL = WireProtocol(
    name="jsonrpc",
    title="JSON-RPC",
    schemes=("jsonrpc+ws", "jsonrpc+wss", "jsonrpc+http", "jsonrpc+https"),
    default_port=8081,
    codec="json",
    schema="openrpc",
    carries={
        Streaming.UNARY: "HTTP, WebSocket",
        Streaming.SERVER: "WebSocket",
        Streaming.CLIENT: "WebSocket",
        Streaming.BOTH: "WebSocket",
    },
    bind=bind,
    check=check,
    lacks={"jsonrpc+http": _STREAMS, "jsonrpc+https": _STREAMS},
)
