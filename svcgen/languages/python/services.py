"""View of ``service.py``: the abstract classes that a handler implements, and the stubs of a new one."""

from __future__ import annotations

from collections.abc import Sequence

from svcgen.frozen import frozen
from svcgen.languages.python.calls import Call, File, ServiceCalls
from svcgen.languages.python.imports import import_block
from svcgen.languages.python.layout import Group, docstring, lay_out, quote
from svcgen.languages.python.types import TypeWriter
from svcgen.model.plan import HandlerClass, Stub
from svcgen.model.service import Delivery


@frozen
class MethodView:
    signature: str
    doc: str


@frozen
class EventView:
    """Two methods: one that the handler publishes with, one that protocols subscribe with."""

    doc: str
    publish_signature: str
    publish_body: str
    subscribe_signature: str
    subscribe_body: str


@frozen
class ServiceView:
    name: str
    wire: str  # a string literal
    doc: str
    methods: tuple[MethodView, ...]
    events: tuple[EventView, ...]


@frozen
class ServicesView:
    header: str
    imports: str
    services: tuple[ServiceView, ...]


def services_view(services: Sequence[ServiceCalls], header: str) -> ServicesView:
    file = File(TypeWriter(ranged=False, origin=".models"))
    views = tuple(_service(service, file) for service in services)
    if views:
        file.imports |= {
            "from typing import ClassVar",
            "from .support.service import ServiceBase",
        }
    if any(service.methods for service in views):
        file.imports.add("from abc import abstractmethod")
    return ServicesView(header, import_block(file.imports), views)


def _service(service: ServiceCalls, file: File) -> ServiceView:
    methods = tuple(
        MethodView(
            signature(call, file, after="" if docstring(call.doc, 8) else " ..."),
            docstring(call.doc, 8),
        )
        for call in service.methods
    )
    events = tuple(_event(call, file) for call in service.events)
    return ServiceView(
        service.name, quote(service.wire), docstring(service.doc, 4), methods, events
    )


def _event(call: Call, file: File) -> EventView:
    event = call.exchange.event
    assert event is not None
    publish = Group(
        f"def publish_{event.name.snake}(",
        ("self", f"payload: {file.type(event.payload)}"),
        ") -> None:",
    )
    send = "share" if event.delivery is Delivery.WORK else "broadcast"
    key = quote(event.name.wire)
    return EventView(
        docstring(call.doc, 8),
        lay_out(publish, 4),
        lay_out(Group(f"self._events.{send}(", (key, "payload"), ")"), 8),
        signature(call, file),
        lay_out(Group("return self._events.subscribe(", (key,), ")"), 8),
    )


def signature(call: Call, file: File, *, after: str = "", awaited: bool = False) -> str:
    """How the server declares a method. ``awaited``: ``async`` even where it streams, as a generator is."""
    arguments = ("self", *file.parameters(call))
    returned = file.stream(call.result) if call.gives_stream else file.type(call.result)
    keyword = "def" if call.gives_stream and not awaited else "async def"
    head = f"{keyword} {call.attribute}("
    return lay_out(Group(head, arguments, f") -> {returned}:{after}"), 4)


def handler_class(service: ServiceCalls, package: str) -> HandlerClass:
    """What the user's handler must have of a service, with a stub for each method."""
    return HandlerClass(
        name=service.handler,
        base=service.name,
        base_import=f"from {package} import {service.name}",
        methods=tuple(_stub(call, package) for call in service.methods),
        doc=f"What {service.wire} does.",
        service=service.wire,
    )


def _stub(call: Call, package: str) -> Stub:
    """A method that says what is missing, and is a legal generator where it streams."""
    file = File(TypeWriter(ranged=False, origin=package))
    lines = [signature(call, file, awaited=True)]
    if text := docstring(call.doc, 8):
        lines.append(f"        {text}")
    lines.append(f"        raise NotImplementedError({quote(call.exchange.operation.name.wire)})")
    if call.gives_stream:
        lines.append("        yield  # makes this an asynchronous generator")
    source = "\n".join(lines).replace("\n    ", "\n") + "\n"
    former = call.exchange.operation.meta.renamed_from
    return Stub(call.attribute, source, tuple(sorted(file.imports)), former)
