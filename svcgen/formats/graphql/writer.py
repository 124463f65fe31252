"""View of an SDL file: finished lines, laid out as GraphQL's own printers lay them out."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from svcgen.formats.graphql.shape import Graph, GraphField, GraphType, Root, TypeKind, graph
from svcgen.frozen import frozen
from svcgen.model.bindings import Bound
from svcgen.model.plan import PlannedFile
from svcgen.model.service import Api

TEMPLATE = "schema/graphql/schema.graphql.j2"


@frozen
class MemberView:
    """A declaration in a body: the description above it, and its text."""

    description: tuple[str, ...]
    text: str


@frozen
class TypeView:
    description: tuple[str, ...]
    head: str  # type User
    members: tuple[MemberView, ...]


@frozen
class SchemaView:
    types: tuple[TypeView, ...]


def write(bound: Bound) -> PlannedFile:
    """The SDL of a definition, to be rendered; its path is chosen by who places it."""
    return PlannedFile("", TEMPLATE, schema_view(bound.api))


def schema_view(api: Api) -> SchemaView:
    shape = graph(api)
    roots = [_root(root, shape) for root in Root]
    types = [_type(each) for each in shape.types.values()]
    return SchemaView(tuple(view for view in (*roots, *types) if view is not None))


def _root(root: Root, shape: Graph) -> TypeView | None:
    """A root with its fields; GraphQL wants a Query, were it empty."""
    fields = [o.field for o in shape.operations.values() if o.root is root]
    if fields:
        return TypeView((), f"type {root.type}", tuple(map(_field, fields)))
    if root is Root.QUERY:
        nothing = MemberView(('"""There is nothing to query; always null."""',), "_: Boolean")
        return TypeView((), f"type {root.type}", (nothing,))
    return None


def _type(made: GraphType) -> TypeView:
    description = tuple(_description(made.meta.doc))
    match made.kind:
        case TypeKind.SCALAR:
            by = f" @specifiedBy(url: {_quote(made.specified_by)})" if made.specified_by else ""
            return TypeView(description, f"scalar {made.name}{by}", ())
        case TypeKind.UNION:
            names = " | ".join(member.name for member in made.fields)
            return TypeView(description, f"union {made.name} = {names}", ())
    one_of = " @oneOf" if made.one_of else ""
    members = tuple(map(_field, made.fields))
    return TypeView(description, f"{made.kind.value} {made.name}{one_of}", members)


def _field(field: GraphField) -> MemberView:
    arguments = _arguments(field.arguments)
    kind = f": {field.type}" if field.type else ""
    default = f" = {field.default}" if field.default else ""
    text = f"{field.name}{arguments}{kind}{default}{_deprecated(field)}"
    doc = field.meta.doc
    if field.errors:
        doc = f"{doc}\n\nErrors: {', '.join(field.errors)}".strip()
    return MemberView(tuple(_description(doc)), text)


def _arguments(arguments: Sequence[GraphField]) -> str:
    if not arguments:
        return ""
    members = [_field(argument) for argument in arguments]
    if not any(member.description for member in members):
        return f"({', '.join(member.text for member in members)})"
    lines = [f"  {line}" for m in members for line in (*m.description, m.text)]
    return "\n".join(["(", *lines, ")"])


def _deprecated(field: GraphField) -> str:
    """What must be given cannot be deprecated (3.13.3)."""
    reason = field.meta.deprecated
    needed = field.is_input and field.type.endswith("!") and not field.default
    if reason is None or needed:
        return ""
    return f" @deprecated(reason: {_quote(reason)})" if reason else " @deprecated"


def _description(text: str) -> Iterator[str]:
    """A block string, which no text can end (2.9.4)."""
    lines = (_printable(line) for line in text.expandtabs(4).strip().splitlines())
    escaped = [line.rstrip().replace('"""', '\\"""') for line in lines]
    if not escaped:
        return
    if len(escaped) == 1 and not escaped[0].endswith(('"', "\\")):
        yield f'"""{escaped[0]}"""'
        return
    yield '"""'
    yield from escaped
    yield '"""'


def _printable(line: str) -> str:
    return "".join(c if c.isprintable() else " " for c in line)


def _quote(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
