"""Where the templates are: beside the package in a checkout, inside it in a wheel."""

from __future__ import annotations

from pathlib import Path

_INSIDE = Path(__file__).parent / "_templates"
ROOT = _INSIDE if _INSIDE.is_dir() else Path(__file__).parent.parent / "templates"


def files(folder: str) -> list[str]:
    """The files below ``templates/<folder>``, as paths below ``templates/``, sorted; none if it is absent."""
    root = ROOT / folder
    found = (p for p in root.rglob("*") if p.is_file() and "__pycache__" not in p.parts)
    return sorted(p.relative_to(ROOT).as_posix() for p in found)


def exists(path: str) -> bool:
    return (ROOT / path).exists()


def lines(path: str) -> list[str]:
    """The lines of a data file below ``templates/``; none if it is absent."""
    file = ROOT / path
    return file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
