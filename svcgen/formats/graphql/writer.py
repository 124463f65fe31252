"""View of an SDL file: finished lines, laid out as GraphQL's own printers lay them out."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

from svcgen.formats import Writing
from svcgen.formats.graphql.bound import DEFINITIONS, directives, facts, texts
from svcgen.formats.graphql.keeping import Keeper
from svcgen.formats.graphql.names import EMPTY_QUERY_DOC, NOTHING
from svcgen.formats.graphql.scalars import NAMES
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


def write(bound: Bound, writing: Writing) -> PlannedFile:
    """The SDL of a definition, to be rendered; its path is chosen by who places it."""
    return PlannedFile("", TEMPLATE, _view(bound.api, writing))


def _view(api: Api, writing: Writing) -> SchemaView:
    shape, keeper = graph(api, whole=writing.is_converted), Keeper(writing.kept, api)
    roots = {root: view for root in Root if (view := _root(root, shape, api, keeper)) is not None}
    types = [view for t in shape.types.values() if not t.is_root for view in _types(t, keeper)]
    kept = texts(api.meta.annotations.get(DEFINITIONS))
    heads = [*kept, *keeper.definitions(), *(f"extend schema{use}" for use in keeper.on_schema())]
    definitions = [TypeView((), head, ()) for head in heads]
    schema = _schema(api, {root: shape.roots[root] for root in roots})
    return SchemaView((*schema, *definitions, *roots.values(), *types))


def _schema(api: Api, roots: Mapping[Root, str]) -> list[TypeView]:
    """What a schema says of itself; nothing if the roots have their usual names."""
    said = facts(api.meta).get("schema")
    if not isinstance(said, dict) and all(name == root.type for root, name in roots.items()):
        return []
    known = said if isinstance(said, dict) else {}
    doc, kept = known.get("doc"), texts(known.get("directives"))
    head = "".join(["schema", *(f" {each}" for each in kept)])
    members = tuple(MemberView((), f"{root.value}: {name}") for root, name in roots.items())
    return [TypeView(tuple(_description(doc if isinstance(doc, str) else "")), head, members)]


def _root(root: Root, shape: Graph, api: Api, keeper: Keeper) -> TypeView | None:
    """A root with its fields; GraphQL wants a Query, were it empty."""
    fields = [o.field for o in shape.operations.values() if o.root is root and not o.of]
    said = (facts(service.meta).get(root.value) for service in api.services)
    known = next((each for each in said if isinstance(each, dict)), {})
    doc, kept = known.get("doc"), texts(known.get("directives"))
    description = tuple(_description(doc if isinstance(doc, str) else ""))
    implements = _implements(texts(known.get("implements")))
    head = f"type {shape.roots[root]}{implements}{''.join(f' {each}' for each in kept)}"
    if fields:
        return TypeView(description, head, tuple(_field(field, keeper) for field in fields))
    if root is Root.QUERY:
        nothing = MemberView((f'"""{EMPTY_QUERY_DOC}"""',), f"{NOTHING}: Boolean")
        return TypeView(description, head, (nothing,))
    return None


def _implements(interfaces: Sequence[str]) -> str:
    return f" implements {' & '.join(interfaces)}" if interfaces else ""


def _types(made: GraphType, keeper: Keeper) -> Iterator[TypeView]:
    """A type; what is kept of an interface extends it, since that is written as it was."""
    if made.text:
        yield TypeView(tuple(_description(made.meta.doc)), made.text, ())
        if use := keeper.on_type(made.model_name, made.name):
            yield TypeView((), f"extend interface {made.name}{use}", ())
    else:
        yield _type(made, keeper)


def _type(made: GraphType, keeper: Keeper) -> TypeView:
    description = tuple(_description(made.meta.doc))
    kept = directives(made.meta)
    if made.kind is not TypeKind.SCALAR or made.model_name or made.name not in NAMES.values():
        kept += keeper.on_type(made.model_name, made.name)
    match made.kind:
        case TypeKind.SCALAR:
            by = f" @specifiedBy(url: {_quote(made.specified_by)})" if made.specified_by else ""
            return TypeView(description, f"scalar {made.name}{by}{kept}", ())
        case TypeKind.UNION:
            names = " | ".join(member.name for member in made.fields)
            return TypeView(description, f"union {made.name}{kept} = {names}", ())
    one_of = " @oneOf" if made.one_of else ""
    members = tuple(_field(field, keeper) for field in made.fields)
    head = f"{made.kind.value} {made.name}{_implements(made.implements)}{one_of}{kept}"
    return TypeView(description, head, members)


def _field(field: GraphField, keeper: Keeper) -> MemberView:
    arguments = _arguments(field.arguments, keeper)
    kind = f": {field.type}" if field.type else ""
    default = f" = {field.default}" if field.default else ""
    kept = directives(field.meta) + keeper.on_field(field.key)
    text = f"{field.name}{arguments}{kind}{default}{_deprecated(field)}{kept}"
    doc = field.meta.doc
    if field.errors:
        doc = f"{doc}\n\nErrors: {', '.join(field.errors)}".strip()
    return MemberView(tuple(_description(doc)), text)


def _arguments(arguments: Sequence[GraphField], keeper: Keeper) -> str:
    if not arguments:
        return ""
    members = [_field(argument, keeper) for argument in arguments]
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
    """A block string, which no text can end (2.9.4); a quoted one where a block would change it."""
    lines = text.split("\n")
    if not text:
        return
    if not _is_plain(lines):
        yield _quote(text)
        return
    escaped = [line.replace('"""', '\\"""') for line in lines]
    if len(escaped) == 1 and not escaped[0].endswith(('"', "\\")):
        yield f'"""{escaped[0]}"""'
        return
    yield '"""'
    yield from escaped
    yield '"""'


def _is_plain(lines: Sequence[str]) -> bool:
    """Whether a block gives the lines back: without indentation that all share, or empty ends."""
    text = "\n".join(lines)
    shared = all(line[:1] in ("", " ", "\t") for line in lines[1:]) and any(lines[1:])
    return not (
        shared
        or lines[0][:1] in (" ", "\t")
        or not lines[0].strip(" \t")
        or not lines[-1].strip(" \t")
        or any((ord(c) < 32 and c not in "\n\t") or c in "\x7f\u2028\u2029" for c in text)
    )


def _quote(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
