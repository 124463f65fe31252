"""View of a .proto file: finished lines, laid out as ``buf format`` leaves them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

from svcgen.formats import HEADER, Writing
from svcgen.formats.protobuf.httprules import http_rule
from svcgen.formats.protobuf.keeping import Keeper, quote
from svcgen.formats.protobuf.mentions import mentions
from svcgen.formats.protobuf.plain import PlainOptions
from svcgen.formats.protobuf.scopes import Declared, Scope
from svcgen.formats.protobuf.shape import (
    Label,
    ProtoEnum,
    ProtoField,
    ProtoFile,
    ProtoMessage,
    ProtoMethod,
    ProtoService,
    entry_name,
    shape,
)
from svcgen.frozen import EMPTY, frozen, replace
from svcgen.model.numbers import MAX_FIELD, MAX_VALUE
from svcgen.model.plan import PlannedFile
from svcgen.model.service import Api, Streaming
from svcgen.model.types import Literal, Meta, Reserved


@frozen
class MemberView:
    """One declaration of a body: the comment above it, and its text without indentation."""

    comment: tuple[str, ...]
    text: str


@frozen
class BodyView:
    """``message Order {``, what is inside, and the closing brace."""

    comment: tuple[str, ...]
    head: str  # message Order
    members: tuple[MemberView, ...]
    oneof: str = ""  # the name of the oneof that all members are in
    reserved: tuple[str, ...] = ()
    options: tuple[str, ...] = ()  # option deprecated = true;
    bodies: tuple[BodyView, ...] = ()  # of the types inside of it


@frozen
class FileView:
    header: tuple[str, ...]
    comment: tuple[str, ...]
    package: str
    imports: tuple[str, ...]
    options: tuple[str, ...]
    bodies: tuple[BodyView, ...]


def write(api: Api, writing: Writing) -> dict[str, str | PlannedFile]:
    """The .proto of a definition, by its name, and the file that it needs to keep the rest."""
    file = shape(api, mentions(api, writing), in_tree=len(writing.tree) > 1)
    statements = _Statements(Keeper(writing.kept, file), PlainOptions(api.meta, writing, file))
    view = _file(file, statements, api.meta)
    files: dict[str, str | PlannedFile] = {
        file.path: PlannedFile(file.path, "schema/protobuf/file.proto.j2", view)
    }
    return files | statements.keeper.files() | statements.plain.files()


@frozen
class _Statements:
    """The options of declarations, from all that they come from."""

    keeper: Keeper
    plain: PlainOptions

    def of(
        self, kind: str, meta: Meta, key: str, made: str = "", more: Mapping[str, Literal] = EMPTY
    ) -> tuple[str, ...]:
        """Each a statement; see :meth:`Keeper.options` for ``key`` and ``made``."""
        plain = self.plain.of(kind, meta, more)
        kept = self.keeper.options(kind.lower(), key, made)
        deprecated = () if meta.deprecated is None else ("option deprecated = true;",)
        return (*deprecated, *(f"option {each};" for each in plain), *kept)

    def of_member(self, kind: str, meta: Meta, field: ProtoField | None = None) -> Iterator[str]:
        """Those that stand in brackets behind a member."""
        if meta.deprecated is not None:
            yield "deprecated = true"
        if field is not None and field.json_name:
            yield f"json_name = {quote(field.json_name)}"
        yield from self.plain.of(kind, meta, EMPTY, field)


_Inside: TypeAlias = "Mapping[str, list[Declared]]"
"""Types by the messages around them."""


def _file(file: ProtoFile, statements: _Statements, meta: Meta) -> FileView:
    options = statements.of("File", replace(meta, deprecated=None), "")
    scope = Scope.of(file)
    inside: dict[str, list[Declared]] = {}
    for declared in scope.types.values():
        inside.setdefault(declared.name.rpartition(".")[0], []).append(declared)
    bodies = list(_extensions(scope, statements.plain))
    bodies += [_service(service, scope, statements) for service in file.services]
    bodies += [_type(each, scope, inside, statements) for each in inside.get("", ())]
    kept = statements.keeper.files()
    imports = tuple(sorted({*file.imports, *kept, *statements.plain.imports}))
    header = _lines(str(meta.annotations.get(HEADER, "")))
    return FileView(header, _comment(meta), file.package, imports, options, tuple(bodies))


def _extensions(scope: Scope, plain: PlainOptions) -> Iterator[BodyView]:
    """The options that the file declares."""
    package = f".{scope.file.package}." if scope.file.package else "."
    blocks: dict[str, list[MemberView]] = {}
    for each in plain.declared.values():
        kind = each.type.removeprefix(package) if not each.needs else each.type[1:]
        label = "repeated " if each.repeated else ""
        text = f"{label}{scope.mention(kind)} {each.name} = {each.number};"
        blocks.setdefault(each.extends, []).append(MemberView(_lines(each.doc), text))
        plain.note(each.needs)
    for extended, members in blocks.items():
        plain.note("google/protobuf/descriptor.proto")
        head = f"extend {scope.mention(f'google.protobuf.{extended}')}"
        yield BodyView((), head, tuple(members))


def _service(service: ProtoService, scope: Scope, statements: _Statements) -> BodyView:
    within = scope.within("", frozenset(method.name for method in service.methods))
    methods = tuple(
        MemberView(_comment(m.exchange.operation.meta), _rpc(m, within, statements))
        for m in service.methods
    )
    options = statements.of("Service", service.meta, f"services/{service.wire}")
    return BodyView(_comment(service.meta), f"service {service.name}", methods, options=options)


def _rpc(method: ProtoMethod, scope: Scope, statements: _Statements) -> str:
    operation = method.exchange.operation
    client = operation.streaming in (Streaming.CLIENT, Streaming.BOTH)
    server = operation.streaming in (Streaming.SERVER, Streaming.BOTH)
    request = ("stream " if client else "") + scope.mention(method.request)
    response = ("stream " if server else "") + scope.mention(method.response)
    options = []
    if operation.readonly:
        options.append("option idempotency_level = NO_SIDE_EFFECTS;")
    elif operation.idempotent:
        options.append("option idempotency_level = IDEMPOTENT;")
    declared = method.exchange.event or operation
    key = f"services/{method.exchange.service.name}/{declared.name}"
    options += statements.of("Method", operation.meta, key, more=http_rule(method, scope.types))
    head = f"rpc {method.name}({request}) returns ({response})"
    lines = [f"  {line}" for option in options for line in option.split("\n")]
    return "\n".join([f"{head} {{", *lines, "}"]) if options else f"{head};"


def _type(declared: Declared, scope: Scope, inside: _Inside, statements: _Statements) -> BodyView:
    """A message with the types ``inside`` of it, or an enum."""
    if isinstance(declared, ProtoEnum):
        return _enum(declared, statements)
    view = _message(declared, scope, statements)
    types = (_type(each, scope, inside, statements) for each in inside.get(declared.name, ()))
    return replace(view, bodies=tuple(types))


def _message(message: ProtoMessage, scope: Scope, statements: _Statements) -> BodyView:
    entries = frozenset(entry_name(f.name) for f in message.fields if f.label is Label.MAP)
    members = tuple(_members(message, scope.within(message.name, entries), statements))
    return BodyView(
        _comment(message.meta),
        f"message {message.name.rpartition('.')[2]}",
        members,
        message.oneof if members else "",
        tuple(_reserved(message.reserved, {f.name for f in message.fields}, MAX_FIELD)),
        statements.of("Message", message.meta, message.key, message.name),
    )


def _members(message: ProtoMessage, scope: Scope, statements: _Statements) -> Iterable[MemberView]:
    """The fields; those of a oneof together, where its first one stands."""
    seen: set[str] = set()
    for field in message.fields:
        if not field.oneof or message.oneof:
            text = _field(field, scope, statements)
            yield MemberView(_comment(field.source.meta), text)
        elif field.oneof not in seen:
            seen.add(field.oneof)
            lines = [f"oneof {field.oneof} {{"]
            for each in (f for f in message.fields if f.oneof == field.oneof):
                text = _field(each, scope, statements)
                inner = [*_comment(each.source.meta), *text.split("\n")]
                lines += [f"  {line}".rstrip() for line in inner]
            yield MemberView((), "\n".join([*lines, "}"]))


def _field(field: ProtoField, scope: Scope, statements: _Statements) -> str:
    kind = scope.mention(field.element.proto)
    if field.label is Label.MAP and field.key is not None:
        kind = f"map<{field.key.proto}, {kind}>"
    elif field.label in (Label.OPTIONAL, Label.REPEATED):
        kind = f"{field.label.value} {kind}"
    options = list(statements.of_member("Field", field.source.meta, field))
    return f"{kind} {field.name} = {field.number}{_in_brackets(options)};"


def _in_brackets(options: Sequence[str]) -> str:
    if len(options) > 1:
        lines = ",\n".join(options).split("\n")
        return "\n".join([" [", *(f"  {line}" for line in lines), "]"])
    return f" [{options[0]}]" if options else ""


def _enum(enum: ProtoEnum, statements: _Statements) -> BodyView:
    members = []
    for value in enum.values:
        options = list(statements.of_member("EnumValue", value.meta))
        text = f"{value.name} = {value.number}{_in_brackets(options)};"
        members.append(MemberView(_comment(value.meta), text))
    meta = enum.source.meta
    aliased = any(value.aliases for value in enum.source.values)
    return BodyView(
        _comment(meta),
        f"enum {enum.name.rpartition('.')[2]}",
        tuple(members),
        reserved=tuple(_reserved(enum.source.reserved, {v.name for v in enum.values}, MAX_VALUE)),
        options=(
            *(["option allow_alias = true;"] if aliased else []),
            *statements.of("Enum", meta, f"types/{enum.source.name}"),
        ),
    )


def _reserved(reserved: Reserved, used: set[str], highest: int) -> Iterable[str]:
    """The statements that keep numbers and names from coming back."""
    if reserved.numbers:
        yield f"reserved {', '.join(map(str, reserved.numbers.words(highest)))};"
    names = sorted(name for name in reserved.names - used if _is_identifier(name))
    if names:
        yield f"reserved {', '.join(quote(name) for name in names)};"


def _is_identifier(name: str) -> bool:
    return name.isascii() and name.isidentifier()


def _comment(meta: Meta) -> tuple[str, ...]:
    """The documentation, and why it is deprecated."""
    doc = meta.doc.strip()
    if meta.deprecated:
        doc = f"{doc}\n\nDeprecated: {meta.deprecated}".strip()
    return _lines(doc)


def _lines(text: str) -> tuple[str, ...]:
    """A text as ``//`` lines, which nothing in it can end."""
    lines = ("".join(c if c.isprintable() else " " for c in line) for line in text.splitlines())
    return tuple(f"// {line}".rstrip() for line in lines)
