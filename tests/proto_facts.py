"""What a .proto file declares as plain values, from our reader and from protoc's descriptors."""

from __future__ import annotations

import math
from typing import Any

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory, text_encoding

from svcgen.formats.protobuf import comments
from svcgen.formats.protobuf.spelling import json_name
from svcgen.formats.protobuf.tree import (
    Declaration,
    Enum,
    Field,
    File,
    Message,
    Method,
    Service,
)

Facts = dict[str, Any]

FIELD = descriptor_pb2.FieldDescriptorProto
_LABELS = {
    FIELD.LABEL_OPTIONAL: "",
    FIELD.LABEL_REQUIRED: "required",
    FIELD.LABEL_REPEATED: "repeated",
}


# --- ours -------------------------------------------------------------------------------------


def ours(file: File) -> Facts:
    return {
        "package": file.package,
        "syntax": file.syntax,
        "imports": [i.path for i in file.imports if i.kind != "option"],
        "public": [i.path for i in file.imports if i.kind == "public"],
        "weak": [i.path for i in file.imports if i.kind == "weak"],
        "options": _plain(file.settings),
        "messages": [_message(m, file) for m in file.messages],
        "enums": [_enum(e, file) for e in file.enums],
        "services": [_service(s, file) for s in file.services],
        "extensions": [_field(f, file) for f in file.extensions],
    }


def _comments(declared: Declaration, file: File) -> tuple[str, str]:
    text, first, after = file.tokens.source.text, declared.first, declared.end + 1
    leading = comments.split(text[declared.gap : first], text[first], declared.gap == 0).leading
    following = text[file.tokens.next(after) :][:1]
    trailing = comments.split(file.tokens.gap(after), following).trailing
    return leading, trailing


def _named(declared: Declaration, file: File) -> Facts:
    return {
        "name": declared.name,
        "options": _plain(declared.settings),
        "comments": _comments(declared, file),
    }


def _message(message: Message, file: File) -> Facts:
    found = _named(message, file)
    return found | {
        "fields": [_field(f, file) for f in message.fields],
        "oneofs": [_named(o, file) for o in message.oneofs],
        "messages": [_message(m, file) for m in message.messages],
        "enums": [_enum(e, file) for e in message.enums],
        "extensions": [_field(f, file) for f in message.extensions],
        "ranges": [(r.first, r.last) for s in message.extension_ranges for r in s.ranges],
        "range_options": [_plain(s.settings) for s in message.extension_ranges for _ in s.ranges],
        "reserved": [(r.first, r.last) for r in message.reserved],
        "reserved_names": [r.name for r in message.reserved_names],
    }


def _field(field: Field, file: File) -> Facts:
    found = _named(field, file)
    if field.group is not None:
        found["comments"] = None
    kind = field.type
    if field.group is None and field.target is not None:
        kind = (
            "message " if isinstance(field.target, Message) else "enum "
        ) + field.target.full_name
    elif field.group is not None:
        kind = f"group {field.group.full_name}"
    optional3 = file.syntax == "proto3" and field.label == "optional" and not field.extendee
    return found | {
        "number": field.number,
        "label": "" if field.label == "optional" else field.label,
        "type": (field.key, kind) if field.is_map else kind,
        "default": field.default.value if field.default else None,
        "json": None if field.extendee else field.json_name or json_name(field.name),
        "oneof": field.oneof.name if field.oneof else None,
        "optional": optional3,
        "extends": field.extended.full_name if field.extended else None,
    }


def _enum(enum: Enum, file: File) -> Facts:
    return _named(enum, file) | {
        "values": [_named(v, file) | {"number": v.number} for v in enum.values],
        "reserved": [(r.first, r.last) for r in enum.reserved],
        "reserved_names": [r.name for r in enum.reserved_names],
    }


def _service(service: Service, file: File) -> Facts:
    return _named(service, file) | {"methods": [_method(m, file) for m in service.methods]}


def _method(method: Method, file: File) -> Facts:
    return _named(method, file) | {
        "request": method.request_type.full_name if method.request_type else None,
        "response": method.response_type.full_name if method.response_type else None,
        "streams": (method.client_streams, method.server_streams),
    }


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, float) and math.isnan(value):
        return "nan"
    return value


# --- theirs -----------------------------------------------------------------------------------


