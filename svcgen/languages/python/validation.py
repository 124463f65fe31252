"""View of ``validation.py``: straight-line functions that hold values against the definition's limits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias, assert_never

from svcgen.frozen import frozen, replace
from svcgen.languages.python.imports import import_block
from svcgen.languages.python.layout import Group, lay_out, quote
from svcgen.languages.python.models import ClassNames
from svcgen.languages.python.naming import Role, spell, unique
from svcgen.languages.python.types import TypeWriter, is_nullable
from svcgen.model.messages import Exchange, Message
from svcgen.model.service import Api
from svcgen.model.types import (
    Alias,
    Constraints,
    Field,
    ListOf,
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

_WIRE_CHECKED = frozenset({Scalar.INT32, Scalar.INT64, Scalar.UINT32})
"""Integers whose range every codec holds by itself; the others need a check in each protocol."""


Line: TypeAlias = "tuple[int, str | Group]"
"""A statement of a function's body, and how deep it is nested there."""


@frozen
class FunctionView:
    signature: str
    body: str  # laid out


@frozen
class ValidationView:
    header: str
    imports: str
    patterns: tuple[str, ...]  # assignments of compiled regular expressions
    functions: tuple[FunctionView, ...]
    entries: tuple[FunctionView, ...]  # one a message: value -> list of violations

    @property
    def is_empty(self) -> bool:
        return not self.entries


def validation_view(
    api: Api, exchanges: Sequence[Exchange], header: str, names: ClassNames
) -> tuple[ValidationView, dict[str, str]]:
    """The checks of every type that has limits, and by message name the function that checks it."""
    builder = _Builder(api, names)
    entries: dict[str, FunctionView] = {}
    validators: dict[str, str] = {}
    for message in (m for e in exchanges for m in (e.request, e.response)):
        if message.struct.name.wire not in validators and builder.has_limits(message):
            name = f"validate_{message.struct.name.snake}"
            validators[message.struct.name.wire] = name
            entries[name] = builder.entry(name, message)
    builder.imports |= {
        "from __future__ import annotations",
        "from .support.errors import Violation",
    }
    view = ValidationView(
        header,
        import_block(builder.imports),
        tuple(builder.patterns.values()),
        tuple(builder.functions.values()),
        tuple(entries.values()),
    )
    return view, validators


