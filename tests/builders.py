"""Models by hand, a line each: ``api(struct("Book", title="string"), service("Library", …))``."""

from __future__ import annotations

from collections.abc import Mapping

from svcgen.diagnostics import Span
from svcgen.model.naming import Name
from svcgen.model.service import Api, Error, Event, Operation, Payload, Service, Streaming
from svcgen.model.types import (
    Alias,
    Enum,
    EnumValue,
    Field,
    ListOf,
    MapOf,
    Meta,
    NamedRef,
    NullableOf,
    Scalar,
    ScalarRef,
    SetOf,
    Struct,
    TypeRef,
    Union,
)
from svcgen.protocols import WireProtocol

HERE = Span.at("built.yaml")

PIGEON = WireProtocol(
    name="pigeon",
    title="Pigeon",
    schemes=("pigeon",),
    default_port=1149,
    codec="json",
    schema="yaml",
    carries={Streaming.UNARY: "there and back"},
    bind=lambda api, exchange, report: None,
)
"""A protocol that streams nothing."""

COURIER = WireProtocol(
    name="courier",
    title="Courier",
    schemes=("courier+foot", "courier+horse"),
    default_port=1150,
    codec="json",
    schema="yaml",
    carries=dict.fromkeys(Streaming, "there and back"),
    bind=lambda api, exchange, report: None,
    lacks={"courier+foot": frozenset({Streaming.SERVER})},
)
"""A protocol that streams over URLs of one of its schemes."""


def meta(**facts: object) -> Meta:
    return Meta(HERE, **facts)


def ref(text: str | TypeRef) -> TypeRef:
    """``list<int32>``, ``map<string, Book>``, ``string|null`` …"""
    if not isinstance(text, str):
        return text
    if text.endswith("|null"):
        return NullableOf(ref(text.removesuffix("|null")), HERE)
    head, _, inner = text.partition("<")
    inner = inner.removesuffix(">")
    if head == "map":
        key, _, value = inner.partition(", ")
        return MapOf(ref(key), ref(value), HERE)
    if head in ("list", "set"):
        return (ListOf if head == "list" else SetOf)(ref(inner), HERE)
    return ScalarRef(Scalar(text), HERE) if text in set(Scalar) else NamedRef(text, HERE)


def field(name: str, type_: str | TypeRef, **facts: object) -> Field:
    own = {key: facts.pop(key) for key in tuple(facts) if key in ("renamed_from", "doc")}
    return Field(Name.parse(name), ref(type_), meta(**own), **facts)


def fields(*given: Field, **named: str) -> tuple[Field, ...]:
    return (*given, *(field(name, type_) for name, type_ in named.items()))


def struct(name: str, *given: Field, renamed_from: str = "", **named: str) -> Struct:
    return Struct(Name.parse(name), fields(*given, **named), meta(renamed_from=renamed_from))


def enum(name: str, *values: str | EnumValue, **numbered: int) -> Enum:
    made = [v if isinstance(v, EnumValue) else EnumValue(Name.parse(v), meta()) for v in values]
    made += [EnumValue(Name.parse(v), meta(), number) for v, number in numbered.items()]
    return Enum(Name.parse(name), tuple(made), meta())


def union(name: str, *given: Field, **named: str) -> Union:
    return Union(Name.parse(name), fields(*given, **named), meta())


def alias(name: str, target: str) -> Alias:
    return Alias(Name.parse(name), ref(target), meta())


def operation(name: str, *params: Field, renamed_from: str = "", **facts: object) -> Operation:
    """``input`` and ``output`` as text, with ``stream`` in front where they stream."""
    for side in ("input", "output"):
        text = facts.get(side)
        if isinstance(text, str):
            stream = text.startswith("stream ")
            facts[side] = Payload(ref(text.removeprefix("stream ")), stream)
    return Operation(Name.parse(name), meta(renamed_from=renamed_from), params=params, **facts)


def event(name: str, payload: str, **facts: object) -> Event:
    return Event(Name.parse(name), ref(payload), meta(), **facts)


def service(
    name: str, *operations: Operation, events: tuple[Event, ...] = (), renamed_from: str = ""
) -> Service:
    return Service(Name.parse(name), operations, meta(renamed_from=renamed_from), events)


def api(*parts: Struct | Enum | Union | Alias | Error | Service) -> Api:
    types: Mapping[str, object] = {
        p.name.wire: p for p in parts if isinstance(p, (Struct, Enum, Union, Alias))
    }
    return Api(
        package="books",
        services=tuple(p for p in parts if isinstance(p, Service)),
        types=types,
        meta=meta(),
        errors={p.name.wire: p for p in parts if isinstance(p, Error)},
    )
