"""Features of editions: what holds where, by the edition's defaults and what options override.

proto2 and proto3 are editions with fixed features; their labels say the rest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from svcgen.formats.protobuf.tree import Declaration, Field, File, Message

_COMMON = {
    "message_encoding": "LENGTH_PREFIXED",
    "enforce_naming_style": "STYLE_LEGACY",
    "default_symbol_visibility": "EXPORT_ALL",
}
_2023 = {
    **_COMMON,
    "field_presence": "EXPLICIT",
    "enum_type": "OPEN",
    "repeated_field_encoding": "PACKED",
    "utf8_validation": "VERIFY",
    "json_format": "ALLOW",
}
DEFAULTS: Mapping[str, Mapping[str, str]] = {
    "proto2": {
        **_COMMON,
        "field_presence": "EXPLICIT",
        "enum_type": "CLOSED",
        "repeated_field_encoding": "EXPANDED",
        "utf8_validation": "NONE",
        "json_format": "LEGACY_BEST_EFFORT",
    },
    "proto3": {**_2023, "field_presence": "IMPLICIT"},
    "2023": _2023,
    "2024": {
        **_2023,
        "enforce_naming_style": "STYLE2024",
        "default_symbol_visibility": "EXPORT_TOP_LEVEL",
    },
}

_PRESENCE = {"required": "LEGACY_REQUIRED", "optional": "EXPLICIT"}
"""Of fields by their labels."""

_USUAL = {
    (syntax, label): {**DEFAULTS[syntax], "field_presence": presence}
    for syntax in ("proto2", "proto3")
    for label, presence in _PRESENCE.items()
}
"""The features of most fields with such labels, by the syntax as well."""


def resolve(file: File) -> None:
    """Fill in the features of all declarations of a file whose options are interpreted."""
    file.features = _merged(DEFAULTS[file.syntax], file)
    for message in file.messages:
        _message(message, file.features)
    for enum in file.enums:
        _with_members(enum, enum.values, file.features)
    for service in file.services:
        _with_members(service, service.methods, file.features)
    for extension in file.extensions:
        _field(extension, file.features)


def _message(message: Message, outer: Mapping[str, str]) -> None:
    features = message.features = _merged(outer, message)
    for oneof in message.oneofs:
        oneof.features = _merged(features, oneof)
    for field in message.fields:
        _field(field, field.oneof.features if field.oneof else features)
    for extension in message.extensions:
        _field(extension, features)
    for enum in message.enums:
        _with_members(enum, enum.values, features)
    for inner in message.messages:
        _message(inner, features)


def _with_members(
    owner: Declaration, members: Sequence[Declaration], outer: Mapping[str, str]
) -> None:
    owner.features = _merged(outer, owner)
    for member in members:
        member.features = _merged(owner.features, member)


def _field(field: Field, outer: Mapping[str, str]) -> None:
    """A field's features; in proto2 and proto3 what its label and type say."""
    features = _merged(outer, field) if "features" in field.settings else outer
    if field.label in _PRESENCE:
        features = _labelled(features, field.label)
    field.features = features
    if field.group is not None:
        field.features = {**field.features, "message_encoding": "DELIMITED"}


def _labelled(features: Mapping[str, str], label: str) -> Mapping[str, str]:
    for syntax in ("proto3", "proto2"):
        if features is DEFAULTS[syntax]:
            return _USUAL[syntax, label]
    return {**features, "field_presence": _PRESENCE[label]}


def _merged(outer: Mapping[str, str], declaration: Declaration) -> Mapping[str, str]:
    own = declaration.settings.get("features")
    if not isinstance(own, dict):
        return outer
    return {**outer, **{name: value for name, value in own.items() if isinstance(value, str)}}


def has_presence(field: Field) -> bool:
    """Does the wire tell an absent field from one with the zero value?"""
    if field.label == "repeated" or field.key:
        return False
    if field.oneof is not None or field.extendee or isinstance(field.target, Message):
        return True
    return field.features["field_presence"] != "IMPLICIT"
