"""Services with their methods and events, each as its own file writes it."""

from __future__ import annotations

from svcgen.diagnostics import Report
from svcgen.formats.neutral import keys
from svcgen.formats.neutral.bindings import read_http
from svcgen.formats.neutral.expressions import read_payload, read_type
from svcgen.formats.neutral.names import read_examples, read_meta
from svcgen.formats.neutral.policies import read_auth, read_deadline, read_pagination
from svcgen.formats.neutral.resources import DeclaredResource, read_resource
from svcgen.formats.neutral.section import Section, open_section
from svcgen.formats.neutral.tree import Entry, Text, is_null
from svcgen.formats.neutral.types import Mention, fields_of, mentions
from svcgen.frozen import frozen, replace
from svcgen.model.naming import Name
from svcgen.model.service import EVENT_RETRIES, Delivery, Event, Operation, Payload, Service
from svcgen.model.types import Meta


@frozen
class DeclaredService:
    """A service before its resource is expanded and its mixins are flattened into it."""

    service: Service
    mixins: tuple[Mention, ...]
    resource: DeclaredResource | None


def read_service(entry: Entry, report: Report) -> DeclaredService | None:
    what = f"service {entry.key.text!r}"
    section = open_section(entry.value, keys.SERVICE, report, what, entry.key.span)
    if section is None:
        return None
    methods = [read_method(e, report) for e in section.entries("methods")]
    events = [_event(e, report) for e in section.entries("events")]
    service = Service(
        Name.parse(entry.key.text),
        tuple(method for method in methods if method),
        read_meta(section, report),
        tuple(event for event in events if event),
        read_auth(section, report),
    )
    return DeclaredService(
        service,
        mentions(section, "mixins"),
        _resource(section, report),
    )


def _resource(section: Section, report: Report) -> DeclaredResource | None:
    node = section.node("resource")
    return read_resource(node, section.key_span("resource"), report) if node else None


def read_method(entry: Entry, report: Report) -> Operation | None:
    """A method; where nothing is written, nothing goes in and nothing comes out."""
    name, what = Name.parse(entry.key.text), f"method {entry.key.text!r}"
    if is_null(entry.value):
        return Operation(name, Meta(entry.key.span))
    section = open_section(entry.value, keys.METHOD, report, what, entry.key.span)
    return _operation(name, section, report) if section else None


def _operation(name: Name, section: Section, report: Report) -> Operation:
    meta = read_meta(section, report)
    readonly = section.flag("readonly")
    asked = section.exclusive("params", "input")
    errors = {error.name: error.span for error in mentions(section, "errors")}
    return Operation(
        name,
        replace(meta, bind=read_http(section, dict(meta.bind), report)),
        params=fields_of(section, "params", report, "parameter") if asked == "params" else (),
        input=_payload(section, "input", report) if asked == "input" else None,
        output=_payload(section, section.exclusive("output", "returns"), report),
        errors=tuple(errors),
        error_spans=tuple(errors.values()),
        readonly=readonly,
        idempotent=section.flag("idempotent") or readonly,
        oneway=section.flag("oneway"),
        deadline=read_deadline(section),
        auth=read_auth(section, report),
        pagination=read_pagination(section, report),
        number=section.integer("number", 1),
        examples=read_examples(section, report),
    )


def _payload(section: Section, key: str | None, report: Report) -> Payload | None:
    node = section.node(key) if key else None
    if key is None or node is None or is_null(node):
        return None
    return read_payload(node, report, f"{key!r} of {section.what}")


def _event(entry: Entry, report: Report) -> Event | None:
    name, what = Name.parse(entry.key.text), f"event {entry.key.text!r}"
    if isinstance(entry.value, Text):
        payload = read_type(entry.value, report, f"the payload of {what}")
        return Event(name, payload, Meta(entry.key.span)) if payload else None
    section = open_section(entry.value, keys.EVENT, report, what, entry.key.span)
    if section is None:
        return None
    node = section.require("payload")
    payload = read_type(node, report, f"the payload of {what}") if node else None
    meta, retries = read_meta(section, report), section.integer("retries", 0)
    number, key = section.integer("number", 1), section.text("key")
    delivery = section.word("delivery", tuple(Delivery), Delivery.BROADCAST)
    durable = section.flag("durable") if "durable" in section else True
    if payload is None:
        return None
    return Event(
        name,
        payload,
        meta,
        key=key,
        delivery=Delivery(delivery),
        durable=durable,
        retries=EVENT_RETRIES if retries is None else retries,
        dead_letter=section.text("dead_letter"),
        number=number,
    )
