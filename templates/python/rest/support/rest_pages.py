"""What a server offers beside its operations: health, readiness, OpenAPI and its page."""

from __future__ import annotations

from collections.abc import Sequence

from .dispatch import Dispatcher
from .http_exchange import Answer, Receive, Scope, Send, send_answer
from .http_pages import ALIVE_PATH, JSON, READY_PATH, alive, page, readiness
from .rest_docs import DOCS_PAGE, DOCS_POLICY
from .rest_unary import Handle
from .settings import ServerSettings


def pages(
    dispatcher: Dispatcher, settings: ServerSettings, document: bytes
) -> dict[str, Handle]:
    """The fixed pages by path. ``document`` is the OpenAPI description as JSON."""

    async def ready(
        scope: Scope, receive: Receive, send: Send, captured: Sequence[str]
    ) -> None:
        await send_answer(scope, send, await readiness(dispatcher))

    found = {ALIVE_PATH: _fixed(alive()), READY_PATH: ready}
    if settings.docs and document:
        policy = (b"content-security-policy", DOCS_POLICY)
        docs = page(200, DOCS_PAGE, b"text/html; charset=utf-8", policy)
        found["/openapi.json"] = _fixed(page(200, document, JSON))
        found["/docs"] = _fixed(docs)
    return found


def _fixed(answer: Answer) -> Handle:
    async def handle(
        scope: Scope, receive: Receive, send: Send, captured: Sequence[str]
    ) -> None:
        await send_answer(scope, send, answer)

    return handle
