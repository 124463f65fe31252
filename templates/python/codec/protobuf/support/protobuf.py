"""The protobuf codec's ground: message codecs, and descriptors that are built without protoc.

Descriptors live in a pool of the package's own, so that another copy of the same definition in the
process cannot clash with them.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from google.protobuf import (
    descriptor_pb2,
    descriptor_pool,
    duration_pb2,
    empty_pb2,
    message_factory,
    struct_pb2,
    timestamp_pb2,
)
from google.protobuf.message import DecodeError

from .errors import Code, ServiceError, Violation, invalid
from .protobuf_read import Wrong

_KNOWN_FILES = {
    module.DESCRIPTOR.name: module.DESCRIPTOR.serialized_pb
    for module in (duration_pb2, empty_pb2, struct_pb2, timestamp_pb2)
}
_SCALARS = {
    name.removeprefix("TYPE_").lower(): number
    for name, number in descriptor_pb2.FieldDescriptorProto.Type.items()
}


Readers = Mapping[str, Callable[[Any], Any]]
"""The functions that read parsed messages, by the name of the message in its package."""


class Unfit(ValueError):
    """A value that its message cannot carry."""


@dataclass(frozen=True, slots=True)
class MessageCodec:
    """How one message becomes bytes and comes back.

    ``encode`` raises :class:`Unfit`. ``decode`` raises ``ServiceError``: ``Code.INTERNAL`` for
    bytes that are no such message, ``Code.INVALID_ARGUMENT`` with the violation for a message
    that has a wrong value.
    """

    name: str  # with the package: calculator.AddRequest
    encode: Callable[[Any], bytes]
    decode: Callable[[bytes], Any]


@dataclass(frozen=True, slots=True)
class Schema:
    """What a protocol on protobuf needs beside the codecs of its methods."""

    pool: Any  # google.protobuf.descriptor_pool.DescriptorPool
    errors: Mapping[type[ServiceError], MessageCodec]  # the codecs of the payloads
    errors_by_name: dict[str, type[ServiceError]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        names = {codec.name: error for error, codec in self.errors.items()}
        object.__setattr__(self, "errors_by_name", names)


class Field(NamedTuple):
    """A field of a message, as the .proto declares it."""

    name: str
    number: int
    type: (
        str  # a scalar, a message or enum of the package, or ``.full.name`` of another
    )
    label: str = ""  # "optional", "repeated", "oneof", "map"
    key: str = ""  # the type of a map's keys
    json: str = ""  # where it is not the lowerCamelCase of the name
    oneof: str = "value"  # the name of the oneof that it is in


class Method(NamedTuple):
    """A method of a service."""

    name: str
    request: str
    response: str
    client_streams: bool = False
    server_streams: bool = False


class SchemaFile:
    """Builds the descriptors of one file, a declaration a call; ``close`` puts them into ``pool``."""

    def __init__(self, name: str, package: str, imports: Sequence[str] = ()) -> None:
        self.pool = descriptor_pool.DescriptorPool()
        self._prefix = f"{package}." if package else ""
        self._file = descriptor_pb2.FileDescriptorProto(
            name=name, package=package, dependency=imports, syntax="proto3"
        )
        self._messages: dict[str, Any] = {}
        for each in imports:
            self.pool.AddSerializedFile(_KNOWN_FILES[each])

    def enum(self, name: str, values: Mapping[str, int]) -> None:
        """Declare an enum; the value of number zero comes first."""
        outer, dot, last = name.rpartition(".")
        owner = self._message(outer) if dot else self._file
        enum = owner.enum_type.add(name=last)
        for value, number in values.items():
            enum.value.add(name=value, number=number)
        if len(set(values.values())) < len(values):
            enum.options.allow_alias = True

    def message(self, name: str, *fields: Field) -> None:
        message = self._message(name)
        oneofs = (each.oneof for each in fields if each.label == "oneof")
        for oneof in dict.fromkeys(oneofs):
            message.oneof_decl.add(name=oneof)
        for each in fields:
            self._add_field(message, each, name)

    def service(self, name: str, *methods: Method) -> None:
        service = self._file.service.add(name=name)
        for each in methods:
            service.method.add(
                name=each.name,
                input_type=self._full_name(each.request),
                output_type=self._full_name(each.response),
                client_streaming=each.client_streams,
                server_streaming=each.server_streams,
            )

    def close(self) -> None:
        self.pool.AddSerializedFile(self._file.SerializeToString())

    def codec(
        self,
        name: str,  # in the package, or ``.full.name`` in another
        write: Callable[[Any], bytes],
        read: Callable[[Any], Any],
        readers: Readers,
    ) -> MessageCodec:
        """The codec of a message from the functions that write one and read a parsed one."""
        full_name = self._full_name(name)[1:]
        descriptor = self.pool.FindMessageTypeByName(full_name)
        parse = message_factory.GetMessageClass(descriptor).FromString

        def encode(value: Any) -> bytes:
            try:
                return write(value)
            except (ValueError, TypeError, AttributeError, OverflowError) as error:
                raise Unfit(f"{name}: {error}") from error
            except (struct.error, RecursionError) as error:
                raise Unfit(f"{name}: {error}") from error

        def decode(data: bytes) -> Any:
            try:
                message = parse(data)
            except DecodeError as error:
                problem = f"the bytes are no {full_name}"
                raise ServiceError(Code.INTERNAL, problem) from error
            try:
                return read(message)
            except Wrong as wrong:
                raise invalid([violation(message, wrong, readers)]) from wrong

        return MessageCodec(full_name, encode, decode)

    def _full_name(self, name: str) -> str:
        return name if name.startswith(".") else f".{self._prefix}{name}"

    def _message(self, name: str) -> Any:
        """The message of this name in the package, which may not be declared yet."""
        if name not in self._messages:
            outer, dot, last = name.rpartition(".")
            owner = self._message(outer).nested_type if dot else self._file.message_type
            self._messages[name] = owner.add(name=last)
        return self._messages[name]

    def _add_field(self, message: Any, declared: Field, owner: str) -> None:
        proto = message.field.add(name=declared.name, number=declared.number)
        proto.label = proto.LABEL_OPTIONAL
        first, *others = declared.name.split("_")
        proto.json_name = declared.json or first + "".join(map(_capitalized, others))
        if declared.label == "map":
            proto.label = proto.LABEL_REPEATED
            proto.type = proto.TYPE_MESSAGE
            proto.type_name = self._add_map_entry(message, declared, owner)
            return
        self._set_type(proto, declared.type)
        if declared.label == "repeated":
            proto.label = proto.LABEL_REPEATED
        elif declared.label == "oneof":
            names = [each.name for each in message.oneof_decl]
            proto.oneof_index = names.index(declared.oneof)
        elif declared.label == "optional":
            proto.proto3_optional = True
            proto.oneof_index = len(message.oneof_decl)
            message.oneof_decl.add(name=_free_name(message, f"_{declared.name}"))

    def _add_map_entry(self, message: Any, declared: Field, owner: str) -> str:
        """Add the message that protobuf keeps a map's entries in; return its full name."""
        name = "".join(map(_capitalized, declared.name.split("_"))) + "Entry"
        entry = message.nested_type.add(name=name)
        entry.options.map_entry = True
        self._add_field(entry, Field("key", 1, declared.key), name)
        self._add_field(entry, Field("value", 2, declared.type), name)
        return f".{self._prefix}{owner}.{name}"

    def _set_type(self, proto: Any, name: str) -> None:
        if name in _SCALARS:
            proto.type = _SCALARS[name]
        else:
            proto.type_name = self._full_name(name)


