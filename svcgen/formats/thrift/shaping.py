"""A definition as Thrift has it: structs, enums, exceptions and services with names and presence.

Thrift has no null: a value that may be null is left out. Where that would be taken for absence, or
where nothing can be left out (an item, a result), the value gets a box around it: a struct named
``<Parent><Field>`` with one optional field.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import assert_never

from svcgen.formats import Inherited, flat_name
from svcgen.formats.thrift.shape import (
    Absent,
    BoxType,
    EnumType,
    Holds,
    ListType,
    MapType,
    ScalarType,
    SetType,
    StructType,
    ThriftConst,
    ThriftEnum,
    ThriftField,
    ThriftFile,
    ThriftMethod,
    ThriftService,
    ThriftStruct,
    ThriftType,
    ThriftTypedef,
    Thrown,
    scalar_type,
)
from svcgen.model import walk
from svcgen.model.messages import Exchange, exchanges, resolve
from svcgen.model.naming import Name
from svcgen.model.rpc import ascii_name, package_parts
from svcgen.model.service import Api, Error, Service, Streaming
from svcgen.model.thrift_names import (
    RESERVED,
    identifiers,
    thrift_members,
    thrift_method,
    thrift_number,
    thrift_service,
    thrift_type,
    thrown_fields,
)
from svcgen.model.types import (
    Alias,
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


class Shaper:
    """Names everything first, then declares it; boxes go before their parents."""

    def __init__(
        self,
        api: Api,
        elsewhere: Mapping[str, str],
        inherited: Mapping[str, Inherited],
        copies: str,
    ) -> None:
        self._api = api
        self._elsewhere = elsewhere
        self._inherited = inherited
        self._exchanges: dict[str, list[Exchange]] = {s.name.wire: [] for s in api.services}
        for exchange in exchanges(api):
            if exchange.operation.streaming is Streaming.UNARY:
                self._exchanges[exchange.service.name.wire].append(exchange)
        self._taken = {thrift_service(s, api.services).casefold() for s in api.services}
        self._structs: list[ThriftStruct] = []
        declared: dict[str, TypeDef | Error] = {**api.types, **api.errors}
        aliases = [name for name, d in api.types.items() if isinstance(d, Alias)]
        self._names = {
            name: self._foreign(name, declared[name].meta)
            if name in elsewhere
            else self._name(thrift_type(declared[name].meta, name) + copies * (name in api.origins))
            for name in (*(n for n in declared if n not in aliases), *filter(self._stands, aliases))
        }

    def file(self) -> ThriftFile:
        own = {n: d for n, d in self._api.types.items() if n not in self._elsewhere}
        for name, definition in own.items():
            if isinstance(definition, Struct):
                self._struct(name, definition)
            elif isinstance(definition, Union):
                self._union(name, definition)
        for name, error in self._api.errors.items():
            if name not in self._elsewhere:
                self._error(name, error)
        services = tuple(self._service(service) for service in self._api.services)
        parts = package_parts(self._api.package)
        namespace = ".".join(f"{part}_" if part in RESERVED else part for part in parts)
        path = f"{namespace or 'service'}.thrift"
        includes = {*self._elsewhere.values(), *(each.file for each in self._inherited.values())}
        enums = [(n, self._enum(n, d)) for n, d in self._api.types.items() if isinstance(d, Enum)]
        return ThriftFile(
            path,
            namespace,
            tuple(sorted(f"{flat_name(each)}.thrift" for each in includes)),
            tuple(enum for name, enum in enums if name in own),
            tuple(enum for name, enum in enums if name not in own),
            tuple(self._typedefs(own)),
            self._consts(),
            {n: s for n, s in self._names.items() if isinstance(self._api.types.get(n), Alias)},
            tuple(_ordered(self._structs)),
            services,
        )

    def _name(self, name: str) -> str:
        """A name that nothing else has, whatever its case: Java makes a file of each."""
        while name in RESERVED or name.casefold() in self._taken:
            name += "_"
        self._taken.add(name.casefold())
        return name

    def _enum(self, name: str, enum: Enum) -> ThriftEnum:
        spelled = thrift_members([each for v in enum.values for each in v.called])
        values = [(spelled[v.name.wire], v.number or 0, v.name.wire, v.meta) for v in enum.values]
        values += [
            (spelled[a.name.wire], v.number or 0, "", a.meta)
            for v in enum.values
            for a in v.aliases
        ]
        return ThriftEnum(self._names[name], tuple(values), enum)

    def _stands(self, alias: str) -> bool:
        """Is it the same type wherever it is mentioned? A null gets a box named after its place."""
        waiting: list[TypeRef] = [NamedRef(alias, self._api.types[alias].meta.span)]
        while waiting:
            for ref in walk.refs(resolve(waiting.pop(), self._api.types)):
                if isinstance(ref, NullableOf):
                    return False
                if isinstance(ref, NamedRef) and isinstance(self._api.types[ref.name], Alias):
                    waiting.append(ref)
        return True

    def _typedefs(self, own: Mapping[str, TypeDef]) -> Iterator[ThriftTypedef]:
        for name, alias in own.items():
            if isinstance(alias, Alias) and name in self._names:
                spelled = self._names[name]
                yield ThriftTypedef(spelled, self._type(spelled, alias.target), alias)

    def _consts(self) -> tuple[ThriftConst, ...]:
        spelled = identifiers(constant.name for constant in self._api.constants)
        return tuple(
            ThriftConst(spelled[c.name.wire], self._type(c.name.pascal, c.type), c)
            for c in self._api.constants
            if not any(isinstance(ref, NullableOf) for ref in walk.refs(c.type))
        )

    def _foreign(self, name: str, meta: Meta) -> str:
        """What the file calls a type that another one declares: behind that file's name."""
        file = flat_name(self._elsewhere[name])
        return f"{file}.{thrift_type(meta, self._api.origins[name].name)}"

    def _struct(self, name: str, struct: Struct) -> None:
        spelled = self._names[name]
        fields = self._fields(spelled, struct.fields)
        self._declare(f"types/{name}", spelled, Holds.STRUCT, fields, struct)

    def _error(self, name: str, error: Error) -> None:
        spelled = self._names[name]
        fields = self._fields(spelled, error.fields)
        self._declare(f"errors/{name}", spelled, Holds.EXCEPTION, fields, error)

    def _declare(
        self,
        key: str,
        name: str,
        holds: Holds,
        fields: tuple[ThriftField, ...],
        source: Struct | Union | Error,
    ) -> None:
        reserved = Reserved() if isinstance(source, Error) else source.reserved
        declared = ThriftStruct(name, holds, fields, source.meta, source, reserved, key)
        self._structs.append(declared)

    def _union(self, name: str, union: Union) -> None:
        spelled = thrift_members(union.members)
        fields = tuple(
            ThriftField(
                spelled[member.name.wire],
                thrift_number(member) or number,
                self._type(self._names[name] + ascii_name(member.name.wire).pascal, member.type),
                Absent.NONE,
                member,
            )
            for number, member in enumerate(union.members, 1)
        )
        self._declare(f"types/{name}", self._names[name], Holds.UNION, fields, union)

    def _service(self, service: Service) -> ThriftService:
        methods = tuple(self._method(e) for e in self._exchanges[service.name.wire])
        name = thrift_service(service, self._api.services)
        inherited = self._inherited.get(service.name.wire)
        if inherited is None:
            return ThriftService(name, methods, service)
        theirs = {each.name.wire for each in inherited.service.operations}
        count = sum(m.exchange.operation.name.wire in theirs for m in methods)
        parent = f"{flat_name(inherited.file)}.{inherited.service.name.wire}"
        return ThriftService(name, methods, service, parent, count)

    def _method(self, exchange: Exchange) -> ThriftMethod:
        service, operation = exchange.service, exchange.operation
        parent = ascii_name(service.name.wire).pascal + ascii_name(operation.name.wire).pascal
        asked = operation.params
        if operation.input is not None:
            ref = operation.input.type
            asked = (Field(Name.parse("request"), ref, Meta(ref.span), number=1),)
        result = operation.output
        throws = tuple(
            Thrown(name, int(str(number)), self._names[error], self._api.errors[error])
            for error, (name, number) in thrown_fields(operation).items()
        )
        return ThriftMethod(
            thrift_method(service, operation),
            self._fields(parent, asked),
            None if result is None else self._type(parent + "Result", result.type),
            throws,
            exchange,
        )

    def _fields(self, parent: str, fields: Sequence[Field]) -> tuple[ThriftField, ...]:
        spelled = thrift_members(fields)
        return tuple(
            self._field(parent, field, spelled[field.name.wire], number)
            for number, field in enumerate(fields, 1)
        )

    def _field(self, parent: str, field: Field, name: str, position: int) -> ThriftField:
        """A field with its presence: always there, there or not, or there, null or not."""
        around = parent + ascii_name(field.name.wire).pascal
        head = resolve(field.type, self._api.types)
        inner = resolve(head.item, self._api.types) if isinstance(head, NullableOf) else head
        nullable = isinstance(head, NullableOf) and not _is_any(inner)
        loose = not field.required or field.default is not None
        if nullable and loose:
            found: ThriftType = self._type(around, head)
        else:
            found = self._type(around, inner)
        if field.default is not None:
            absent = Absent.DEFAULT
        elif not field.required:
            absent = Absent.UNSET if isinstance(head, NullableOf) else Absent.NONE
        else:
            absent = Absent.NONE if nullable else Absent.ERROR
        return ThriftField(name, thrift_number(field) or position, found, absent, field)

    def _type(self, around: str, ref: TypeRef) -> ThriftType:
        """A type; ``around`` names the box that it needs around a null, if any."""
        head = resolve(ref, self._api.types)
        match head:
            case ScalarRef(scalar):
                return ScalarType(scalar, scalar_type(scalar))
            case ListOf(item):
                return ListType(self._type(around, item))
            case SetOf(item):
                return SetType(self._type(around, item))
            case MapOf(key, value):
                return MapType(self._type(around, key), self._type(around, value))
            case NullableOf(item) if _is_any(resolve(item, self._api.types)):
                return self._type(around, item)
            case NullableOf(item):
                return self._box(around, item)
            case NamedRef(name):
                if isinstance(self._api.types[name], Enum):
                    return EnumType(name, self._names[name])
                return StructType(self._names[name])
        assert_never(head)

    def _box(self, wanted: str, ref: TypeRef) -> BoxType:
        name = self._name(ascii_name(wanted).pascal)
        field = Field(Name.parse("value"), ref, Meta(ref.span), required=False, number=1)
        fields = (ThriftField("value", 1, self._type(name, ref), Absent.NONE, field),)
        self._structs.append(ThriftStruct(name, Holds.BOX, fields, field.meta, ref))
        return BoxType(name)


def _is_any(ref: TypeRef) -> bool:
    return isinstance(ref, ScalarRef) and ref.scalar is Scalar.ANY


def _ordered(structs: Sequence[ThriftStruct]) -> list[ThriftStruct]:
    """Each struct after those that it mentions, as far as they do not mention each other."""
    waiting = {struct.name: struct for struct in structs}
    ordered: list[ThriftStruct] = []
    stack = [(struct, False) for struct in reversed(structs)]
    while stack:
        struct, ready = stack.pop()
        if ready:
            ordered.append(struct)
        elif waiting.pop(struct.name, None) is not None:
            stack.append((struct, True))
            mentioned = [n for f in struct.fields for n in _mentions(f.type)]
            stack += [(waiting[n], False) for n in reversed(mentioned) if n in waiting]
    return ordered


def _mentions(kind: ThriftType) -> list[str]:
    match kind:
        case StructType(idl) | BoxType(idl):
            return [idl]
        case ListType(item) | SetType(item):
            return _mentions(item)
        case MapType(key, value):
            return _mentions(key) + _mentions(value)
        case _:
            return []
