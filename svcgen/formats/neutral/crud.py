"""The five methods of REST for one struct, with the types and the error that they need."""

from __future__ import annotations

from collections.abc import Callable

from svcgen.diagnostics import Span
from svcgen.frozen import frozen, replace
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
)


@frozen
class Resource:
    """A resource with everything chosen that its methods need."""

    struct: Struct
    id: Field
    path: str
    plural: str
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


def new_struct(resource: Resource) -> Struct:
    name = resource.struct.name.wire
    fields = tuple(f for f in resource.struct.fields if f.name != resource.id.name)
    meta = Meta(resource.span, doc=f"A {name} without its {resource.id.name}.")
    return Struct(Name.parse(f"New{name}"), fields, meta)


def page_struct(resource: Resource) -> Struct:
    name = resource.struct.name.wire
    token = ScalarRef(Scalar.STRING, resource.span)
    items = Field(Name.parse("items"), ListOf(resource.type, resource.span), resource.meta)
    after = Meta(resource.span, doc="Asks for the next page; absent on the last one.")
    next_token = Field(Name.parse("next_page_token"), token, after, required=False)
    meta = Meta(resource.span, doc=f"A page of {resource.plural}.")
    return Struct(Name.parse(f"{name}Page"), (items, next_token), meta)


def not_found_error(resource: Resource) -> Error:
    doc = f"There is no {resource.struct.name} with this {resource.id.name}."
    meta = Meta(resource.span, doc=doc)
    identity = replace(resource.id, constraints=Constraints(), examples=())
    return Error(Name.parse(resource.not_found), Code.NOT_FOUND, (identity,), meta)


def _list(resource: Resource) -> Operation:
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


def _get(resource: Resource) -> Operation:
    return Operation(
        Name.parse(f"get_{resource.single}"),
        resource.route("GET", single=True),
        params=(resource.id,),
        output=Payload(resource.type),
        errors=(resource.not_found,),
        readonly=True,
        idempotent=True,
    )


def _create(resource: Resource) -> Operation:
    return Operation(
        Name.parse(f"create_{resource.single}"),
        resource.route("POST", single=False, body="*", status=201),
        input=Payload(NamedRef(f"New{resource.struct.name}", resource.span)),
        output=Payload(resource.type),
    )


def _update(resource: Resource) -> Operation:
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


def _delete(resource: Resource) -> Operation:
    return Operation(
        Name.parse(f"delete_{resource.single}"),
        resource.route("DELETE", single=True, status=204),
        params=(resource.id,),
        errors=(resource.not_found,),
        idempotent=True,
    )


METHODS: dict[str, Callable[[Resource], Operation]] = {
    "list": _list,
    "get": _get,
    "create": _create,
    "update": _update,
    "delete": _delete,
}
