"""What a .thrift says beside its declarations and types, as text: annotations, words of XML Schema."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from svcgen.formats.thrift.annotations import ANNOTATIONS, CPP_TYPE, DEPRECATED, TYPES, XSD
from svcgen.formats.thrift.literals import quote
from svcgen.model.types import Literal, Meta


def annotation_text(meta: Meta) -> str:
    """Those of a declaration."""
    return in_parentheses(said_of(meta))


def in_parentheses(pairs: Iterable[tuple[str, str]]) -> str:
    said = ", ".join(f"{name} = {value}" for name, value in pairs)
    return f" ({said})" if said else ""


def said_of(meta: Meta) -> Iterator[tuple[str, str]]:
    """The annotations of a declaration: those of Thrift that the model keeps, and its own."""
    yield from _literals(meta.annotations.get(ANNOTATIONS))
    if meta.deprecated is not None:
        yield DEPRECATED, quote(" ".join(meta.deprecated.split())) or '""'


def of_type(meta: Meta, place: str) -> tuple[str, str]:
    """The type in C++ of a type that a declaration mentions, and its annotations."""
    types = meta.annotations.get(TYPES)
    said = dict(_literals(types.get(place) if isinstance(types, dict) else None))
    cpp_type = said.pop(CPP_TYPE, "")
    return f" {CPP_TYPE} {cpp_type}" if cpp_type else "", in_parentheses(said.items())


def xsd_words(meta: Meta) -> str:
    """What says how a struct or a field looks in XML Schema."""
    said = meta.annotations.get(XSD)
    if not isinstance(said, dict):
        return ""
    words = [f" xsd_{word}" for word in ("all", "optional", "nillable") if said.get(word)]
    fields = said.get("attributes")
    return "".join(words) + (f" xsd_attrs {{ {fields} }}" if isinstance(fields, str) else "")


def _literals(said: Literal) -> Iterator[tuple[str, str]]:
    if isinstance(said, Mapping):
        yield from ((name, quote(str(value)) or '""') for name, value in said.items())
