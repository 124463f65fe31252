"""What a template may do to a value besides laying it out."""

from __future__ import annotations

import json
from collections.abc import Iterable
from operator import attrgetter


def indent(text: str, width: int) -> str:
    """``text`` with its lines but the first moved to the right, empty ones left empty."""
    first, *others = text.split("\n")
    return "\n".join([first, *(" " * width + line if line else "" for line in others)])


def some(values: Iterable[object], attribute: str) -> bool:
    """Whether any of ``values`` has something in ``attribute`` (``a.b``)."""
    return any(map(attrgetter(attribute), values))


def tojson(value: object) -> str:
    """``value`` as JSON.

    Escapes beyond U+FFFF would be pairs of surrogates, which other languages read as two characters.
    """
    return json.dumps(value, ensure_ascii=False)
