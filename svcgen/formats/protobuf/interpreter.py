"""Options -> settings: what each option names, and its value as the option's type demands."""

from __future__ import annotations

from functools import lru_cache

from svcgen.diagnostics import Report, Rule, did_you_mean
from svcgen.formats.protobuf import rules
from svcgen.formats.protobuf.blocks import BlockReader
from svcgen.formats.protobuf.bodies import MAX_FIELD
from svcgen.formats.protobuf.cursor import MAX_INT
from svcgen.formats.protobuf.symbols import Symbols
from svcgen.formats.protobuf.tree import (
    Declaration,
    Enum,
    Field,
    File,
    Message,
    Option,
    Range,
    Setting,
    Settings,
)
from svcgen.formats.protobuf.values import WrongValueError, scalar_value
from svcgen.formats.tokens import SyntaxProblem

OPTIONS = "google/protobuf/descriptor.proto"
"""The file whose messages say which options there are."""


_UNIQUE = frozenset({"block", "float"})
"""Kinds of values that are not compared: a block is read at its place, and -0.0 equals 0.0."""


class Interpreter:
    """Fills in the settings of all declarations of one file."""

    def __init__(self, file: File, symbols: Symbols, report: Report) -> None:
        self._file = file
        self._symbols = symbols
        self._report = report
        self._known: dict[tuple[object, ...], Settings] = {}  # by what options say that are right
        self._faults = 0

    def interpret(self) -> None:
        file = self._file
        self._options(file, file.package)
        for message in file.messages:
            self._message(message)
        for enum in file.enums:
            self._enum(enum)
        for service in file.services:
            self._options(service, service.full_name)
            for method in service.methods:
                self._options(method, service.full_name)
        for extension in file.extensions:
            self._options(extension, file.package)

    def _message(self, message: Message) -> None:
        self._options(message, message.full_name)
        for each in (*message.oneofs, *message.fields, *message.extensions):
            if each.options:
                self._options(each, message.full_name)
        for statement in message.extension_ranges:
            self._options(statement, message.full_name)
            if message.settings.get("message_set_wire_format") is True:
                statement.ranges = [_of_message_set(each) for each in statement.ranges]
        for enum in message.enums:
            self._enum(enum)
        for inner in message.messages:
            self._message(inner)

    def _enum(self, enum: Enum) -> None:
        self._options(enum, enum.full_name)
        for value in enum.values:
            if value.options:
                self._options(value, enum.full_name)

    def _options(self, owner: Declaration, scope: str) -> None:
        """Names are looked up from ``scope``: the owner, or what is around it if it holds nothing."""
        if not owner.options:
            return
        self._file.set_up.append(owner)
        kind = self._file.option_types.get(f"{type(owner).__name__}Options")
        if kind is None:
            return
        said, faults = self._said(owner), self._faults
        known = self._known.get(said) if said else None
        owner.settings = {} if known is None else known
        if known is None:
            for option in owner.options:
                self._option(owner, option, kind, scope)
            if said and faults == self._faults:
                self._known[said] = owner.settings

    def _said(self, owner: Declaration) -> tuple[object, ...]:
        """What options say, the same again and again; empty if that depends on where they stand."""
        said: list[object] = [type(owner)]
        for option in owner.options:
            value = option.value
            if value.kind in _UNIQUE:
                return ()
            for name, is_extension, _ in option.parts:
                if is_extension and name.partition(".")[0] in self._file.inner_names:
                    return ()
                said.append((name, is_extension))
            said.append(value[:2])
        return tuple(said)

    def _option(self, owner: Declaration, option: Option, kind: Message, scope: str) -> None:
        """Follow the name of an option from message to message, and set what it ends at."""
        found: Settings = owner.settings
        message, last = kind, option.parts[-1]
        for part in option.parts:
            name, is_extension, at = part
            field = self._find(name, is_extension, message, scope)
            if field is None:
                hint = "" if is_extension else _near(name, message)
                self._add(rules.OPTION_UNKNOWN, at, name=_full_name(option), hint=hint)
                return
            key = _extension(field.full_name) if is_extension else name
            if part is last:
                self._set(found, field, key, option)
                return
            if not isinstance(field.target, Message) or field.label == "repeated" or field.is_map:
                problem = "cannot be set by its parts: it is repeated or no message"
                self._add(rules.OPTION_VALUE, at, name=_full_name(option), problem=problem)
                return
            inner = found.setdefault(key, {})
            assert isinstance(inner, dict)
            found, message = inner, field.target

    def _find(self, name: str, is_extension: bool, message: Message, scope: str) -> Field | None:
        if is_extension:
            symbol = self._symbols.lookup(name, scope, self._file, types_only=False)
            return symbol if isinstance(symbol, Field) and symbol.extended is message else None
        if name == "uninterpreted_option":
            return None
        return message.fields_by_name.get(name)

    def _set(self, found: Settings, field: Field, key: str, option: Option) -> None:
        repeated = field.label == "repeated" or field.key != ""
        if key in found and not repeated:
            self._add(rules.OPTION_TWICE, option.at, name=_full_name(option))
            return
        try:
            value = self._value(field, option)
        except (WrongValueError, SyntaxProblem) as problem:
            facts = {"name": _full_name(option), "problem": str(problem)}
            self._add(rules.OPTION_VALUE, option.value.at, **facts)
            return
        if repeated:
            items = found.setdefault(key, [])
            assert isinstance(items, list)
            items.append(value)
        else:
            found[key] = value

    def _value(self, field: Field, option: Option) -> Setting:
        value = option.value
        if not isinstance(field.target, Message):
            return scalar_value(field, value)
        if value.kind != "block":
            raise WrongValueError("must be a message in braces")
        return BlockReader(self._file, self._symbols, value.at).message(field.target)

    def _add(self, rule: Rule, at: int, **facts: str) -> None:
        self._faults += 1
        self._report.add(rule, self._file.tokens.span(at), **facts)


@lru_cache(maxsize=1024)
def _extension(full_name: str) -> str:
    """What settings call an extension; there are few, and each is set again and again."""
    return f"({full_name})"


def _of_message_set(each: Range) -> Range:
    """Extensions of a message set have larger numbers: ``max`` is another one there."""
    return each._replace(last=MAX_INT - 1) if each.last == MAX_FIELD else each


def _full_name(option: Option) -> str:
    return ".".join(f"({p.name})" if p.is_extension else p.name for p in option.parts)


def _near(name: str, message: Message) -> str:
    return did_you_mean(name, (field.name for field in message.fields))
