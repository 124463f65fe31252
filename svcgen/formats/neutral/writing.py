"""Types, errors and fields of the model as the definition language says them, in plain values.

What has its usual value is left out; whoever writes the values down decides between one line and
several.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias, assert_never

from svcgen.model.dump import expression
from svcgen.model.naming import Name
from svcgen.model.numbers import MAX_FIELD, MAX_VALUE
from svcgen.model.service import Error
from svcgen.model.types import (
    Alias,
    Constant,
    Constraints,
    Enum,
    EnumValue,
    Example,
    Field,
    Literal,
    Meta,
    Reserved,
    Struct,
    TypeDef,
    Union,
)

Tree: TypeAlias = "dict[str, Any]"
"""A mapping of the definition language: texts, numbers, booleans, ``None``, lists and mappings."""

_NAME = re.compile(r"[^\W\d]\w{0,254}")
_LONG_FORMS = frozenset({"fields", "enum", "union", "mixins", "alias"})
"""Keys that make a type's mapping the long form, so that no short one may have such a field."""

_LIMITS = {
    "min": "minimum",
    "max": "maximum",
    "exclusive_min": "exclusive_minimum",
    "exclusive_max": "exclusive_maximum",
    "min_length": "min_length",
    "max_length": "max_length",
    "min_items": "min_items",
    "max_items": "max_items",
    "pattern": "pattern",
}


def type_tree(definition: TypeDef) -> Any:
    """What stands after a type's name."""
    match definition:
        case Struct():
            return _struct(definition)
        case Enum():
            return _enum(definition)
        case Union():
            union = doc_tree(definition.meta) | {"union": fields_tree(definition.members)}
            return union | _reserved(definition.reserved, MAX_FIELD) | meta_tree(definition.meta)
        case Alias():
            target = expression(definition.target)
            more = _limits(definition.constraints) | meta_tree(definition.meta)
            whole = doc_tree(definition.meta) | {"alias": target} | more
            return whole if len(whole) > 1 else target
        case _:
            assert_never(definition)


def error_tree(error: Error) -> Any:
    found: Tree = doc_tree(error.meta) | {"code": error.code.value}
    if error.message:
        found["message"] = error.message
    if error.fields:
        found["fields"] = fields_tree(error.fields)
    if error.retryable:
        found["retryable"] = True
    found |= meta_tree(error.meta)
    return found if len(found) > 1 else error.code.value


def constant_tree(constant: Constant) -> Tree:
    found: Tree = {"type": expression(constant.type), "value": constant.value}
    return found | doc_tree(constant.meta) | meta_tree(constant.meta)


def fields_tree(fields: Iterable[Field]) -> Tree:
    """Fields, members or parameters by their names."""
    return {member_key(field.name): _field(field) for field in fields}


def doc_tree(meta: Meta) -> Tree:
    """The documentation, which comes first."""
    return {"doc": meta.doc} if meta.doc else {}


def meta_tree(meta: Meta) -> Tree:
    """The keys that everything with a name may have, but for its documentation."""
    found: Tree = {}
    if meta.deprecated is not None:
        found["deprecated"] = meta.deprecated or True
    for key in ("since", "renamed_from"):
        if text := getattr(meta, key):
            found[key] = text
    if meta.tags:
        found["tags"] = list(meta.tags)
    if meta.bind:
        found["bind"] = {protocol: _bound(protocol, facts) for protocol, facts in meta.bind.items()}
    return found | dict(meta.annotations)


def examples_tree(examples: tuple[Example, ...]) -> Tree:
    if len(examples) == 1:
        return {"example": examples[0].value}
    return {"examples": [each.value for each in examples]} if examples else {}


def _struct(struct: Struct) -> Tree:
    fields = fields_tree(struct.fields)
    more = (
        _reserved(struct.reserved, MAX_FIELD)
        | examples_tree(struct.examples)
        | meta_tree(struct.meta)
    )
    whole = doc_tree(struct.meta) | {"fields": fields} | more
    return whole if len(whole) > 1 or is_long_form(fields) else fields


def is_long_form(tree: Tree) -> bool:
    """Whether a type's mapping has other keys than the names of fields, or could be taken so."""
    return not _LONG_FORMS.isdisjoint(tree)


def _enum(enum: Enum) -> Tree:
    found: Tree = doc_tree(enum.meta) | {"enum": _values(enum.values)}
    if enum.closed:
        found["closed"] = True
    return found | _reserved(enum.reserved, MAX_VALUE) | meta_tree(enum.meta)


def _values(values: tuple[EnumValue, ...]) -> Any:
    """A list of names where nothing more is said of any, else a mapping."""
    written = {value.name.wire: _value(value) for value in values}
    return list(written) if all(value is None for value in written.values()) else written


def _value(value: EnumValue) -> Any:
    more = doc_tree(value.meta) | _aliases(value) | meta_tree(value.meta)
    if not more:
        return value.number
    return more if value.number is None else {"number": value.number, **more}


def _aliases(value: EnumValue) -> Tree:
    """Other names: a list where nothing more is said of any, else a mapping."""
    written = {a.name.wire: doc_tree(a.meta) | meta_tree(a.meta) for a in value.aliases}
    more = any(written.values())
    return {"aliases": written if more else list(written)} if written else {}


def _field(field: Field) -> Any:
    optional = not field.required and field.default is None
    found: Tree = {"type": expression(field.type) + ("?" if optional else "")}
    if field.number is not None:
        found["number"] = field.number
    if field.default is not None:
        found["default"] = field.default.value
        found |= {"optional": False} if field.required else {}
    if field.oneof:
        found["oneof"] = field.oneof
    if member_key(field.name) != field.name.wire:
        found["json"] = field.name.wire
    found |= _limits(field.constraints) | examples_tree(field.examples)
    found |= doc_tree(field.meta) | meta_tree(field.meta)
    return found if len(found) > 1 else found["type"]


def member_key(name: Name) -> str:
    """The name as a key that is read as the same words."""
    if _NAME.fullmatch(name.wire) and Name.parse(name.wire).words == name.words:
        return name.wire
    return name.snake


def _limits(limits: Constraints) -> Tree:
    given = {key: getattr(limits, name) for key, name in _LIMITS.items()}
    found: Tree = {key: value for key, value in given.items() if value is not None}
    if limits.unique:
        found["unique"] = True
    return found


def _reserved(reserved: Reserved, highest: int) -> Tree:
    found: Tree = {}
    if reserved.numbers:
        found["numbers"] = reserved.numbers.words(highest)
    if reserved.names:
        found["names"] = sorted(reserved.names)
    return {"reserved": found} if found else {}


def _bound(protocol: str, facts: Literal) -> Literal:
    """Wire facts; that HTTP has no body is said by a word."""
    if protocol != "http" or not isinstance(facts, Mapping):
        return facts
    found = {**facts, "body": "none"} if facts.get("body", "") is None else {**facts}
    if isinstance(others := facts.get("additional_bindings"), list):
        found["additional_bindings"] = [_bound(protocol, each) for each in others]
    return found
