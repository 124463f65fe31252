"""View of a .proto file: finished lines, laid out as ``buf format`` leaves them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

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
from svcgen.frozen import frozen
from svcgen.model.plan import PlannedFile
from svcgen.model.service import Api, Streaming
from svcgen.model.types import Meta, Reserved


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
    option: str = ""  # option deprecated = true;


@frozen
class FileView:
    package: str
    imports: tuple[str, ...]
    bodies: tuple[BodyView, ...]


def write(api: Api) -> dict[str, str | PlannedFile]:
    """The .proto of a definition, by its name."""
    file = shape(api)
    return {file.path: PlannedFile(file.path, "schema/protobuf/file.proto.j2", file_view(file))}


def file_view(file: ProtoFile) -> FileView:
    bodies = [_service(service, file) for service in file.services]
    bodies += [_message(message, file) for message in file.messages]
    bodies += [_enum(enum) for enum in file.enums]
    return FileView(file.package, file.imports, tuple(bodies))


def _service(service: ProtoService, file: ProtoFile) -> BodyView:
    hidden = frozenset(method.name for method in service.methods)
    methods = tuple(
        MemberView(_comment(m.exchange.operation.meta), _rpc(m, file, hidden))
        for m in service.methods
    )
    option = "option deprecated = true;" if service.meta.deprecated is not None else ""
    return BodyView(_comment(service.meta), f"service {service.name}", methods, option=option)


def _rpc(method: ProtoMethod, file: ProtoFile, hidden: frozenset[str]) -> str:
    operation = method.exchange.operation
    client = operation.streaming in (Streaming.CLIENT, Streaming.BOTH)
    server = operation.streaming in (Streaming.SERVER, Streaming.BOTH)
    request = ("stream " if client else "") + _type(method.request, file, hidden)
    response = ("stream " if server else "") + _type(method.response, file, hidden)
    options = []
    if operation.meta.deprecated is not None:
        options.append("option deprecated = true;")
    if operation.readonly:
        options.append("option idempotency_level = NO_SIDE_EFFECTS;")
    elif operation.idempotent:
        options.append("option idempotency_level = IDEMPOTENT;")
    head = f"rpc {method.name}({request}) returns ({response})"
    return "\n".join([f"{head} {{", *(f"  {o}" for o in options), "}"]) if options else f"{head};"


def _message(message: ProtoMessage, file: ProtoFile) -> BodyView:
    entries = frozenset(entry_name(f.name) for f in message.fields if f.label is Label.MAP)
    members = tuple(_members(message, file, entries))
    return BodyView(
        _comment(message.meta),
        f"message {message.name}",
        members,
        message.oneof if members else "",
        tuple(_reserved(message.reserved, {f.name for f in message.fields})),
        "option deprecated = true;" if message.meta.deprecated is not None else "",
    )


def _members(
    message: ProtoMessage, file: ProtoFile, hidden: frozenset[str]
) -> Iterable[MemberView]:
    """The fields; those of a oneof together, where its first one stands."""
    seen: set[str] = set()
    for field in message.fields:
        if not field.oneof or message.oneof:
            yield MemberView(_comment(field.source.meta), _field(field, file, hidden))
        elif field.oneof not in seen:
            seen.add(field.oneof)
            lines = [f"oneof {field.oneof} {{"]
            for each in (f for f in message.fields if f.oneof == field.oneof):
                inner = "\n".join([*_comment(each.source.meta), _field(each, file, hidden)])
                lines += [f"  {line}".rstrip() for line in inner.split("\n")]
            yield MemberView((), "\n".join([*lines, "}"]))


def _field(field: ProtoField, file: ProtoFile, hidden: frozenset[str]) -> str:
    kind = _type(field.element.proto, file, hidden)
    if field.label is Label.MAP and field.key is not None:
        kind = f"map<{field.key.proto}, {kind}>"
    elif field.label in (Label.OPTIONAL, Label.REPEATED):
        kind = f"{field.label.value} {kind}"
    options = []
    if field.source.meta.deprecated is not None:
        options.append("deprecated = true")
    if field.json_name:
        options.append(f"json_name = {_quote(field.json_name)}")
    return f"{kind} {field.name} = {field.number}{_field_options(options)};"


def _field_options(options: Sequence[str]) -> str:
    if len(options) > 1:
        return " [\n" + ",\n".join(f"  {o}" for o in options) + "\n]"
    return f" [{options[0]}]" if options else ""


def _type(name: str, file: ProtoFile, hidden: frozenset[str]) -> str:
    """How a declaration names a type: in full where a nearer name would hide it."""
    if name in hidden:
        return f".{file.package}.{name}" if file.package else f".{name}"
    if name.startswith("google.") and "google" in file.package.split(".")[1:]:
        return f".{name}"
    return name


def _enum(enum: ProtoEnum) -> BodyView:
    members = tuple(
        MemberView(
            _comment(value.meta),
            f"{value.name} = {value.number}"
            + (" [deprecated = true];" if value.meta.deprecated is not None else ";"),
        )
        for value in enum.values
    )
    meta = enum.source.meta
    return BodyView(
        _comment(meta),
        f"enum {enum.name}",
        members,
        reserved=tuple(_reserved(enum.source.reserved, {v.name for v in enum.values})),
        option="option deprecated = true;" if meta.deprecated is not None else "",
    )


def _reserved(reserved: Reserved, used: set[str]) -> Iterable[str]:
    """The statements that keep numbers and names from coming back."""
    if reserved.numbers:
        yield f"reserved {', '.join(_ranges(sorted(reserved.numbers)))};"
    names = sorted(name for name in reserved.names - used if _is_identifier(name))
    if names:
        yield f"reserved {', '.join(_quote(name) for name in names)};"


def _ranges(numbers: Sequence[int]) -> list[str]:
    """``[2, 3, 4, 9]`` as ``["2 to 4", "9"]``."""
    spans: list[list[int]] = []
    for number in numbers:
        if spans and spans[-1][1] == number - 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    return [f"{first} to {last}" if last > first else str(first) for first, last in spans]


def _is_identifier(name: str) -> bool:
    return name.isascii() and name.isidentifier()


def _comment(meta: Meta) -> tuple[str, ...]:
    """The documentation as ``//`` lines, which no text can end."""
    doc = meta.doc.strip()
    if meta.deprecated:
        doc = f"{doc}\n\nDeprecated: {meta.deprecated}".strip()
    lines = ("".join(c if c.isprintable() else " " for c in line) for line in doc.splitlines())
    return tuple(f"// {line}".rstrip() for line in lines)


def _quote(text: str) -> str:
    """A string literal of protobuf; what is not printable ASCII in octal bytes."""
    return '"' + "".join(map(_escape, text)) + '"'


def _escape(char: str) -> str:
    if char in '"\\':
        return "\\" + char
    if char.isascii() and not char.isprintable():
        return f"\\{ord(char):03o}"
    return char
