"""View of ``client.py``: an asynchronous and a blocking client of each service."""

from __future__ import annotations

import re
from collections.abc import Sequence

from svcgen.frozen import frozen
from svcgen.languages.python.calls import Call, File, ServiceCalls
from svcgen.languages.python.imports import import_block
from svcgen.languages.python.layout import Group, docstring, lay_out
from svcgen.languages.python.naming import Role, spell
from svcgen.languages.python.operations import KINDS
from svcgen.languages.python.types import Defaults, TypeWriter, literal
from svcgen.model.service import Api, Pagination
from svcgen.model.types import Field, ListOf, TypeRef

_EVERY_ITEM = '"""Every item of every page."""'
_MARK = "\0"
"""Stands before the names of classes in a literal, and nowhere else in it."""

_OPTIONS = ("*", "options: CallOptions | None = None")


@frozen
class MethodView:
    signature: str
    doc: str
    body: str


@frozen
class ClientView:
    name: str
    header: str  # the class statement
    blocking_header: str
    doc: str
    methods: tuple[MethodView, ...]
    blocking_methods: tuple[MethodView, ...]


@frozen
class ClientsView:
    header: str
    imports: str
    defaults: tuple[str, ...]  # of parameters: assignments
    clients: tuple[ClientView, ...]


def clients_view(
    api: Api, services: Sequence[ServiceCalls], header: str, mixins: Sequence[str]
) -> ClientsView:
    """``mixins``: the protocols that give every client methods of their own."""
    writer = _Writer(api, mixins)
    clients = tuple(writer.client(service) for service in services)
    if clients:
        writer.import_bases(mixins)
    if any(client.methods for client in clients):
        writer.file.imports |= {
            "from . import operations",
            "from .support.channel import CallOptions",
        }
    return ClientsView(
        header, import_block(writer.file.imports), writer.defaults.assignments, clients
    )


