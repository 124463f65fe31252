"""The .thrift of a definition, from its shape: declarations as finished lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from svcgen.formats import Inherited, Writing, flat_name
from svcgen.formats.thrift.annotations import EXTENDS
from svcgen.formats.thrift.keeping import NAME, SCOPE, Keeper
from svcgen.formats.thrift.literals import literal, quote
from svcgen.formats.thrift.notes import annotation_text, in_parentheses, of_type, said_of, xsd_words
from svcgen.formats.thrift.shape import (
    Absent,
    BoxType,
    EnumType,
    Holds,
    ListType,
    MapType,
    ScalarType,
    SetType,
    StructType,
    ThriftEnum,
    ThriftField,
    ThriftFile,
    ThriftMethod,
    ThriftStruct,
    ThriftType,
    ThriftTypedef,
    shape,
)
from svcgen.frozen import frozen
from svcgen.model.plan import PlannedFile
from svcgen.model.service import Api
from svcgen.model.thrift_names import is_plain, thrift_fact
from svcgen.model.types import (
    Alias,
    ListOf,
    MapOf,
    Meta,
    NamedRef,
    NullableOf,
    SetOf,
    TypeDef,
    TypeRef,
)

_WORDS = {
    Holds.STRUCT: "struct",
    Holds.UNION: "union",
    Holds.EXCEPTION: "exception",
    Holds.BOX: "struct",
}


@frozen
class MemberView:
    """One declaration of a body: the lines of the comment above it, and its text."""

    comment: tuple[str, ...]
    text: str


@frozen
class BodyView:
    """``struct Order {``, what is inside, and what follows the closing brace; the lines above it
    are its comment. Without a head there are only lines: typedefs or constants.
    """

    lines: tuple[str, ...]
    head: str = ""
    members: tuple[MemberView, ...] = ()
    tail: str = ""


@frozen
class FileView:
    head: tuple[str, ...]  # the file's comment, includes and namespaces
    bodies: tuple[BodyView, ...]


def write(api: Api, writing: Writing) -> dict[str, str | PlannedFile]:
    """The .thrift of a definition, by its name."""
    copies = f"_{flat_name(writing.place)}" if len(writing.tree) > 1 else ""
    file = shape(api, writing.elsewhere, dict(_inherited(writing)), copies=copies)
    view = _Writer(file, Keeper(writing.kept), api.types).view(api.meta)
    return {file.path: PlannedFile(file.path, "schema/thrift/file.thrift.j2", view)}


def _inherited(writing: Writing) -> Iterator[tuple[str, Inherited]]:
    """What services extend in other files; not where what they share keeps something, which names
    the service.
    """
    for name, each in writing.inherited.items():
        keys = {f"services/{name}/{operation.name.wire}" for operation in each.service.operations}
        if keys.isdisjoint(writing.kept) and is_plain(each.service.name.wire):
            yield name, each


class _Writer:
    """Gives the declarations of one file their texts."""

    def __init__(self, file: ThriftFile, keeper: Keeper, types: Mapping[str, TypeDef]) -> None:
        self._file = file
        self._keeper = keeper
        self._types = types
        self._known: dict[str, ThriftStruct] = {}

    def view(self, meta: Meta) -> FileView:
        typedefs = _group(map(self._typedef, self._file.typedefs))
        consts = [*self._consts()]
        structs = [*map(self._struct, self._file.structs)]
        late = [*self._consts()]  # where some are of structs, all stand below these
        bodies = [
            *map(self._enum, self._file.enums),
            *typedefs,
            *(_group(consts) if len(late) == len(consts) else ()),
            *structs,
            *(_group(late) if len(late) > len(consts) else ()),
            *self._services(),
        ]
        head = tuple(self._head(meta))
        return FileView((*_comment(meta), *head) if head else (), tuple(bodies))

    def _head(self, meta: Meta) -> Iterator[str]:
        """What a definition that was a .thrift has there, or else one namespace for all languages."""
        yield from (f'include "{path}"' for path in self._file.includes)
        namespaces = thrift_fact(meta, "namespaces")
        if isinstance(namespaces, dict):
            yield from (f"namespace {scope} {name}" for scope, name in namespaces.items())
        elif self._file.namespace:
            yield f"namespace * {self._file.namespace}"
        includes = thrift_fact(meta, "cpp_includes")
        if isinstance(includes, list):
            yield from (f"cpp_include {quote(str(each))}" for each in includes)
        for kept in self._keeper.annotation(""):
            yield f"namespace {SCOPE} {NAME}{in_parentheses([kept])}"

    def _enum(self, enum: ThriftEnum) -> BodyView:
        members = [
            MemberView(_comment(meta), f"{name} = {number}{annotation_text(meta)},")
            for name, number, _, meta in enum.values
        ]
        meta = enum.source.meta
        tail = self._kept(meta, f"types/{enum.source.name.wire}")
        return BodyView(_comment(meta), f"enum {enum.name}", tuple(members), tail)

    def _typedef(self, typedef: ThriftTypedef) -> MemberView:
        alias = typedef.source
        tail = self._kept(alias.meta, f"types/{alias.name.wire}")
        kind = self._spelled(typedef.type, alias.target, alias.meta)
        return MemberView(_comment(alias.meta), f"typedef {kind} {typedef.name}{tail}")

    def _consts(self) -> Iterator[MemberView]:
        """The constants that Thrift can say."""
        for const in self._file.consts:
            value = literal(const.source.value, const.type, self._file, self._known)
            if value is not None:
                kind = self._spelled(const.type, const.source.type, const.source.meta)
                line = f"const {kind} {const.name} = {value}"
                yield MemberView(_comment(const.source.meta), line)

    def _spelled(self, kind: ThriftType, ref: TypeRef, meta: Meta, place: str = "type") -> str:
        """A type as ``ref`` mentions it: by the name of a typedef, if it is one; with the annotations
        that ``meta`` keeps for its place.
        """
        while isinstance(alias := self._types.get(_named(ref)), Alias):
            if spelled := self._file.aliases.get(_named(ref)):
                return spelled
            ref = alias.target
        cpp_type, said = of_type(meta, place)
        match kind, ref:
            case _, NullableOf(item) if not isinstance(kind, BoxType):
                return self._spelled(kind, item, meta, place)
            case ListType(item), ListOf(inner):
                spelled = self._spelled(item, inner, meta, f"{place}.item")
                return f"list<{spelled}>{cpp_type}{said}"
            case SetType(item), SetOf(inner):
                spelled = self._spelled(item, inner, meta, f"{place}.item")
                return f"set{cpp_type}<{spelled}>{said}"
            case MapType(key, value), MapOf(inner_key, inner_value):
                spelled = self._spelled(key, inner_key, meta, f"{place}.key")
                items = self._spelled(value, inner_value, meta, f"{place}.value")
                return f"map{cpp_type}<{spelled}, {items}>{said}"
        assert isinstance(kind, ScalarType | EnumType | StructType | BoxType)
        return kind.idl + said if isinstance(kind, ScalarType) else kind.idl

    def _struct(self, struct: ThriftStruct) -> BodyView:
        union = struct.holds is Holds.UNION
        members = tuple(
            MemberView(_comment(f.source.meta), self._field(f, "" if union else _requiredness(f)))
            for f in struct.fields
        )
        head = f"{_WORDS[struct.holds]} {struct.name}{xsd_words(struct.meta)}"
        self._known[struct.name] = struct
        tail = self._kept(struct.meta, struct.key, struct.name)
        return BodyView(_comment(struct.meta), head, members, tail)

    def _field(self, field: ThriftField, requiredness: str) -> str:
        """A declaration; a default that Thrift can say makes the field always written, never
        demanded.
        """
        default = None
        if field.source.default is not None and not isinstance(field.type, BoxType):
            default = literal(field.source.default.value, field.type, self._file, self._known)
        given = f" = {default}" if default is not None else ""
        meta = field.source.meta
        bound = thrift_fact(meta, "requiredness")
        if isinstance(bound, str):
            requiredness = "" if bound == "default" else f"{bound} "
        elif given:
            requiredness = ""
        name = f"& {field.name}" if thrift_fact(meta, "reference") else field.name
        kind = f"{requiredness}{self._spelled(field.type, field.source.type, meta)}"
        return f"{field.number}: {kind} {name}{given}{xsd_words(meta)}{annotation_text(meta)},"

    def _services(self) -> Iterator[BodyView]:
        """Each service; one that extends another has only what the other has not, unless what they
        share keeps something, which names the service.
        """
        written: dict[str, tuple[MemberView, ...]] = {}
        for service in self._file.services:
            meta = service.source.meta
            members = tuple(
                MemberView(_comment(m.exchange.operation.meta), self._method(m))
                for m in service.methods
            )
            said = [
                *said_of(meta),
                *self._keeper.annotation(f"services/{service.source.name.wire}"),
            ]
            parent, count = service.extends, service.inherited
            extended = thrift_fact(meta, "extends")
            if not parent and isinstance(extended, str):
                theirs = written.get(extended)
                if theirs is not None and members[: len(theirs)] == theirs:
                    parent, count = extended, len(theirs)
                elif not self._keeper.is_empty and (quoted := quote(extended)):
                    said.insert(0, (EXTENDS, quoted))
            written[service.name] = members
            head = f"service {service.name}" + (f" extends {parent}" if parent else "")
            yield BodyView(_comment(meta), head, members[count:], in_parentheses(said))

    def _method(self, method: ThriftMethod) -> str:
        operation = method.exchange.operation
        oneway = "oneway " if operation.oneway else ""
        output = operation.output
        result = "void"
        if method.result is not None and output is not None:
            result = self._spelled(method.result, output.type, operation.meta)
        arguments = [self._field(f, "").removesuffix(",") for f in method.arguments]
        thrown = [f"{t.number}: {t.exception} {t.name}" for t in method.throws]
        throws = f" throws ({', '.join(thrown)})" if thrown else ""
        owner = f"services/{method.exchange.service.name.wire}"
        tail = self._kept(operation.meta, f"{owner}/{operation.name.wire}")
        return f"{oneway}{result} {method.name}({', '.join(arguments)}){throws}{tail},"

    def _kept(self, meta: Meta, key: str, made: str = "") -> str:
        """The annotations of a declaration, that which keeps the original among them."""
        return in_parentheses([*said_of(meta), *self._keeper.annotation(key, made)])


def _requiredness(field: ThriftField) -> str:
    return "required " if field.absent is Absent.ERROR else "optional "


def _group(members: Iterable[MemberView]) -> Iterator[BodyView]:
    """Declarations of a line each, with an empty line before each comment."""
    lines: list[str] = []
    for member in members:
        lines += ["", *member.comment] if member.comment and lines else member.comment
        lines.append(member.text)
    if lines:
        yield BodyView(tuple(lines))


def _named(ref: TypeRef) -> str:
    return ref.name if isinstance(ref, NamedRef) else ""


def _comment(meta: Meta) -> tuple[str, ...]:
    """The documentation as a comment of Thrift's, which no text can end."""
    lines = [_harmless(line) for line in meta.doc.strip().splitlines()]
    return ("/**", *_starred(lines), " */") if lines else ()


def _starred(lines: Iterable[str]) -> Iterable[str]:
    return (f" * {line}".rstrip() for line in lines)


def _harmless(line: str) -> str:
    if not line.isprintable():
        line = "".join(char if char.isprintable() else " " for char in line)
    return line.replace("*/", "* /").rstrip()
