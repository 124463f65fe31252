"""What OpenAPI makes of each construct; what is not here it says itself."""

from __future__ import annotations

from svcgen.formats.fidelity import kept, left_out, noted

TABLE = {
    "map-odd-key": kept("an object, whose keys are texts"),
    "number": left_out("nothing: JSON has no numbers of fields", "keep svcgen.lock"),
    "reserved": left_out(),
    "since": left_out(),
    "renamed-from": left_out(),
    "annotation": noted("the same x- keys, but on services, constants and values of enums"),
    "oneof": kept("optional properties"),
    "enum-number": left_out("nothing: enums are texts", "keep svcgen.lock"),
    "enum-alias": kept("values, of which none is written in place of another"),
    "constant": left_out(),
    "error-policy": left_out(),
    "client-stream": kept("a body of lines (NDJSON)"),
    "server-stream": kept("a response of events (SSE) or lines (NDJSON)"),
    "both-streams": left_out("a GET that opens a WebSocket", "use AsyncAPI for it"),
    "deadline": left_out(),
    "wire-facts": left_out(),
    "event": kept("a response of events (SSE)"),
    "event-policy": left_out(instead="use AsyncAPI for events"),
}
