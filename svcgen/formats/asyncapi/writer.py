"""The whole AsyncAPI document of a definition, in its order: the same definition, the same bytes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from svcgen.formats import facts
from svcgen.formats.asyncapi import channels
from svcgen.formats.asyncapi.dialect import about, extensions
from svcgen.formats.asyncapi.messages import CORRELATION, Messages, traits
from svcgen.formats.asyncapi.schemas import Payloads
from svcgen.formats.openapi.names import legal
from svcgen.formats.openapi.operations import SECURITY_SCHEMES
from svcgen.formats.openapi.schemas import Schema, info
from svcgen.model.messages import Exchange, exchanges
from svcgen.model.service import Api, Server, Streaming

_PROTOCOLS = {
    "amqp": "amqp",
    "amqps": "amqps",
    "kafka": "kafka",
    "kafkas": "kafka-secure",
    "stomp": "stomp",
    "stomps": "stomps",
}
"""Schemes of URLs, and what AsyncAPI calls the protocols."""

_SECURITY: Mapping[str, Schema] = {
    "bearer": SECURITY_SCHEMES["bearer"],
    "api_key": SECURITY_SCHEMES["api_key"] | {"type": "httpApiKey"},
}
_SAID = ("package", "version", "tags")
_CARRIED = (Streaming.UNARY, Streaming.SERVER)


def document(api: Api) -> Schema:
    """The document as plain values."""
    carried = [e for e in exchanges(api) if e.operation.streaming in _CARRIED]
    payloads = Payloads(api)
    failure = payloads.components.problem
    head: Schema = {"asyncapi": "3.0.0", "info": info(api) | _tags(api)}
    if servers := _servers(api):
        head["servers"] = servers
    head |= {
        "defaultContentType": "application/json",
        "channels": _channels(api, carried, failure),
        "operations": {channels.identifier(e): _operation(e, failure) for e in carried},
        "components": _components(api, carried, payloads),
    }
    return head | _own(api)


def _own(api: Api) -> Schema:
    """What the head of the document has no words for."""
    said = {**facts.of_api(api), **facts.of_meta(api.meta)}
    named = {key: value for key, value in about(api.meta).items() if key.startswith("x-")}
    return extensions({k: v for k, v in said.items() if k not in _SAID}) | named


def _tags(api: Api) -> Schema:
    """The services, and what the whole is tagged with."""
    tags = {s.name.wire: {"description": s.meta.doc} if s.meta.doc else {} for s in api.services}
    tags |= {tag: {} for tag in api.meta.tags if tag not in tags}
    return {"tags": [{"name": name} | more for name, more in tags.items()]} if tags else {}


def _servers(api: Api) -> Schema:
    """The brokers among the servers; a server of several has them under its name and a number."""
    found: Schema = {}
    for server in api.servers:
        urls = [url for url in server.urls if url.partition("://")[0] in _PROTOCOLS]
        for number, url in enumerate(urls, 1):
            name = legal(server.name if number == 1 else f"{server.name}-{number}")
            found[name] = _server(server, url)
    return found


def _server(server: Server, url: str) -> Schema:
    parts = urlsplit(url)
    found: Schema = {"host": parts.netloc.rpartition("@")[2], "protocol": _PROTOCOLS[parts.scheme]}
    if parts.path.strip("/"):
        found["pathname"] = parts.path
    return found | about(server.meta)


def _channels(api: Api, carried: Sequence[Exchange], failure: str) -> Schema:
    found: Schema = {}
    for exchange in carried:
        name = channels.identifier(exchange)
        if exchange.event is not None:
            found[name] = channels.event_channel(api, exchange, exchange.event)
            continue
        found[name] = channels.request_channel(api, exchange)
        if not exchange.operation.oneway:
            found[channels.reply_name(exchange)] = channels.reply_channel(exchange, failure)
    return found


def _operation(exchange: Exchange, failure: str) -> Schema:
    if exchange.event is not None:
        return channels.event_operation(exchange, exchange.event)
    return channels.operation(exchange, failure)


def _components(api: Api, carried: Sequence[Exchange], payloads: Payloads) -> Schema:
    found: Schema = {
        "schemas": payloads.declared(),
        "messages": _messages(api, carried, payloads),
        "messageTraits": traits(),
        "correlationIds": {"call": CORRELATION},
    }
    services = {e.service.name.wire: e.service.auth for e in carried}
    asked = [*services.values(), *(e.operation.auth for e in carried)]
    used = {scheme for auth in asked if auth is not None for scheme in auth.schemes}
    if used:
        found["securitySchemes"] = {n: dict(s) for n, s in _SECURITY.items() if n in used}
    return found


def _messages(api: Api, carried: Sequence[Exchange], payloads: Payloads) -> Schema:
    found: Schema = {}
    messages = Messages(payloads)
    for exchange in carried:
        if exchange.event is not None:
            found[channels.identifier(exchange)] = messages.event(exchange, exchange.event)
            continue
        found[channels.request_message(exchange)] = messages.request(exchange)
        if not exchange.operation.oneway:
            found[channels.reply_name(exchange)] = messages.reply(exchange)
    thrown = {error for e in carried for error in e.operation.errors}
    for name, error in api.errors.items():
        if name in thrown:
            found[legal(name)] = messages.error(error)
    if any(e.event is None and not e.operation.oneway for e in carried):
        found[payloads.components.problem] = messages.failure()
    return found
