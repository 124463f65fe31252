"""The page at ``/docs``."""

from __future__ import annotations

from pathlib import Path

DOCS_PAGE = Path(__file__).with_name("docs.html").read_bytes()
DOCS_POLICY = (
    b"default-src 'none'; connect-src *; style-src 'unsafe-inline';"
    b" script-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'"
)
