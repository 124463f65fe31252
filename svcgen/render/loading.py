"""Templates from source, or precompiled where the build made them."""

from __future__ import annotations

from jinja2 import BaseLoader, FileSystemLoader

from svcgen import templates


def loader() -> BaseLoader:
    return FileSystemLoader(templates.ROOT)
