"""Views of ``service.py``, ``operations.py``, ``client.py``: one operation seen from four sides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from svcgen.languages.python.imports import import_block
from svcgen.languages.python.layout import Group, docstring, lay_out, quote
from svcgen.languages.python.models import doc_of
from svcgen.languages.python.naming import Role, package_name, spell, unique
from svcgen.languages.python.types import Defaults, TypeWriter, literal, type_name
from svcgen.model.messages import Exchange
from svcgen.model.plan import HandlerClass, Stub
from svcgen.model.service import Api, Auth, Delivery, Streaming
from svcgen.model.types import Field, NullableOf, TypeRef

_KINDS = {
    Streaming.UNARY: "UNARY",
    Streaming.CLIENT: "CLIENT_STREAM",
    Streaming.SERVER: "SERVER_STREAM",
    Streaming.BOTH: "BIDI",
}


@dataclass(frozen=True, slots=True)
class MethodView:
    """One operation: everything that the templates of a language write about it."""

    wire: str  # as the definition writes it
    constant: str  # in operations.py
    attribute: str  # of the service and the client
    doc: str
    abstract_signature: str  # of the service, with "..." unless a docstring makes it needless
    service_signature: str
    client_signature: str
    client_body: str
    blocking_signature: str
    blocking_body: str
    descriptor: str  # the call Operation(…)
    stub: Stub | None  # the method as the user's handler first has it; events have none
    is_event: bool
    publish_signature: str
    publish_body: str
    subscribe_body: str
    pages: PagesView | None


@dataclass(frozen=True, slots=True)
class PagesView:
    """The client's method that walks all pages."""

    signature: str
    doc: str
    body: str


@dataclass(frozen=True, slots=True)
class ServiceView:
    name: str
    wire: str
    wire_literal: str
    attribute: str  # of the client that holds several services
    client: str
    blocking: str
    handler: str
    handler_class: HandlerClass
    doc: str
    methods: tuple[MethodView, ...]
    events: tuple[MethodView, ...]


@dataclass(frozen=True, slots=True)
class ServicesView:
    header: str
    service_imports: str
    operation_imports: str
    client_imports: str
    services: tuple[ServiceView, ...]
    defaults: tuple[str, ...]  # of the clients' parameters: assignments

    @property
    def operations(self) -> list[MethodView]:
        return [m for s in self.services for m in (*s.methods, *s.events)]

    @property
    def operation_table(self) -> str:
        names = tuple(m.constant for m in self.operations)
        tail = ",)" if len(names) == 1 else ")"
        return lay_out(Group("OPERATIONS: tuple[Operation, ...] = (", names, tail))


class _File:
    """The imports of one file, and signatures in its terms."""

    def __init__(self, origin: str) -> None:
        self.writer = TypeWriter(ranged=False, origin=origin)
        self.imports: set[str] = {"from __future__ import annotations"}

    def type(self, ref: TypeRef | None) -> str:
        if ref is None:
            return "None"
        symbol = self.writer.write(ref)
        self.imports |= symbol.imports
        return symbol.text

    def stream(self, ref: TypeRef | None) -> str:
        self.imports.add("from collections.abc import AsyncIterator")
        return f"AsyncIterator[{self.type(ref)}]"


def services_view(
    api: Api, exchanges: Sequence[Exchange], header: str, validators: dict[str, str]
) -> ServicesView:
    """All services of a definition. ``validators``: by message name, the function that checks it."""
    builder = _Builder(api, exchanges, validators)
    services = tuple(builder.service(s.name.wire) for s in api.services)
    builder.client.imports |= {
        "from . import operations",
        "from .support.channel import CallOptions",
        "from .support.client import ServiceClient",
        "from .support.blocking import BlockingServiceClient",
    }
    builder.operations.imports |= {"from .support.operation import Kind", "from .support.operation import Operation"}
    builder.service_file.imports |= {"from abc import abstractmethod", "from typing import ClassVar", "from .support.service import ServiceBase"}
    return ServicesView(
        header,
        import_block(builder.service_file.imports),
        import_block(builder.operations.imports),
        import_block(builder.client.imports),
        services,
        builder.defaults.assignments,
    )


