"""Protobuf: descriptors, and straight-line functions between the models and the wire."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from svcgen.diagnostics import Span
from svcgen.formats.protobuf.shape import (
    EMPTY_MESSAGE,
    WELL_KNOWN,
    Holds,
    Label,
    ProtoEnum,
    ProtoField,
    ProtoFile,
    ProtoMessage,
    ProtoService,
    shape,
)
from svcgen.frozen import frozen
from svcgen.languages.python.codecs.protobuf import elements
from svcgen.languages.python.codecs.protobuf.classes import Classes
from svcgen.languages.python.codecs.protobuf.readers import TextView, reader, text_view
from svcgen.languages.python.codecs.protobuf.writers import writer
from svcgen.languages.python.imports import import_block
from svcgen.languages.python.layout import Group, lay_out, quote
from svcgen.languages.python.types import type_name
from svcgen.model.naming import Name
from svcgen.model.plan import PlannedFile
from svcgen.model.service import Api, Error, Streaming
from svcgen.model.types import Meta, ScalarRef


@frozen
class CodecView:
    """The module, top to bottom; every text is laid out."""

    header: str
    imports: str
    file: str  # the descriptors' file, opened
    declarations: tuple[TextView, ...]
    tables: tuple[TextView, ...]  # of enums and defaults
    functions: tuple[TextView, ...]
    readers: TextView
    codecs: tuple[TextView, ...]
    schema: TextView


def plan(api: Api, home: str, header: str) -> list[PlannedFile]:
    """``protobuf.py`` below ``home``."""
    view = codec_view(api, shape(api), header)
    return [PlannedFile(f"{home}/protobuf.py", "python/codec/protobuf/protobuf.py.j2", view)]


def codec_constant(name: Name) -> str:
    """The codec of a message, by the name of its struct: what protocols' modules refer to."""
    return f"{name.constant}_CODEC"


def codec_view(api: Api, file: ProtoFile, header: str) -> CodecView:
    classes = Classes(api)
    messages = (*file.messages, *_known(file))
    functions = [make(m, classes) for m in messages for make in (reader, writer)]
    tables = [table for enum in file.enums for table in _enum_tables(enum, classes)]
    tables += [f"{name} = defaults({cls})" for name, cls in sorted(classes.defaults.items())]
    readers = tuple(
        f"{quote(m.name)}: {elements.function('read', m.name)}"
        for m in file.messages
        if m.holds is not Holds.ENTRY
    )
    codecs = _codecs(file)
    raised = tuple(
        f"errors.{type_name(name)}: {codec_constant(error.name)}"
        for name, error in api.errors.items()
    )
    if raised:
        classes.imports.add("from . import errors")
    made = ("_FILE.pool", Group("{", raised, "}"))
    texts = [line for function in functions for line in function.lines]
    return CodecView(
        header=header,
        imports=import_block(_imports(file, tables, texts) | classes.imports),
        file=_file(file),
        declarations=tuple(text_view([text]) for text in _declarations(file)),
        tables=tuple(text_view([text]) for text in tables),
        functions=tuple(functions),
        readers=text_view([lay_out(Group("_READERS: Readers = {", readers, "}"))]),
        codecs=tuple(text_view([text]) for text in codecs),
        schema=text_view([lay_out(Group("SCHEMA = Schema(", made, ")"))]),
    )


_NOWHERE = Meta(Span.at(""))


def _known(file: ProtoFile) -> Iterator[ProtoMessage]:
    """The messages of protobuf's own that methods exchange."""
    methods = [method for service in file.services for method in service.methods]
    names = {name for each in methods for name in (each.request, each.response)}
    if EMPTY_MESSAGE in names:
        yield ProtoMessage(EMPTY_MESSAGE, Holds.NOTHING, (), _NOWHERE)
    for scalar, name in WELL_KNOWN.items():
        if name in names:
            yield ProtoMessage(name, Holds.SCALAR, (), _NOWHERE, ScalarRef(scalar, _NOWHERE.span))


def _codecs(file: ProtoFile) -> Iterator[str]:
    """The codecs of all requests, responses and errors, each once."""
    protos: dict[str, str] = {}
    for service in file.services:
        for method in service.methods:
            protos[codec_constant(method.exchange.request.struct.name)] = method.request
            protos[codec_constant(method.exchange.response.struct.name)] = method.response
    for message in file.messages:
        if isinstance(message.source, Error):
            protos[codec_constant(message.source.name)] = message.name
    own = file.names
    for constant, proto in protos.items():
        functions = (elements.function("write", proto), elements.function("read", proto))
        arguments = (quote(_mention(proto, own)), *functions, "_READERS")
        yield lay_out(Group(f"{constant} = _FILE.codec(", arguments, ")"))


