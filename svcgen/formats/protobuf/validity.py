"""Labels, defaults, enums and extensions: what a declaration may be in its syntax or edition."""

from __future__ import annotations

import re

from svcgen.diagnostics import Report, Rule
from svcgen.formats.protobuf import rules
from svcgen.formats.protobuf.fields import SCALARS
from svcgen.formats.protobuf.interpreter import OPTIONS
from svcgen.formats.protobuf.symbols import Symbols
from svcgen.formats.protobuf.tree import (
    Enum,
    ExtensionRange,
    Field,
    File,
    Message,
    Settings,
)

_EXTENDABLE = frozenset(
    f"google.protobuf.{each}Options"
    for each in (
        "File", "Message", "Field", "Oneof", "ExtensionRange", "Enum", "EnumValue", "Service",
        "Method", "Stream",
    )
)  # fmt: skip
"""What proto3 may extend."""

_FULL_NAME = re.compile(r"(\.[A-Za-z_][A-Za-z0-9_]*)+")


def check_declarations(file: File, symbols: Symbols, report: Report) -> None:
    checker = _Checker(file, report)
    for message in file.all_messages:
        checker.message(message)
    for enum in file.all_enums:
        checker.enum(enum)
    for extension in file.all_extensions:
        checker.extension(extension)
        symbols.add_extension(extension, report)


