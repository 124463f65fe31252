"""Named types: structs in the short and the long form, enums, unions, aliases; and typed errors."""

from __future__ import annotations

import re

from svcgen.diagnostics import Report, Span
from svcgen.formats.neutral import keys, scalars
from svcgen.formats.neutral.expressions import read_type
from svcgen.formats.neutral.fields import read_constraints, read_fields
from svcgen.formats.neutral.names import distinct, read_examples, read_meta
from svcgen.formats.neutral.section import (
    Section,
    is_name,
    named,
    open_section,
    wrong_kind,
    wrong_word,
)
from svcgen.formats.neutral.tree import Entry, Mapping, Node, Sequence, Text, is_null
from svcgen.frozen import frozen
from svcgen.model.naming import Name
from svcgen.model.numbers import MAX_FIELD, MAX_VALUE, Numbers
from svcgen.model.service import Code, Error
from svcgen.model.types import (
    Alias,
    Constant,
    Enum,
    EnumAlias,
    EnumValue,
    Field,
    Literal,
    Meta,
    Reserved,
    Scalar,
    ScalarRef,
    Struct,
    TypeDef,
    TypeRef,
    Union,
)

_RANGE = re.compile(r"(-?[0-9]{1,10}) to (-?[0-9]{1,10}|max)")


@frozen
class Mention:
    """A name used where a definition stands elsewhere: a mixin, an error of a method."""

    name: str
    span: Span


@frozen
class Declared:
    """A type as its own file writes it, its mixins not yet flattened into it."""

    type: TypeDef
    mixins: tuple[Mention, ...] = ()


def read_declaration(entry: Entry, report: Report) -> Declared | None:
    """A type in any of its forms, ``None`` with a finding where it is none."""
    name, node = entry.key, entry.value
    if isinstance(node, Text):
        target = read_type(node, report, f"type {name.text!r}")
        alias = Alias(Name.parse(name.text), target, Meta(name.span)) if target else None
        return Declared(alias) if alias else None
    if not isinstance(node, Mapping):
        wrong_kind(report, node, f"type {name.text!r}", "a mapping of fields")
        return None
    form = _long_form(node)
    if form is None:
        fields = read_fields(node, report)
        return Declared(Struct(Name.parse(name.text), fields, Meta(name.span)))
    section = Section(node, _FORMS[form], report, f"{form} {name.text!r}", name.span)
    return _long(form, Name.parse(name.text), section, report)


_FORMS = {"struct": keys.STRUCT, "enum": keys.ENUM, "union": keys.UNION, "alias": keys.ALIAS}


def _long_form(node: Mapping) -> str | None:
    """Which long form it is: what the keys fields, enum and union hold is no type of a field."""
    for entry in node.entries:
        key, written = entry.key.text, not isinstance(entry.value, Text) or is_null(entry.value)
        if key in ("fields", "enum", "union", "mixins") and written:
            return "struct" if key in ("fields", "mixins") else key
    names = {entry.key.text for entry in node.entries}
    others = (name for name in names if not name.startswith("x-"))
    return "alias" if "alias" in names and all(name in keys.ALIAS for name in others) else None


def _long(form: str, name: Name, section: Section, report: Report) -> Declared | None:
    meta = read_meta(section, report)
    if form == "struct":
        return _struct(name, section, meta, report)
    if form == "alias":
        node = section.require("alias")
        target = read_type(node, report, section.what) if node else None
        constraints = read_constraints(section)
        return Declared(Alias(name, target, meta, constraints)) if target else None
    reserved = _reserved(section, report, MAX_VALUE if form == "enum" else MAX_FIELD)
    if form == "enum":
        values = distinct(_values(section, report), report, "value")
        return Declared(Enum(name, values, meta, section.flag("closed"), reserved))
    return Declared(Union(name, _members(section, report), meta, reserved))


def _struct(name: Name, section: Section, meta: Meta, report: Report) -> Declared:
    struct = Struct(
        name,
        fields_of(section, "fields", report),
        meta,
        _reserved(section, report, MAX_FIELD),
        read_examples(section, report),
    )
    return Declared(struct, mentions(section, "mixins"))


def fields_of(section: Section, key: str, report: Report, what: str = "field") -> tuple[Field, ...]:
    """The fields under a key; none where the key is absent or empty."""
    node = section.node(key)
    if node is None or is_null(node):
        return ()
    if not isinstance(node, Mapping):
        section.wrong(key, f"a mapping of {what}s")
        return ()
    return read_fields(node, report, what)


def mentions(section: Section, key: str) -> tuple[Mention, ...]:
    return tuple(Mention(text.text, text.span) for text in section.texts(key))


def _reserved(section: Section, report: Report, highest: int) -> Reserved:
    node = section.node("reserved")
    if node is None:
        return Reserved()
    what = f"'reserved' of {section.what}"
    inner = open_section(node, keys.RESERVED, report, what, section.key_span("reserved"))
    if inner is None:
        return Reserved()
    ranges = [_range(item, highest) for item in inner.items("numbers")]
    for found, item in zip(ranges, inner.items("numbers"), strict=True):
        if found is None:
            wrong_kind(report, item, f"a number of {what}", "an integer, or two as in 9 to 11")
    names = frozenset(text.text for text in inner.texts("names"))
    return Reserved(Numbers.of(each for each in ranges if each), names)


