"""The page for people: a query, its variables, the answer, and the schema. It loads nothing from elsewhere."""

from __future__ import annotations

from pathlib import Path

PAGE = Path(__file__).with_name("graphql.html").read_bytes()
PAGE_POLICY = (
    b"default-src 'none'; connect-src 'self'; style-src 'unsafe-inline';"
    b" script-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'"
)
