"""The page at ``/docs``: one file without anything from elsewhere, and what it may do.

The policy lets exactly this style and script run, and lets them talk to their own server only.
"""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path


def _digest(page: bytes, tag: bytes) -> bytes:
    """The source expression of the page's one inline ``tag`` (CSP level 3, 2.3.1)."""
    match = re.search(rb"<%b>(.*?)</%b>" % (tag, tag), page, re.DOTALL)
    assert match is not None
    return b"'sha256-%b'" % base64.b64encode(hashlib.sha256(match[1]).digest())


DOCS_PAGE = Path(__file__).with_name("docs.html").read_bytes()
DOCS_POLICY = b"; ".join(
    [
        b"default-src 'none'",
        b"connect-src 'self'",
        b"script-src " + _digest(DOCS_PAGE, b"script"),
        b"style-src " + _digest(DOCS_PAGE, b"style"),
        b"base-uri 'none'",
        b"form-action 'none'",
        b"frame-ancestors 'none'",
    ]
)
