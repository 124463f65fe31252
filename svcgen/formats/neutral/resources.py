"""``resource: User``: the five methods of REST for one type, with its page and its new struct.

What the definition itself declares under these names is taken as it is: ``NewUser``,
``UserPage`` and the error ``NotFound`` (or ``UserNotFound``).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from svcgen.diagnostics import Report, Rule, Span, did_you_mean
from svcgen.formats.neutral import keys
from svcgen.formats.neutral.bindings import read_path
from svcgen.formats.neutral.section import Section, is_name, open_section, wrong_word
from svcgen.formats.neutral.tree import Mapping, Node, Text
from svcgen.model.naming import Name
from svcgen.model.service import Code, Error, Operation, Pagination, Payload
from svcgen.model.types import (
    Constraints,
    Field,
    ListOf,
    Literal,
    Meta,
    NamedRef,
    Scalar,
    ScalarRef,
    Struct,
    TypeDef,
)

RESOURCE_TYPE = Rule(
    code="resource-type",
    message="{name!r} cannot be a resource: {problem}",
    fix="name a struct that has the identifying field, or name that field with 'id:'",
    why="A resource is a struct that one of its fields identifies; the field ends the path.",
    example="svcgen: 1\ntypes:\n  User: {name: string}\nservices:\n  Users: {resource: User}\n",
)


@dataclass(frozen=True, slots=True)
class Expansion:
    """What a resource adds to its service and to the definition."""

    operations: tuple[Operation, ...] = ()
    types: tuple[TypeDef, ...] = ()
    errors: tuple[Error, ...] = ()


@dataclass(frozen=True, slots=True)
class _Resource:
    """A resource with everything chosen that its methods need."""

    struct: Struct
    id: Field
    path: str
    plural: str
    methods: tuple[str, ...]
    not_found: str
    span: Span

    @property
    def single(self) -> str:
        return self.struct.name.snake

    @property
    def meta(self) -> Meta:
        return Meta(self.span)

    @property
    def type(self) -> NamedRef:
        return NamedRef(self.struct.name.wire, self.span)

    def route(self, method: str, *, single: bool, **more: Literal) -> Meta:
        path = f"{self.path}/{{{self.id.name.wire}}}" if single else self.path
        return Meta(self.span, bind={"http": {"method": method, "path": path, **more}})


def expand(
    node: Node, span: Span, types: dict[str, TypeDef], errors: dict[str, Error], report: Report
) -> Expansion:
    """The methods, types and errors of a service's ``resource``; nothing where it has a finding."""
    resource = _read(node, span, types, errors, report)
    if resource is None:
        return Expansion()
    new, page = _new(resource), _page(resource)
    operations = tuple(_METHODS[method](resource) for method in resource.methods)
    used_types = [new] if {"create", "update"} & {*resource.methods} else []
    used_types += [page] if "list" in resource.methods else []
    used_errors = [_not_found(resource)] if any(o.errors for o in operations) else []
    return Expansion(
        operations,
        tuple(t for t in used_types if t.name.wire not in types),
        tuple(e for e in used_errors if e.name.wire not in errors),
    )


def _read(
    node: Node, span: Span, types: dict[str, TypeDef], errors: dict[str, Error], report: Report
) -> _Resource | None:
    if isinstance(node, Text):
        entries = Mapping((), node.span)
        section = Section(entries, keys.RESOURCE, report, "'resource'", span)
        return _resource(node, section, types, errors, report)
    opened = open_section(node, keys.RESOURCE, report, "'resource'", span)
    name = opened.require("type") if opened else None
    if opened is None or name is None:
        return None
    if not isinstance(name, Text):
        opened.wrong("type", "the name of a struct")
        return None
    return _resource(name, opened, types, errors, report)


def _resource(
    name: Text,
    section: Section,
    types: dict[str, TypeDef],
    errors: dict[str, Error],
    report: Report,
) -> _Resource | None:
    struct = types.get(name.text)
    if not isinstance(struct, Struct):
        missing = f"there is no such type{did_you_mean(name.text, types)}"
        problem = "it is no struct" if struct else missing
        report.add(RESOURCE_TYPE, name.span, name=name.text[:80], problem=problem)
        return None
    key = section.text("id") or "id"
    identity = next((field for field in struct.fields if field.name.wire == key), None)
    if identity is None:
        problem = f"it has no field {key!r}"
        report.add(RESOURCE_TYPE, name.span, name=name.text, problem=problem)
        return None
    plural = _plural(section, struct, report)
    own = errors.get("NotFound")
    return _Resource(
        struct,
        replace(identity, required=True, default=None, number=None),
        read_path(section).rstrip("/") or "/" + plural.replace("_", "-"),
        plural,
        _methods(section, report),
        "NotFound" if own and own.code is Code.NOT_FOUND else f"{name.text}NotFound",
        section.span,
    )


