"""Where a definition uses which construct."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from svcgen.diagnostics import Span
from svcgen.formats.neutral.writing import member_key
from svcgen.frozen import frozen
from svcgen.model import walk
from svcgen.model.service import Api, Event, Operation, Service, Streaming
from svcgen.model.types import (
    Alias,
    Constraints,
    Enum,
    Field,
    ListOf,
    MapOf,
    Meta,
    NamedRef,
    NullableOf,
    Reserved,
    Scalar,
    ScalarRef,
    SetOf,
    Struct,
    TypeDef,
    TypeRef,
    Union,
)


@frozen
class Thing:
    """What a construct is used of: a declaration or a member of one."""

    words: str  # how messages call it
    key: str  # of the declaration: see ``fragments``
    member: str = ""


@frozen
class Occurrence:
    """A construct, by its code, at a place."""

    construct: str
    span: Span
    thing: Thing

    @property
    def what(self) -> str:
        return self.thing.words


_SCALARS = {
    Scalar.INT8: "small-integer",
    Scalar.INT16: "small-integer",
    Scalar.UINT8: "unsigned",
    Scalar.UINT16: "unsigned",
    Scalar.UINT32: "unsigned",
    Scalar.UINT64: "unsigned-64",
    Scalar.INT64: "int64",
    Scalar.FLOAT32: "float32",
    Scalar.DECIMAL: "decimal",
    Scalar.BYTES: "bytes",
    Scalar.TIMESTAMP: "timestamp",
    Scalar.DATE: "date",
    Scalar.TIME: "time",
    Scalar.DURATION: "duration",
    Scalar.UUID: "uuid",
    Scalar.ANY: "any",
}
_STREAMS = {
    Streaming.CLIENT: "client-stream",
    Streaming.SERVER: "server-stream",
    Streaming.BOTH: "both-streams",
}
_INTEGERS = tuple(scalar for scalar in Scalar if scalar.is_integer)

_Test = Callable[[Field], bool]
_FIELDS: dict[str, _Test] = {
    "optional": lambda f: not f.required and not f.default and not _is_nullable(f),
    "nullable": lambda f: f.required and _is_nullable(f),
    "optional-nullable": lambda f: not f.required and _is_nullable(f),
    "default": lambda f: f.default is not None,
    "oneof": lambda f: bool(f.oneof),
    "limits": lambda f: _has_limits(f.constraints),
    "pattern": lambda f: f.constraints.pattern is not None,
    "unique": lambda f: f.constraints.unique,
    "json-name": lambda f: f.name.wire.isascii() and not f.name.wire.isidentifier(),
    "number": lambda f: f.number is not None,
    "example": lambda f: bool(f.examples),
}
_METAS: dict[str, Callable[[Meta], bool]] = {
    "doc": lambda m: bool(m.doc),
    "deprecated": lambda m: m.deprecated is not None,
    "deprecation-reason": lambda m: bool(m.deprecated),
    "since": lambda m: bool(m.since),
    "renamed-from": lambda m: bool(m.renamed_from),
    "tags": lambda m: bool(m.tags),
    "annotation": lambda m: bool(m.annotations),
    "route": lambda m: "http" in m.bind,
    "wire-facts": lambda m: bool(m.bind.keys() - {"http"}),
}
_OPERATIONS: dict[str, Callable[[Operation], bool]] = {
    "method-name": lambda o: o.name.wire[:1].islower(),
    "no-answer": lambda o: o.output is None and not o.oneway,
    "parameters": lambda o: bool(o.params),
    "one-way": lambda o: o.oneway,
    "readonly": lambda o: o.readonly,
    "idempotent": lambda o: o.idempotent and not o.readonly,
    "deadline": lambda o: o.deadline is not None,
    "auth": lambda o: o.auth is not None,
    "pagination": lambda o: o.pagination is not None,
}


def occurrences(api: Api) -> Iterator[Occurrence]:
    """Every use of every construct, in the order of the definition."""
    yield from _whole(api)
    for name, definition in api.types.items():
        yield from _type(name, definition, api)
    for name, error in api.errors.items():
        what = Thing(f"error {name!r}", f"errors/{name}")
        yield from _named(error.meta, name, what)
        for code in ("error", "error-code"):
            yield Occurrence(code, error.meta.span, what)
        if error.retryable or error.message:
            yield Occurrence("error-policy", error.meta.span, what)
        yield from _fields(error.fields, what)
    for service, operation in walk.operations(api):
        yield from _operation(operation, service, api)
    for service, event in walk.events(api):
        yield from _event(event, service)


def _whole(api: Api) -> Iterator[Occurrence]:
    what, span = Thing("the definition", ""), api.meta.span
    yield from _metas(api.meta, what)
    if api.version:
        yield Occurrence("version", span, what)
    if api.json.int64_as_string:
        yield Occurrence("json-style", span, what)
    yield Occurrence("absent-zero" if api.json.absent_is_zero else "absent-refused", span, what)
    for constant in api.constants:
        what = Thing(f"constant {constant.name.wire!r}", "", constant.name.wire)
        yield Occurrence("constant", constant.meta.span, what)
    for server in api.servers:
        what = Thing(f"server {server.name!r}", "")
        yield Occurrence("server", server.meta.span, what)
    for service in api.services:
        what = Thing(f"service {service.name.wire!r}", f"services/{service.name.wire}")
        yield from _named(service.meta, service.name.wire, what)
        if service.auth is not None:
            yield Occurrence("auth", service.meta.span, what)
        if service is not api.services[0]:
            yield Occurrence("several-services", service.meta.span, what)


def _named(meta: Meta, name: str, what: Thing) -> Iterator[Occurrence]:
    if not name.isascii():
        yield Occurrence("unicode-name", meta.span, what)
    yield from _metas(meta, what)


def _metas(meta: Meta, what: Thing) -> Iterator[Occurrence]:
    for code, has in _METAS.items():
        if has(meta):
            yield Occurrence(code, meta.span, what)


def _type(name: str, definition: TypeDef, api: Api) -> Iterator[Occurrence]:
    what = Thing(f"type {name!r}", f"types/{name}")
    yield from _named(definition.meta, name, what)
    span = definition.meta.span
    if walk.reserved(definition) != Reserved():
        yield Occurrence("reserved", span, what)
    match definition:
        case Struct():
            yield from _struct(definition, api, what)
        case Union():
            yield Occurrence("union", span, what)
            yield from _fields(definition.members, what)
        case Enum():
            yield from _enum(definition, what)
        case Alias():
            yield Occurrence("alias", span, what)
            yield from _ref(definition.target, what)
            if _has_limits(definition.constraints):
                yield Occurrence("limits", span, what)


def _struct(struct: Struct, api: Api, what: Thing) -> Iterator[Occurrence]:
    span = struct.meta.span
    if not struct.fields:
        yield Occurrence("empty", span, what)
    if any(struct.name.wire == name for f in struct.fields for name in _mentioned(f.type)):
        yield Occurrence("recursion", span, what)
    if struct.examples:
        yield Occurrence("example", span, what)
    yield from _fields(struct.fields, what)


def _enum(enum: Enum, what: Thing) -> Iterator[Occurrence]:
    yield Occurrence("closed-enum" if enum.closed else "enum", enum.meta.span, what)
    for value in enum.values:
        called = Thing(f"value {value.name.wire!r}", what.key, value.name.wire)
        for each in value.called:
            yield from _named(each.meta, each.name.wire, called)
        if value.aliases:
            yield Occurrence("enum-alias", value.meta.span, called)
        if value.number is not None:
            yield Occurrence("enum-number", value.meta.span, called)


def _fields(fields: tuple[Field, ...], owner: Thing) -> Iterator[Occurrence]:
    for field in fields:
        words = f"field {field.name.wire!r} of {owner.words}"
        what = Thing(words, owner.key, member_key(field.name))
        yield from _named(field.meta, field.name.wire, what)
        for code, has in _FIELDS.items():
            if has(field):
                yield Occurrence(code, field.meta.span, what)
        ref = field.type.item if isinstance(field.type, NullableOf) else field.type
        yield from _ref(ref, what)


def _ref(ref: TypeRef, what: Thing, *, inside: bool = False) -> Iterator[Occurrence]:
    """The constructs of a type expression; ``inside`` of a container."""
    match ref:
        case ScalarRef():
            if ref.scalar in _SCALARS:
                yield Occurrence(_SCALARS[ref.scalar], ref.span, what)
        case NullableOf():
            yield Occurrence("nullable-item", ref.span, what)
            yield from _ref(ref.item, what, inside=True)
        case ListOf() | SetOf() | MapOf():
            if inside:
                yield Occurrence("nested-container", ref.span, what)
            yield from _container(ref, what)
        case NamedRef():
            pass


def _container(ref: ListOf | SetOf | MapOf, what: Thing) -> Iterator[Occurrence]:
    if isinstance(ref, MapOf):
        yield Occurrence(_map(ref.key), ref.span, what)
        yield from _ref(ref.value, what, inside=True)
        return
    if isinstance(ref, SetOf):
        yield Occurrence("set", ref.span, what)
    yield from _ref(ref.item, what, inside=True)


def _map(key: TypeRef) -> str:
    if not isinstance(key, ScalarRef):
        return "map-odd-key"
    if key.scalar is Scalar.STRING:
        return "map"
    return "map-key" if key.scalar in _INTEGERS else "map-odd-key"


def _operation(operation: Operation, service: Service, api: Api) -> Iterator[Occurrence]:
    name, span = operation.name.wire, operation.meta.span
    what = Thing(f"method {name!r}", f"services/{service.name.wire}/{name}")
    yield from _named(operation.meta, operation.name.wire, what)
    if stream := _STREAMS.get(operation.streaming):
        yield Occurrence(stream, span, what)
    for code, has in _OPERATIONS.items():
        if has(operation):
            yield Occurrence(code, span, what)
    yield from _fields(operation.params, what)
    for payload in (operation.input, operation.output):
        if payload is not None:
            if not _is_struct(payload.type, api):
                yield Occurrence("single-value", payload.type.span, what)
            yield from _ref(payload.type, what)


def _event(event: Event, service: Service) -> Iterator[Occurrence]:
    name, span = event.name.wire, event.meta.span
    what = Thing(f"event {name!r}", f"services/{service.name.wire}/{name}")
    yield from _named(event.meta, event.name.wire, what)
    yield Occurrence("event", span, what)
    if event != Event(event.name, event.payload, event.meta, number=event.number):
        yield Occurrence("event-policy", span, what)


def _is_struct(ref: TypeRef, api: Api) -> bool:
    return isinstance(ref, NamedRef) and isinstance(api.types.get(ref.name), Struct)


def _is_nullable(field: Field) -> bool:
    return isinstance(field.type, NullableOf)


def _has_limits(limits: Constraints) -> bool:
    bounds = (limits.minimum, limits.maximum, limits.exclusive_minimum, limits.exclusive_maximum)
    sizes = (limits.min_length, limits.max_length, limits.min_items, limits.max_items)
    return any(bound is not None for bound in (*bounds, *sizes))


def _mentioned(ref: TypeRef) -> Iterator[str]:
    match ref:
        case NamedRef():
            yield ref.name
        case ListOf() | SetOf() | NullableOf():
            yield from _mentioned(ref.item)
        case MapOf():
            yield from _mentioned(ref.value)
        case ScalarRef():
            pass