class _Builder:
    def __init__(self, api: Api, names: ClassNames) -> None:
        self.api = api
        self.names = names
        self.imports: set[str] = set()
        self.patterns: dict[str, str] = {}
        self.functions: dict[str, FunctionView] = {}
        self._limited = _limited(api)
        self._writer = TypeWriter(ranged=False, origin=".models")

    def has_limits(self, message: Message) -> bool:
        if message.params or message.wrapped:
            fields = message.struct.fields
            return bool(_choices(fields)) or any(self._needs(f.type, f.constraints) for f in fields)
        return message.type is not None and self._needs(message.type, Constraints())

    def entry(self, name: str, message: Message) -> FunctionView:
        """The function that a dispatcher calls with one whole message."""
        if message.params:
            lines = self._members(message.struct.fields, "value", "")
            typed = spell(message.struct.name, Role.TYPE)
            self.imports.add(f"from .models import {typed}")
        else:
            field = message.struct.fields[0] if message.wrapped else None
            ref = field.type if field else message.type
            assert ref is not None
            lines = list(self._value(ref, Constraints(), "value", '""', 0))
            typed = self._type(ref)
        lines = [(0, "found: list[Violation] = []"), *lines, (0, "return found")]
        signature = lay_out(Group(f"def {name}(", (f"value: {typed}",), ") -> list[Violation]:"))
        return FunctionView(signature, _body(lines))

    def _type(self, ref: TypeRef) -> str:
        symbol = self._writer.write(ref)
        self.imports |= symbol.imports
        return symbol.text

    def _needs(self, ref: TypeRef, constraints: Constraints) -> bool:
        return not constraints.is_empty or _mentions_limit(ref, self.api, self._limited)

    def _members(self, fields: Sequence[Field], owner: str, at: str) -> list[Line]:
        lines: list[Line] = []
        taken: set[str] = set()
        attributes: dict[str, str] = {}
        for field in fields:
            attribute = unique(spell(field.name, Role.ATTRIBUTE), taken)
            attributes[field.name.wire] = f"{owner}.{attribute}"
            if not self._needs(field.type, field.constraints):
                continue
            value = f"{owner}.{attribute}"
            path = quote(field.name.wire) if not at else f'f"{at}{field.name.wire}"'
            checks = list(self._value(field.type, field.constraints, value, path, 0))
            nullable = is_nullable(field.type, self.api)
            if field.required or field.default is not None or nullable:
                if nullable and not field.required and field.default is None:
                    self.imports.add("from msgspec import UNSET")
                    checks = _guarded(f"{value} is not UNSET", checks)
                lines += checks
            else:
                lines += _guarded(f"{value} is not None", checks)
        for name, choice in _choices(fields).items():
            values = tuple(attributes[each] for each in choice)
            path = quote(name) if not at else f'f"{at}{name}"'
            message = quote(f"must be only one of {', '.join(choice)}")
            self.imports.add("from .support.types import are_several")
            lines.append((0, Group("if are_several(", values, "):")))
            lines.append((1, _violation(path, message)))
        return lines

    def _value(
        self, ref: TypeRef, limits: Constraints, value: str, path: str, depth: int
    ) -> Iterator[Line]:
        """The statements that check ``value`` of type ``ref``, found at the expression ``path``."""
        match ref:
            case NullableOf(item):
                inner = list(self._value(item, limits, value, path, depth))
                yield from _guarded(f"{value} is not None", inner) if inner else ()
            case ScalarRef(scalar):
                yield from self._limits(_with_range(limits, scalar), value, path)
            case NamedRef(name):
                yield from self._named(name, limits, value, path, depth)
            case ListOf(item) | SetOf(item):
                yield from self._limits(limits, value, path)
                yield from self._items(item, value, path, depth)
            case MapOf(key, item):
                yield from self._limits(limits, value, path)
                yield from self._entries(key, item, value, path, depth)
            case _:
                assert_never(ref)

    def _named(
        self, name: str, limits: Constraints, value: str, path: str, depth: int
    ) -> Iterator[Line]:
        definition = self.api.types[name]
        if isinstance(definition, Alias):
            yield from self._value(definition.target, definition.constraints, value, path, depth)
            yield from self._limits(limits, value, path)
        elif name in self._limited:
            yield 0, Group(f"{self._function(name)}(", (value, _prefix(path), "found"), ")")

    def _items(self, item: TypeRef, value: str, path: str, depth: int) -> Iterator[Line]:
        each, index = f"item{depth or ''}", f"i{depth or ''}"
        inner = list(self._value(item, Constraints(), each, _indexed(path, index), depth + 1))
        if inner:
            yield 0, f"for {index}, {each} in enumerate({value}):"
            yield from _indented(inner)

    def _entries(
        self, key: TypeRef, item: TypeRef, value: str, path: str, depth: int
    ) -> Iterator[Line]:
        name, each = f"key{depth or ''}", f"item{depth or ''}"
        where = _indexed(path, name)
        inner = list(self._value(key, Constraints(), name, where, depth + 1))
        values = list(self._value(item, Constraints(), each, where, depth + 1))
        if inner or values:
            source = f"{value}.items()" if values else value
            yield 0, f"for {name}, {each} in {source}:" if values else f"for {name} in {source}:"
            yield from _indented([*inner, *values])

    def _function(self, name: str) -> str:
        """The function that checks a struct or union; made when it is first mentioned."""
        definition = self.api.types[name]
        function = f"check_{definition.name.snake}"
        if function in self.functions:
            return function
        self.functions[function] = FunctionView("", "")  # holds the place: types may recurse
        if isinstance(definition, Struct):
            body = self._members(definition.fields, "value", "{at}")
        else:
            assert isinstance(definition, Union)
            body = self._variants(definition)
        typed = self._type(NamedRef(name, definition.meta.span))
        parameters = (f"value: {typed}", "at: str", "found: list[Violation]")
        self.functions[function] = FunctionView(
            lay_out(Group(f"def {function}(", parameters, ") -> None:")), _body(body)
        )
        return function

    def _variants(self, union: Union) -> list[Line]:
        lines: list[Line] = []
        for member in union.members:
            path = f'f"{{at}}{member.name.wire}"'
            checks = list(self._value(member.type, member.constraints, "value.value", path, 0))
            if checks:
                variant = self.names.variants[union.name.wire, member.name.wire]
                self.imports.add(f"from .models import {variant}")
                lines += _guarded(f"isinstance(value, {variant})", checks)
        return lines

    def _limits(self, limits: Constraints, value: str, path: str) -> Iterator[Line]:
        for condition, message in self._conditions(limits, value):
            yield 0, f"if {condition}:"
            yield 1, _violation(path, quote(message))

    def _conditions(self, limits: Constraints, value: str) -> Iterator[tuple[str, str]]:
        for attribute, condition, message in _LIMITS:
            limit = getattr(limits, attribute)
            if limit is not None:
                text = _number(limit)
                yield condition.format(value=value, limit=text), message.format(limit=text)
        if limits.pattern is not None:
            name = self._pattern(limits.pattern)
            yield f"not {name}.search({value})", f"must match {limits.pattern}"
        if limits.unique:
            self.imports.add("from .support.types import has_duplicates")
            yield f"has_duplicates({value})", "must not contain duplicates"

    def _pattern(self, pattern: str) -> str:
        self.imports.add("import re")
        name = f"_PATTERN_{len(self.patterns) + 1}"
        if pattern not in self.patterns:
            self.patterns[pattern] = f"{name} = " + lay_out(
                Group("re.compile(", (quote(pattern),), ")")
            )
        return self.patterns[pattern].partition(" = ")[0]


