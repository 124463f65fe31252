"""What a server offers beside its operations: health, readiness, OpenAPI and its page."""

from __future__ import annotations

from collections.abc import Sequence

from .dispatch import Dispatcher
from .rest_docs import DOCS_PAGE, DOCS_POLICY
from .rest_exchange import Answer, Receive, Scope, Send, send_answer
from .rest_unary import Handle
from .settings import ServerSettings


def pages(
    dispatcher: Dispatcher, settings: ServerSettings, document: bytes
) -> dict[str, Handle]:
    """The fixed pages by path. ``document`` is the OpenAPI description as JSON."""

    async def ready(
        scope: Scope, receive: Receive, send: Send, captured: Sequence[str]
    ) -> None:
        if await dispatcher.is_ready():
            answer = _page(200, b'{"status":"ready"}', _JSON)
        else:
            answer = _page(503, b'{"status":"not ready"}', _JSON)
        await send_answer(scope, send, answer)

    found = {"/healthz": _fixed(b'{"status":"ok"}', _JSON), "/readyz": ready}
    if settings.docs and document:
        found["/openapi.json"] = _fixed(document, _JSON)
        page = (b"content-security-policy", DOCS_POLICY)
        found["/docs"] = _fixed(DOCS_PAGE, b"text/html; charset=utf-8", page)
    return found


_JSON = b"application/json"


def _fixed(body: bytes, kind: bytes, *headers: tuple[bytes, bytes]) -> Handle:
    async def handle(
        scope: Scope, receive: Receive, send: Send, captured: Sequence[str]
    ) -> None:
        await send_answer(scope, send, _page(200, body, kind, *headers))

    return handle


def _page(
    status: int, body: bytes, kind: bytes, *headers: tuple[bytes, bytes]
) -> Answer:
    described = [
        (b"content-type", kind),
        (b"content-length", b"%d" % len(body)),
        (b"x-content-type-options", b"nosniff"),
        *headers,
    ]
    return status, described, body
