"""Options and features that do not fit where they stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from svcgen.diagnostics import Report
from svcgen.formats.protobuf import rules
from svcgen.formats.protobuf.features import has_presence
from svcgen.formats.protobuf.symbols import Symbols
from svcgen.formats.protobuf.tree import (
    Declaration,
    Enum,
    EnumValue,
    ExtensionRange,
    Field,
    File,
    Message,
    Method,
    Oneof,
    Option,
    Service,
    Settings,
)

_TARGETS: dict[type[Declaration], str] = {
    File: "FILE", Message: "MESSAGE", Field: "FIELD", Oneof: "ONEOF", Enum: "ENUM",
    ExtensionRange: "EXTENSION_RANGE", EnumValue: "ENUM_ENTRY", Service: "SERVICE",
    Method: "METHOD",
}  # fmt: skip
_EDITIONS = {"EDITION_LEGACY": 900, "EDITION_PROTO2": 998, "EDITION_PROTO3": 999}
_UNPACKED = frozenset({"string", "bytes", "group"})
_WIDE = frozenset({"int64", "uint64", "sint64", "fixed64", "sfixed64"})


_CHECKED = frozenset({"packed", "lazy", "unverified_lazy", "jstype"})
"""Options of fields that not every type has."""


def check_options(file: File, symbols: Symbols, report: Report) -> None:
    """Report the options of a file that cannot be where they are."""
    checker = _Checker(file, symbols, report)
    for declared in file.set_up:
        checker.places(declared)
    for field in _fields(file) if file.is_edition else file.set_up:
        if isinstance(field, Field):
            checker.field(field)


def _fields(file: File) -> Iterator[Field]:
    for message in file.all_messages:
        yield from message.fields
    yield from file.all_extensions


class _Checker:
    def __init__(self, file: File, symbols: Symbols, report: Report) -> None:
        self._file = file
        self._symbols = symbols
        self._report = report
        self._right: set[int] = set()  # settings, which several declarations may share
        self._faults = 0

    def places(self, owner: Declaration) -> None:
        """Options say on what they may stand, and in which editions."""
        if id(owner.settings) in self._right:
            return
        faults = self._faults
        self._places(owner)
        if faults == self._faults:
            self._right.add(id(owner.settings))

    def _places(self, owner: Declaration) -> None:
        kind = self._file.option_types.get(f"{type(owner).__name__}Options")
        if kind is None:
            return
        if "features" in owner.settings and not self._file.is_edition:
            self._add(owner, "features", "needs an edition instead of a syntax")
        self._settings(owner, owner.settings, kind)

    def _settings(self, owner: Declaration, settings: Settings, kind: Message) -> None:
        for name, value in settings.items():
            field = self._field(name, kind)
            if field is None:
                continue
            if field.settings:
                self._target(owner, field, name)
                self._edition(owner, field, name)
            if isinstance(value, dict) and isinstance(field.target, Message):
                self._settings(owner, value, field.target)

    def _field(self, name: str, kind: Message) -> Field | None:
        if name[0] == "(":
            symbol = self._symbols.find(name[1:-1], self._file)
            return symbol if isinstance(symbol, Field) else None
        return kind.fields_by_name.get(name)

    def _target(self, owner: Declaration, field: Field, name: str) -> None:
        targets = field.settings.get("targets")
        word = _TARGETS[type(owner)]
        if isinstance(targets, list) and targets and f"TARGET_TYPE_{word}" not in targets:
            what = word.lower().replace("_", " ")
            self._add(owner, name, f"cannot be set on a declaration of this kind ({what})")

    def _edition(self, owner: Declaration, field: Field, name: str) -> None:
        support = field.settings.get("feature_support")
        if not isinstance(support, dict) or not self._file.is_edition:
            return
        edition = int(self._file.syntax)
        if _year(support.get("edition_introduced"), 0) > edition:
            self._add(owner, name, f"does not exist yet in edition {edition}")
        if _year(support.get("edition_removed"), 9999) <= edition:
            self._add(owner, name, f"exists no longer in edition {edition}")

    def field(self, field: Field) -> None:
        if not _CHECKED.isdisjoint(field.settings):
            for name, problem in _field_problems(field):
                self._add(field, name, problem)
        if not self._file.is_edition:
            return
        own = field.settings.get("features")
        for problem in _feature_problems(field, own if isinstance(own, dict) else {}):
            span = self._file.tokens.span(field.at)
            self._report.add(rules.FIELD, span, name=field.name, problem=problem)

    def _add(self, owner: Declaration, name: str, problem: str) -> None:
        self._faults += 1
        at = _place(owner.options, name, owner.at)
        span = self._file.tokens.span(at)
        self._report.add(rules.OPTION_MISPLACED, span, name=name, problem=problem)


def _place(options: Sequence[Option], name: str, otherwise: int) -> int:
    """Where an option is set."""
    wanted = name.strip("()").rpartition(".")[2]
    for option in options:
        if any(part.name.rpartition(".")[2] == wanted for part in option.parts):
            return option.at
    return otherwise


def _year(edition: object, otherwise: int) -> int:
    if not isinstance(edition, str):
        return otherwise
    return _EDITIONS.get(edition) or int(edition.removeprefix("EDITION_").split("_")[0])


def _field_problems(field: Field) -> Iterator[tuple[str, str]]:
    """Options of a field that its type does not have: their names, and what is wrong."""
    settings = field.settings
    message = isinstance(field.target, Message)
    if settings.get("packed"):
        packable = field.label == "repeated" and field.type not in _UNPACKED and not message
        if not packable:
            yield "packed", "is for repeated fields of numbers, booleans and enums"
        elif field.file is not None and field.file.is_edition:
            yield "packed", "is called features.repeated_field_encoding in editions"
    if (settings.get("lazy") or settings.get("unverified_lazy")) and not message:
        yield "lazy", "is for messages"
    jstype = settings.get("jstype")
    if jstype not in (None, "JS_NORMAL") and field.type not in _WIDE:
        yield "jstype", "is for integers of 64 bits"


def _feature_problems(field: Field, own: Settings) -> Iterator[str]:
    """What is wrong with the features of a field, in editions."""
    presence = own.get("field_presence")
    message = isinstance(field.target, Message)
    if presence is not None:
        yield from _presence_problems(field, presence == "IMPLICIT")
    if field.features["field_presence"] == "IMPLICIT" and not has_presence(field):
        single = field.label != "repeated" and not field.is_map
        if single and field.default is not None:
            yield "has a default, which fields without presence cannot have"
        target = field.target
        if single and isinstance(target, Enum) and target.features.get("enum_type") == "CLOSED":
            yield "has no presence and a closed enum as its type"
    if own.get("repeated_field_encoding") is not None:
        if field.label != "repeated":
            yield "has a repeated_field_encoding and is not repeated"
        elif own["repeated_field_encoding"] == "PACKED" and (message or field.type in _UNPACKED):
            yield "cannot be packed"
    if own.get("message_encoding") is not None and (not message or field.is_map):
        yield "has a message_encoding and is no message"
    if own.get("utf8_validation") is not None and "string" not in (field.type, field.key):
        yield "has a utf8_validation and is no string"


def _presence_problems(field: Field, implicit: bool) -> Iterator[str]:
    if field.oneof is not None:
        yield "is in a oneof and sets its presence"
    elif field.label == "repeated" or field.is_map:
        yield "is repeated and sets its presence"
    elif field.extendee:
        yield "is an extension and sets its presence"
    elif implicit and isinstance(field.target, Message):
        yield "is a message, which always has presence"
