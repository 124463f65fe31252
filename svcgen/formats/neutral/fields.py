"""Fields of structs, unions and errors, parameters of methods, and the limits on their values."""

from __future__ import annotations

from svcgen.diagnostics import Report
from svcgen.formats.neutral import keys, scalars
from svcgen.formats.neutral.expressions import read_field_type
from svcgen.formats.neutral.names import read_examples, read_meta
from svcgen.formats.neutral.section import Section, named, open_section
from svcgen.formats.neutral.tree import Entry, Mapping, Node, Text
from svcgen.frozen import replace
from svcgen.model.naming import Name
from svcgen.model.types import (
    Constraints,
    Default,
    Field,
    Meta,
    NullableOf,
    Scalar,
    ScalarRef,
    TypeRef,
)


def read_fields(node: Mapping, report: Report, what: str = "field") -> tuple[Field, ...]:
    """The fields of a mapping from name to type or to the long form."""
    return tuple(_field(entry, report, what) for entry in named(node, report, f"a {what}"))


def _field(entry: Entry, report: Report, what: str) -> Field:
    """One field; where its type cannot be read it is ``any``, so that the field is not missed."""
    name, span, label = Name.parse(entry.key.text), entry.key.span, f"{what} {entry.key.text!r}"
    anything = Field(name, ScalarRef(Scalar.ANY, span), Meta(span))
    if isinstance(entry.value, Text):
        ref, required = _typed(entry.value, report, label, anything)
        return replace(anything, type=ref, required=required)
    section = open_section(entry.value, keys.FIELD, report, label, span)
    return _long(anything, section, report) if section else anything


def _typed(node: Node, report: Report, label: str, anything: Field) -> tuple[TypeRef, bool]:
    """A field's type and whether the field is required."""
    read = read_field_type(node, report, f"the type of {label}")
    return (read[0], not read[1]) if read else (anything.type, True)


def _long(anything: Field, section: Section, report: Report) -> Field:
    node = section.require("type")
    ref, required = anything.type, True
    if node is not None:
        ref, required = _typed(node, report, section.what, anything)
    default = section.node("default")
    optional = section.flag("optional") if "optional" in section else default is not None
    if section.flag("nullable") and not isinstance(ref, NullableOf):
        ref = NullableOf(ref, ref.span)
    return Field(
        _named(anything.name, section),
        ref,
        read_meta(section, report),
        required=required and not optional,
        default=Default(scalars.literal(default, report), default.span) if default else None,
        number=section.integer("number", 1),
        constraints=read_constraints(section),
        examples=read_examples(section, report),
        oneof=section.text("oneof"),
    )


def _named(name: Name, section: Section) -> Name:
    """The words of the field's key, and the name that JSON shows where it is another."""
    return Name(section.text("json") or name.wire, name.words)


def read_constraints(section: Section) -> Constraints:
    exact = section.integer("length", 0)
    for bound in ("min_length", "max_length"):
        if exact is not None and bound in section:
            section.exclusive("length", bound)
    return Constraints(
        minimum=section.number("min"),
        maximum=section.number("max"),
        exclusive_minimum=section.number("exclusive_min"),
        exclusive_maximum=section.number("exclusive_max"),
        min_length=section.integer("min_length", 0) if exact is None else exact,
        max_length=section.integer("max_length", 0) if exact is None else exact,
        min_items=section.integer("min_items", 0),
        max_items=section.integer("max_items", 0),
        pattern=section.text("pattern") if "pattern" in section else None,
        unique=section.flag("unique"),
    )
