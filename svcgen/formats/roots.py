"""The keys at the root of a YAML or JSON file, which tell in which form it is."""

from __future__ import annotations

import json
import re
from pathlib import Path

from svcgen.diagnostics import Report
from svcgen.formats.source import load

_KEY = re.compile(r"""^(["']?)([\w-]+)\1[ \t]*:(?:\s|$)""", re.MULTILINE)


def root_keys(path: Path) -> frozenset[str]:
    """Those that a glance finds; none if the file cannot be read."""
    source = load(path, Report())
    if source is None:
        return frozenset()
    if not source.text.lstrip().startswith("{"):
        return frozenset(match[2] for match in _KEY.finditer(source.text))
    try:
        found = json.loads(source.text)
    except (ValueError, RecursionError):
        return frozenset(re.findall(r"""[{,]\s*["']?([\w-]+)["']?\s*:""", source.text))
    return frozenset(found)