def _file(file: ProtoFile) -> str:
    imports = Group("(", tuple(quote(name) for name in file.imports), ")")
    if len(file.imports) == 1:
        imports = Group("(", (f"{quote(file.imports[0])},",), ")")
    given = (quote(file.path), quote(file.package), *((imports,) if file.imports else ()))
    return lay_out(Group("_FILE = SchemaFile(", given, ")"))


def _declarations(file: ProtoFile) -> Iterator[str]:
    own = file.names
    for enum in file.enums:
        numbers = tuple(f"{quote(value.name)}: {value.number}" for value in enum.values)
        yield lay_out(Group("_FILE.enum(", (quote(enum.name), Group("{", numbers, "}")), ")"))
    for message in file.messages:
        fields = tuple(_declared_field(field, own) for field in message.fields)
        yield lay_out(Group("_FILE.message(", (quote(message.name), *fields), ")"))
    for service in file.services:
        methods = tuple(_declared_methods(service, own))
        yield lay_out(Group("_FILE.service(", (quote(service.name), *methods), ")"))


def _declared_field(field: ProtoField, own: frozenset[str]) -> Group:
    facts = [quote(field.name), str(field.number), quote(_mention(field.element.proto, own))]
    if field.label is not Label.PLAIN:
        facts.append(quote(field.label.value))
    if field.key is not None:
        facts.append(f"key={quote(field.key.proto)}")
    if field.oneof and field.oneof != "value":
        facts.append(f"oneof={quote(field.oneof)}")
    if field.json_name:
        facts.append(f"json={quote(field.json_name)}")
    return Group("Field(", tuple(facts), ")")


def _mention(name: str, own: frozenset[str]) -> str:
    """A type as the support file is told of it: one of another package by its full name."""
    return f".{name}" if "." in name and name not in own else name


def _declared_methods(service: ProtoService, own: frozenset[str]) -> Iterator[Group]:
    for method in service.methods:
        streaming = method.exchange.operation.streaming
        exchanged = (_mention(each, own) for each in (method.request, method.response))
        facts = [quote(method.name), *map(quote, exchanged)]
        if streaming in (Streaming.CLIENT, Streaming.BOTH):
            facts.append("client_streams=True")
        if streaming in (Streaming.SERVER, Streaming.BOTH):
            facts.append("server_streams=True")
        yield Group("Method(", tuple(facts), ")")


def _enum_tables(enum: ProtoEnum, classes: Classes) -> Iterator[str]:
    """Two tables an enum: its members by number, and the bytes of their numbers."""
    cls = classes.enum(enum.source.name.wire)
    pairs = tuple(f"{quote(v.wire)}: {v.number}" for v in enum.values if v.wire)
    for suffix, maker in (("MEMBERS", "EnumMembers"), ("NUMBERS", "enum_numbers")):
        name = elements.table(enum.name, suffix)
        yield lay_out(Group(f"{name} = {maker}(", (cls, Group("{", pairs, "}")), ")"))


def _imports(file: ProtoFile, tables: Sequence[str], lines: Sequence[str]) -> set[str]:
    """The import lines of whatever the texts of the module use of the support files."""
    found = {"from __future__ import annotations"}
    found |= {"from typing import Any"} if lines else set()
    used = {match[1] for line in (*tables, *lines) for match in _USED.finditer(line)}
    used |= {"Readers", "Schema", "SchemaFile"}
    used |= {"Field"} if any(m.fields for m in file.messages) else set()
    used |= {"Method"} if any(s.methods for s in file.services) else set()
    return found | {_ORIGINS[name] for name in used if name in _ORIGINS}


_USED = re.compile(r"""(?<![\w."'])([A-Za-z_]\w*)(?=[\[(:]|$)""")
"""A name that is called, subscripted, or ends a line: no attribute, keyword argument or text."""

_ORIGINS = {
    **dict.fromkeys(("Field", "Method", "Readers", "Schema", "SchemaFile"), ".support.protobuf"),
    **dict.fromkeys(elements.SUPPORT_READERS, ".support.protobuf_read"),
    **dict.fromkeys(("EnumMembers", "Wrong", "defaults", "missing"), ".support.protobuf_read"),
    **dict.fromkeys(elements.SUPPORT_WRITERS, ".support.protobuf_write"),
    **dict.fromkeys(("ZERO", "ZERO_DOUBLE", "ZERO_FLOAT", "bare"), ".support.protobuf_write"),
    "enum_numbers": ".support.protobuf_write",
    "UNSET": "msgspec",
}
_ORIGINS = {name: f"from {module} import {name}" for name, module in _ORIGINS.items()}
