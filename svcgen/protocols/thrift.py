"""Apache Thrift: binary or compact structs over TCP, framed or not. One call, one answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from svcgen.diagnostics import Report, Rule
from svcgen.model.bindings import BoundOperation, ThriftBinding
from svcgen.model.messages import Exchange
from svcgen.model.service import Api, Operation, Streaming
from svcgen.model.thrift_names import (
    RESERVED,
    is_plain,
    thrift_method,
    thrift_number,
    thrift_service,
    thrown_fields,
)
from svcgen.model.types import Field, Literal, Struct, Union
from svcgen.protocols import WireProtocol

_MAX_NUMBER = 2**15 - 1
_TEXT_NUMBER = 255  # of a result: where the text of an error travels

THRIFT_NAME = Rule(
    code="thrift-name",
    message="method {method!r} is called {name!r} on Thrift, which Thrift cannot name",
    fix="write under bind: thrift: a name of ASCII letters, digits and underscores",
    why=(
        "The name of a method travels with every call, and the .thrift has to declare it. Thrift\n"
        "allows ASCII letters, digits and underscores, no digit in front, and none of its own words."
    ),
    example=(
        "svcgen: 1\npackage: demo\nservices:\n  Books:\n    methods:\n"
        "      find: {params: {id: int32}, bind: {thrift: {method: find-book}}}\n"
    ),
)
THRIFT_SAME_NAME = Rule(
    code="thrift-same-name",
    message="methods {first!r} and {second!r} are both called {name!r} on Thrift",
    fix="give one of them another name under bind: thrift: method or service",
    why="The name is all that a server sees of which method is called.",
    example=(
        "svcgen: 1\npackage: demo\nservices:\n  Books:\n    methods:\n"
        "      find: {params: {id: int32}}\n"
        "      search: {params: {id: int32}, bind: {thrift: {method: find}}}\n"
    ),
)
THRIFT_NUMBER = Rule(
    code="thrift-number",
    message="field {field!r} has the number {number}, which {problem}",
    fix="take a number from 1 to 32767, or leave Thrift out of the protocols",
    why=(
        "Field numbers travel in 16 bits on Thrift. Fields of a .thrift that have no number are given\n"
        "negative ones, which Apache's fast codec for Python, the one that is generated for, skips."
    ),
    example=(
        "svcgen: 1\npackage: demo\ntypes:\n  Book: {title: {type: string, number: 40000}}\n"
        "services: {Books: {methods: {find: {output: Book}}}}\n"
    ),
)

THRIFT_THROWS = Rule(
    code="thrift-throws",
    message="error {error!r} of method {method!r} has the number {number} on Thrift, {problem}",
    fix="give each error of the method a number of its own, from 1 to 32767 and not 255",
    why=(
        "The result of a method has a field for each of its errors, and another, 255, for the text\n"
        "of whichever it is. The number is all that tells them apart."
    ),
    example=(
        "svcgen: 1\npackage: demo\nerrors:\n  Full: {code: resource_exhausted}\n"
        "  Gone: {code: not_found}\nservices:\n  Books:\n    methods:\n      add:\n"
        "        params: {title: string}\n        errors: [Full, Gone]\n"
        "        bind: {thrift: {throws: {Full: {number: 2}, Gone: {number: 2}}}}\n"
    ),
)


def _bind(api: Api, exchange: Exchange, report: Report) -> ThriftBinding | None:
    service = thrift_service(exchange.service, api.services)
    method = thrift_method(exchange.service, exchange.operation)
    for name in (service, method):
        if not is_plain(name.rstrip("_")) and name.rstrip("_") not in RESERVED:
            span = exchange.operation.meta.span
            report.add(THRIFT_NAME, span, method=exchange.operation.name.wire, name=name)
            return None
    return ThriftBinding(service, method)


def _check(api: Api, operations: Sequence[BoundOperation], report: Report) -> None:
    first: dict[ThriftBinding, Exchange] = {}
    for bound in operations:
        assert isinstance(bound.wire, ThriftBinding)
        exchange = bound.exchange
        other = first.setdefault(bound.wire, exchange)
        if other is not exchange:
            names = {"first": _key(other), "second": _key(exchange), "name": bound.wire.method}
            report.add(THRIFT_SAME_NAME, exchange.operation.meta.span, **names)
    for field in _fields(api):
        number = thrift_number(field)
        if number is not None and not 1 <= number <= _MAX_NUMBER:
            problem = "is too large for Thrift" if number > 0 else "the codec cannot read"
            facts = {"field": field.name.wire, "number": number, "problem": problem}
            report.add(THRIFT_NUMBER, field.meta.span, **facts)
    for bound in operations:
        _check_throws(bound.exchange.operation, report)


def _check_throws(operation: Operation, report: Report) -> None:
    """Each error has a number that can travel, and no other's."""
    first: dict[Literal, str] = {}
    for error, (_, number) in thrown_fields(operation).items():
        other = first.setdefault(number, error)
        if type(number) is not int or number == _TEXT_NUMBER or not 1 <= number <= _MAX_NUMBER:
            problem = "which is none that it may have"
        elif other != error:
            problem = f"as {other!r} has"
        else:
            continue
        facts = {"error": error, "method": operation.name.wire, "number": number}
        report.add(THRIFT_THROWS, operation.meta.span, **facts, problem=problem)


def _fields(api: Api) -> Iterator[Field]:
    """Every field that travels with a number."""
    for definition in api.types.values():
        if isinstance(definition, Struct):
            yield from definition.fields
        elif isinstance(definition, Union):
            yield from definition.members
    for error in api.errors.values():
        yield from error.fields
    for service in api.services:
        for operation in service.operations:
            yield from operation.params


def _key(exchange: Exchange) -> str:
    return f"{exchange.service.name.wire}.{exchange.operation.name.wire}"


PROTOCOL = WireProtocol(
    name="thrift",
    title="Thrift",
    schemes=("thrift", "thrifts"),
    default_port=9090,
    codec="thrift",
    schema="thrift",
    carries={Streaming.UNARY: "framed, buffered"},
    bind=_bind,
    check=_check,
)
