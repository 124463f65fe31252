"""Who is who: every name of all files in one table, and what a name means at its place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias, TypeVar

from svcgen.diagnostics import Report
from svcgen.formats.protobuf import rules
from svcgen.formats.protobuf.shape import entry_name
from svcgen.formats.protobuf.tree import (
    Declaration,
    Enum,
    EnumValue,
    Field,
    File,
    Message,
    Method,
    Oneof,
    Service,
)

Symbol: TypeAlias = "Message | Enum | EnumValue | Field | Oneof | Service | Method"


_Declared = TypeVar("_Declared", bound=Declaration)


class Package:
    """The name of a package, or the beginning of one; any number of files may share it."""


PACKAGE = Package()


@dataclass(slots=True)
class Symbols:
    """``visible`` holds, for each file, itself and the files whose names it may use."""

    table: dict[str, Symbol] = field(default_factory=dict)
    packages: dict[str, set[str]] = field(default_factory=dict)  # the files of each
    visible: dict[str, set[str]] = field(default_factory=dict)
    extensions: dict[tuple[str, int], Field] = field(default_factory=dict)
    """By the extended message and their numbers."""

    def add_file(self, file: File, report: Report) -> None:
        """Enter all names of a file; those that are taken are reported."""
        self._packages(file, report)
        for symbol in _symbols(file):
            symbol.file = file
            first = self.table.setdefault(symbol.full_name, symbol)
            if first is not symbol:
                self._duplicate(symbol, first, file, report)
            elif symbol.full_name in self.packages:
                where = " as a package"
                span = file.tokens.span(symbol.at)
                report.add(rules.DUPLICATE, span, name=symbol.full_name, where=where)

    def _packages(self, file: File, report: Report) -> None:
        name = file.package
        while name:
            if name in self.table:
                span = file.tokens.span(file.package_first)
                report.add(rules.DUPLICATE, span, name=name, where=" as something else")
            self.packages.setdefault(name, set()).add(file.name)
            name = name.rpartition(".")[0]

    def _duplicate(self, symbol: Symbol, first: Symbol, file: File, report: Report) -> None:
        where = "" if first.file is file or first.file is None else f" in {first.file.name!r}"
        scope = symbol.full_name.rpartition(".")[0]
        if not where and scope:
            where = f" in {scope!r}"
        span = file.tokens.span(symbol.at)
        report.add(rules.DUPLICATE, span, name=symbol.name, where=where)

    def find(self, full_name: str, file: File) -> Symbol | Package | None:
        """What a full name means in a file: only what it declares or imports."""
        visible = self.visible[file.name]
        symbol = self.table.get(full_name)
        if symbol is not None:
            declared_in = symbol.file
            return symbol if declared_in is file or _name(declared_in) in visible else None
        files = self.packages.get(full_name)
        return PACKAGE if files and not files.isdisjoint(visible) else None

    def lookup(
        self, name: str, scope: str, file: File, types_only: bool = True
    ) -> Symbol | Package | str:
        """What ``name`` means inside of ``scope``; if nothing, what it was taken for, or ``""``."""
        if name.startswith("."):
            return self.find(name[1:], file) or ""
        head, dot, _ = name.partition(".")
        while True:
            prefix = f"{scope}." if scope else ""
            symbol = self.find(prefix + head, file)
            if dot and _has_members(symbol):
                return self.find(f"{prefix}{name}", file) or f"{prefix}{name}"
            if symbol is not None and not dot and (not types_only or is_type(symbol)):
                return symbol
            if not scope:
                return ""
            scope = scope.rpartition(".")[0]


def is_type(symbol: Symbol | Package | None) -> bool:
    return isinstance(symbol, Message | Enum)


def _has_members(symbol: Symbol | Package | None) -> bool:
    return isinstance(symbol, Message | Enum | Service | Package)


def _name(file: File | None) -> str:
    return file.name if file is not None else ""


def _symbols(file: File) -> Iterator[Symbol]:
    """Every declaration with its full name set, in the order in which ``protoc`` enters them."""
    prefix = f"{file.package}." if file.package else ""
    for message in file.messages:
        yield from _message(message, prefix)
    for enum in file.enums:
        yield from _enum(enum, prefix)
    for service in file.services:
        yield _named(service, prefix)
        for method in service.methods:
            yield _named(method, f"{service.full_name}.")
    for extension in file.extensions:
        yield _named(extension, prefix)


def _message(message: Message, prefix: str) -> Iterator[Symbol]:
    yield _named(message, prefix)
    inside = f"{message.full_name}."
    for oneof in message.oneofs:
        yield _named(oneof, inside)
    for each in message.fields:
        yield _named(each, inside)
    for inner in message.messages:
        yield from _message(inner, inside)
    for each in message.fields:
        if each.is_map:
            yield _named(
                Message(entry_name(each.name), each.at, each.first, parent=message), inside
            )
    for enum in message.enums:
        yield from _enum(enum, inside)
    for each in message.extensions:
        yield _named(each, inside)


def _enum(enum: Enum, prefix: str) -> Iterator[Symbol]:
    yield _named(enum, prefix)
    for value in enum.values:
        yield _named(value, prefix)


def _named(declaration: _Declared, prefix: str) -> _Declared:
    declaration.full_name = prefix + declaration.name
    return declaration
