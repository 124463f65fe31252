"""The whole WSDL of a definition, in its order, so that the same definition gives the same bytes."""

from __future__ import annotations

from collections.abc import Sequence

from svcgen.formats import KEPT, facts
from svcgen.formats.wsdl.attributes import NAMESPACE, attributes, of_examples, of_meta
from svcgen.formats.wsdl.jaxws import bindings
from svcgen.formats.wsdl.names import Names, bound_name, namespace
from svcgen.formats.wsdl.schema import Schema, documentation
from svcgen.formats.wsdl.xml import Node, dump, node
from svcgen.frozen import frozen
from svcgen.model.messages import Exchange, exchanges
from svcgen.model.naming import Name
from svcgen.model.service import Api, Payload, Service, Streaming
from svcgen.model.types import Field, Meta

_HTTP = "http://schemas.xmlsoap.org/soap/http"
_SCHEME = "soap+"
_ANYWHERE = "http://localhost/soap"
_VERSIONS = (("soap", "Soap"), ("soap12", "Soap12"))
"""The prefix of each version of SOAP, and what its bindings and ports are called."""

_NAMESPACES = {
    "xmlns:wsdl": "http://schemas.xmlsoap.org/wsdl/",
    "xmlns:soap": "http://schemas.xmlsoap.org/wsdl/soap/",
    "xmlns:soap12": "http://schemas.xmlsoap.org/wsdl/soap12/",
    "xmlns:xs": "http://www.w3.org/2001/XMLSchema",
    "xmlns:svc": NAMESPACE,
}


@frozen
class WsdlOperation:
    """An operation with what it is called: its elements, their types, its messages."""

    exchange: Exchange
    name: str  # that of the element of the request as well: so readers see that it is wrapped
    request: tuple[str, tuple[Field, ...]]  # the type of the element, and what is in it
    response: tuple[str, str, tuple[Field, ...]] | None  # element, type, fields; None: one-way
    message: str
    faults: tuple[str, ...]  # names of errors


@frozen
class WsdlService:
    name: str  # of the port type
    service: str
    source: Service
    operations: tuple[WsdlOperation, ...]


def to_xml(api: Api, kept: str = "") -> str:
    """The text of the WSDL; ``kept`` is a definition that it carries."""
    text = dump(document(api))
    if not kept:
        return text
    from svcgen.formats.wsdl.parsed import Document

    parsed = Document()
    parsed.parse(text)
    return dump(document(api, Node(f"svc:{KEPT}", {"of": parsed.mark}, text="\n" + kept)))


def document(api: Api, kept: Node | None = None) -> Node:
    """The ``definitions`` of a definition."""
    return _Writer(api).document(kept)