class _Writer:
    """Writes the methods of clients, and gathers what the file must import and define for them."""

    def __init__(self, api: Api, mixins: Sequence[str]) -> None:
        self.api = api
        self.bases = tuple(f"{each.capitalize()}Mixin" for each in mixins) or ("ServiceClient",)
        self.blocking_bases = tuple(f"{each.capitalize()}BlockingMixin" for each in mixins) or (
            "BlockingServiceClient",
        )
        self.defaults = Defaults()
        self.file = File(TypeWriter(ranged=False, origin=".models"))

    def import_bases(self, mixins: Sequence[str]) -> None:
        self.file.imports |= {
            "from typing import ClassVar",
            "from .protocols import SCHEMES",
            "from .support.endpoint import Schemes",
        }
        for each in mixins:
            for name in (f"{each.capitalize()}Mixin", f"{each.capitalize()}BlockingMixin"):
                self.file.imports.add(f"from .support.{each}_mixin import {name}")
        if not mixins:
            self.file.imports |= {
                "from .support.blocking import BlockingServiceClient",
                "from .support.client import ServiceClient",
            }

    def client(self, service: ServiceCalls) -> ClientView:
        calls = (*service.methods, *service.events)
        methods = [view for call in calls for view in (self._method(call), *self._pages(call))]
        blocking = [
            v for call in calls for v in (self._blocking(call), *self._blocking_pages(call))
        ]
        doc = docstring(service.doc, 4)
        header = Group(f"class {service.client}(", self.bases, "):")
        bases = tuple(f"{base}[{service.client}]" for base in self.blocking_bases)
        blocking_header = Group(f"class {service.blocking}(", bases, "):")
        return ClientView(
            service.client,
            lay_out(header),
            lay_out(blocking_header),
            doc,
            tuple(methods),
            tuple(blocking),
        )

    def _method(self, call: Call) -> MethodView:
        returned = (
            self.file.stream(call.result) if call.gives_stream else self.file.type(call.result)
        )
        arguments = ("self", *self._parameters(call, "AsyncIterable"), *_OPTIONS)
        keyword = "def" if call.gives_stream else "async def"
        signature = Group(f"{keyword} {call.attribute}(", arguments, f") -> {returned}:")
        return MethodView(lay_out(signature, 4), docstring(call.doc, 8), self._body(call))

    def _body(self, call: Call) -> str:
        send = f"self._{KINDS[call.exchange.operation.streaming].lower()}("
        arguments = (f"operations.{call.constant}", self._request(call), "options")
        if call.result is None:
            return lay_out(Group(f"await {send}", arguments, ")"), 8)
        if call.gives_stream:
            return lay_out(Group(f"return {send}", arguments, ")"), 8)
        answer = f"response: {self.file.type(call.result)} = await {send}"
        return lay_out(Group(answer, arguments, ")"), 8) + "\n        return response"

    def _request(self, call: Call) -> str | Group:
        """The expression of what the channel sends."""
        if call.takes_value:
            return "requests" if call.takes_stream else "request"
        if not call.parameters:
            return "None"
        name = spell(call.exchange.request.struct.name, Role.TYPE)
        self.file.imports.add(f"from .models import {name}")
        pairs = zip(call.fields, call.parameters, strict=True)
        return Group(f"{name}(", tuple(f"{field}={given}" for field, given in pairs), ")")

    def _blocking(self, call: Call) -> MethodView:
        arguments = ("self", *self._parameters(call, "Iterable"), *_OPTIONS)
        kind = "Iterator"
        returned = (
            self.file.stream(call.result, kind)
            if call.gives_stream
            else self.file.type(call.result)
        )
        signature = Group(f"def {call.attribute}(", arguments, f") -> {returned}:")
        if call.takes_stream:
            given: tuple[str, ...] = ("self._portal.stream(requests)",)
        elif call.takes_value:
            given = ("request",)
        else:
            given = tuple(f"{name}={name}" for name in call.parameters)
        inner = Group(f"self._client.{call.attribute}(", (*given, "options=options"), ")")
        wait = "self._portal.iterate(" if call.gives_stream else "self._portal.run("
        head = wait if call.result is None else f"return {wait}"
        body = lay_out(Group(head, (inner,), ")"), 8)
        return MethodView(lay_out(signature, 4), docstring(call.doc, 8), body)

    def _blocking_pages(self, call: Call) -> list[MethodView]:
        """The blocking ``iterate_<method>``."""
        if call.exchange.operation.pagination is None or call.result is None:
            return []
        arguments = ("self", *self._parameters(call, "Iterable"), *_OPTIONS)
        item = _item(_field(call, call.exchange.operation.pagination.items).type)
        returned = self.file.stream(item, "Iterator")
        signature = Group(f"def iterate_{call.attribute}(", arguments, f") -> {returned}:")
        given = ("request",) if call.takes_value else tuple(f"{n}={n}" for n in call.parameters)
        inner = Group(f"self._client.iterate_{call.attribute}(", (*given, "options=options"), ")")
        body = lay_out(Group("return self._portal.iterate(", (inner,), ")"), 8)
        return [MethodView(lay_out(signature, 4), _EVERY_ITEM, body)]

    def _parameters(self, call: Call, iterable: str) -> list[str]:
        """What a caller gives; parameters that may be left out come last."""
        given = call.exchange.operation.input
        if given is not None and given.stream:
            return [f"requests: {self.file.stream(given.type, iterable)}"]
        if given is not None:
            return self.file.parameters(call)
        params = call.exchange.operation.params
        fields = list(zip(call.parameters, params, call.nullable, strict=True))
        fields.sort(key=lambda pair: not pair[1].required or pair[1].default is not None)
        return [
            f"{name}: {self.file.presence(f, null)}{self._default(f, null)}"
            for name, f, null in fields
        ]

    def _default(self, field: Field, nullable: bool) -> str:
        if field.default is not None:
            text = literal(field.default.value, field.type, self.api)
            self.file.type(field.type)
            marked = literal(field.default.value, field.type, self.api, prefix=_MARK)
            classes = re.findall(rf"{_MARK}(\w+)", marked)
            self.file.imports |= {f"from .models import {name}" for name in classes}
            if "duration(" in text:
                self.file.imports.add("from .support.types import duration")
            return f" = {self.defaults.name(field.name, text)}"
        if field.required:
            return ""
        if nullable:
            self.file.imports.add("from msgspec import UNSET")
            return " = UNSET"
        return " = None"

    def _pages(self, call: Call) -> list[MethodView]:
        """``iterate_<method>``: every item of every page, for operations with pagination."""
        pagination = call.exchange.operation.pagination
        if pagination is None or call.result is None:
            return []
        arguments = ("self", *self._parameters(call, "AsyncIterable"), *_OPTIONS)
        items = _field(call, pagination.items)
        returned = self.file.stream(_item(items.type))
        signature = Group(f"async def iterate_{call.attribute}(", arguments, f") -> {returned}:")
        body = self._loop(call, pagination, spell(items.name, Role.ATTRIBUTE))
        return [MethodView(lay_out(signature, 4), _EVERY_ITEM, body)]

    def _loop(self, call: Call, pagination: Pagination, items: str) -> str:
        following = f"page.{spell(_field(call, pagination.next_token).name, Role.ATTRIBUTE)}"
        if call.takes_value:
            self.file.imports.add("from msgspec import structs")
            token = next(
                f for f in call.exchange.request.struct.fields if f.name.wire == pagination.token
            )
            replaced = f"{spell(token.name, Role.ATTRIBUTE)}={following}"
            again = f"request = structs.replace(request, {replaced})"
            given: tuple[str, ...] = ("request",)
        else:
            wires = [f.name.wire for f in call.exchange.operation.params]
            again = f"{call.parameters[wires.index(pagination.token)]} = {following}"
            given = tuple(f"{name}={name}" for name in call.parameters)
        ask = Group(f"page = await self.{call.attribute}(", (*given, "options=options"), ")")
        lines = [
            "while True:",
            f"    {lay_out(ask, 12)}",
            f"    for item in page.{items}:",
            "        yield item",
            f"    if not {following}:",
            "        return",
            f"    {again}",
        ]
        return "\n        ".join(lines)


def _field(call: Call, wire: str) -> Field:
    return next(f for f in call.exchange.response.struct.fields if f.name.wire == wire)


def _item(ref: TypeRef) -> TypeRef:
    assert isinstance(ref, ListOf), "checks hold the items of a page to a list"
    return ref.item
