"""JSON: msgspec encodes the models as they are, so there is nothing to generate."""

from __future__ import annotations

from svcgen.model.plan import PlannedFile
from svcgen.model.service import Api


def plan(api: Api, home: str, header: str) -> list[PlannedFile]:
    """No files: ``support/json.py`` works on every type."""
    return []
