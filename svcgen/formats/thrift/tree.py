"""What a .thrift file declares, as it is written; ``at`` and the like are indices of tokens.

The parser makes these; the linker fills in what a name means (``target``) and what constants are.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from svcgen.formats.tokens import Tokens


class Annotation(NamedTuple):
    """``name = "value"`` in parentheses; ``"1"`` where there is no value."""

    name: str
    value: str
    at: int


@dataclass(slots=True, eq=False)
class Type:
    """A mention of a type. ``word`` is a base type, ``list``, ``set``, ``map``, or a name."""

    word: str
    at: int
    arguments: tuple[Type, ...] = ()
    annotations: tuple[Annotation, ...] = ()
    cpp_type: str = ""
    is_name: bool = False
    is_early: bool = False  # what it names is defined further down
    target: TypeDeclaration | None = None


@dataclass(slots=True, eq=False)
class Value:
    """A constant. ``kind`` is int, double, string, name, list or map; a map's value its entries.

    The linker turns names of constants into what they stand for, and those of enum values, and
    numbers where an enum's value is due, into the kind enum.
    """

    kind: str
    value: Literal
    at: int


Literal: TypeAlias = "int | float | str | EnumValue | list[Value] | list[tuple[Value, Value]]"


@dataclass(slots=True, eq=False)
class Declaration:
    """``at`` is its name. ``seen`` is the last token that the compiler has read when it takes note
    of the declaration: often the one that follows, for that might have been part of it.
    """

    name: str
    at: int
    doc: str | None = None  # what is inside of its comment
    seen: int = 0
    annotations: tuple[Annotation, ...] = ()
    file: File | None = None


@dataclass(slots=True, eq=False)
class Field(Declaration):
    type: Type = field(kw_only=True)
    number: int = 0
    is_implicit: bool = False  # the number is none of the file's
    requiredness: str = ""  # or required, optional
    is_reference: bool = False
    default: Value | None = None
    xsd: tuple[str, ...] = ()
    attributes: list[Field] = field(default_factory=list)  # of XSD
    attributes_text: str = ""


@dataclass(slots=True, eq=False)
class Struct(Declaration):
    word: str = "struct"  # or union, exception
    fields: list[Field] = field(default_factory=list)
    xsd_all: bool = False
    _by_name: dict[str, Field] | None = None
    _needed: list[str] | None = None
    renamed: dict[str, str] | None = None  # fields that the model calls otherwise, once asked for

    @property
    def by_name(self) -> dict[str, Field]:
        """Its fields; of those with one name the first."""
        if self._by_name is None:
            self._by_name = {each.name: each for each in reversed(self.fields)}
        return self._by_name

    @property
    def needed(self) -> list[str]:
        """The names of the fields that every constant must have."""
        if self._needed is None:
            required = (each for each in self.fields if each.requiredness == "required")
            self._needed = [each.name for each in required if each.default is None]
        return self._needed


@dataclass(slots=True, eq=False)
class EnumValue(Declaration):
    number: int = 0


@dataclass(slots=True, eq=False)
class Enum(Declaration):
    values: list[EnumValue] = field(default_factory=list)
    _by_name: dict[str, EnumValue] | None = None
    _by_number: dict[int, EnumValue] | None = None
    renamed: dict[str, str] | None = None  # values that the model calls otherwise, once asked for

    @property
    def by_name(self) -> dict[str, EnumValue]:
        """Its values; of those with one name the first."""
        if self._by_name is None:
            self._by_name = {each.name: each for each in reversed(self.values)}
        return self._by_name

    @property
    def by_number(self) -> dict[int, EnumValue]:
        """Its values; of those with one number the first."""
        if self._by_number is None:
            self._by_number = {each.number: each for each in reversed(self.values)}
        return self._by_number

    @property
    def first_values(self) -> list[EnumValue]:
        """Its values without further names of a number."""
        return [each for each in self.values if self.by_number[each.number] is each]


@dataclass(slots=True, eq=False)
class Typedef(Declaration):
    type: Type = field(kw_only=True)
    known: Type | Struct | Enum | None = None  # what is behind it and further typedefs


TypeDeclaration: TypeAlias = "Struct | Enum | Typedef"


@dataclass(slots=True, eq=False)
class Const(Declaration):
    type: Type = field(kw_only=True)
    value: Value = field(kw_only=True)


@dataclass(slots=True, eq=False)
class Function(Declaration):
    result: Type | None = None  # None: void
    oneway: bool = False
    arguments: list[Field] = field(default_factory=list)
    throws: list[Field] = field(default_factory=list)
    throws_seen: int = 0


@dataclass(slots=True, eq=False)
class Service(Declaration):
    functions: list[Function] = field(default_factory=list)
    extends: str = ""
    extends_at: int = 0
    parent: Service | None = None


Definition: TypeAlias = "Const | TypeDeclaration | Service"
"""What stands at the top of a file."""


class Include(NamedTuple):
    path: str
    at: int


class Namespace(NamedTuple):
    scope: str  # a language, or *
    name: str
    annotations: tuple[Annotation, ...]


@dataclass(slots=True, eq=False)
class File:
    """``name`` is what stands before the names of its types where another file mentions them."""

    name: str
    tokens: Tokens
    place: str = ""  # its path without its suffix, as seen from an include folder or the main file
    doc: str | None = None
    includes: list[Include] = field(default_factory=list)
    cpp_includes: list[str] = field(default_factory=list)
    namespaces: dict[str, Namespace] = field(default_factory=dict)
    definitions: list[Definition] = field(default_factory=list)
    included: list[File] = field(default_factory=list)
    found: list[Include] = field(default_factory=list)  # those that name these

    def namespace(self, scope: str) -> str:
        """The namespace of a language: its own, or that of all."""
        found = self.namespaces.get(scope) or self.namespaces.get("*")
        return found.name if found else ""

    def services(self) -> list[Service]:
        return [each for each in self.definitions if isinstance(each, Service)]

    def types(self) -> Iterator[TypeDeclaration]:
        return (each for each in self.definitions if isinstance(each, Struct | Enum | Typedef))


def types_in(mention: Type) -> Iterator[Type]:
    """A mention and those inside of it."""
    yield mention
    for argument in mention.arguments:
        yield from types_in(argument)


def declarations(file: File) -> Iterator[Declaration]:
    """Everything in a file that has a name, outer ones first."""
    for definition in file.definitions:
        yield definition
        match definition:
            case Enum():
                yield from definition.values
            case Struct():
                yield from definition.fields
            case Service():
                for function in definition.functions:
                    yield function
                    yield from (*function.arguments, *function.throws)
            case Const() | Typedef():
                pass