class _Builder:
    def __init__(self, api: Api, exchanges: Sequence[Exchange], validators: dict[str, str]) -> None:
        self.api = api
        self.exchanges = exchanges
        self.validators = validators
        self.service_file = _File(".models")
        self.package = package_name(api.package)
        self.client = _File(".models")
        self.operations = _File("")
        self.operations.writer = TypeWriter(prefix="models.")
        self.defaults = Defaults()
        self._constants: set[str] = set()

    def service(self, wire: str) -> ServiceView:
        exchanges = [e for e in self.exchanges if e.service.name.wire == wire]
        service = exchanges[0].service if exchanges else next(s for s in self.api.services if s.name.wire == wire)
        name = spell(service.name, Role.TYPE)
        taken: set[str] = set()
        views = [self._method(e, unique(spell(e.operation.name, Role.METHOD), taken)) for e in exchanges]
        return ServiceView(
            name=name,
            wire=wire,
            wire_literal=quote(wire),
            attribute=spell(service.name, Role.METHOD),
            client=f"{name}Client",
            blocking=f"{name}BlockingClient",
            handler=f"{name}Handler",
            handler_class=HandlerClass(
                name=f"{name}Handler",
                base=name,
                base_import=f"from {self.package} import {name}",
                methods=tuple(v.stub for v in views if v.stub),
                doc=f"What {wire} does.",
            ),
            doc=docstring(doc_of(service.meta.doc, service.meta.deprecated) or f"The service {wire}.", 4),
            methods=tuple(v for v in views if not v.is_event),
            events=tuple(v for v in views if v.is_event),
        )

    def _constant(self, exchange: Exchange) -> str:
        name = spell(exchange.operation.name, Role.CONSTANT)
        if len(self.api.services) > 1:
            name = f"{exchange.service.name.constant}_{exchange.operation.name.constant}"
        return unique(name, self._constants)

    def _method(self, exchange: Exchange, attribute: str) -> MethodView:
        constant = self._constant(exchange)
        doc = doc_of(exchange.operation.meta.doc, exchange.operation.meta.deprecated)
        event = exchange.event
        payload = self.service_file.type(event.payload) if event else ""
        publish = f"publish_{event.name.snake}" if event else ""
        key = quote(event.name.wire) if event else ""
        send = "share" if event and event.delivery is Delivery.WORK else "broadcast"
        return MethodView(
            wire=exchange.operation.name.wire,
            constant=constant,
            attribute=attribute,
            doc=docstring(doc, 8),
            abstract_signature=self._server_signature(
                exchange, attribute, self.service_file, after="" if doc else " ..."
            ),
            service_signature=self._server_signature(exchange, attribute, self.service_file),
            client_signature=self._client_signature(exchange, attribute, blocking=False),
            client_body=self._client_body(exchange, constant),
            blocking_signature=self._client_signature(exchange, attribute, blocking=True),
            blocking_body=self._blocking_body(exchange, attribute),
            descriptor=self._descriptor(exchange, constant, attribute),
            stub=None if event else self._stub(exchange, attribute),
            is_event=event is not None,
            publish_signature=lay_out(Group(f"def {publish}(", ("self", f"payload: {payload}"), ") -> None:"), 4),
            publish_body=f"self._events.{send}({key}, payload)",
            subscribe_body=f"return self._events.subscribe({key})",
            pages=self._pages(exchange, attribute),
        )

    # The server's side

    def _server_signature(
        self,
        exchange: Exchange,
        attribute: str,
        file: _File,
        *,
        after: str = "",
        awaited: bool = False,
    ) -> str:
        """``awaited``: with ``async`` even where it streams, as a generator has it."""
        operation = exchange.operation
        arguments = ["self", *self._parameters(exchange, file)]
        streams = bool(operation.output and operation.output.stream)
        ref = operation.output.type if operation.output else None
        returned = file.stream(ref) if streams else file.type(ref)
        keyword = "def" if streams and not awaited else "async def"
        head = f"{keyword} {attribute}("
        return lay_out(Group(head, tuple(arguments), f") -> {returned}:{after}"), 4)

    def _parameters(self, exchange: Exchange, file: _File) -> list[str]:
        """What the handler and the client take after ``self``."""
        operation = exchange.operation
        if operation.input is not None:
            kind = file.stream if operation.input.stream else file.type
            return [f"{self._input_name(exchange)}: {kind(operation.input.type)}"]
        names = self._parameter_names(exchange)
        fields = zip(names, operation.params, strict=True)
        return [f"{name}: {self._presence(field, file)}" for name, field in fields]

    def _presence(self, field: Field, file: _File) -> str:
        text = file.type(field.type)
        if field.required or field.default is not None or text == "Any":
            return text
        if isinstance(field.type, NullableOf):
            file.imports.add("from msgspec import UnsetType")
            return f"{text} | UnsetType"
        return f"{text} | None"

    @staticmethod
    def _parameter_names(exchange: Exchange) -> list[str]:
        taken: set[str] = set()
        return [unique(spell(f.name, Role.PARAMETER), taken) for f in exchange.operation.params]

    @staticmethod
    def _attribute_names(exchange: Exchange) -> list[str]:
        taken: set[str] = set()
        return [unique(spell(f.name, Role.ATTRIBUTE), taken) for f in exchange.operation.params]

    @staticmethod
    def _input_name(exchange: Exchange) -> str:
        assert exchange.operation.input is not None
        return "requests" if exchange.operation.input.stream else "request"

    def _stub(self, exchange: Exchange, attribute: str) -> Stub:
        """What a new handler has: it says what is missing, and is a legal generator where it streams."""
        file = _File(self.package)
        streams = bool(exchange.operation.output and exchange.operation.output.stream)
        lines = [self._server_signature(exchange, attribute, file, awaited=True)]
        if text := docstring(exchange.operation.meta.doc, 8):
            lines.append(f"        {text}")
        lines.append(f"        raise NotImplementedError({quote(exchange.operation.name.wire)})")
        if streams:
            lines.append("        yield  # makes this an asynchronous generator")
        source = "\n".join(lines).replace("\n    ", "\n") + "\n"
        return Stub(attribute, source, tuple(sorted(file.imports)))

    # The description

    def _descriptor(self, exchange: Exchange, constant: str, attribute: str) -> str:
        operation = exchange.operation
        facts: list[str | Group] = [
            f"service={quote(exchange.service.name.wire)}",
            f"name={quote(operation.name.wire)}",
            f"kind=Kind.{_KINDS[operation.streaming]}",
            f"request={self._request_type(exchange)}",
            f"response={self._described(operation.output.type if operation.output else None)}",
            self._invoke(exchange, attribute),
        ]
        if operation.errors:
            self.operations.imports.add("from . import errors")
            names = tuple(f"errors.{type_name(e)}" for e in operation.errors)
            tail = ",)" if len(names) == 1 else ")"
            facts.append(Group("errors=(", names, tail))
        facts += [f"{flag}=True" for flag in ("readonly", "idempotent", "oneway") if getattr(operation, flag)]
        if operation.deadline is not None:
            facts.append(f"deadline={operation.deadline!r}")
        facts += _auth(operation.auth or exchange.service.auth)
        facts += self._checks(exchange)
        return lay_out(Group(f"{constant} = Operation(", tuple(facts), ")"))

    def _checks(self, exchange: Exchange) -> list[str]:
        found = []
        for side, message in (("validate", exchange.request), ("validate_response", exchange.response)):
            if check := self.validators.get(message.struct.name.wire):
                self.operations.imports.add("from . import validation")
                found.append(f"{side}=validation.{check}")
        return found

    def _request_type(self, exchange: Exchange) -> str:
        if exchange.request.params:
            self.operations.imports.add("from . import models")
            return f"models.{spell(exchange.request.struct.name, Role.TYPE)}"
        return self._described(exchange.request.type)

    def _described(self, ref: TypeRef | None) -> str:
        text = self.operations.type(ref)
        if "models." in text:
            self.operations.imports.add("from . import models")
        return text

    def _invoke(self, exchange: Exchange, attribute: str) -> str | Group:
        if exchange.operation.input is not None:
            return f"invoke=lambda handler, request: handler.{attribute}(request)"
        if not exchange.operation.params:
            return f"invoke=lambda handler, _: handler.{attribute}()"
        names = self._attribute_names(exchange)
        arguments = tuple(f"request.{name}" for name in names)
        return Group(f"invoke=lambda handler, request: handler.{attribute}(", arguments, ")")

    # The client's side

    def _client_signature(self, exchange: Exchange, attribute: str, *, blocking: bool) -> str:
        operation, file = exchange.operation, self.client
        arguments = ["self", *self._client_parameters(exchange, blocking=blocking)]
        arguments += ["*", "options: CallOptions | None = None"]
        ref = operation.output.type if operation.output else None
        streams = bool(operation.output and operation.output.stream)
        if streams and blocking:
            file.imports.add("from collections.abc import Iterator")
            returned = f"Iterator[{file.type(ref)}]"
        else:
            returned = file.stream(ref) if streams else file.type(ref)
        keyword = "def" if streams or blocking else "async def"
        return lay_out(Group(f"{keyword} {attribute}(", tuple(arguments), f") -> {returned}:"), 4)

    def _client_parameters(self, exchange: Exchange, *, blocking: bool) -> list[str]:
        operation, file = exchange.operation, self.client
        if operation.input is not None and operation.input.stream:
            source = "Iterable" if blocking else "AsyncIterable"
            file.imports.add(f"from collections.abc import {source}")
            return [f"requests: {source}[{file.type(operation.input.type)}]"]
        if operation.input is not None:
            return self._parameters(exchange, file)
        names = self._parameter_names(exchange)
        required = [(n, f) for n, f in zip(names, operation.params, strict=True)]
        required.sort(key=lambda pair: _has_default(pair[1]))
        return [f"{n}: {self._presence(f, file)}{self._default(f)}" for n, f in required]

    def _default(self, field: Field) -> str:
        if field.default is not None:
            text = literal(field.default.value, field.type, self.api)
            self.client.imports |= self._literal_imports(field, text)
            return f" = {self.defaults.name(field.name, text)}"
        if field.required:
            return ""
        if isinstance(field.type, NullableOf):
            self.client.imports.add("from msgspec import UNSET")
            return " = UNSET"
        return " = None"

    def _literal_imports(self, field: Field, text: str) -> set[str]:
        found = set(TypeWriter(ranged=False, origin=".models").write(field.type).imports)
        if "duration(" in text:
            found.add("from .support.types import duration")
        return found

    def _request_value(self, exchange: Exchange) -> str | Group:
        if exchange.operation.input is not None:
            return self._input_name(exchange)
        if not exchange.operation.params:
            return "None"
        cls = spell(exchange.request.struct.name, Role.TYPE)
        self.client.imports.add(f"from .models import {cls}")
        names = zip(self._attribute_names(exchange), self._parameter_names(exchange), strict=True)
        return Group(f"{cls}(", tuple(f"{a}={p}" for a, p in names), ")")

    def _client_body(self, exchange: Exchange, constant: str) -> str:
        operation = exchange.operation
        call = f"self._{_KINDS[operation.streaming].lower()}("
        arguments = (f"operations.{constant}", self._request_value(exchange), "options")
        if operation.output is None:
            return lay_out(Group(f"await {call}", arguments, ")"), 8)
        if operation.output.stream:
            return lay_out(Group(f"return {call}", arguments, ")"), 8)
        answer = f"response: {self.client.type(operation.output.type)} = await {call}"
        return lay_out(Group(answer, arguments, ")"), 8) + "\n        return response"

    def _blocking_body(self, exchange: Exchange, attribute: str) -> str:
        operation = exchange.operation
        if operation.input is not None and operation.input.stream:
            given: list[str] = ["self._portal.stream(requests)"]
        elif operation.input is not None:
            given = ["request"]
        else:
            given = [f"{n}={n}" for n in self._parameter_names(exchange)]
        call = Group(f"self._client.{attribute}(", (*given, "options=options"), ")")
        streams = bool(operation.output and operation.output.stream)
        head = "return self._portal.iterate(" if streams else "return self._portal.run("
        if operation.output is None:
            head = head.removeprefix("return ")
        return lay_out(Group(head, (call,), ")"), 8)

    def _pages(self, exchange: Exchange, attribute: str) -> PagesView | None:
        """``iterate_<method>``: every item of every page, for operations with pagination."""
        pagination, operation = exchange.operation.pagination, exchange.operation
        if pagination is None or operation.output is None:
            return None
        fields = {f.name.wire: f for f in exchange.response.struct.fields}
        items = fields[pagination.items]
        item = getattr(items.type, "item", items.type)
        spelled = {f.name.wire: spell(f.name, Role.ATTRIBUTE) for f in fields.values()}
        signature = ["self", *self._client_parameters(exchange, blocking=False)]
        signature += ["*", "options: CallOptions | None = None"]
        token = _page_token(exchange, pagination.token)
        if operation.input is not None:
            self.client.imports.add("from msgspec import structs")
            again = f"request = structs.replace(request, {token}=page.{spelled[pagination.next_token]})"
            given = ["request"]
        else:
            again = f"{token} = page.{spelled[pagination.next_token]}"
            given = [f"{n}={n}" for n in self._parameter_names(exchange)]
        call = Group(f"page = await self.{attribute}(", (*given, "options=options"), ")")
        returned = self.client.stream(item)
        body = [
            "while True:",
            f"    {lay_out(call, 12)}",
            f"    for item in page.{spelled[pagination.items]}:",
            "        yield item",
            f"    if not page.{spelled[pagination.next_token]}:",
            "        return",
            f"    {again}",
        ]
        return PagesView(
            lay_out(Group(f"async def iterate_{attribute}(", tuple(signature), f") -> {returned}:"), 4),
            '"""Every item of every page."""',
            "\n        ".join(body),
        )


def _page_token(exchange: Exchange, wire: str) -> str:
    role = Role.PARAMETER if exchange.request.params else Role.ATTRIBUTE
    field = next(f for f in exchange.request.struct.fields if f.name.wire == wire)
    return spell(field.name, role)


def _has_default(field: Field) -> bool:
    return field.default is not None or not field.required


def _auth(auth: Auth | None) -> list[str]:
    if auth is None or not auth.schemes:
        return []
    facts = [f"auth=({_tuple(auth.schemes)})"]
    return [*facts, f"scopes=({_tuple(auth.scopes)})"] if auth.scopes else facts


def _tuple(texts: Sequence[str]) -> str:
    joined = ", ".join(map(quote, texts))
    return f"{joined}," if len(texts) == 1 else joined