class _Checker:
    def __init__(self, file: File, report: Report) -> None:
        self._file = file
        self._report = report

    def message(self, message: Message) -> None:
        if self._file.syntax == "proto3":
            for statement in message.extension_ranges:
                what = f"message {message.name!r}"
                problem = "gives numbers to extensions, which proto3 does not know"
                at = statement.ranges[0].at
                self._add(rules.RESERVED, at, what=what, problem=problem)
        for statement in message.extension_ranges:
            self._declarations(statement)
        check = self._proto3 if self._file.syntax == "proto3" else self._other
        for field in message.fields:
            check(field)

    def _field(self, field: Field) -> None:
        if self._file.syntax == "proto3":
            self._proto3(field)
        else:
            self._other(field)

    def _other(self, field: Field) -> None:
        if field.default is not None:
            self._default(field)

    def _proto3(self, field: Field) -> None:
        if field.label == "required":
            self._field_problem(field, field.type_at, "is required, which proto3 does not know")
        if field.default is not None:
            self._add(rules.DEFAULT, field.default.at, name=field.name,
                      problem="stands in proto3, which has none")  # fmt: skip
        target = field.target
        if isinstance(target, Enum) and target.features.get("enum_type") == "CLOSED":
            problem = f"has the type {target.full_name!r}, a closed enum, which proto3 cannot hold"
            self._field_problem(field, field.type_at, problem)
        self._other(field)

    def _default(self, field: Field) -> None:
        default = field.default
        assert default is not None
        problem = ""
        if field.label == "repeated":
            problem = "is for a repeated field"
        elif isinstance(field.target, Message):
            problem = "is for a message"
        elif isinstance(field.target, Enum) and default.value not in field.target.names:
            problem = f"is {default.value!r}, which {field.target.full_name!r} does not have"
        if problem:
            self._add(rules.DEFAULT, default.at, name=field.name, problem=problem)

    def enum(self, enum: Enum) -> None:
        if not enum.values:
            self._add(rules.ENUM_VALUES, enum.at, name=enum.name, problem="has no values")
            return
        first = enum.values[0]
        if enum.features["enum_type"] == "OPEN" and first.number != 0:
            problem = "is open, so that its first value must be zero"
            self._add(rules.ENUM_VALUES, first.number_at, name=enum.name, problem=problem)
        allowed = enum.settings.get("allow_alias")
        if allowed is not None or len({value.number for value in enum.values}) < len(enum.values):
            self._aliases(enum, allowed)

    def _aliases(self, enum: Enum, allowed: object) -> None:
        seen: dict[int, str] = {}
        shared = False
        for value in enum.values:
            other = seen.setdefault(value.number, value.name)
            if other == value.name:
                continue
            shared = True
            if not allowed:
                what = f"value {value.name!r}"
                facts = {"what": what, "number": value.number, "other": other}
                self._add(rules.NUMBER_TWICE, value.number_at, **facts)
        if allowed and not shared:
            problem = "has allow_alias and no two values of one number"
            self._add(rules.ENUM_VALUES, enum.at, name=enum.name, problem=problem)
        if allowed is False:
            problem = "has allow_alias = false, which means nothing"
            self._add(rules.ENUM_VALUES, enum.at, name=enum.name, problem=problem)

    def extension(self, field: Field) -> None:
        extended = field.extended
        if extended is None:
            return
        if field.label == "required":
            self._extension_problem(field, field.type_at, "is required")
        if field.json_name is not None:
            problem = "has a json_name, which extensions cannot have"
            self._extension_problem(field, field.json_at, problem)
        ranges = [r for statement in extended.extension_ranges for r in statement.ranges]
        if not any(r.first <= field.number <= r.last for r in ranges):
            problem = f"has the number {field.number}, which {extended.full_name!r} does not give"
            self._extension_problem(field, field.number_at, problem)
        if self._file.syntax == "proto3" and extended.full_name not in _EXTENDABLE:
            problem = "extends a message, which in proto3 only options may be"
            self._extension_problem(field, field.extendee_at, problem)
        self._field(field)
        self._declared(field, extended)

    def _declared(self, field: Field, extended: Message) -> None:
        """An extended message may say beforehand what its extensions are; ``protoc`` lets those of
        its own options be others.
        """
        if extended.file is not None and extended.file.name == OPTIONS:
            return
        for statement in extended.extension_ranges:
            given = any(r.first <= field.number <= r.last for r in statement.ranges)
            declarations = statement.settings.get("declaration")
            strict = statement.settings.get("verification") == "DECLARATION"
            if given and (declarations or strict):
                told = declarations if isinstance(declarations, list) else []
                found = (d for d in told if isinstance(d, dict) and d.get("number") == field.number)
                if problem := _undeclared(field, next(found, None)):
                    self._extension_problem(field, field.extendee_at, problem)

    def _declarations(self, statement: ExtensionRange) -> None:
        """What is wrong with the declarations themselves."""
        declarations = statement.settings.get("declaration")
        numbers: set[int | None] = set()
        for each in declarations if isinstance(declarations, list) else ():
            assert isinstance(each, dict)
            problem = _declaration_problem(each)
            number = each.get("number")
            assert isinstance(number, int | None)
            if number in numbers:
                problem = f"declares the number {number} twice"
            if not any(r.first <= (number or 0) <= r.last for r in statement.ranges):
                problem = f"declares the number {number}, which is not in it"
            numbers.add(number)
            if problem:
                first = statement.ranges[0]
                facts = {"first": first.first, "last": first.last, "problem": problem}
                self._add(rules.RANGE, first.at, **facts)

    def _field_problem(self, field: Field, at: int, problem: str) -> None:
        self._add(rules.FIELD, at, name=field.name, problem=problem)

    def _extension_problem(self, field: Field, at: int, problem: str) -> None:
        self._add(rules.EXTENSION, at, name=field.name, problem=problem)

    def _add(self, rule: Rule, at: int, **facts: object) -> None:
        self._report.add(rule, self._file.tokens.span(at), **facts)


def _undeclared(field: Field, declared: Settings | None) -> str:
    """How an extension differs from what was said of it; empty if it does not."""
    if declared is None:
        return f"has the number {field.number}, which is not declared"
    if declared.get("reserved"):
        return f"has the number {field.number}, which is declared as reserved"
    name, kind = declared.get("full_name"), declared.get("type")
    if name is not None and name != f".{field.full_name}":
        return f"is declared with the name {name!r}"
    actual = f".{field.target.full_name}" if field.target is not None else field.type
    if kind is not None and kind != actual:
        return f"is declared with the type {kind!r}"
    if bool(declared.get("repeated")) != (field.label == "repeated"):
        return "is declared with another label"
    return ""


def _declaration_problem(declared: Settings) -> str:
    name, kind = declared.get("full_name"), declared.get("type")
    if declared.get("reserved"):
        return ""
    if not isinstance(name, str) or not isinstance(kind, str):
        return "declares an extension without its full name and type"
    if not _FULL_NAME.fullmatch(name):
        return f"declares the name {name!r}, which is none that begins with a dot"
    if kind not in SCALARS and not _FULL_NAME.fullmatch(kind):
        return f"declares the type {kind!r}, which is none that begins with a dot"
    return ""
