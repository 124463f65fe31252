"""``resource: User``: how it is written, and what it adds to its service and to the definition.

What the definition itself declares under these names is taken as it is: ``NewUser``,
``UserPage`` and the error ``NotFound`` (or ``UserNotFound``).
"""

from __future__ import annotations

from svcgen.diagnostics import Report, Rule, Span
from svcgen.formats.neutral import crud, keys
from svcgen.formats.neutral.bindings import read_path
from svcgen.formats.neutral.section import Section, is_name, near_miss, open_section, wrong_word
from svcgen.formats.neutral.tree import Mapping, Node, Text, is_null
from svcgen.frozen import frozen, replace
from svcgen.model.service import Code, Error, Operation
from svcgen.model.types import Struct, TypeDef

RESOURCE_TYPE = Rule(
    code="resource-type",
    message="{name!r} cannot be a resource: {problem}",
    fix="name a struct that has the identifying field, or name that field with 'id:'",
    why="A resource is a struct that one of its fields identifies; the field ends the path.",
    example="svcgen: 1\ntypes:\n  User: {name: string}\nservices:\n  Users: {resource: User}\n",
)


@frozen
class DeclaredResource:
    """A resource as it is written; what is empty is derived from the struct."""

    type: Text
    id: str
    path: str
    plural: str
    methods: tuple[str, ...]
    span: Span


@frozen
class Expansion:
    """What a resource adds to its service and to the definition."""

    operations: tuple[Operation, ...] = ()
    types: tuple[TypeDef, ...] = ()
    errors: tuple[Error, ...] = ()


def read_resource(node: Node, span: Span, report: Report) -> DeclaredResource | None:
    """The name of a struct, or a mapping."""
    if isinstance(node, Text) and not is_null(node):
        section = Section(Mapping((), node.span), keys.RESOURCE, report, "'resource'", span)
        return _declared(node, section, report)
    opened = open_section(node, keys.RESOURCE, report, "'resource'", span)
    name = opened.require("type") if opened else None
    if opened is None or name is None:
        return None
    if not isinstance(name, Text):
        opened.wrong("type", "the name of a struct")
        return None
    return _declared(name, opened, report)


def _declared(name: Text, section: Section, report: Report) -> DeclaredResource:
    return DeclaredResource(
        name,
        section.text("id") or "id",
        read_path(section).rstrip("/"),
        _read_plural(section, report),
        _methods(section, report),
        section.span,
    )


def _read_plural(section: Section, report: Report) -> str:
    node = section.node("plural")
    if isinstance(node, Text) and is_name(node, report, "several of a resource"):
        return node.text
    if node is not None and not isinstance(node, Text):
        section.wrong("plural", "a name")
    return ""


def _methods(section: Section, report: Report) -> tuple[str, ...]:
    if "methods" not in section:
        return keys.RESOURCE_METHODS
    texts = section.texts("methods")
    for text in texts:
        if text.text not in keys.RESOURCE_METHODS:
            wrong_word(report, text, "a method of 'resource'", keys.RESOURCE_METHODS)
    chosen = {text.text for text in texts}
    return tuple(method for method in keys.RESOURCE_METHODS if method in chosen)


def expand(
    declared: DeclaredResource,
    types: dict[str, TypeDef],
    errors: dict[str, Error],
    report: Report,
) -> Expansion:
    """The methods, types and errors of a service's resource; nothing where it has a finding."""
    resource = _resource(declared, types, errors, report)
    if resource is None:
        return Expansion()
    operations = tuple(crud.METHODS[method](resource) for method in declared.methods)
    used_types = []
    if {"create", "update"} & {*declared.methods}:
        used_types.append(crud.new_struct(resource))
    if "list" in declared.methods:
        used_types.append(crud.page_struct(resource))
    used_errors = [crud.not_found_error(resource)] if any(o.errors for o in operations) else []
    return Expansion(
        operations,
        tuple(t for t in used_types if t.name.wire not in types),
        tuple(e for e in used_errors if e.name.wire not in errors),
    )


def _resource(
    declared: DeclaredResource,
    types: dict[str, TypeDef],
    errors: dict[str, Error],
    report: Report,
) -> crud.Resource | None:
    name, span = declared.type.text, declared.type.span
    struct = types.get(name)
    if not isinstance(struct, Struct):
        missing = f"there is no such type{near_miss(report, name, types)}"
        problem = "it is no struct" if struct else missing
        report.add(RESOURCE_TYPE, span, name=name[:80], problem=problem)
        return None
    identity = next((field for field in struct.fields if field.name.wire == declared.id), None)
    if identity is None:
        report.add(RESOURCE_TYPE, span, name=name, problem=f"it has no field {declared.id!r}")
        return None
    plural = declared.plural or _plural(struct.name.snake)
    own = errors.get("NotFound")
    return crud.Resource(
        struct,
        replace(identity, required=True, default=None, number=None),
        declared.path or "/" + plural.replace("_", "-"),
        plural,
        "NotFound" if own and own.code is Code.NOT_FOUND else f"{name}NotFound",
        declared.span,
    )


def _plural(word: str) -> str:
    """The English plural of regular nouns; the key ``plural`` is for the others."""
    if word.endswith("y") and word[-2:-1] not in tuple("aeiou"):
        return word[:-1] + "ies"
    return word + ("es" if word.endswith(("s", "x", "z", "ch", "sh")) else "s")
