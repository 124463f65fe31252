"""Cross-origin requests of browsers (https://fetch.spec.whatwg.org/#http-cors-protocol)."""

from __future__ import annotations

from collections.abc import Collection

from .http_exchange import Message, RawHeaders, Scope, Send


class Cors:
    """Lets pages of some origins (``https://example.org``; ``*``: all) call the service."""

    def __init__(self, origins: Collection[str]) -> None:
        self._origins = {origin.encode() for origin in origins}

    def wrap(self, scope: Scope, send: Send) -> Send:
        """``send``, with the headers that let the page read the answer."""
        headers = self._headers(scope)
        if not headers:
            return send

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *headers]
            await send(message)

        return send_with_headers

    def preflight(self, scope: Scope, allowed: str) -> RawHeaders:
        """What a page may send beside the simple headers."""
        asked = dict(scope["headers"]).get(b"access-control-request-headers", b"")
        if not self._headers(scope):
            return []
        return [
            (b"access-control-allow-methods", allowed.encode()),
            (b"access-control-allow-headers", asked),
            (b"access-control-max-age", b"600"),
        ]

    def _headers(self, scope: Scope) -> RawHeaders:
        origin = dict(scope["headers"]).get(b"origin")
        if origin is None or not ({origin, b"*"} & self._origins):
            return []
        return [
            (b"access-control-allow-origin", origin),
            (b"access-control-expose-headers", b"*"),
            (b"vary", b"origin"),
        ]


def may_open_socket(scope: Scope, origins: Collection[str]) -> bool:
    """May this client open a WebSocket? A page of another origin only if it is listed.

    Browsers do not ask before they open one, as they do for requests (RFC 6455, 10.2).
    """
    headers = dict(scope["headers"])
    origin: str = headers.get(b"origin", b"").decode("latin-1")
    host: str = headers.get(b"host", b"").decode("latin-1")
    own = origin.partition("://")[2].lower() == host.lower()
    return not origin or own or origin in origins or "*" in origins
