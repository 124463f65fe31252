"""The functions that write messages: straight-line Python that appends each field's bytes."""

from __future__ import annotations

from typing import assert_never

from svcgen.formats.protobuf.proto import (
    Absent,
    Container,
    Holds,
    ProtoField,
    ProtoMessage,
)
from svcgen.languages.python.codecs import protobuf_elements as elements
from svcgen.languages.python.codecs.protobuf_classes import Classes
from svcgen.languages.python.codecs.protobuf_functions import FunctionView, function_view
from svcgen.languages.python.layout import Group, lay_out
from svcgen.languages.python.naming import unique

_TAKEN = frozenset(
    {"out", "value", "item", "items", "key", "entry", "models", "errors", "UNSET", "len", "bytes"}
    | {"bytearray", "Any", "Wrong", "missing", "dt", "dict", "list", "set", "tuple", "int", "str"}
    | elements.SUPPORT_WRITERS
    | elements.SUPPORT_READERS
)
"""Names that a local variable must not take."""


def writer(message: ProtoMessage, classes: Classes) -> FunctionView:
    """``_write_…``: the bytes of the model's value of a message."""
    name = elements.function("write", message.name)
    typed = classes.annotation(message)
    head = lay_out(Group(f"def {name}(", (f"value: {typed}",), ") -> bytes:"))
    match message.holds:
        case Holds.STRUCT:
            _, names = classes.struct(message)
            values = {wire: f"value.{attribute}" for wire, attribute in names.items()}
            body = _fields(message, values, names)
        case Holds.VALUE:
            wire = message.fields[0].source.name.wire
            body = _fields(message, {wire: "value"}, {})
        case Holds.ENTRY:
            body = ["key, item = value", *_fields(message, {"key": "key", "value": "item"}, {})]
        case Holds.UNION:
            body = _union(message, classes)
        case Holds.NOTHING:
            body = ['return b""']
    return function_view([head, *(f"    {line}" for line in body)])


def _fields(message: ProtoMessage, values: dict[str, str], names: dict[str, str]) -> list[str]:
    """The lines that write the fields; ``values`` and ``names`` by the definition's names."""
    if not message.fields:
        return ['return b""']
    taken = set(_TAKEN)
    grows = any(field.container is not None for field in message.fields)
    lines = ["out = bytearray()" if grows else 'out = b""']
    for field in message.fields:
        wire = field.source.name.wire
        local = unique(names[wire], taken) if names else ""
        lines += _field(field, values[wire], local)
    return [*lines, "return bytes(out)" if grows else "return out"]


def _field(field: ProtoField, value: str, local: str) -> list[str]:
    """The lines of one field. Without a ``local`` name for it, ``value`` is a variable already."""
    match field.container:
        case Container.LIST | Container.SET:
            return _items(field, value)
        case Container.MAP:
            return _map(field, value)
        case Container.ENTRIES:
            return _each(field, f"{value}.items()")
        case None:
            return _one(field, value, local)
    assert_never(field.container)


def _one(field: ProtoField, value: str, local: str) -> list[str]:
    tag = elements.tag(field.number, field.element)
    named = local or value
    match field.absent:
        case Absent.NONE | Absent.UNSET:
            state = "None" if field.absent is Absent.NONE else "UNSET"
            test = f"({local} := {value})" if local else value
            put = f"    out += {tag} + {elements.write(field.element, named)}"
            return [f"if {test} is not {state}:", put]
        case Absent.ERROR | Absent.DEFAULT | Absent.EMPTY:
            return [f"out += {tag} + {elements.write(field.element, value)}"]
        case Absent.ZERO:
            return _unless_zero(field, value, local)
    assert_never(field.absent)


def _unless_zero(field: ProtoField, value: str, local: str) -> list[str]:
    """Protobuf does not send the zero value of a field without presence."""
    tag = elements.tag(field.number, field.element)
    match elements.zero(field.element):
        case None:
            return [f"out += {tag} + {elements.write(field.element, value)}"]
        case ("bytes", zero):
            data = elements.write(field.element, value)
            name = local or "item"
            return [f"if ({name} := {data}) != {zero}:", f"    out += {tag} + {name}"]
        case (_, compared):
            test = f"({local} := {value})" if local else value
            put = f"    out += {tag} + {elements.write(field.element, local or value)}"
            return [f"if {test} {compared}:", put]


def _items(field: ProtoField, value: str) -> list[str]:
    if not elements.is_packed(field.element):
        return _each(field, value)
    tag = elements.block_tag(field.number)
    packed = Group("[", (f"{elements.write(field.element, 'item')} for item in {value}",), "]")
    return [
        f"if len({value}) > 0:",
        f"    items = {lay_out(packed, 8)}",
        f'    out += {tag} + block(b"".join(items))',
    ]


def _each(field: ProtoField, values: str) -> list[str]:
    tag = elements.tag(field.number, field.element)
    return [f"for item in {values}:", f"    out += {tag} + {elements.write(field.element, 'item')}"]


def _map(field: ProtoField, value: str) -> list[str]:
    assert field.key is not None
    key = f"{elements.tag(1, field.key)} + {elements.write(field.key, 'key')}"
    item = f"{elements.tag(2, field.element)} + {elements.write(field.element, 'item')}"
    return [
        f"for key, item in {value}.items():",
        f"    entry = {key}",
        f"    entry += {item}",
        f"    out += {elements.block_tag(field.number)} + block(entry)",
    ]


def _union(message: ProtoMessage, classes: Classes) -> list[str]:
    lines = ["match value:"]
    for field in message.fields:
        tag = elements.tag(field.number, field.element)
        lines.append(f"    case {classes.variant(message, field)}():")
        lines.append(f"        return {tag} + {elements.write(field.element, 'value.value')}")
    return [*lines, 'raise TypeError(f"{value!r} is no member of the union")']
