"""Where the templates are: beside the package in a checkout, inside it in a wheel."""

from __future__ import annotations

import functools
import os
from pathlib import Path

_INSIDE = Path(__file__).parent / "_templates"
ROOT = _INSIDE if _INSIDE.is_dir() else Path(__file__).parent.parent / "templates"


def files(folder: str = "") -> list[str]:
    """The files below ``templates/<folder>``, as paths below ``templates/``, sorted; none if it is absent."""
    return [path for path in _files() if path.startswith(f"{folder}/" if folder else "")]


def exists(path: str) -> bool:
    return (ROOT / path).exists()


def lines(path: str) -> list[str]:
    """The lines of a data file below ``templates/``; none if it is absent."""
    file = ROOT / path
    return file.read_text(encoding="utf-8").splitlines() if file.is_file() else []


@functools.cache
def _files() -> tuple[str, ...]:
    found: list[str] = []
    for folder, inner, names in os.walk(ROOT):
        inner[:] = [name for name in inner if name != "__pycache__"]
        found += [f"{folder}/{name}" for name in names]
    return tuple(sorted(path.removeprefix(f"{ROOT}/") for path in found))