def _capitalized(word: str) -> str:
    return word[:1].upper() + word[1:]


def _free_name(message: Any, wanted: str) -> str:
    """``wanted``, or with as many underscores before it as nothing else in the message has."""
    taken = {each.name for each in (*message.field, *message.oneof_decl)}
    while wanted in taken:
        wanted = f"_{wanted}"
    return wanted


def violation(
    message: Any, wrong: Wrong, readers: Readers, path: str = ""
) -> Violation:
    """Where in ``message`` a value is wrong: in the first part that cannot be read by itself."""
    for descriptor, content in message.ListFields():
        kind = _kind(descriptor)
        read = readers.get(_name(kind)) if kind is not None else None
        if read is None:
            continue
        for index, part in _parts(descriptor, content):
            try:
                read(part)
            except Wrong as inner:
                at = f"{path}{descriptor.json_name}{index}."
                return violation(part, inner, readers, at)
    return Violation((path + wrong.field).rstrip("."), str(wrong))


def _kind(descriptor: Any) -> Any:
    """The type of the messages in a field, of a map's values; ``None`` for scalars."""
    kind = descriptor.message_type
    if kind is not None and kind.GetOptions().map_entry:
        return kind.fields_by_name["value"].message_type
    return kind


def _name(kind: Any) -> str:
    """The name of a message in its package."""
    name: str = kind.full_name
    return name.removeprefix(f"{kind.file.package}.")


def _parts(descriptor: Any, content: Any) -> Iterable[tuple[str, Any]]:
    """The messages in a field that is set, each with its index or key."""
    if descriptor.message_type.GetOptions().map_entry:
        return [(f"[{key}]", part) for key, part in content.items()]
    if descriptor.is_repeated:
        return [(f"[{index}]", part) for index, part in enumerate(content)]
    return [("", content)]
