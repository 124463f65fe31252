"""The functions that write messages: straight-line Python that appends each field's bytes."""

from __future__ import annotations

from typing import assert_never

from svcgen.formats.protobuf.shape import (
    Absent,
    Container,
    Holds,
    ProtoField,
    ProtoMessage,
)
from svcgen.frozen import frozen
from svcgen.languages.python.codecs.protobuf import elements
from svcgen.languages.python.codecs.protobuf.classes import Classes
from svcgen.languages.python.codecs.protobuf.readers import TextView, text_view
from svcgen.languages.python.layout import Group, lay_out

_TAKEN = frozenset(
    {"out", "value", "entry", "data", "each", "item", "key", "models", "errors", "UNSET", "dt"}
    | {"len", "bytes", "bytearray", "Any", "Wrong", "missing"}
    | elements.SUPPORT_WRITERS
    | elements.SUPPORT_READERS
)
"""Names that a local variable must not take."""

_SUFFIXES = ("_item", "_key", "_packed")


def writer(message: ProtoMessage, classes: Classes) -> TextView:
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
        case Holds.SCALAR:
            body = [f"return bare({elements.write(elements.scalar_of(message), 'value')})"]
        case Holds.NOTHING:
            body = ['return b""']
    return text_view([head, *(f"    {line}" for line in body)])


def _fields(message: ProtoMessage, values: dict[str, str], names: dict[str, str]) -> list[str]:
    """The lines that write the fields; ``values`` and ``names`` by the definition's names."""
    if not message.fields:
        return ['return b""']
    taken = set(_TAKEN)
    many = any(field.container is not None for field in message.fields)
    lines = ["out: list[bytes] = []" if many else 'out = b""']
    for field in message.fields:
        wire = field.source.name.wire
        local = _local(names[wire], taken) if names else ""
        item, key = (f"{local}_item", f"{local}_key") if local else ("each", "each_key")
        named = _Names(values[wire], local, item, key, many)
        lines += _field(field, named)
    return [*lines, 'return b"".join(out)' if many else "return out"]


def _local(attribute: str, taken: set[str]) -> str:
    """A variable for an attribute; what is derived from it is free as well."""
    while taken & {attribute, *(attribute + suffix for suffix in _SUFFIXES)}:
        attribute += "_"
    taken |= {attribute, *(attribute + suffix for suffix in _SUFFIXES)}
    return attribute


@frozen
class _Names:
    """``value`` is the expression of a field's value, the others are variables to use for it."""

    value: str
    local: str  # empty: ``value`` is a variable already
    item: str
    key: str
    many: bool  # parts go into a list, which is linear in their number

    def put(self, parts: str, indent: int = 8) -> str:
        """The statement that appends bytes to the output, at so many columns."""
        append = Group("out.append(", (parts,), ")")
        return lay_out(append, indent) if self.many else f"out += {parts}"


def _field(field: ProtoField, names: _Names) -> list[str]:
    match field.container:
        case Container.LIST | Container.SET:
            return _items(field, names)
        case Container.MAP:
            return _map(field, names)
        case Container.ENTRIES:
            return _each(field, f"{names.value}.items()", names)
        case None:
            return _one(field, names)
    assert_never(field.container)


def _one(field: ProtoField, names: _Names) -> list[str]:
    match field.absent:
        case Absent.NONE:
            return _unless(field, names, "is not None")
        case Absent.UNSET:
            return _unless(field, names, "is not UNSET")
        case Absent.ERROR | Absent.DEFAULT | Absent.EMPTY:
            return [_put(field, names.value, names, 4)]
        case Absent.ZERO:
            return _unless_zero(field, names)
    assert_never(field.absent)


def _unless_zero(field: ProtoField, names: _Names) -> list[str]:
    """Protobuf does not send the zero value of a field without presence."""
    match elements.zero(field.element):
        case None:
            return [_put(field, names.value, names, 4)]
        case ("bytes", zero):
            data, tag = names.local or "data", elements.tag(field.number, field.element)
            written = elements.write(field.element, names.value)
            return [f"if ({data} := {written}) != {zero}:", f"    {names.put(f'{tag} + {data}')}"]
        case (_, compared):
            return _unless(field, names, compared)


def _unless(field: ProtoField, names: _Names, compared: str) -> list[str]:
    test = f"({names.local} := {names.value})" if names.local else names.value
    return [f"if {test} {compared}:", f"    {_put(field, names.local or names.value, names)}"]


def _put(field: ProtoField, value: str, names: _Names, indent: int = 8) -> str:
    tag = elements.tag(field.number, field.element)
    return names.put(f"{tag} + {elements.write(field.element, value)}", indent)


def _items(field: ProtoField, names: _Names) -> list[str]:
    if not elements.is_packed(field.element):
        return _each(field, names.value, names)
    written = elements.write(field.element, names.item)
    packed = Group("[", (f"{written} for {names.item} in {names.value}",), "]")
    packs = f"{names.local}_packed" if names.local else "packed"
    tag, joined = elements.block_tag(field.number), f'b"".join({packs})'
    return [
        f"if len({names.value}) > 0:",
        f"    {packs} = {packed.flat}",
        f"    {names.put(f'{tag} + block({joined})')}",
    ]


def _each(field: ProtoField, values: str, names: _Names) -> list[str]:
    return [f"for {names.item} in {values}:", f"    {_put(field, names.item, names)}"]


def _map(field: ProtoField, names: _Names) -> list[str]:
    assert field.key is not None
    key = f"{elements.tag(1, field.key)} + {elements.write(field.key, names.key)}"
    item = f"{elements.tag(2, field.element)} + {elements.write(field.element, names.item)}"
    return [
        f"for {names.key}, {names.item} in {names.value}.items():",
        f"    entry = {key}",
        f"    entry += {item}",
        f"    {names.put(f'{elements.block_tag(field.number)} + block(entry)')}",
    ]


def _union(message: ProtoMessage, classes: Classes) -> list[str]:
    lines = ["match value:"]
    for field in message.fields:
        tag = elements.tag(field.number, field.element)
        lines.append(f"    case {classes.variant(message, field)}():")
        lines.append(f"        return {tag} + {elements.write(field.element, 'value.value')}")
    return [*lines, 'raise TypeError(f"{value!r} is no member of the union")']
