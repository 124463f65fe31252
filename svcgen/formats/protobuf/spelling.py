"""Names that differ in the file and not in JSON, and the style that edition 2024 demands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from svcgen.diagnostics import Report
from svcgen.formats.protobuf import rules
from svcgen.formats.protobuf.tree import Declaration, Enum, Field, File, Message

_PASCAL = re.compile(r"[A-Z][A-Za-z0-9]*")
_SNAKE = re.compile(r"[a-z][a-z0-9]*(_[a-z][a-z0-9]*)*")
_CONSTANT = re.compile(r"[A-Z][A-Z0-9]*(_[A-Z][A-Z0-9]*)*")


@lru_cache(maxsize=1 << 16)
def json_name(name: str) -> str:
    """The JSON name that Protocol Buffers derives from a field's name."""
    if "_" not in name:
        return name
    first, *rest = name.split("_")
    return first + "".join(part[:1].upper() + part[1:] for part in rest)


def check_spelling(file: File, report: Report) -> None:
    for message in file.all_messages:
        if not message.settings.get("deprecated_legacy_json_field_conflicts"):
            _fields(message, file, report)
    for enum in file.all_enums:
        strict = enum.features["json_format"] == "ALLOW"
        if strict and not enum.settings.get("deprecated_legacy_json_field_conflicts"):
            _values(enum, file, report)
    if file.syntax == "2024":
        _style(file, report)


def _fields(message: Message, file: File, report: Report) -> None:
    """Derived names first; then the names that fields really have, if one of two is hand-made."""
    derived = {json_name(field.name) for field in message.fields}
    given = [each.json_name for each in message.fields if each.json_name is not None]
    if len(derived.union(given)) == len(message.fields) + len(given):
        return
    strict = message.features["json_format"] == "ALLOW"
    for custom in (False, True):
        seen: dict[str, Field] = {}
        for field in message.fields:
            own = _own_name(field) if custom else None
            name = own or json_name(field.name)
            first = seen.setdefault(name, field)
            if first is field:
                continue
            both = own is not None and _own_name(first) is not None
            either = own is not None or (custom and _own_name(first) is not None)
            if (custom and not either) or not (strict or both):
                continue
            what, span = f"field {field.name!r}", file.tokens.span(field.at)
            report.add(rules.JSON_CLASH, span, what=what, json=name, other=first.name)


def _own_name(field: Field) -> str | None:
    """A JSON name that is not the derived one."""
    return field.json_name if field.json_name != json_name(field.name) else None


def _values(enum: Enum, file: File, report: Report) -> None:
    prefix = enum.name.replace("_", "").lower()
    folded = {value.name.replace("_", "").lower().removeprefix(prefix) for value in enum.values}
    if len(folded) == len(enum.values):
        return
    seen: dict[str, tuple[str, int]] = {}
    for value in enum.values:
        bare = _without(prefix, value.name)
        name = "".join(part[:1].upper() + part[1:].lower() for part in bare.split("_"))
        other, number = seen.setdefault(name, (value.name, value.number))
        if other != value.name and number != value.number:
            what, span = f"value {value.name!r}", file.tokens.span(value.at)
            report.add(rules.JSON_CLASH, span, what=what, json=name, other=other)


def _without(prefix: str, name: str) -> str:
    """The name of a value without its enum's name before it, whatever its case."""
    at = matched = 0
    while at < len(name) and matched < len(prefix):
        if name[at] != "_":
            if name[at].lower() != prefix[matched]:
                return name
            matched += 1
        at += 1
    rest = name[at:].lstrip("_")
    return rest if matched == len(prefix) and rest else name


def _style(file: File, report: Report) -> None:
    for what, declared, pattern, wanted in _styled(file):
        if declared.features.get("enforce_naming_style") != "STYLE2024":
            continue
        if not pattern.fullmatch(declared.name):
            span = file.tokens.span(declared.at)
            report.add(rules.STYLE, span, what=what, name=declared.name, wanted=wanted)
    parts = file.package.split(".") if file.package else ()
    strict = file.features["enforce_naming_style"] == "STYLE2024"
    if strict and not all(_SNAKE.fullmatch(part) for part in parts):
        span = file.tokens.span(file.package_first)
        report.add(rules.STYLE, span, what="package", name=file.package, wanted="lower_snake_case")


def _styled(file: File) -> Iterator[tuple[str, Declaration, re.Pattern[str], str]]:
    for message in file.all_messages:
        yield "message", message, _PASCAL, "PascalCase"
        for each in (*message.fields, *message.extensions):
            yield "field", each, _SNAKE, "lower_snake_case"
        for oneof in message.oneofs:
            yield "oneof", oneof, _SNAKE, "lower_snake_case"
    for extension in file.extensions:
        yield "extension", extension, _SNAKE, "lower_snake_case"
    for enum in file.all_enums:
        yield "enum", enum, _PASCAL, "PascalCase"
        for value in enum.values:
            yield "value", value, _CONSTANT, "UPPER_SNAKE_CASE"
    for service in file.services:
        yield "service", service, _PASCAL, "PascalCase"
        for method in service.methods:
            yield "method", method, _PASCAL, "PascalCase"