class Theirs:
    """The facts of the files of a descriptor set that protoc wrote."""

    def __init__(self, files: descriptor_pb2.FileDescriptorSet) -> None:
        self._files = {f.name: f for f in files.file}
        self._pool = descriptor_pool.DescriptorPool()
        if "google/protobuf/descriptor.proto" not in self._files:
            self._pool.AddSerializedFile(descriptor_pb2.DESCRIPTOR.serialized_pb)
        for file in files.file:
            self._pool.Add(file)
        for file in files.file:
            self._pool.FindFileByName(file.name)

    def file(self, name: str) -> Facts:
        file = self._files[name]
        self._places = {tuple(p.path): p for p in file.source_code_info.location}
        editions = {descriptor_pb2.EDITION_2023: "2023", descriptor_pb2.EDITION_2024: "2024"}
        self._is_proto3 = file.syntax == "proto3"
        return {
            "package": file.package,
            "syntax": editions.get(file.edition) or file.syntax or "proto2",
            "imports": list(file.dependency),
            "public": [file.dependency[i] for i in file.public_dependency],
            "weak": [file.dependency[i] for i in file.weak_dependency],
            "options": self._options(file),
            "messages": [self._message(m, (4, i)) for i, m in enumerate(file.message_type)],
            "enums": [self._enum(e, (5, i)) for i, e in enumerate(file.enum_type)],
            "services": [self._service(s, (6, i)) for i, s in enumerate(file.service)],
            "extensions": [self._field(f, (7, i), None) for i, f in enumerate(file.extension)],
        }

    def _options(self, declared: Any) -> Any:
        if not declared.HasField("options"):
            return {}
        name = declared.options.DESCRIPTOR.full_name
        official = message_factory.GetMessageClass(self._pool.FindMessageTypeByName(name))
        return _settings(official.FromString(declared.options.SerializeToString()))

    def _named(self, declared: Any, path: tuple[int, ...]) -> Facts:
        place = self._places.get(path)
        said = (place.leading_comments, place.trailing_comments) if place else ("", "")
        return {"name": declared.name, "options": self._options(declared), "comments": said}

    def _message(self, message: Any, path: tuple[int, ...]) -> Facts:
        nested = list(enumerate(message.nested_type))
        entries = {m.name: m for m in message.nested_type if m.options.map_entry}
        hidden = {f.oneof_index for f in message.field if f.proto3_optional}
        return self._named(message, path) | {
            "fields": [
                self._field(f, (*path, 2, i), message, entries) for i, f in enumerate(message.field)
            ],
            "oneofs": [
                self._named(o, (*path, 8, i))
                for i, o in enumerate(message.oneof_decl)
                if i not in hidden
            ],
            "messages": [
                self._message(m, (*path, 3, i)) for i, m in nested if m.name not in entries
            ],
            "enums": [self._enum(e, (*path, 4, i)) for i, e in enumerate(message.enum_type)],
            "extensions": [
                self._field(f, (*path, 6, i), None) for i, f in enumerate(message.extension)
            ],
            "ranges": [(r.start, r.end - 1) for r in message.extension_range],
            "range_options": [self._options(r) for r in message.extension_range],
            "reserved": [(r.start, r.end - 1) for r in message.reserved_range],
            "reserved_names": list(message.reserved_name),
        }

    def _field(self, field: Any, path: tuple[int, ...], message: Any, entries: Any = None) -> Facts:
        found = self._named(field, path)
        kind, label = self._type(field), _LABELS[field.label]
        if field.type == FIELD.TYPE_GROUP:
            found["comments"] = None
        entry = (entries or {}).get(field.type_name.rpartition(".")[2])
        if entry is not None:
            key, value = entry.field
            kind, label = (self._type(key), self._type(value)), ""
        oneof = None
        if message is not None and field.HasField("oneof_index") and not field.proto3_optional:
            oneof = message.oneof_decl[field.oneof_index].name
        return found | {
            "number": field.number,
            "label": label,
            "type": kind,
            "default": _default(field) if field.HasField("default_value") else None,
            "json": None if field.extendee else field.json_name,
            "oneof": oneof,
            "optional": field.proto3_optional and not field.extendee,
            "extends": field.extendee.removeprefix(".") or None,
        }

    def _type(self, field: Any) -> str:
        word = str(FIELD.Type.Name(field.type).removeprefix("TYPE_").lower())
        return f"{word} {field.type_name.removeprefix('.')}" if field.type_name else word

    def _enum(self, enum: Any, path: tuple[int, ...]) -> Facts:
        values = [
            self._named(v, (*path, 2, i)) | {"number": v.number} for i, v in enumerate(enum.value)
        ]
        return self._named(enum, path) | {
            "values": values,
            "reserved": [(r.start, r.end) for r in enum.reserved_range],
            "reserved_names": list(enum.reserved_name),
        }

    def _service(self, service: Any, path: tuple[int, ...]) -> Facts:
        methods = [
            self._named(m, (*path, 2, i))
            | {
                "request": m.input_type.removeprefix("."),
                "response": m.output_type.removeprefix("."),
                "streams": (m.client_streaming, m.server_streaming),
            }
            for i, m in enumerate(service.method)
        ]
        return self._named(service, path) | {"methods": methods}


def _settings(message: Any) -> Facts:
    found = {}
    for field, value in message.ListFields():
        name = f"({field.full_name})" if field.is_extension else field.name
        if field.message_type is not None and field.message_type.GetOptions().map_entry:
            kinds = field.message_type.fields_by_name
            found[name] = [
                {"key": _setting(kinds["key"], k), "value": _setting(kinds["value"], v)}
                for k, v in value.items()
            ]
        elif field.is_repeated:
            found[name] = [_setting(field, item) for item in value]
        else:
            found[name] = _setting(field, value)
    return found


def _setting(field: Any, value: Any) -> Any:
    if field.message_type is not None:
        return _settings(value)
    if field.enum_type is not None:
        return field.enum_type.values_by_number[value].name
    if isinstance(value, float) and math.isnan(value):
        return "nan"
    return value


_INTS = frozenset(
    getattr(FIELD, f"TYPE_{n}")
    for n in (
        "INT32", "INT64", "UINT32", "UINT64", "SINT32", "SINT64", "FIXED32", "FIXED64",
        "SFIXED32", "SFIXED64",
    )
)  # fmt: skip


def _default(field: Any) -> Any:
    text = field.default_value
    if field.type in _INTS:
        return int(text)
    if field.type in (FIELD.TYPE_FLOAT, FIELD.TYPE_DOUBLE):
        return "nan" if text == "nan" else float(text)
    if field.type == FIELD.TYPE_STRING:
        return text.encode()
    if field.type == FIELD.TYPE_BYTES:
        return text_encoding.CUnescape(text)
    return text