class _Writer:
    """Names everything first, then declares it."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._namespace = namespace(api)
        self._schema = Schema(api)
        types = self._schema.types.names
        messages = Names()
        self._elements = Names()
        thrown = {error for e in _carried(api) for error in e.operation.errors}
        declared = [name for name in api.errors if name in thrown]
        self._faults = {name: messages.choose(types.choose(f"{name}Fault")) for name in declared}
        self._services = tuple(self._service(service, messages) for service in api.services)
        self._errors = {name: self._elements.choose(name) for name in declared}

    def document(self, kept: Node | None) -> Node:
        """With what is carried before all else: there WSDL's schema has a place for it (A.4.1)."""
        meta, target = self._api.meta, self._namespace
        parts = [self._types(), *self._messages()]
        parts += [self._port_type(service) for service in self._services]
        for service in self._services:
            parts += [self._binding(service, *version) for version in _VERSIONS]
        parts += [self._service_node(service) for service in self._services]
        names = {"targetNamespace": target, "xmlns:tns": target, **_NAMESPACES}
        return node("wsdl:definitions", names, _documented(meta), kept, *parts)

    def _service(self, service: Service, messages: Names) -> WsdlService:
        types = self._schema.types.names
        name = types.choose(bound_name(service.meta, "service") or service.name.wire)
        carried = [e for e in _carried(self._api) if e.service is service]
        operations = tuple(self._operation(name, e, messages) for e in carried)
        return WsdlService(name, types.choose(f"{name}Service"), service, operations)

    def _operation(self, service: str, exchange: Exchange, messages: Names) -> WsdlOperation:
        operation, types = exchange.operation, self._schema.types.names
        wanted = bound_name(operation.meta, "method") or operation.name.wire
        name = self._elements.choose(wanted, instead=f"{service}_{wanted}")
        request = types.choose(f"{operation.name.pascal}Input")
        asked = operation.params or _single("request", operation.input)
        response = None
        if not operation.oneway:
            answered = types.choose(f"{operation.name.pascal}Output")
            element = self._elements.choose(f"{name}Response")
            response = (element, answered, _single("result", operation.output))
        message = messages.choose(f"{service}_{name}")
        faults = () if operation.oneway else operation.errors
        return WsdlOperation(exchange, name, (request, asked), response, message, faults)

    def _types(self) -> Node:
        schema, api = self._schema, self._api
        components = [schema.definition(definition) for definition in api.types.values()]
        components += [schema.error(error) for error in api.errors.values()]
        for service in self._services:
            for operation in service.operations:
                components += self._wrappers(operation)
        for name, element in self._errors.items():
            components.append(_global(element, schema.types.named(name), {}))
        said = {"targetNamespace": self._namespace, "elementFormDefault": "qualified"}
        said |= attributes(facts.of_api(api), of_meta(api.meta))
        return node("wsdl:types", {}, node("xs:schema", said, *components, *schema.own()))

    def _wrappers(self, operation: WsdlOperation) -> list[Node]:
        """The elements of an operation with their types; its facts are at the first."""
        source = operation.exchange.operation
        kind, fields = operation.request
        own = {} if operation.name == source.name.wire else {"svc:name": source.name.wire}
        own |= attributes(facts.of_operation(source), of_meta(source.meta))
        own |= attributes(of_examples(source.examples))
        found = [_global(operation.name, kind, own), self._schema.message(kind, fields)]
        if operation.response is not None:
            element, kind, fields = operation.response
            found += [_global(element, kind, {}), self._schema.message(kind, fields)]
        return found

    def _messages(self) -> list[Node]:
        found = []
        for service in self._services:
            for operation in service.operations:
                found.append(_message(operation.message, "parameters", operation.name))
                if operation.response is not None:
                    name = f"{operation.message}Response"
                    found.append(_message(name, "parameters", operation.response[0]))
        for name, message in self._faults.items():
            found.append(_message(message, "fault", self._errors[name]))
        return found

    def _port_type(self, service: WsdlService) -> Node:
        operations = [self._abstract(operation) for operation in service.operations]
        own = attributes(facts.of_service(service.source), of_meta(service.source.meta))
        documented = _documented(service.source.meta)
        return node("wsdl:portType", {"name": service.name, **own}, documented, *operations)

    def _abstract(self, operation: WsdlOperation) -> Node:
        message = f"tns:{operation.message}"
        output = None
        if operation.response is not None:
            output = node("wsdl:output", {"message": f"{message}Response"})
        faults = [
            node("wsdl:fault", {"name": f, "message": f"tns:{f}"}) for f in self._thrown(operation)
        ]
        documented = _documented(operation.exchange.operation.meta)
        asked = node("wsdl:input", {"message": message})
        children = (field.name.wire for field in operation.request[1])
        java = bindings(operation.name, operation.message, children)
        parts = (documented, java, asked, output, *faults)
        return node("wsdl:operation", {"name": operation.name}, *parts)

    def _binding(self, service: WsdlService, prefix: str, suffix: str) -> Node:
        head = node(f"{prefix}:binding", {"style": "document", "transport": _HTTP})
        operations = [
            self._concrete(service, operation, prefix) for operation in service.operations
        ]
        bound = {"name": f"{service.name}{suffix}", "type": f"tns:{service.name}"}
        return node("wsdl:binding", bound, head, *operations)

    def _concrete(self, service: WsdlService, operation: WsdlOperation, prefix: str) -> Node:
        source = operation.exchange.operation
        action = bound_name(source.meta, "action")
        if not action:
            action = f"{self._namespace.rstrip('/')}/{service.name}/{operation.name}"
        head = node(f"{prefix}:operation", {"soapAction": action, "style": "document"})
        body = node(f"{prefix}:body", {"use": "literal"})
        output = node("wsdl:output", {}, body) if operation.response is not None else None
        faults = [
            node(
                "wsdl:fault", {"name": fault},
                node(f"{prefix}:fault", {"name": fault, "use": "literal"}),
            )
            for fault in self._thrown(operation)
        ]  # fmt: skip
        asked = node("wsdl:input", {}, body)
        return node("wsdl:operation", {"name": operation.name}, head, asked, output, *faults)

    def _service_node(self, service: WsdlService) -> Node:
        ports = []
        for prefix, suffix in _VERSIONS:
            name = f"{service.name}{suffix}"
            address = node(f"{prefix}:address", {"location": _location(self._api)})
            ports.append(node("wsdl:port", {"name": name, "binding": f"tns:{name}"}, address))
        documented = _documented(service.source.meta)
        return node("wsdl:service", {"name": service.service}, documented, *ports)

    def _thrown(self, operation: WsdlOperation) -> list[str]:
        return [self._faults[error] for error in operation.faults]


def _carried(api: Api) -> list[Exchange]:
    """What SOAP has words for: one request, and at most one answer."""
    return [e for e in exchanges(api) if e.operation.streaming is Streaming.UNARY]


def _single(name: str, payload: Payload | None) -> tuple[Field, ...]:
    """A wrapper's only element, or none where nothing is carried."""
    if payload is None:
        return ()
    return (Field(Name.parse(name), payload.type, Meta(payload.type.span)),)


def _global(name: str, kind: str, own: dict[str, str]) -> Node:
    return node("xs:element", {"name": name, "type": f"tns:{kind}", **own})


def _message(name: str, part: str, element: str) -> Node:
    return node(
        "wsdl:message",
        {"name": name},
        node("wsdl:part", {"name": part, "element": f"tns:{element}"}),
    )


def _documented(meta: Meta) -> Node | None:
    text = documentation(meta)
    return Node("wsdl:documentation", text=text) if text else None


def _location(api: Api) -> str:
    """Where the first server that speaks SOAP is; else a place to be filled in."""
    urls: Sequence[str] = [url for server in api.servers for url in server.urls]
    return next((u.removeprefix(_SCHEME) for u in urls if u.startswith(_SCHEME)), _ANYWHERE)