def _range(node: Node, highest: int) -> tuple[int, int] | None:
    """``9 to 11``, ``9 to max`` or ``9``: the first number and the last."""
    if (number := scalars.integer(node)) is not None:
        return number, number
    match = _RANGE.fullmatch(node.text) if isinstance(node, Text) else None
    if match is None:
        return None
    first, last = int(match[1]), highest if match[2] == "max" else int(match[2])
    return (first, last) if first <= last else None


def _values(section: Section, report: Report) -> list[EnumValue]:
    node = section.node("enum")
    what = f"a value of {section.what}"
    if isinstance(node, Sequence):
        texts = [text for text in section.texts("enum") if is_name(text, report, what)]
        return [EnumValue(Name.parse(text.text), Meta(text.span)) for text in texts]
    if not isinstance(node, Mapping):
        section.wrong("enum", "a list of names or a mapping of names to numbers")
        return []
    return [_value(entry, report) for entry in named(node, report, what)]


def _value(entry: Entry, report: Report) -> EnumValue:
    name = Name.parse(entry.key.text)
    if is_null(entry.value):
        return EnumValue(name, Meta(entry.key.span))
    what = f"value {entry.key.text!r}"
    if isinstance(entry.value, Mapping):
        section = Section(entry.value, keys.ENUM_VALUE, report, what, entry.key.span)
        meta, number = read_meta(section, report), section.integer("number")
        return EnumValue(name, meta, number, _aliases(section, report))
    number = scalars.integer(entry.value)
    if number is None:
        wrong_kind(report, entry.value, what, "an integer or a mapping")
    return EnumValue(name, Meta(entry.key.span), number)


def _aliases(section: Section, report: Report) -> tuple[EnumAlias, ...]:
    """Other names of a value: a list, or a mapping where more is said of them."""
    node = section.node("aliases")
    what = f"another name of {section.what}"
    if not isinstance(node, Mapping):
        texts = [text for text in section.texts("aliases") if is_name(text, report, what)]
        return tuple(EnumAlias(Name.parse(text.text), Meta(text.span)) for text in texts)
    found: list[EnumAlias] = []
    for entry in named(node, report, what):
        key = entry.key
        inner = open_section(entry.value, keys.META, report, f"{what}, {key.text!r},", key.span)
        found += [EnumAlias(Name.parse(key.text), read_meta(inner, report))] if inner else []
    return tuple(found)


def _members(section: Section, report: Report) -> tuple[Field, ...]:
    node = section.node("union")
    if not isinstance(node, Sequence):
        return fields_of(section, "union", report, "member")
    members: list[Field] = []
    for text in section.texts("union"):
        if is_name(text, report, f"a member of {section.what}"):
            ref = read_type(text, report, f"a member of {section.what}")
            name = Name.parse(Name.parse(text.text).snake)
            members += [Field(name, ref, Meta(text.span))] if ref else []
    return distinct(members, report, "member")


def read_error(entry: Entry, report: Report) -> Error | None:
    """An error: its code alone, or a mapping."""
    name, what = Name.parse(entry.key.text), f"error {entry.key.text!r}"
    codes = tuple(Code)
    if isinstance(entry.value, Text) and not is_null(entry.value):
        if entry.value.text not in codes:
            wrong_word(report, entry.value, f"the code of {what}", codes)
        code = Code(entry.value.text) if entry.value.text in codes else Code.UNKNOWN
        return Error(name, code, (), Meta(entry.key.span))
    section = open_section(entry.value, keys.ERROR, report, what, entry.key.span)
    if section is None:
        return None
    section.require("code")
    return Error(
        name,
        Code(section.word("code", codes, Code.UNKNOWN)),
        fields_of(section, "fields", report),
        read_meta(section, report),
        section.flag("retryable"),
        section.text("message"),
    )


def read_constant(entry: Entry, report: Report) -> Constant | None:
    """A constant: a literal, from which its type follows, or a mapping."""
    name, what = Name.parse(entry.key.text), f"constant {entry.key.text!r}"
    if isinstance(entry.value, Text) and not is_null(entry.value):
        value = scalars.literal(entry.value, report)
        return Constant(name, _inferred(entry.value, value), value, Meta(entry.key.span))
    section = open_section(entry.value, keys.CONSTANT, report, what, entry.key.span)
    if section is None:
        return None
    ref, value_node = section.require("type"), section.require("value")
    meta = read_meta(section, report)
    target = read_type(ref, report, f"the type of {what}") if ref else None
    if target is None or value_node is None:
        return None
    return Constant(name, target, scalars.literal(value_node, report), meta)


def _inferred(node: Text, value: Literal) -> TypeRef:
    if isinstance(value, bool):
        return ScalarRef(Scalar.BOOL, node.span)
    if isinstance(value, int):
        return ScalarRef(Scalar.INT64, node.span)
    return ScalarRef(Scalar.FLOAT64 if isinstance(value, float) else Scalar.STRING, node.span)
