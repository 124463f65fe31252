"""Views of ``_gen/models.py`` and ``_gen/errors.py``: structs, enums, unions, aliases, errors."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from svcgen.frozen import frozen
from svcgen.languages.python.imports import import_block
from svcgen.languages.python.layout import WIDTH, Group, docstring, lay_out, quote
from svcgen.languages.python.naming import Role, spell, unique
from svcgen.languages.python.types import (
    Defaults,
    TypeWriter,
    is_immutable,
    is_nullable,
    literal,
    type_name,
)
from svcgen.model.messages import synthetic_structs
from svcgen.model.service import Api, Error
from svcgen.model.types import Alias, Enum, Field, Literal, Meta, Struct, TypeRef, Union
from svcgen.model.zeros import zero


@frozen
class ClassNames:
    """The names of classes that the definition does not name: payloads of errors, union variants."""

    payloads: dict[str, str]  # by error
    variants: dict[tuple[str, str], str]  # by union and member

    @classmethod
    def of(cls, api: Api) -> ClassNames:
        taken = {type_name(name) for name in (*api.types, *api.errors)}
        taken |= {spell(s.name, Role.TYPE) for s in api.services}
        taken |= {spell(s.name, Role.TYPE) for s in synthetic_structs(api)}
        payloads = {e: unique(type_name(e) + "Payload", taken) for e in api.errors}
        variants = {
            (union.name.wire, member.name.wire): unique(
                type_name(union.name.wire) + member.name.pascal, taken
            )
            for union in api.types.values()
            if isinstance(union, Union)
            for member in union.members
        }
        return cls(payloads, variants)


@frozen
class ClassView:
    """A class statement: its header, docstring and body lines, laid out but not indented."""

    header: str
    doc: str
    body: tuple[str, ...]


@frozen
class AssignmentView:
    """``Shape: TypeAlias = …`` and the docstring below it."""

    text: str
    doc: str


@frozen
class ModelsView:
    header: str  # of the file
    imports: str
    enums: tuple[ClassView, ...]
    structs: tuple[ClassView, ...]
    aliases: tuple[AssignmentView, ...]
    constants: tuple[AssignmentView, ...]


@frozen
class ErrorView:
    cls: ClassView  # its body: the class variables
    init: str  # the signature of __init__, laid out
    call: str  # super().__init__(…), laid out
    properties: tuple[PropertyView, ...]


@frozen
class PropertyView:
    name: str
    type: str
    source: str  # the payload's attribute
    doc: str


@frozen
class ErrorsView:
    header: str
    imports: str
    defaults: tuple[str, ...]  # assignments
    payloads: tuple[ClassView, ...]
    errors: tuple[ErrorView, ...]


class _Collector:
    """Gathers the imports of one file while its views are made."""

    def __init__(self, api: Api, writer: TypeWriter) -> None:
        self.api = api
        self.writer = writer
        self.imports: set[str] = {"from __future__ import annotations"}
        self.defaults = Defaults()

    def annotation(self, field: Field) -> str:
        """The declared type of a struct's field, with what its presence adds."""
        symbol = self.writer.write(field.type)
        self.imports |= symbol.imports
        nullable = is_nullable(field.type, self.api)
        if field.required or field.default is not None or symbol.text == "Any":
            return symbol.text
        if nullable:
            self.imports |= {"from msgspec import UNSET", "from msgspec import UnsetType"}
            return f"{symbol.text} | UnsetType"
        return f"{symbol.text} | None"

    def default(self, field: Field) -> str:
        """The right-hand side of a field, empty if it must be given."""
        if field.default is not None:
            return self._default_value(field, field.default.value)
        if (absent := zero(field, self.api)) is not None:
            return self._default_value(field, absent.value)
        if field.required:
            return ""
        return "UNSET" if is_nullable(field.type, self.api) else "None"

    def _default_value(self, field: Field, value: Literal) -> str:
        text = literal(value, field.type, self.api, self.writer.prefix)
        self.imports |= {
            line
            for mark, line in _LITERAL_IMPORTS.items()
            if mark in text
        }  # fmt: skip
        if text == "None" or is_immutable(field.type, self.api):
            self.imports.add("from .support.types import default")
            return f"default({text})"
        self.imports.add("from msgspec import field")
        return f"field(default_factory=lambda: {text})"

    def struct(self, name: str, fields: Sequence[Field], doc: str, role: Role) -> ClassView:
        taken: set[str] = set()
        attributes = [(unique(spell(f.name, role), taken), f) for f in fields]
        renamed = {a: f.name.wire for a, f in attributes if a != f.name.wire}
        omits = any(not f.required and f.default is None for f in fields)
        return struct_class(
            name,
            options=[*(["omit_defaults=True"] if omits else []), *_rename(renamed)],
            doc=doc,
            body=[line for a, f in attributes for line in self._field(a, f)],
            imports=self.imports,
        )

    def _field(self, attribute: str, field: Field) -> Iterable[str]:
        default = self.default(field)
        yield _member(attribute, self.annotation(field), default)
        if text := doc_of(field.meta.doc, field.meta.deprecated):
            yield docstring(text, 4)


