"""Every operation with its Python names, frozen before any text is written, and signatures of it."""

from __future__ import annotations

from collections.abc import Sequence

from svcgen.frozen import frozen
from svcgen.languages.python.models import doc_of
from svcgen.languages.python.naming import Role, spell, unique
from svcgen.languages.python.types import TypeWriter, is_nullable
from svcgen.model.messages import Exchange
from svcgen.model.service import Api, Service
from svcgen.model.types import Field, TypeRef


@frozen
class Call:
    """An operation (or the subscription to an event) as Python spells it."""

    exchange: Exchange
    constant: str  # in operations.py
    attribute: str  # of the service and its clients
    parameters: tuple[str, ...]  # of the method, one a field of the operation's params
    fields: tuple[str, ...]  # of the request's struct, likewise
    nullable: tuple[bool, ...]  # may the parameter be null? likewise

    @property
    def takes_stream(self) -> bool:
        return self.exchange.operation.input is not None and self.exchange.operation.input.stream

    @property
    def gives_stream(self) -> bool:
        return self.exchange.operation.output is not None and self.exchange.operation.output.stream

    @property
    def takes_value(self) -> bool:
        """One value, or one stream of them, and no parameters with names of their own."""
        return self.exchange.operation.input is not None

    @property
    def result(self) -> TypeRef | None:
        """The type of the response, or of one of them."""
        output = self.exchange.operation.output
        return output.type if output else None

    @property
    def doc(self) -> str:
        meta = self.exchange.operation.meta
        return doc_of(meta.doc, meta.deprecated)


@frozen
class ServiceCalls:
    """A service with its Python names."""

    service: Service
    name: str
    attribute: str  # of the client that holds several services
    methods: tuple[Call, ...]
    events: tuple[Call, ...]

    @property
    def wire(self) -> str:
        return self.service.name.wire

    @property
    def client(self) -> str:
        return f"{self.name}Client"

    @property
    def blocking(self) -> str:
        return f"{self.name}BlockingClient"

    @property
    def handler(self) -> str:
        return f"{self.name}Handler"

    @property
    def doc(self) -> str:
        meta = self.service.meta
        return doc_of(meta.doc, meta.deprecated) or f"The service {self.wire}."


def service_calls(
    api: Api, exchanges: Sequence[Exchange], reserved: Sequence[str] = ()
) -> tuple[ServiceCalls, ...]:
    """All services with every name chosen; no method gets a ``reserved`` one."""
    constants: set[str] = set()
    own: dict[str, list[Exchange]] = {service.name.wire: [] for service in api.services}
    for exchange in exchanges:
        own[exchange.service.name.wire].append(exchange)
    return tuple(_service(api, s, own[s.name.wire], constants, set(reserved)) for s in api.services)


def _service(
    api: Api,
    service: Service,
    exchanges: Sequence[Exchange],
    constants: set[str],
    attributes: set[str],
) -> ServiceCalls:
    """``constants`` and ``attributes`` are the names that are taken already."""
    calls = []
    for exchange in exchanges:
        name = exchange.operation.name
        constant = spell(name, Role.CONSTANT)
        if len(api.services) > 1:
            constant = f"{service.name.constant}_{name.constant}"
        calls.append(
            Call(
                exchange,
                unique(constant, constants),
                unique(spell(name, Role.METHOD), attributes),
                _spelled(exchange, Role.PARAMETER),
                _spelled(exchange, Role.ATTRIBUTE),
                tuple(is_nullable(f.type, api) for f in exchange.operation.params),
            )
        )
    return ServiceCalls(
        service,
        spell(service.name, Role.TYPE),
        spell(service.name, Role.METHOD),
        tuple(c for c in calls if c.exchange.event is None),
        tuple(c for c in calls if c.exchange.event is not None),
    )


def _spelled(exchange: Exchange, role: Role) -> tuple[str, ...]:
    taken: set[str] = set()
    return tuple(unique(spell(f.name, role), taken) for f in exchange.operation.params)


class File:
    """The imports of one file, gathered while its texts are written."""

    def __init__(self, writer: TypeWriter, *imports: str) -> None:
        self.writer = writer
        self.imports = {"from __future__ import annotations", *imports}

    def type(self, ref: TypeRef | None) -> str:
        if ref is None:
            return "None"
        symbol = self.writer.write(ref)
        self.imports |= symbol.imports
        return symbol.text

    def stream(self, ref: TypeRef | None, kind: str = "AsyncIterator") -> str:
        self.imports.add(f"from collections.abc import {kind}")
        return f"{kind}[{self.type(ref)}]"

    def parameters(self, call: Call) -> list[str]:
        """What a handler takes after ``self``."""
        given = call.exchange.operation.input
        if given is not None and given.stream:
            return [f"requests: {self.stream(given.type)}"]
        if given is not None:
            return [f"request: {self.type(given.type)}"]
        fields = zip(call.parameters, call.exchange.operation.params, call.nullable, strict=True)
        return [f"{name}: {self.presence(field, null)}" for name, field, null in fields]

    def presence(self, field: Field, nullable: bool) -> str:
        """The type of a parameter, with what its presence adds."""
        text = self.type(field.type)
        if field.required or field.default is not None or text == "Any":
            return text
        if nullable:
            self.imports.add("from msgspec import UnsetType")
            return f"{text} | UnsetType"
        return f"{text} | None"
