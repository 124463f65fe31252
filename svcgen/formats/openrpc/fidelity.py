"""What OpenRPC makes of each construct; what is not here it says itself."""

from __future__ import annotations

from svcgen.formats.fidelity import changed, lost
from svcgen.formats.openapi import fidelity as openapi

TABLE = {
    **openapi.TABLE,
    "client-stream": changed("a method that opens a subscription over WebSocket"),
    "server-stream": changed("a method that opens a subscription over WebSocket"),
    "both-streams": changed("a method that opens a subscription over WebSocket"),
    "readonly": lost("nothing"),
    "idempotent": lost("nothing"),
    "route": lost("nothing"),
    "event": changed("a method that opens a subscription over WebSocket"),
}
