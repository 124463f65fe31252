"""Thrift: every struct as the C codec of Apache's library takes it, all data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

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
    ThriftEnum,
    ThriftField,
    ThriftFile,
    ThriftMethod,
    ThriftStruct,
    ThriftType,
    Thrown,
    shape,
)
from svcgen.frozen import frozen
from svcgen.languages.python.calls import service_calls
from svcgen.languages.python.imports import import_block
from svcgen.languages.python.layout import Group, lay_out, quote
from svcgen.languages.python.models import ClassNames
from svcgen.languages.python.naming import Role, spell, unique
from svcgen.languages.python.types import type_name
from svcgen.model.messages import exchanges
from svcgen.model.plan import PlannedFile
from svcgen.model.service import Api, Error
from svcgen.model.types import Field, Scalar, Struct, Union

_SCALARS = {Scalar.BOOL: "bool_", Scalar.BYTES: "bytes_", Scalar.ANY: "any_"}
_PRESENCE = {Absent.NONE: "OPTIONAL", Absent.UNSET: "UNSETTABLE"}


@frozen
class CodecView:
    """The module, top to bottom; every text is laid out."""

    header: str
    imports: str
    types: tuple[str, ...]  # enums, then structs without their fields
    fields: tuple[str, ...]  # of the structs
    methods: tuple[str, ...]


def plan(api: Api, home: str, header: str) -> list[PlannedFile]:
    """``thrift_codec.py`` below ``home``."""
    view = _Module(api, shape(api)).view(header)
    template = "python/codec/thrift/thrift_codec.py.j2"
    return [PlannedFile(f"{home}/thrift_codec.py", template, view)]


class _Module:
    """Writes the declarations of one file, and gathers its imports."""

    def __init__(self, api: Api, file: ThriftFile) -> None:
        self._api = api
        self._file = file
        self._names = ClassNames.of(api)
        self._used: set[str] = set()  # names of the support files
        self._imports = {"from __future__ import annotations"}
        self._taken: set[str] = set()
        self._enums = {e.name: self._constant(e.name) for e in file.enums}
        self._structs = {s.name: self._constant(s.name) for s in file.structs}
        calls = service_calls(api, exchanges(api))
        self._constants = {
            (service.wire, call.exchange.operation.name.wire): call.constant
            for service in calls
            for call in service.methods
        }

    def view(self, header: str) -> CodecView:
        structs = [s for s in self._file.structs if s.holds is not Holds.BOX]
        types = [self._enum(enum) for enum in self._file.enums]
        types += [self._declared(struct) for struct in structs]
        fields = [self._defined(struct) for struct in structs]
        methods = [each for s in self._file.services for m in s.methods for each in self._method(m)]
        for name in self._used:
            self._imports.add(f"from .support.{_ORIGINS.get(name, 'thrift_types')} import {name}")
        return CodecView(
            header, import_block(self._imports), tuple(types), tuple(fields), tuple(methods)
        )

    def _constant(self, name: str) -> str:
        """The private name of a type, different from all others."""
        words = "".join(f"_{c}" if c.isupper() else c for c in name).upper()
        return unique(f"_{words.strip('_')}", self._taken)

    def _use(self, name: str) -> str:
        self._used.add(name)
        return name

    def _models(self, name: str) -> str:
        self._imports.add("from . import models")
        return f"models.{name}"

    def _enum(self, enum: ThriftEnum) -> str:
        cls = self._models(type_name(enum.source.name.wire))
        numbers = tuple(f"{quote(wire)}: {number}" for _, number, wire, _ in enum.values if wire)
        items = (cls, Group("{", numbers, "}"))
        return lay_out(Group(f"{self._enums[enum.name]} = {self._use('enum')}(", items, ")"))

    def _declared(self, struct: ThriftStruct) -> str:
        name = self._structs[struct.name]
        if isinstance(struct.source, Union):
            return f"{name} = {self._use('Union')}()"
        return lay_out(Group(f"{name} = {self._use('Struct')}(", (self._class(struct),), ")"))

    def _class(self, struct: ThriftStruct) -> str:
        if isinstance(struct.source, Error):
            self._imports.add("from . import errors")
            return f"errors.{self._names.payloads[struct.source.name.wire]}"
        assert isinstance(struct.source, Struct)
        return self._models(spell(struct.source.name, Role.TYPE))

    def _defined(self, struct: ThriftStruct) -> str:
        name = self._structs[struct.name]
        if isinstance(struct.source, Union):
            key = struct.source.name.wire
            members: list[Group] = []
            for field in struct.fields:
                cls = self._models(self._names.variants[key, field.source.name.wire])
                items = (str(field.number), cls, self._type(field.type))
                members.append(Group("(", items, ")"))
            return lay_out(Group(f"{name}.define(", tuple(members), ")"))
        error = isinstance(struct.source, Error)
        fields = self._fields(struct.fields, Role.ERROR_ATTRIBUTE if error else Role.ATTRIBUTE)
        return lay_out(Group(f"{name}.define(", fields, ")"))

    def _fields(self, fields: tuple[ThriftField, ...], role: Role) -> tuple[Group, ...]:
        taken: set[str] = set()
        return tuple(
            self._field(field, unique(spell(field.source.name, role), taken)) for field in fields
        )

    def _field(self, field: ThriftField, attribute: str) -> Group:
        facts = [str(field.number), quote(attribute), self._type(field.type)]
        presence = _presence(field.absent, field.source)
        if presence:
            facts.append(self._use(presence))
        if attribute != field.source.name.wire:
            facts.append(f"name={quote(field.source.name.wire)}")
        return Group(f"{self._use('Field')}(", tuple(facts), ")")

    def _type(self, kind: ThriftType) -> str:
        match kind:
            case ScalarType(scalar):
                return self._use(_SCALARS.get(scalar, scalar.value))
            case EnumType(_, idl):
                return self._enums[idl]
            case StructType(idl):
                return self._structs[idl]
            case BoxType(idl):
                box = next(s for s in self._file.structs if s.name == idl)
                return f"{self._use('box_of')}({self._type(box.fields[0].type)})"
            case ListType(item):
                return f"{self._use('list_of')}({self._type(item)})"
            case SetType(item):
                return f"{self._use('set_of')}({self._type(item)})"
            case MapType(key, value):
                return f"{self._use('map_of')}({self._type(key)}, {self._type(value)})"
        assert_never(kind)

    def _method(self, method: ThriftMethod) -> Iterator[str]:
        """The struct of the parameters, if there are any, and the method."""
        exchange = method.exchange
        name = self._constants[exchange.service.name.wire, exchange.operation.name.wire]
        facts: list[str | Group] = []
        if exchange.request.params:
            cls = self._models(spell(exchange.request.struct.name, Role.TYPE))
            arguments = unique(f"_{name}_ARGUMENTS", self._taken)
            yield lay_out(Group(f"{arguments} = {self._use('Struct')}(", (cls,), ")"))
            fields = self._fields(method.arguments, Role.ATTRIBUTE)
            yield lay_out(Group(f"{arguments}.define(", fields, ")"))
            facts.append(f"arguments={arguments}")
        elif method.arguments:
            facts.append(f"value={self._type(method.arguments[0].type)}")
            if method.arguments[0].absent is Absent.NONE:
                facts.append("nullable=True")
        if method.result is not None:
            facts.append(f"result={self._type(method.result)}")
        if method.throws:
            thrown = tuple(self._thrown(each) for each in method.throws)
            facts.append(Group("throws=[", thrown, "]"))
        yield lay_out(Group(f"{name} = {self._use('Method')}(", tuple(facts), ")"))

    def _thrown(self, thrown: Thrown) -> Group:
        self._imports.add("from . import errors")
        error = f"errors.{type_name(thrown.error.name.wire)}"
        items = (str(thrown.number), error, self._structs[thrown.exception])
        return Group(f"{self._use('Thrown')}(", items, ")")


_ORIGINS = {"Method": "thrift_methods", "Thrown": "thrift_methods"}


def _presence(absent: Absent, source: Field) -> str:
    """How the model tells that a field is left out; empty where it never is."""
    if absent is Absent.NONE and source.required:
        return "NULLABLE"
    return _PRESENCE.get(absent, "")
