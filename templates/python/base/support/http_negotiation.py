"""Content types: which body a request has and which forms of an answer it takes (RFC 9110, 12)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .http_errors import HttpError

JSON = "application/json"
NDJSON = "application/x-ndjson"
SSE = "text/event-stream"

_UTF8 = ("utf-8", "utf8", "us-ascii")


def require_json(headers: Any) -> None:
    """Refuse a body of another type or coding (415)."""
    require_identity(headers)
    kind = headers.get(b"content-type", b"")
    if kind != b"application/json":
        require_media(kind.decode("latin-1"), (JSON,))


def require_ndjson(headers: Any) -> None:
    """Refuse a body that is no stream of JSON (415)."""
    require_identity(headers)
    kind = headers.get(b"content-type", b"").decode("latin-1")
    require_media(kind, (NDJSON, "application/ndjson", "application/jsonl"))


def require_identity(headers: Any) -> None:
    """Refuse a compressed body (415, and what is accepted: RFC 9110, 12.5.3)."""
    coding = headers.get(b"content-encoding")
    if coding is not None and coding.strip().lower() not in (b"", b"identity"):
        text = f"the body must not be encoded as {coding.decode('latin-1')!r}"
        raise HttpError(415, text, (("accept-encoding", "identity"),))


def accepts_json(headers: Any) -> None:
    """Refuse to answer somebody who takes no JSON (406)."""
    accept = headers.get(b"accept")
    if accept is not None and accept not in (b"*/*", b"application/json"):
        preferred(accept.decode("latin-1"), (JSON,))


def preferred(accept: str, offers: Sequence[str]) -> str:
    """The offer that the client likes best, the first among equals. Raises ``HttpError`` 406."""
    ranges = [_weighted(part) for part in accept.split(",") if part.strip()]
    if not ranges:
        return offers[0]
    best = max(offers, key=lambda offer: _weight(offer, ranges))
    if _weight(best, ranges) <= 0:
        raise HttpError(406, f"only {' and '.join(offers)} can be had")
    return best


def require_media(kind: str, wanted: Sequence[str]) -> None:
    """Refuse a content type that is none of ``wanted``, or text in another encoding (415)."""
    media, _, parameters = kind.partition(";")
    charset = parameters.strip().lower().removeprefix("charset=").strip('"')
    known = media.strip().lower() in wanted
    if not known or (
        parameters.strip().lower().startswith("charset=") and charset not in _UTF8
    ):
        accept = (("accept", ", ".join(wanted)),)
        raise HttpError(
            415, f"the body must be {wanted[0]} in UTF-8, not {kind.strip()!r}", accept
        )


def _weighted(part: str) -> tuple[str, float]:
    media, *parameters = (text.strip().lower() for text in part.split(";"))
    weight = 1.0
    for parameter in parameters:
        if parameter.startswith("q="):
            try:
                weight = float(parameter[2:])
            except ValueError:
                weight = 0.0
    return media, weight


def _weight(offer: str, ranges: list[tuple[str, float]]) -> float:
    """The weight of the most exact range that names the offer."""
    family = offer.partition("/")[0]
    for wanted in (offer, f"{family}/*", "*/*"):
        found = [weight for media, weight in ranges if media == wanted]
        if found:
            return max(found)
    return 0.0
