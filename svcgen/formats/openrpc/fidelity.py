"""What OpenRPC makes of each construct; what is not here it says itself."""

from __future__ import annotations

from svcgen.formats.fidelity import kept, left_out
from svcgen.formats.openapi import fidelity as openapi

TABLE = {
    **openapi.TABLE,
    "client-stream": kept("a method that opens a subscription over WebSocket"),
    "server-stream": kept("a method that opens a subscription over WebSocket"),
    "both-streams": kept("a method that opens a subscription over WebSocket"),
    "readonly": left_out(),
    "idempotent": left_out(),
    "route": left_out(),
    "event": kept("a method that opens a subscription over WebSocket"),
}
