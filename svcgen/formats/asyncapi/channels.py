"""Channels and operations: where messages go, and what the service does with them there.

An address is the package, the service and the method or event, with dots between; under ``bind`` a
broker's own name of a queue or topic says it by hand.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from svcgen.formats import facts
from svcgen.formats.asyncapi.dialect import about, extensions
from svcgen.formats.openapi.names import legal
from svcgen.formats.openapi.schemas import Schema
from svcgen.model.messages import Exchange
from svcgen.model.service import Api, Auth, Delivery, Event, Service, Streaming
from svcgen.model.types import Meta

_AMQP, _KAFKA = "0.3.0", "0.5.0"
_LONGEST = 255  # bytes of a name on AMQP 0-9-1 (4.2.5.3)


def identifier(exchange: Exchange) -> str:
    """What an operation and its channel are called in the document."""
    name = exchange.event.name if exchange.event else exchange.operation.name
    return f"{legal(exchange.service.name.wire)}.{legal(name.wire)}"


def request_message(exchange: Exchange) -> str:
    return f"{identifier(exchange)}.request"


def reply_name(exchange: Exchange) -> str:
    """What the channel of replies is called, and the reply of a call that went well."""
    return f"{identifier(exchange)}.reply"


def replies(exchange: Exchange, failure: str) -> list[str]:
    """The messages that may answer a request; ``failure`` is that of no declared error."""
    return [reply_name(exchange), *map(legal, exchange.operation.errors), failure]


def request_channel(api: Api, exchange: Exchange) -> Schema:
    """The queue from which a method is served."""
    meta = exchange.operation.meta
    address = _address(api, exchange.service, exchange.operation.name.wire)
    queue = _bound(meta, "amqp", "queue") or address
    return _channel(address, [request_message(exchange)], _queue(queue, durable=True), meta)


def reply_channel(exchange: Exchange, failure: str) -> Schema:
    """Where the caller waits: it has no address of its own, the request tells it."""
    return {"messages": _messages(replies(exchange, failure))}


def event_channel(api: Api, exchange: Exchange, event: Event) -> Schema:
    """The queue that consumers share, or the topic of which everybody gets a copy."""
    address = _address(api, exchange.service, event.name.wire)
    if event.delivery is Delivery.WORK:
        amqp = _queue(_bound(event.meta, "amqp", "queue") or address, durable=event.durable)
    else:
        amqp = _exchange(_bound(event.meta, "amqp", "exchange") or address, durable=event.durable)
    own = {
        "delivery": event.delivery.value,
        "durable": event.durable,
        "retries": event.retries,
        "dead-letter": event.dead_letter,
    }
    channel = _channel(address, [identifier(exchange)], amqp, event.meta)
    return channel | about(event.meta) | extensions(own)


def operation(exchange: Exchange, failure: str) -> Schema:
    """A request that the service receives, with its reply unless it is one-way."""
    source = exchange.operation
    found = _head(exchange, "receive", request_message(exchange))
    if not source.oneway:
        channel = reply_name(exchange)
        found["reply"] = {
            "address": {"location": "$message.header#/reply-to"},
            "channel": {"$ref": f"#/channels/{channel}"},
            "messages": [_message(channel, each) for each in replies(exchange, failure)],
        }
    if source.streaming is Streaming.SERVER:
        found["x-stream"] = "server"
    auth = source.auth if source.auth is not None else exchange.service.auth
    if auth is not None and auth != Auth(()):
        schemes = [f"#/components/securitySchemes/{scheme}" for scheme in auth.schemes]
        found["security"] = [{"$ref": scheme} for scheme in schemes]
    if source.deadline is not None:
        expiration = {"expiration": round(source.deadline * 1000), "bindingVersion": _AMQP}
        found["bindings"] = {"amqp": expiration}
    return found | extensions(facts.of_operation(source))


def event_operation(exchange: Exchange, event: Event) -> Schema:
    """An event that the service sends."""
    found = _head(exchange, "send", identifier(exchange))
    if event.durable:
        found["bindings"] = {"amqp": {"deliveryMode": 2, "bindingVersion": _AMQP}}
    return found | extensions({"number": event.number})


def _head(exchange: Exchange, action: str, message: str) -> Schema:
    name, meta = identifier(exchange), exchange.operation.meta
    summary = meta.doc.strip().partition("\n")[0].rstrip(".")
    found: Schema = {
        "action": action,
        "channel": {"$ref": f"#/channels/{name}"},
        "messages": [_message(name, message)],
        "tags": [{"name": tag} for tag in (exchange.service.name.wire, *meta.tags)],
    }
    if summary:
        found["summary"] = summary
    own = {key: value for key, value in facts.of_meta(meta).items() if key != "tags"}
    return found | about(meta) | extensions(own)


def _channel(address: str, messages: list[str], amqp: Schema, meta: Meta) -> Schema:
    bindings = amqp | _topic(meta)
    found: Schema = {"address": address, "messages": _messages(messages)}
    return found | ({"bindings": bindings} if bindings else {})


def _messages(names: list[str]) -> Schema:
    return {name: {"$ref": f"#/components/messages/{name}"} for name in names}


def _message(channel: str, name: str) -> Schema:
    return {"$ref": f"#/channels/{channel}/messages/{name}"}


def _address(api: Api, service: Service, name: str) -> str:
    return ".".join(part for part in (api.package, service.name.wire, name) if part)


def _queue(name: str, *, durable: bool) -> Schema:
    queue = {"name": name, "durable": durable, "exclusive": False, "autoDelete": not durable}
    return _amqp(name, {"is": "queue", "queue": queue})


def _exchange(name: str, *, durable: bool) -> Schema:
    exchange = {"name": name, "type": "fanout", "durable": durable, "autoDelete": not durable}
    return _amqp(name, {"is": "routingKey", "exchange": exchange})


def _amqp(name: str, binding: Schema) -> Schema:
    """Nothing where the name is longer than any of AMQP can be."""
    fits = len(name.encode()) <= _LONGEST
    return {"amqp": {**binding, "bindingVersion": _AMQP}} if fits else {}


def _topic(meta: Meta) -> Schema:
    topic = _bound(meta, "kafka", "topic")
    return {"kafka": {"topic": topic, "bindingVersion": _KAFKA}} if topic else {}


def _bound(meta: Meta, broker: str, key: str) -> str:
    """What is written by hand under ``bind``, the empty string if nothing is."""
    found: Any = meta.bind.get(broker)
    value = found.get(key) if isinstance(found, Mapping) else None
    return value if isinstance(value, str) else ""