_LITERAL_IMPORTS = {
    "duration(": "from .support.types import duration",
}


def _member(name: str, annotation: str, value: str) -> str:
    """A line of a class body; where it is too long, what can be put into brackets is."""
    line = f"{name}: {annotation} = {value}" if value else f"{name}: {annotation}"
    if len(line) + 4 <= WIDTH or not value:
        return line
    if "(" in value and len(f"    {name}: {annotation} = ") + value.index("(") < WIDTH:
        head, _, rest = value.partition("(")
        return f"{name}: {annotation} = {head}(\n        {rest[:-1]}\n    )"
    if " | " in annotation:
        return f"{name}: (\n        {annotation}\n    ) = {value}"
    return line


def doc_of(doc: str, deprecated: str | None) -> str:
    """A docstring's text: the definition's, and a note if the thing is deprecated."""
    note = "" if deprecated is None else f"Deprecated: {deprecated or 'do not use it any more.'}"
    return "\n\n".join(part for part in (doc.strip(), note) if part)


def struct_class(
    name: str, *, options: Sequence[str | Group], doc: str, body: Sequence[str], imports: set[str]
) -> ClassView:
    imports.add("from msgspec import Struct")
    bases: tuple[str | Group, ...] = ("Struct", "kw_only=True", *options)
    return ClassView(lay_out(Group(f"class {name}(", bases, "):")), docstring(doc, 4), tuple(body))


def _rename(names: dict[str, str]) -> list[str | Group]:
    if not names:
        return []
    pairs = tuple(f"{quote(attribute)}: {quote(wire)}" for attribute, wire in names.items())
    return [Group("rename={", pairs, "}")]


def models_view(api: Api, header: str, names: ClassNames) -> ModelsView:
    """Every named type, and the structs that hold parameters."""
    file = _Collector(api, TypeWriter())
    enums, structs, aliases = [], [], []
    for definition in api.types.values():
        doc = doc_of(definition.meta.doc, definition.meta.deprecated)
        name = type_name(definition.name.wire)
        match definition:
            case Enum():
                enums.append(_enum(definition, doc, file))
            case Struct(fields=fields):
                structs.append(file.struct(name, fields, doc, Role.ATTRIBUTE))
            case Union():
                structs += [_variant(definition, m, file, names) for m in definition.members]
                aliases.append(_union(definition, doc, names, file))
            case Alias():
                file.imports.add("from typing import TypeAlias")
                aliases.append(_alias(name, file, doc, definition))
    for struct in synthetic_structs(api):
        name = spell(struct.name, Role.TYPE)
        structs.append(file.struct(name, struct.fields, "", Role.ATTRIBUTE))
    constants = tuple(
        AssignmentView(
            f"{spell(c.name, Role.CONSTANT)}: {_plain_type(c.type, file)} = "
            f"{literal(c.value, c.type, api)}",
            docstring(c.meta.doc, 0),
        )
        for c in api.constants
    )
    return ModelsView(
        header,
        import_block(file.imports),
        tuple(enums),
        tuple(structs),
        tuple(_in_order(aliases)),
        constants,
    )


def _plain_type(ref: TypeRef, file: _Collector) -> str:
    symbol = file.writer.write(ref)
    file.imports |= symbol.imports
    return symbol.text


def _enum(enum: Enum, doc: str, file: _Collector) -> ClassView:
    base = "ClosedEnum" if enum.closed else "OpenEnum"
    file.imports.add(f"from .support.types import {base}")
    taken: set[str] = set()
    body: list[str] = []
    for value in enum.values:
        member = unique(spell(value.name, Role.CONSTANT), taken)
        body += _value(f"{member} = {quote(value.name.wire)}", value.meta)
        for alias in value.aliases:
            other = unique(spell(alias.name, Role.CONSTANT), taken)
            body += _value(f"{other} = {member}", alias.meta)
    header = lay_out(Group(f"class {type_name(enum.name.wire)}(", (base,), "):"))
    aliases = {a.name.wire: v.name.wire for v in enum.values for a in v.aliases}
    if aliases:
        file.imports.add("from .support.types import also_called")
        pairs = tuple(f"{quote(alias)}: {quote(name)}" for alias, name in aliases.items())
        called = lay_out(Group("@also_called(", (Group("{", pairs, "}"),), ")"))
        header = f"{called}\n{header}"
    return ClassView(header, docstring(doc, 4), tuple(body))