_LIMITS = (
    ("minimum", "not {value} >= {limit}", "must be at least {limit}"),
    ("maximum", "not {value} <= {limit}", "must be at most {limit}"),
    ("exclusive_minimum", "not {value} > {limit}", "must be greater than {limit}"),
    ("exclusive_maximum", "not {value} < {limit}", "must be less than {limit}"),
    ("min_length", "len({value}) < {limit}", "must have a length of at least {limit}"),
    ("max_length", "len({value}) > {limit}", "must have a length of at most {limit}"),
    ("min_items", "len({value}) < {limit}", "must have at least {limit} items"),
    ("max_items", "len({value}) > {limit}", "must have at most {limit} items"),
)


def _violation(path: str, message: str) -> Group:
    return Group("found.append(", (Group("Violation(", (path, message), ")"),), ")")


def _choices(fields: Sequence[Field]) -> dict[str, list[str]]:
    """By the names of their groups, the fields of which at most one may be there."""
    found: dict[str, list[str]] = {}
    for field in fields:
        if field.oneof and not field.required and field.default is None:
            found.setdefault(field.oneof, []).append(field.name.wire)
    return {name: choice for name, choice in found.items() if len(choice) > 1}


def _number(limit: float) -> str:
    return repr(int(limit)) if limit == int(limit) else repr(limit)


def _with_range(limits: Constraints, scalar: Scalar) -> Constraints:
    """``limits`` narrowed to what the integer type can hold, where codecs do not see to it."""
    bounds = scalar.integer_range
    if bounds is None or scalar in _WIRE_CHECKED:
        return limits
    low, high = bounds
    minimum = low if limits.minimum is None and limits.exclusive_minimum is None else limits.minimum
    maximum = (
        high if limits.maximum is None and limits.exclusive_maximum is None else limits.maximum
    )
    return replace(limits, minimum=minimum, maximum=maximum)


def _limited(api: Api) -> frozenset[str]:
    """The named types in which a limit is found, at any depth; recursion ends at the fixed point."""
    found: frozenset[str] = frozenset()
    while True:
        more = frozenset(name for name, t in api.types.items() if _has_limit(t, api, found))
        if more == found:
            return found
        found = more


def _has_limit(definition: object, api: Api, known: frozenset[str]) -> bool:
    match definition:
        case Struct(fields=fields) | Union(members=fields):
            return bool(_choices(fields)) or any(
                not f.constraints.is_empty or _mentions_limit(f.type, api, known) for f in fields
            )
        case Alias(target=target, constraints=constraints):
            return not constraints.is_empty or _mentions_limit(target, api, known)
        case _:
            return False


def _mentions_limit(ref: TypeRef, api: Api, known: frozenset[str]) -> bool:
    match ref:
        case ScalarRef(scalar):
            return scalar.is_integer and scalar not in _WIRE_CHECKED
        case ListOf(item) | SetOf(item) | NullableOf(item):
            return _mentions_limit(item, api, known)
        case MapOf(key, item):
            return _mentions_limit(key, api, known) or _mentions_limit(item, api, known)
        case NamedRef(name):
            return name in known
        case _:
            assert_never(ref)


def _guarded(guard: str, lines: Sequence[Line]) -> list[Line]:
    """``lines`` under a condition; a single ``if`` is joined with it."""
    depth, first = lines[0]
    alone = all(deeper > depth for deeper, _ in lines[1:])
    if alone and isinstance(first, str) and first.startswith("if "):
        return [(depth, f"if {guard} and {first[3:]}"), *lines[1:]]
    return [(0, f"if {guard}:"), *_indented(lines)]


def _indented(lines: Sequence[Line]) -> list[Line]:
    return [(depth + 1, item) for depth, item in lines]


def _body(lines: Sequence[Line]) -> str:
    """The statements laid out below a ``def``; the first without its indent."""
    margins = [4 + 4 * depth for depth, _ in lines]
    texts = [lay_out(item, m) for m, (_, item) in zip(margins, lines, strict=True)]
    return "\n".join(" " * m + t for m, t in zip(margins, texts, strict=True)).lstrip()


def _prefix(path: str) -> str:
    """The expression of ``path`` followed by a dot, empty for the whole message."""
    if path == '""':
        return '""'
    return f'{path[:-1]}."'


def _indexed(path: str, index: str) -> str:
    text = path if path.startswith("f") else f"f{path}"
    return f'{text[:-1]}[{{{index}}}]"'
