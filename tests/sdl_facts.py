"""What a schema says, as plain values in no order: equal for schemas that mean the same."""

from __future__ import annotations

from typing import Any

from graphql import (
    DocumentNode,
    build_ast_schema,
    is_introspection_type,
    is_specified_directive,
    is_specified_scalar_type,
    print_ast,
    value_from_ast,
)

_SAID = ("deprecated", "specifiedBy", "oneOf")


def facts(document: DocumentNode) -> dict[str, Any]:
    """Everything of a document: of two declarations of one name the last counts."""
    schema = build_ast_schema(document, assume_valid_sdl=True)
    roots = (schema.query_type, schema.mutation_type, schema.subscription_type)
    found: dict[str, Any] = {
        "schema": (schema.description or "", _directives(schema), [str(root) for root in roots])
    }
    for directive in schema.directives:
        if not is_specified_directive(directive):
            found[f"@{directive.name}"] = (
                directive.description or "", directive.is_repeatable,
                sorted(str(place) for place in directive.locations), _arguments(directive.args),
            )  # fmt: skip
    for name, kind in schema.type_map.items():
        if not is_introspection_type(kind) and not is_specified_scalar_type(kind):
            found[name] = _type(kind)
    return found


def _type(kind: Any) -> dict[str, Any]:
    fields = getattr(kind, "fields", None) or getattr(kind, "values", None) or {}
    return {
        "kind": type(kind).__name__,
        "description": kind.description or "",
        "directives": _directives(kind),
        "interfaces": sorted(str(each) for each in getattr(kind, "interfaces", ())),
        "types": [str(each) for each in getattr(kind, "types", ())],
        "one of": getattr(kind, "is_one_of", False),
        "specified by": getattr(kind, "specified_by_url", None),
        "members": {name: _member(field) for name, field in fields.items()},
    }


def _member(field: Any) -> tuple[Any, ...]:
    return (
        str(getattr(field, "type", "")), field.description or "", field.deprecation_reason,
        _directives(field), _arguments(getattr(field, "args", None) or {}), _default(field),
    )  # fmt: skip


def _arguments(arguments: dict[str, Any]) -> list[Any]:
    return sorted((name, *_member(argument)) for name, argument in arguments.items())


def _default(field: Any) -> str:
    """The default as the value that it comes to; as text, since values are of any kind."""
    node = getattr(field.ast_node, "default_value", None)
    return "" if node is None else repr(_plain(value_from_ast(node, field.type)))


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(value[key]) for key in sorted(value)}
    return [_plain(item) for item in value] if isinstance(value, list) else value


def _directives(thing: Any) -> list[str]:
    nodes = [thing.ast_node, *(getattr(thing, "extension_ast_nodes", None) or ())]
    used = [d for node in nodes if node is not None for d in node.directives or ()]
    return sorted(print_ast(d) for d in used if d.name.value not in _SAID)