def _value(assignment: str, meta: Meta) -> list[str]:
    """A member of an enum, and what is said of it."""
    text = doc_of(meta.doc, meta.deprecated)
    return [assignment, docstring(text, 4)] if text else [assignment]


def _variant(union: Union, member: Field, file: _Collector, names: ClassNames) -> ClassView:
    symbol = file.writer.write(member.type)
    file.imports |= symbol.imports
    return struct_class(
        names.variants[union.name.wire, member.name.wire],
        options=[f"tag={quote(member.name.wire)}", 'tag_field="kind"'],
        doc=doc_of(member.meta.doc, member.meta.deprecated),
        body=[f"value: {symbol.text}"],
        imports=file.imports,
    )


def _union(union: Union, doc: str, names: ClassNames, file: _Collector) -> AssignmentView:
    file.imports.add("from typing import TypeAlias")
    variants = [names.variants[union.name.wire, m.name.wire] for m in union.members]
    target = f"{type_name(union.name.wire)}: TypeAlias"
    line = f"{target} = {' | '.join(variants)}"
    if len(line) > 88 and len(variants) > 1:
        line = (
            f"{target} = (\n    {variants[0]}\n"
            + "".join(f"    | {v}\n" for v in variants[1:])
            + ")"
        )
    return AssignmentView(line, docstring(doc, 0))


def _alias(name: str, file: _Collector, doc: str, alias: Alias) -> AssignmentView:
    symbol = file.writer.write(alias.target)
    file.imports |= symbol.imports
    return AssignmentView(f"{name}: TypeAlias = {symbol.text}", docstring(doc, 0))


def _in_order(aliases: list[AssignmentView]) -> list[AssignmentView]:
    """Aliases are evaluated when the module is imported: each after those that it mentions."""
    waiting = {a.text.partition(":")[0]: a for a in aliases}
    ordered: list[AssignmentView] = []

    def place(name: str) -> None:
        view = waiting.pop(name, None)
        if view is None:
            return
        right = view.text.partition("=")[2]
        for word in right.replace("[", " ").replace("]", " ").replace(",", " ").split():
            place(word)
        ordered.append(view)

    for name in list(waiting):
        place(name)
    return ordered


def errors_view(api: Api, header: str, names: ClassNames) -> ErrorsView:
    """An exception class and a payload struct for every declared error."""
    file = _Collector(api, TypeWriter(origin=".models"))
    file.imports |= {"from .support import errors"} if api.errors else set()
    payloads = tuple(
        file.struct(
            names.payloads[n], e.fields, f"What {type_name(n)} carries.", Role.ERROR_ATTRIBUTE
        )
        for n, e in api.errors.items()
    )
    views = tuple(_error(e, file, names.payloads[n]) for n, e in api.errors.items())
    return ErrorsView(
        header, import_block(file.imports), file.defaults.assignments, payloads, views
    )


def _error(error: Error, file: _Collector, payload: str) -> ErrorView:
    file.imports.add("from typing import ClassVar")
    taken: set[str] = set()
    fields = [(unique(spell(f.name, Role.ERROR_ATTRIBUTE), taken), f) for f in error.fields]
    body = [
        f"error_name: ClassVar[str] = {quote(error.name.wire)}",
        f"default_code: ClassVar[errors.Code] = errors.Code.{error.code.name}",
        *([f"default_message: ClassVar[str] = {quote(error.message)}"] if error.message else []),
        f"payload_type: ClassVar[type[Struct]] = {payload}",
        *(["declared_retryable: ClassVar[bool] = True"] if error.retryable else []),
    ]
    ordered = sorted(fields, key=lambda pair: bool(file.default(pair[1])))
    parameters = [
        f"{a}: {file.annotation(f)}"
        + (f" = {_argument_default(file, f)}" if file.default(f) else "")
        for a, f in ordered
    ]
    signature = ("self", 'message: str = ""', *(["*", *parameters] if parameters else []))
    values = Group(f"{payload}(", tuple(f"{a}={a}" for a, _ in fields), ")")
    call = Group(
        "super().__init__(",
        ("message=message", Group(f"payload={values.head}", values.items, ")")),
        ")",
    )
    properties = tuple(
        PropertyView(a, file.annotation(f), a, docstring(f.meta.doc, 8)) for a, f in fields
    )
    name = type_name(error.name.wire)
    cls = ClassView(
        lay_out(Group(f"class {name}(", ("errors.ServiceError",), "):")),
        docstring(doc_of(error.meta.doc, error.meta.deprecated), 4),
        tuple(body),
    )
    init = lay_out(Group("def __init__(", signature, ") -> None:"), 4)
    return ErrorView(cls, init, lay_out(call, 8), properties)


def _argument_default(file: _Collector, field: Field) -> str:
    if field.default is None:
        return file.default(field)
    return file.defaults.name(field.name, literal(field.default.value, field.type, file.api))
