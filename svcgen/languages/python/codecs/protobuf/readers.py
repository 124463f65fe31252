"""The functions of a protobuf codec that read messages, line by line."""

from __future__ import annotations

import keyword
from collections.abc import Sequence
from typing import assert_never

from svcgen.formats.protobuf.shape import (
    Absent,
    Container,
    Holds,
    MessageElement,
    ProtoField,
    ProtoMessage,
)
from svcgen.frozen import frozen
from svcgen.languages.python.codecs.protobuf import elements
from svcgen.languages.python.codecs.protobuf.classes import Classes
from svcgen.languages.python.layout import WIDTH, Group, lay_out, quote


@frozen
class TextView:
    """A statement or function, its lines laid out. ``as_is`` marks one that formatters must leave
    alone, since a name in it is too long for any line.
    """

    lines: tuple[str, ...]
    as_is: bool


@frozen
class _Expression:
    """An expression in the parts at which a formatter breaks it; without a head in parentheses."""

    head: str
    parts: tuple[str, ...]
    tail: str = ""

    def lay_out(self, before: str, after: str, indent: int) -> list[str]:
        margin = " " * indent
        line = margin + before + self.head + " ".join(self.parts) + self.tail + after
        if len(line) <= WIDTH or len(self.parts) + len(self.head) < 2:
            return [line]
        inner = margin + "    "
        joined = inner + " ".join(self.parts)
        body = [joined] if len(joined) <= WIDTH else [inner + part for part in self.parts]
        return [f"{margin}{before}{self.head or '('}", *body, f"{margin}{self.tail or ')'}{after}"]


def text_view(lines: Sequence[str]) -> TextView:
    split = [line for each in lines for line in each.split("\n")]
    return TextView(tuple(split), any(len(line) > WIDTH for line in split))


def reader(message: ProtoMessage, classes: Classes) -> TextView:
    """``_read_…``: the model's value of a parsed message."""
    name = elements.function("read", message.name)
    head = lay_out(Group(f"def {name}(", ("m: Any",), f") -> {classes.annotation(message)}:"))
    match message.holds:
        case Holds.STRUCT:
            body = _read_struct(message, classes)
        case Holds.UNION:
            body = _read_union(message, classes)
        case Holds.VALUE:
            value = _value(message.fields[0], message, classes)
            typed = f"value: {classes.annotation(message)} = "
            body = [*value.lay_out(typed, "", 4), "    return value"]
        case Holds.ENTRY:
            key, item = (_value(f, message, classes) for f in message.fields)
            body = [*key.lay_out("key = ", "", 4), *item.lay_out("value = ", "", 4)]
            body += ["    return key, value"]
        case Holds.SCALAR:
            body = [f"    return {elements.read(elements.scalar_of(message), 'm', '')}"]
        case Holds.NOTHING:
            body = ["    return None"]
    return text_view([head, *body])


def _read_struct(message: ProtoMessage, classes: Classes) -> list[str]:
    cls, names = classes.struct(message)
    if not message.fields:
        return [f"    return {cls}()"]
    lines = [f"    return {cls}("]
    for field in message.fields:
        value = _value(field, message, classes)
        lines += value.lay_out(f"{names[field.source.name.wire]}=", ",", 8)
    return [*lines, "    )"]


def _read_union(message: ProtoMessage, classes: Classes) -> list[str]:
    lines = [f"    match m.WhichOneof({quote(message.oneof)}):"]
    for field in message.fields:
        cls = classes.variant(message, field)
        value = elements.read(field.element, _member(field), field.source.name.wire)
        lines.append(f"        case {quote(field.name)}:")
        made = Group(f"return {cls}(", (f"value={value}",), ")")
        lines.append("            " + lay_out(made, 12))
    return [*lines, '    raise Wrong("", "has no member that is known here")']


def _value(field: ProtoField, message: ProtoMessage, classes: Classes) -> _Expression:
    """The model's value of a field of ``m``, whether it is there or not."""
    present = _present(field)
    match field.absent:
        case Absent.ZERO | Absent.EMPTY:
            return present
        case Absent.ERROR:
            otherwise = f"missing({quote(field.source.name.wire)})"
        case Absent.NONE:
            otherwise = "None"
        case Absent.UNSET:
            otherwise = "UNSET"
        case Absent.DEFAULT:
            otherwise = f"{classes.default(message, field)}()"
        case _:
            assert_never(field.absent)
    flat = present.head + " ".join(present.parts) + present.tail
    return _Expression("", (flat, f"if m.HasField({quote(field.name)})", f"else {otherwise}"))


def _present(field: ProtoField) -> _Expression:
    """The model's value of a field that is there, or holds any number of items."""
    value, wire, element = _member(field), field.source.name.wire, field.element
    match field.container:
        case None:
            return _call(elements.read(element, value, wire))
        case Container.LIST:
            if elements.reads_as_is(element):
                return _Expression("", (f"{value}[:]",))
            return _Expression("[", (elements.read(element, "i", wire), f"for i in {value}"), "]")
        case Container.SET:
            if elements.reads_as_is(element):
                return _Expression("set(", (f"{value}[:]",), ")")
            return _Expression("{", (elements.read(element, "i", wire), f"for i in {value}"), "}")
        case Container.MAP:
            return _read_map(field, value)
        case Container.ENTRIES:
            assert isinstance(element, MessageElement)
            entry = elements.function("read", element.proto)
            return _Expression("dict(", (f"{entry}(i) for i in {value}",), ")")
    assert_never(field.container)


def _read_map(field: ProtoField, value: str) -> _Expression:
    assert field.key is not None
    wire = field.source.name.wire
    if elements.reads_as_is(field.key) and elements.reads_as_is(field.element):
        return _Expression("dict(", (value,), ")")
    key, item = elements.read(field.key, "k", wire), elements.read(field.element, "i", wire)
    return _Expression("{", (f"{key}: {item}", f"for k, i in {value}.items()"), "}")


def _call(text: str) -> _Expression:
    """``f(a)`` in the parts at which it can be broken."""
    head, bracket, inner = text.partition("(")
    return (
        _Expression(head + bracket, (inner[:-1],), ")")
        if bracket and text.endswith(")")
        else (_Expression("", (text,)))
    )


def _member(field: ProtoField) -> str:
    if keyword.iskeyword(field.name):
        return f'getattr(m, "{field.name}")'
    return f"m.{field.name}"