def _methods(section: Section, report: Report) -> tuple[str, ...]:
    if "methods" not in section:
        return keys.RESOURCE_METHODS
    texts = section.texts("methods")
    for text in texts:
        if text.text not in keys.RESOURCE_METHODS:
            wrong_word(report, text, "a method of 'resource'", keys.RESOURCE_METHODS)
    chosen = {text.text for text in texts}
    return tuple(method for method in keys.RESOURCE_METHODS if method in chosen)


def _plural(section: Section, struct: Struct, report: Report) -> str:
    """``plural``, or else the English plural that the type's name would have as a regular noun."""
    node = section.node("plural")
    if isinstance(node, Text) and is_name(node, report, "several of a resource"):
        return node.text
    if node is not None and not isinstance(node, Text):
        section.wrong("plural", "a name")
    word = struct.name.snake
    if word.endswith("y") and word[-2:-1] not in tuple("aeiou"):
        return word[:-1] + "ies"
    return word + ("es" if word.endswith(("s", "x", "z", "ch", "sh")) else "s")


def _new(resource: _Resource) -> Struct:
    name = resource.struct.name.wire
    fields = tuple(f for f in resource.struct.fields if f.name != resource.id.name)
    meta = Meta(resource.span, doc=f"A {name} without its {resource.id.name}.")
    return Struct(Name.parse(f"New{name}"), fields, meta)


def _page(resource: _Resource) -> Struct:
    name = resource.struct.name.wire
    token = ScalarRef(Scalar.STRING, resource.span)
    items = Field(Name.parse("items"), ListOf(resource.type, resource.span), resource.meta)
    after = Meta(resource.span, doc="Asks for the next page; absent on the last one.")
    next_token = Field(Name.parse("next_page_token"), token, after, required=False)
    meta = Meta(resource.span, doc=f"A page of {resource.plural}.")
    return Struct(Name.parse(f"{name}Page"), (items, next_token), meta)


def _not_found(resource: _Resource) -> Error:
    doc = f"There is no {resource.struct.name} with this {resource.id.name}."
    meta = Meta(resource.span, doc=doc)
    identity = replace(resource.id, constraints=Constraints(), examples=())
    return Error(Name.parse(resource.not_found), Code.NOT_FOUND, (identity,), meta)


def _list(resource: _Resource) -> Operation:
    size = Meta(resource.span, doc="How many items at most.")
    token = Meta(resource.span, doc="The next_page_token of the page before.")
    params = (
        Field(
            Name.parse("page_size"),
            ScalarRef(Scalar.INT32, resource.span),
            size,
            required=False,
            constraints=Constraints(minimum=1, maximum=1000),
        ),
        Field(Name.parse("page_token"), ScalarRef(Scalar.STRING, resource.span), token, False),
    )
    return Operation(
        Name.parse(f"list_{resource.plural}"),
        resource.route("GET", single=False),
        params=params,
        output=Payload(NamedRef(f"{resource.struct.name}Page", resource.span)),
        readonly=True,
        idempotent=True,
        pagination=Pagination("page_token", "next_page_token", "items"),
    )


def _get(resource: _Resource) -> Operation:
    return Operation(
        Name.parse(f"get_{resource.single}"),
        resource.route("GET", single=True),
        params=(resource.id,),
        output=Payload(resource.type),
        errors=(resource.not_found,),
        readonly=True,
        idempotent=True,
    )


def _create(resource: _Resource) -> Operation:
    return Operation(
        Name.parse(f"create_{resource.single}"),
        resource.route("POST", single=False, body="*", status=201),
        input=Payload(NamedRef(f"New{resource.struct.name}", resource.span)),
        output=Payload(resource.type),
    )


def _update(resource: _Resource) -> Operation:
    body = resource.single if resource.single != resource.id.name.wire else "value"
    new = NamedRef(f"New{resource.struct.name}", resource.span)
    return Operation(
        Name.parse(f"update_{resource.single}"),
        resource.route("PUT", single=True, body=body),
        params=(resource.id, Field(Name.parse(body), new, resource.meta)),
        output=Payload(resource.type),
        errors=(resource.not_found,),
        idempotent=True,
    )


def _delete(resource: _Resource) -> Operation:
    return Operation(
        Name.parse(f"delete_{resource.single}"),
        resource.route("DELETE", single=True, status=204),
        params=(resource.id,),
        errors=(resource.not_found,),
        idempotent=True,
    )


_METHODS = {"list": _list, "get": _get, "create": _create, "update": _update, "delete": _delete}
