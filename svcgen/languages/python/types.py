"""How Python writes a type: the annotation, the imports that it brings, literals of it."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from typing import assert_never

from svcgen.frozen import frozen, replace
from svcgen.languages.python.layout import Group, flat, quote
from svcgen.languages.python.naming import Role, spell, unique
from svcgen.model.messages import resolve
from svcgen.model.naming import Name
from svcgen.model.service import Api
from svcgen.model.types import (
    Enum,
    ListOf,
    Literal,
    MapOf,
    NamedRef,
    NullableOf,
    Scalar,
    ScalarRef,
    SetOf,
    Struct,
    TypeRef,
    Union,
)

_SCALARS = {
    Scalar.BOOL: "bool",
    Scalar.INT8: "Int8",
    Scalar.INT16: "Int16",
    Scalar.INT32: "Int32",
    Scalar.INT64: "Int64",
    Scalar.UINT8: "UInt8",
    Scalar.UINT16: "UInt16",
    Scalar.UINT32: "UInt32",
    Scalar.UINT64: "UInt64",
    Scalar.FLOAT32: "float",
    Scalar.FLOAT64: "float",
    Scalar.DECIMAL: "Decimal",
    Scalar.STRING: "str",
    Scalar.BYTES: "bytes",
    Scalar.TIMESTAMP: "dt.datetime",
    Scalar.DATE: "dt.date",
    Scalar.TIME: "dt.time",
    Scalar.DURATION: "dt.timedelta",
    Scalar.UUID: "UUID",
    Scalar.ANY: "Any",
}

_CHECKED = {Scalar.TIMESTAMP: "AwareDatetime", Scalar.TIME: "NaiveTime"}
"""What a codec must know of a time: whether it has an offset."""

_IMPORTS = {
    "Decimal": "from decimal import Decimal",
    "UUID": "from uuid import UUID",
    "Any": "from typing import Any",
}


@frozen
class Symbol:
    """The text of a type and the import lines that it needs."""

    text: str
    imports: frozenset[str] = frozenset()


@frozen
class TypeWriter:
    """Writes type references for one file.

    ``ranged``: integers as ``Int32``, times as ``AwareDatetime`` (a struct's fields, codecs), or
    as ``int`` and ``datetime`` (signatures).
    ``prefix`` stands before names of the definition (``"models."``); with none they are imported
    from ``origin``, if that is set.
    """

    ranged: bool = True
    prefix: str = ""
    origin: str = ""
    support: str = ".support.types"

    def write(self, ref: TypeRef) -> Symbol:
        match ref:
            case ScalarRef(scalar):
                return self._scalar(scalar)
            case NamedRef(name):
                return self._named(name)
            case ListOf(item):
                return self._container("list", item)
            case SetOf(item):
                return self._container("set", item)
            case MapOf(key, value):
                return self._container("dict", key, value)
            case NullableOf(item):
                inner = self.write(item)
                if inner.text == "Any":
                    return inner
                return Symbol(f"{inner.text} | None", inner.imports)
        assert_never(ref)

    def _scalar(self, scalar: Scalar) -> Symbol:
        text = _SCALARS[scalar]
        if scalar.is_integer:
            if not self.ranged:
                return Symbol("int")
            return Symbol(text, frozenset({f"from {self.support} import {text}"}))
        if self.ranged and scalar in _CHECKED:
            checked = _CHECKED[scalar]
            return Symbol(checked, frozenset({f"from {self.support} import {checked}"}))
        if text.startswith("dt."):
            return Symbol(text, frozenset({"import datetime as dt"}))
        return Symbol(text, frozenset({_IMPORTS[text]} if text in _IMPORTS else ()))

    def _named(self, name: str) -> Symbol:
        text = type_name(name)
        wanted = {f"from {self.origin} import {text}"} if self.origin else ()
        return Symbol(self.prefix + text, frozenset(wanted))

    def _container(self, name: str, *items: TypeRef) -> Symbol:
        inner = [self.write(item) for item in items]
        text = f"{name}[{', '.join(each.text for each in inner)}]"
        return Symbol(text, frozenset().union(*(each.imports for each in inner)))


def type_name(name: str) -> str:
    """The class (or alias) that stands for a named type of the definition."""
    return spell(Name.parse(name), Role.TYPE)


def literal(value: Literal, ref: TypeRef, api: Api, prefix: str = "") -> str:
    """The expression of a default, example or constant that ``checks`` found to fit ``ref``."""
    return flat(expression(value, ref, api, prefix))


def expression(value: Literal, ref: TypeRef, api: Api, prefix: str = "") -> str | Group:
    """The same, to be laid out."""
    if value is None:
        return "None"
    head = resolve(ref, api.types)
    match head:
        case NullableOf(item):
            return expression(value, item, api, prefix)
        case ScalarRef(scalar):
            return _scalar_literal(value, scalar)
        case ListOf(item):
            items = tuple(expression(each, item, api, prefix) for each in _items(value))
            return Group("[", items, "]")
        case SetOf(item):
            items = tuple(expression(each, item, api, prefix) for each in _items(value))
            return Group("{", items, "}") if items else "set()"
        case MapOf(key, item):
            entries = (
                named(literal(k, key, api, prefix), expression(v, item, api, prefix))
                for k, v in _pairs(value).items()
            )
            return Group("{", tuple(entries), "}")
        case NamedRef(name):
            return _named_literal(value, name, api, prefix)
    assert_never(head)


def named(head: str, value: str | Group, mark: str = ": ") -> str | Group:
    """``head: value`` or ``head=value``."""
    if isinstance(value, str):
        return f"{head}{mark}{value}"
    return replace(value, head=f"{head}{mark}{value.head}")


class Defaults:
    """Defaults of parameters that are no plain literals get names in the module, evaluated once."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}  # by expression

    def name(self, owner: Name, text: str) -> str:
        """``text``, or the name of the constant that holds it."""
        if not any(mark in text for mark in "([{") or text.startswith(("'", '"')):
            return text
        if text not in self._names:
            self._names[text] = unique(f"_{owner.constant}", set(self._names.values()))
        return self._names[text]

    @property
    def assignments(self) -> tuple[str, ...]:
        return tuple(f"{name} = {text}" for text, name in self._names.items())


def is_nullable(ref: TypeRef, api: Api) -> bool:
    """May a value of this type be null, whether it says so itself or by an alias?"""
    return isinstance(resolve(ref, api.types), NullableOf)


def is_immutable(ref: TypeRef, api: Api) -> bool:
    """May one value of this type stand as the default of every instance?"""
    head = resolve(ref, api.types)
    if isinstance(head, NullableOf):
        return is_immutable(head.item, api)
    if isinstance(head, NamedRef):
        return isinstance(api.types[head.name], Enum)
    return isinstance(head, ScalarRef) and head.scalar is not Scalar.ANY


def _items(value: Literal) -> list[Literal]:
    assert isinstance(value, list)
    return value


def _pairs(value: Literal) -> Mapping[str, Literal]:
    assert isinstance(value, dict)
    return value


def _scalar_literal(value: Literal, scalar: Scalar) -> str:
    if scalar is Scalar.ANY:
        return _plain(value)
    if scalar.is_integer:
        return str(int(str(value)))
    if scalar.is_float:
        return _float(value)
    writer = _SCALAR_LITERALS.get(scalar)
    return writer(str(value)) if writer else _plain(value)


_SCALAR_LITERALS: dict[Scalar, Callable[[str], str]] = {
    Scalar.DECIMAL: lambda text: f"Decimal({quote(text)})",
    Scalar.STRING: quote,
    Scalar.BYTES: lambda text: repr_bytes(base64.b64decode(text)),
    Scalar.TIMESTAMP: lambda text: f"dt.datetime.fromisoformat({quote(text)})",
    Scalar.DATE: lambda text: f"dt.date.fromisoformat({quote(text)})",
    Scalar.TIME: lambda text: f"dt.time.fromisoformat({quote(text)})",
    Scalar.DURATION: lambda text: f"duration({quote(text)})",
    Scalar.UUID: lambda text: f"UUID({quote(text)})",
}


def repr_bytes(data: bytes) -> str:
    """A bytes literal in the quotes that formatters prefer."""
    return (
        "b" + quote(data.decode("latin-1")).replace("\\u00", "\\x")
        if data.isascii()
        else _hex(data)
    )


def _hex(data: bytes) -> str:
    return f"bytes.fromhex({quote(data.hex())})"


def _float(value: Literal) -> str:
    number = float(str(value))
    return repr(number) if number - number == 0 else f"float({quote(str(number))})"


def _plain(value: Literal) -> str:
    match value:
        case str():
            return quote(value)
        case list():
            return f"[{', '.join(map(_plain, value))}]"
        case dict():
            return f"{{{', '.join(f'{quote(k)}: {_plain(v)}' for k, v in value.items())}}}"
        case float():
            return _float(value)
        case _:
            return repr(value)


def _named_literal(value: Literal, name: str, api: Api, prefix: str) -> str | Group:
    definition = api.types[name]
    cls = prefix + type_name(name)
    match definition:
        case Enum():
            member = definition.names.get(str(value))
            spelled = spell(member.name, Role.CONSTANT) if member else ""
            return f"{cls}.{spelled}" if member else f"{cls}({quote(str(value))})"
        case Struct():
            given = _pairs(value)
            arguments = (
                named(
                    spell(f.name, Role.ATTRIBUTE),
                    expression(given[f.name.wire], f.type, api, prefix),
                    "=",
                )
                for f in definition.fields
                if f.name.wire in given
            )
            return Group(f"{cls}(", tuple(arguments), ")")
        case Union():
            tagged = _pairs(value)
            member_field = next(m for m in definition.members if m.name.wire == tagged["kind"])
            inner = expression(tagged["value"], member_field.type, api, prefix)
            return Group(f"{cls}{member_field.name.pascal}(", (named("value", inner, "="),), ")")
        case _:
            raise AssertionError(f"{name} is an alias that resolve() left")
