"""What a .proto file declares, as it is written; ``at`` and the like are offsets of tokens.

The parser makes these; the linker fills in what a name means (``full_name``, ``target``), the
interpreter what options say (``settings``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import NamedTuple, TypeAlias

from svcgen.formats.protobuf.lexer import Tokens
from svcgen.formats.protobuf.shape import entry_name
from svcgen.model.types import Literal

Setting: TypeAlias = "bool | int | float | str | bytes | list[Setting] | dict[str, Setting]"
"""What an option says. Enum values by name; a message by its fields, extensions as ``(name)``."""

Settings: TypeAlias = "dict[str, Setting]"

NO_SETTINGS: Settings = {}
"""Of declarations without options; nobody adds to it."""

NO_FEATURES: Mapping[str, str] = {}


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


class Declaration:
    """``first`` is its first token, ``at`` its name, ``end`` what ends its head: ``;`` or ``{``.
    ``gap`` is where the token before it ends.
    """

    __slots__ = (
        "at", "end", "features", "file", "first", "full_name", "gap", "name", "options", "settings",
    )  # fmt: skip

    def __init__(self, name: str, at: int, first: int, gap: int = 0) -> None:
        self.name = name
        self.at = at
        self.first = first
        self.gap = gap
        self.end = 0
        self.full_name = ""
        self.options: Sequence[Option] = ()
        self.settings = NO_SETTINGS
        self.features = NO_FEATURES
        self.file: File | None = None


class Field(Declaration):
    __slots__ = (
        "default", "extended", "extendee", "extendee_at", "group", "json_at", "json_name", "key",
        "key_at", "label", "label_at", "number", "number_at", "oneof", "parent", "target", "type",
        "type_at",
    )  # fmt: skip

    def __init__(self, name: str, at: int, first: int, gap: int = 0) -> None:
        super().__init__(name, at, first, gap)
        self.number = self.number_at = 0
        self.label = ""
        self.label_at = 0
        self.type = ""  # as written; "group" for groups
        self.type_at = 0
        self.key = ""  # of a map
        self.key_at = 0
        self.default: Value | None = None
        self.json_name: str | None = None
        self.json_at = 0
        self.oneof: Oneof | None = None
        self.group: Message | None = None
        self.extendee = ""
        self.extendee_at = 0
        self.parent: Message | None = None  # an extension's is the message around its block
        self.target: Message | Enum | None = None
        self.extended: Message | None = None

    @property
    def is_map(self) -> bool:
        return self.key != ""


class EnumValue(Declaration):
    __slots__ = ("number", "number_at")

    def __init__(self, name: str, at: int, first: int, gap: int = 0) -> None:
        super().__init__(name, at, first, gap)
        self.number = self.number_at = 0


class Block(Declaration):
    """A declaration with braces, in which options may stand."""

    __slots__ = ()
    options: list[Option]

    def __init__(self, name: str, at: int, first: int, gap: int = 0) -> None:
        super().__init__(name, at, first, gap)
        self.options = []


class Oneof(Block):
    __slots__ = ("fields",)

    def __init__(self, name: str, at: int, first: int, gap: int = 0) -> None:
        super().__init__(name, at, first, gap)
        self.fields: list[Field] = []


class Type(Block):
    """A message or an enum: ``parent`` is the message around it."""

    __slots__ = ("__dict__", "flat_name", "parent", "reserved", "reserved_names", "visibility")

    def __init__(self, name: str, at: int, first: int, gap: int = 0) -> None:
        super().__init__(name, at, first, gap)
        self.flat_name = name  # with those of the messages around it before it
        self.parent: Message | None = None
        self.visibility = ""
        self.reserved: list[Range] = []
        self.reserved_names: list[ReservedName] = []


class Enum(Type):
    __slots__ = ("values",)

    def __init__(self, name: str, at: int, first: int, gap: int = 0) -> None:
        super().__init__(name, at, first, gap)
        self.values: list[EnumValue] = []

    @cached_property
    def names(self) -> frozenset[str]:
        """Of its values; to be asked for when all are there."""
        return frozenset(value.name for value in self.values)


class ExtensionRange(Declaration):
    """One statement ``extensions 4 to 10, 20 [options];``."""

    __slots__ = ("ranges",)

    def __init__(self, name: str, at: int, first: int, gap: int = 0) -> None:
        super().__init__(name, at, first, gap)
        self.ranges: Sequence[Range] = ()


class Message(Type):
    __slots__ = (
        "enums", "extension_ranges", "extensions", "fields", "is_group", "messages", "oneofs",
    )  # fmt: skip

    def __init__(self, name: str, at: int, first: int, gap: int = 0) -> None:
        super().__init__(name, at, first, gap)
        self.is_group = False
        self.fields: list[Field] = []
        self.oneofs: list[Oneof] = []
        self.messages: list[Message] = []
        self.enums: list[Enum] = []
        self.extensions: list[Field] = []
        self.extension_ranges: list[ExtensionRange] = []

    @cached_property
    def targets(self) -> tuple[Type, ...]:
        """The messages and enums of its fields, each once; to be asked for when they are known."""
        found = (field.target for field in self.fields)
        return tuple(dict.fromkeys(target for target in found if target is not None))

    @cached_property
    def fields_by_name(self) -> dict[str, Field]:
        """To be asked for when all fields are there."""
        return {field.name: field for field in self.fields}


class Method(Block):
    __slots__ = (
        "client_streams", "request", "request_at", "request_type", "response", "response_at",
        "response_type", "server_streams",
    )  # fmt: skip

    def __init__(self, name: str, at: int, first: int, gap: int = 0) -> None:
        super().__init__(name, at, first, gap)
        self.request = self.response = ""
        self.request_at = self.response_at = 0
        self.client_streams = self.server_streams = False
        self.request_type: Message | None = None
        self.response_type: Message | None = None


class Service(Block):
    __slots__ = ("methods",)

    def __init__(self, name: str, at: int, first: int, gap: int = 0) -> None:
        super().__init__(name, at, first, gap)
        self.methods: list[Method] = []


class Import(NamedTuple):
    path: str
    at: int
    kind: str  # "", "public", "weak" or "option"


class Claim(NamedTuple):
    """A name that several files of a library declare, and one of the declarations."""

    full_name: str
    file: File
    at: int
    what: str  # how messages call it
    is_package: bool = False
    is_number: bool = False  # of an extension


Symbol: TypeAlias = "Message | Enum | EnumValue | Field | Oneof | Service | Method"
"""What has a name."""


class Package:
    """The name of a package, or the beginning of one; any number of files may share it."""


class File(Block):
    """``name`` is the path by which others import the file."""

    syntax = "proto2"  # or proto3, or an edition: 2023
    syntax_at = 0
    package = ""
    package_first = 0
    package_gap = 0
    package_end = 0

    def __init__(self, name: str, tokens: Tokens) -> None:
        super().__init__(name, 0, 0)
        self.tokens = tokens
        self.imports: list[Import] = []
        self.messages: list[Message] = []
        self.enums: list[Enum] = []
        self.services: list[Service] = []
        self.extensions: list[Field] = []
        self.visible: set[File] = {self}
        """The files whose names it may use."""
        self.option_types: Mapping[str, Message] = {}
        """``FileOptions`` and so on: what says which options there are."""
        self.set_up: list[Declaration] = []
        """All that have options, once these are interpreted."""
        self.annotations: dict[tuple[int, str], dict[str, Literal]] = {}
        """What the model says of settings, which several declarations may share."""
        self.claims: list[Claim] = []
        self.meanings: dict[tuple[str, str, bool], Symbol | Package | str] = {}
        """What names mean at a place of the file, as far as somebody has asked."""

    @property
    def is_edition(self) -> bool:
        return not self.syntax.startswith("proto")

    @cached_property
    def inner_names(self) -> frozenset[str]:
        """What is declared inside of its messages and services, as places inside of these see it."""
        found: set[str] = set()
        for each in self.all_messages:
            for inside in (each.oneofs, each.fields, each.messages, each.enums, each.extensions):
                found.update([declared.name for declared in inside])
            found.update([entry_name(field.name) for field in each.fields if field.key])
            for enum in each.enums:
                found.update([value.name for value in enum.values])
        for service in self.services:
            found.update([method.name for method in service.methods])
        return frozenset(found)

    @cached_property
    def all_messages(self) -> list[Message]:
        """Every message, outer ones before those inside of them; asked for once all are there."""
        found = list(reversed(self.messages))
        ordered = []
        while found:
            message = found.pop()
            ordered.append(message)
            found.extend(reversed(message.messages))
        return ordered

    @cached_property
    def all_enums(self) -> list[Enum]:
        return [*self.enums, *(enum for each in self.all_messages for enum in each.enums)]

    @cached_property
    def all_extensions(self) -> list[Field]:
        inner = (field for each in self.all_messages for field in each.extensions)
        return [*self.extensions, *inner]
