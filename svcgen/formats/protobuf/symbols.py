"""Who is who: every name of all files in one table, and what a name means at its place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from svcgen.diagnostics import Report
from svcgen.formats.protobuf import rules
from svcgen.formats.protobuf.shape import entry_name
from svcgen.formats.protobuf.tree import (
    Claim,
    Enum,
    Field,
    File,
    Message,
    Package,
    Service,
    Symbol,
)

PACKAGE = Package()


class Symbols:
    """All names of all files of a library.

    Files that do not know each other may declare the same name. The first one is in ``table``, all
    of them in ``rivals``; each file that declares one has a claim, and :func:`disputes` tells what
    is wrong where such files are used together.
    """

    def __init__(self) -> None:
        self.table: dict[str, Symbol] = {}
        self.rivals: dict[str, list[Symbol]] = {}
        self.packages: dict[str, set[File]] = {}  # the files of each
        self.extensions: dict[tuple[str, int], list[Field]] = {}
        """By the extended message and their numbers."""

    def add_file(self, file: File, report: Report) -> None:
        """Enter all names of a file; those that it declares twice are reported."""
        self._packages(file)
        table, packages = self.table, self.packages
        for symbol in _symbols(file):
            symbol.file = file
            name = symbol.full_name
            first = table.setdefault(name, symbol)
            if first is not symbol:
                self._again(symbol, first, file, report)
            if name in packages:
                _claim(symbol, file)
                for other in packages[name]:
                    _claim_package(name, other)

    def _packages(self, file: File) -> None:
        name = file.package
        while name:
            if name in self.table:
                _claim_package(name, file)
                for symbol in self.rivals.get(name, [self.table[name]]):
                    _claim(symbol, file_of(symbol))
            self.packages.setdefault(name, set()).add(file)
            name = name.rpartition(".")[0]

    def _again(self, symbol: Symbol, first: Symbol, file: File, report: Report) -> None:
        rivals = self.rivals.setdefault(symbol.full_name, [first])
        if any(rival.file is file for rival in rivals):
            scope = symbol.full_name.rpartition(".")[0]
            span = file.tokens.span(symbol.at)
            report.add(
                rules.DUPLICATE, span, name=symbol.name, where=f" in {scope!r}" if scope else ""
            )
            return
        if len(rivals) == 1:
            _claim(first, file_of(first))
        rivals.append(symbol)
        _claim(symbol, file)

    def add_extension(self, field: Field, report: Report) -> None:
        """Enter the number of an extension, which no other of the message may have."""
        if field.extended is None:
            return
        key = (field.extended.full_name, field.number)
        others = self.extensions.setdefault(key, [])
        for other in others:
            if other.file is field.file:
                facts = {"name": field.name, "problem": f"has the number of {other.full_name!r}"}
                span = file_of(field).tokens.span(field.number_at)
                report.add(rules.EXTENSION, span, **facts)
        others.append(field)
        if len(others) > 1:
            for each in others if len(others) == 2 else (field,):
                _claim_number(each, f"{key[0]} {key[1]}")

    def find(self, full_name: str, file: File) -> Symbol | Package | None:
        """What a full name means in a file: only what it declares or imports."""
        symbol = self.table.get(full_name)
        if symbol is not None:
            home = symbol.file
            if home is file or home in file.visible:
                return symbol
            seen = (r for r in self.rivals.get(full_name, ()) if r.file in file.visible)
            return next(seen, None)
        files = self.packages.get(full_name)
        return PACKAGE if files and not files.isdisjoint(file.visible) else None

    def lookup(
        self, name: str, scope: str, file: File, types_only: bool = True
    ) -> Symbol | Package | str:
        """What ``name`` means inside of ``scope``; if nothing, what it was taken for, or ``""``."""
        if name.partition(".")[0] not in file.inner_names:
            scope = file.package  # between it and the place nothing has the name
        asked = (name, scope, types_only)
        found = file.meanings.get(asked)
        if found is None:
            found = file.meanings[asked] = self._look_up(name, scope, file, types_only)
        return found

    def _look_up(
        self, name: str, scope: str, file: File, types_only: bool
    ) -> Symbol | Package | str:
        if name.startswith("."):
            return self.find(name[1:], file) or ""
        head, dot, _ = name.partition(".")
        table, packages = self.table, self.packages
        while True:
            prefix = f"{scope}." if scope else ""
            full_name = prefix + head
            if full_name in table or full_name in packages:
                symbol = self.find(full_name, file)
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


def file_of(symbol: Symbol) -> File:
    """The file that declares what is in the table."""
    assert symbol.file is not None
    return symbol.file


def _claim(symbol: Symbol, file: File) -> None:
    file.claims.append(Claim(symbol.full_name, file, symbol.at, symbol.name))


def _claim_package(name: str, file: File) -> None:
    file.claims.append(Claim(name, file, file.package_first, name, is_package=True))


def _claim_number(field: Field, name: str) -> None:
    file = file_of(field)
    file.claims.append(Claim(name, file, field.number_at, field.name, is_number=True))


def disputes(files: Iterable[File], report: Report) -> None:
    """Report what several of these files, in the order in which they are built, declare."""
    firsts: dict[str, Claim] = {}
    for file in files:
        for claim in file.claims:
            first = firsts.setdefault(claim.full_name, claim)
            if first.file is file or (first.is_package and claim.is_package):
                continue
            span = file.tokens.span(claim.at)
            if claim.is_number:
                problem = f"has the number of {first.what!r}"
                report.add(rules.EXTENSION, span, name=claim.what, problem=problem)
            else:
                where = f" in {first.file.name!r}"
                if claim.is_package or first.is_package:
                    where = " as something else" if claim.is_package else " as a package"
                report.add(rules.DUPLICATE, span, name=claim.what, where=where)


def _symbols(file: File) -> list[Symbol]:
    """Every declaration with its full name set, in the order in which ``protoc`` enters them."""
    prefix = f"{file.package}." if file.package else ""
    found: list[Symbol] = []
    for message in file.messages:
        _message(message, prefix, found)
    for enum in file.enums:
        _enum(enum, prefix, found)
    for service in file.services:
        _name((service,), prefix, found)
        _name(service.methods, f"{service.full_name}.", found)
    _name(file.extensions, prefix, found)
    return found


def _message(message: Message, prefix: str, found: list[Symbol]) -> None:
    _name((message,), prefix, found)
    inside = f"{message.full_name}."
    _name(message.oneofs, inside, found)
    _name(message.fields, inside, found)
    for inner in message.messages:
        inner.flat_name = _inside(message, inner)
        _message(inner, inside, found)
    for each in message.fields:
        if each.key:
            entry = Message(entry_name(each.name), each.at, each.first)
            entry.parent = message
            _name((entry,), inside, found)
    for enum in message.enums:
        enum.flat_name = _inside(message, enum)
        _enum(enum, inside, found)
    _name(message.extensions, inside, found)


def _inside(message: Message, inner: Message | Enum) -> str:
    return message.flat_name + inner.name[:1].upper() + inner.name[1:]


def _enum(enum: Enum, prefix: str, found: list[Symbol]) -> None:
    _name((enum,), prefix, found)
    _name(enum.values, prefix, found)


def _name(declared: Sequence[Symbol], prefix: str, found: list[Symbol]) -> None:
    for each in declared:
        each.full_name = prefix + each.name
    found += declared
