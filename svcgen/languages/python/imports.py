"""Import lines: gathered from the symbols used, merged, sorted, grouped as isort does."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from svcgen.languages.python.layout import Group, lay_out
from svcgen.languages.python.modules import STANDARD


def import_block(lines: Iterable[str], own: str = "") -> str:
    """The import statements of a file: standard library, libraries, ``own`` package, relative ones."""
    groups: dict[int, list[str]] = defaultdict(list)
    modules: list[str] = []
    names: dict[str, set[str]] = defaultdict(set)
    for line in set(lines):
        if line.startswith("import "):
            modules.append(line)
        else:
            module, _, name = line.removeprefix("from ").partition(" import ")
            names[module].add(name)
    for line in sorted(modules):
        groups[_group(line.split()[1], own)].append(line)
    for module in sorted(names, key=lambda m: (m != ".", m.startswith("."), m)):
        items = tuple(_imported(names[module]))
        groups[_group(module, own)].append(_from(module, items))
    return "\n\n".join("\n".join(groups[number]) for number in sorted(groups))


def _from(module: str, items: tuple[str, ...]) -> str:
    line = f"from {module} import {', '.join(items)}"
    return line if len(line) <= 88 else lay_out(Group(f"from {module} import (", items, ")"))


def isorted(names: Iterable[str]) -> list[str]:
    """Names as ruff orders those of ``__all__``: capitals before small letters."""
    return sorted(names, key=lambda name: (_kind(name), _natural(name), name))


def _imported(names: Iterable[str]) -> list[str]:
    """Names as isort orders those of one import: of a kind, without regard to capitals."""
    return sorted(names, key=lambda name: (_kind(name), _natural(name.lower()), _natural(name)))


def _kind(name: str) -> int:
    """Constants, classes, functions."""
    return 0 if name.isupper() and len(name) > 1 else 1 if name[:1].isupper() else 2


def _natural(name: str) -> list[tuple[int, str]]:
    """Numbers inside of names by their value."""
    parts = re.split(r"(\d+)", name)
    return [(int(p), "") if p.isdigit() else (0, p) for p in parts]


def _group(module: str, own: str) -> int:
    root = module.partition(".")[0]
    if root == "__future__":
        return 0
    if not root:
        return 4
    if root == own:
        return 3
    return 1 if root in STANDARD else 2
