"""What a .proto file declares, as it is written; ``at`` and the like are indices of tokens.

The parser makes these; the linker fills in what a name means (``full_name``, ``target``), the
interpreter what options say (``settings``).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from svcgen.formats.tokens import Tokens

Setting: TypeAlias = "bool | int | float | str | bytes | list[Setting] | dict[str, Setting]"
"""What an option says. Enum values by name; a message by its fields, extensions as ``(name)``."""

Settings: TypeAlias = "dict[str, Setting]"


class Part(NamedTuple):
    """One step of an option's name: ``java_package``, or ``(my.extension)``."""

    name: str
    is_extension: bool
    at: int


class Value(NamedTuple):
    """What an option is set to. ``kind`` is name, int, float, string, or block (at its brace)."""

    kind: str
    value: int | float | str | bytes
    at: int


class Option(NamedTuple):
    parts: tuple[Part, ...]
    value: Value
    at: int


class Range(NamedTuple):
    """Numbers ``first`` to ``last``, both included."""

    first: int
    last: int
    at: int


class ReservedName(NamedTuple):
    name: str
    at: int


@dataclass(slots=True, eq=False)
class Declaration:
    """``first`` is its first token, ``at`` its name, ``end`` what ends its head: ``;`` or ``{``."""

    name: str
    at: int
    first: int
    end: int = 0
    options: list[Option] = field(default_factory=list)
    full_name: str = ""
    settings: Settings = field(default_factory=dict)
    features: dict[str, str] = field(default_factory=dict)
    file: File | None = None


@dataclass(slots=True, eq=False)
class Field(Declaration):
    number: int = 0
    number_at: int = 0
    label: str = ""
    label_at: int = 0
    type: str = ""  # as written; "group" for groups
    type_at: int = 0
    key: str = ""  # of a map
    key_at: int = 0
    default: Value | None = None
    negative: bool = False  # there is a minus before the default
    json_name: str | None = None
    json_at: int = 0
    oneof: Oneof | None = None
    group: Message | None = None
    extendee: str = ""
    extendee_at: int = 0
    parent: Message | None = None  # an extension's is the message around its block
    target: Message | Enum | None = None
    extended: Message | None = None

    @property
    def is_map(self) -> bool:
        return self.key != ""


@dataclass(slots=True, eq=False)
class Oneof(Declaration):
    fields: list[Field] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class EnumValue(Declaration):
    number: int = 0
    number_at: int = 0


@dataclass(slots=True, eq=False)
class Enum(Declaration):
    values: list[EnumValue] = field(default_factory=list)
    reserved: list[Range] = field(default_factory=list)
    reserved_names: list[ReservedName] = field(default_factory=list)
    parent: Message | None = None
    visibility: str = ""


@dataclass(slots=True, eq=False)
class ExtensionRange(Declaration):
    """One statement ``extensions 4 to 10, 20 [options];``."""

    ranges: list[Range] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Message(Declaration):
    fields: list[Field] = field(default_factory=list)
    oneofs: list[Oneof] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    enums: list[Enum] = field(default_factory=list)
    extensions: list[Field] = field(default_factory=list)
    extension_ranges: list[ExtensionRange] = field(default_factory=list)
    reserved: list[Range] = field(default_factory=list)
    reserved_names: list[ReservedName] = field(default_factory=list)
    parent: Message | None = None
    visibility: str = ""
    is_group: bool = False


@dataclass(slots=True, eq=False)
class Method(Declaration):
    request: str = ""
    request_at: int = 0
    response: str = ""
    response_at: int = 0
    client_streams: bool = False
    server_streams: bool = False
    request_type: Message | None = None
    response_type: Message | None = None


@dataclass(slots=True, eq=False)
class Service(Declaration):
    methods: list[Method] = field(default_factory=list)


class Import(NamedTuple):
    path: str
    at: int
    kind: str  # "", "public", "weak" or "option"


@dataclass(slots=True, eq=False)
class File(Declaration):
    """``name`` is the path by which others import the file."""

    tokens: Tokens = field(kw_only=True)
    syntax: str = "proto2"  # or proto3, or an edition: 2023
    syntax_at: int = 0
    package: str = ""
    package_first: int = 0
    package_end: int = 0
    imports: list[Import] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    enums: list[Enum] = field(default_factory=list)
    services: list[Service] = field(default_factory=list)
    extensions: list[Field] = field(default_factory=list)

    @property
    def is_edition(self) -> bool:
        return not self.syntax.startswith("proto")

    def all_messages(self) -> Iterator[Message]:
        """Every message, outer ones before those inside of them."""
        for message in self.messages:
            yield from _with_nested(message)

    def all_enums(self) -> Iterator[Enum]:
        yield from self.enums
        for message in self.all_messages():
            yield from message.enums

    def all_extensions(self) -> Iterator[Field]:
        yield from self.extensions
        for message in self.all_messages():
            yield from message.extensions


def _with_nested(message: Message) -> Iterator[Message]:
    yield message
    for inner in message.messages:
        yield from _with_nested(inner)
