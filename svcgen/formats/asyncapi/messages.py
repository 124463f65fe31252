"""Messages: a payload in JSON, and headers for what goes with every call.

The headers are those of all messages of a kind, so each kind is a trait; any other header is metadata.
"""

from __future__ import annotations

from svcgen.formats import facts
from svcgen.formats.asyncapi.dialect import about, extensions
from svcgen.formats.asyncapi.schemas import Payloads
from svcgen.formats.openapi.names import ref
from svcgen.formats.openapi.schemas import Schema
from svcgen.model.messages import Exchange
from svcgen.model.service import Error, Event, Streaming

_TEXT: Schema = {"type": "string"}
_CORRELATION: Schema = {"type": "string", "description": "The same in a request and its replies."}
_TRACE: Schema = {
    "traceparent": {"type": "string", "description": "The caller's span (W3C Trace Context)."},
    "tracestate": _TEXT,
}
_REPLY: Schema = {
    "correlation-id": _CORRELATION,
    "error": {"type": "string", "description": "The name of a declared error."},
    "code": {"type": "string", "description": "The code of an error; absent from an answer."},
}
_STREAM: Schema = {
    "sequence": {"type": "integer", "minimum": 0, "description": "Which of the replies it is."},
    "last": {"type": "boolean", "description": "Whether the stream ends with it."},
}
_REQUEST: Schema = {
    "correlation-id": _CORRELATION,
    "reply-to": {"type": "string", "description": "The address that waits for replies."},
    "expiration": {
        "type": "integer",
        "minimum": 0,
        "description": "Milliseconds that are left until the caller's deadline.",
    },
    **_TRACE,
}

TRAITS = ("request", "notice", "reply", "stream", "event")

CORRELATION: Schema = {
    "description": "Tells to which request a reply belongs.",
    "location": "$message.header#/correlation-id",
}

_HEADERS: dict[str, Schema] = {
    "request": _REQUEST,
    "notice": {key: _REQUEST[key] for key in ("expiration", *_TRACE)},
    "reply": _REPLY,
    "stream": {**_REPLY, **_STREAM},
    "event": _TRACE,
}


def traits() -> Schema:
    """The headers of every kind of message."""
    return {kind: _trait(kind) for kind in TRAITS}


def _trait(kind: str) -> Schema:
    headers: Schema = {
        "type": "object",
        "properties": dict(_HEADERS[kind]),
        "additionalProperties": {"type": "string", "description": "Metadata."},
    }
    found: Schema = {"contentType": "application/json", "headers": headers}
    if "correlation-id" in _HEADERS[kind]:
        found["correlationId"] = {"$ref": "#/components/correlationIds/call"}
    return found


class Messages:
    """Writes the messages of one definition."""

    def __init__(self, payloads: Payloads) -> None:
        self._payloads = payloads

    def request(self, exchange: Exchange) -> Schema:
        operation = exchange.operation
        payload = self._payloads.request(exchange.request)
        found = _message("notice" if operation.oneway else "request", payload)
        if operation.examples:
            found["examples"] = [{"payload": example.value} for example in operation.examples]
        return found

    def reply(self, exchange: Exchange) -> Schema:
        streams = exchange.operation.streaming is Streaming.SERVER
        return _message(
            "stream" if streams else "reply", self._payloads.response(exchange.response)
        )

    def error(self, error: Error) -> Schema:
        """The reply of a call that failed as it declares."""
        found = _message("reply", ref(self._payloads.components.error(error.name.wire)))
        return found | about(error.meta) | extensions(facts.of_error(error))

    def failure(self) -> Schema:
        """The reply of a call that failed otherwise."""
        return _message("reply", ref(self._payloads.components.problem))

    def event(self, exchange: Exchange, event: Event) -> Schema:
        found = _message("event", self._payloads.response(exchange.response))
        return found | _keyed(event)


def _message(kind: str, payload: Schema) -> Schema:
    return {"traits": [{"$ref": f"#/components/messageTraits/{kind}"}], "payload": payload}


def _keyed(event: Event) -> Schema:
    """On Kafka the key of an event is one of its fields."""
    if not event.key:
        return {}
    return {
        "bindings": {"kafka": {"key": dict(_TEXT), "bindingVersion": "0.5.0"}},
        "x-key": event.key,
    }
