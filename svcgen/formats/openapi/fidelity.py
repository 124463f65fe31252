"""What OpenAPI makes of each construct; what is not here it says itself."""

from __future__ import annotations

from svcgen.formats.fidelity import changed, lost

_NOTE = lost("nothing")

TABLE = {
    "map-odd-key": changed("an object, whose keys are texts"),
    "number": lost("nothing: JSON has no numbers of fields", "keep svcgen.lock"),
    "reserved": lost("nothing"),
    "since": _NOTE,
    "renamed-from": _NOTE,
    "annotation": _NOTE,
    "oneof": changed("optional properties"),
    "enum-number": lost("nothing: enums are texts", "keep svcgen.lock"),
    "constant": _NOTE,
    "error-policy": _NOTE,
    "client-stream": changed("a body of lines (NDJSON)"),
    "server-stream": changed("a response of events (SSE) or lines (NDJSON)"),
    "both-streams": lost("a GET that opens a WebSocket", "use AsyncAPI for it"),
    "deadline": _NOTE,
    "wire-facts": _NOTE,
    "event": changed("a response of events (SSE)"),
    "event-policy": lost("nothing", "use AsyncAPI for events"),
}
