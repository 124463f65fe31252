"""Documents of YAML and JSON, with the definition that they carry under ``x-svcgen``.

A definition stands there as its text, with a mark of the document as it was converted. See
``neutral.carrying``.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping

from svcgen.formats import KEPT, yaml


def to_yaml(document: Mapping[str, object], kept: str = "") -> str:
    """A document; a definition that it carries is a block of text."""
    if not kept:
        return yaml.dump(document)
    rest = _without_own(document)
    lines = [f"{KEPT}:", f"  of: {mark(rest)}", "  definition: |"]
    lines += [f"    {line}" if line else "" for line in _lines(kept)]
    return yaml.dump(rest) + "\n".join(lines) + "\n"


def to_json(document: Mapping[str, object], kept: str = "") -> str:
    """A document; a definition that it carries is a list of lines."""
    if kept:
        rest = _without_own(document)
        document = rest | {KEPT: {"of": mark(rest), "definition": _lines(kept)}}
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def mark(document: object) -> str:
    """The mark of plain values, the same in whatever order and layout they are written."""
    return digest(json.dumps(document, sort_keys=True, ensure_ascii=False))


def digest(state: str) -> str:
    """Eight digits that change when a state does."""
    return f"h{zlib.crc32(state.encode()):08x}"


def _without_own(document: Mapping[str, object]) -> dict[str, object]:
    """The document without an annotation that stands in the place of what it carries."""
    return {key: value for key, value in document.items() if key != KEPT}


def _lines(text: str) -> list[str]:
    return text.removesuffix("\n").split("\n")
