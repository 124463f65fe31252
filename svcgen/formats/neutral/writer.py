"""The text of a definition, laid out as people write one: short things on one line."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

from svcgen.formats import Writing, yaml
from svcgen.formats.neutral.declarations import document
from svcgen.formats.neutral.writing import Tree
from svcgen.frozen import replace
from svcgen.model import walk
from svcgen.model.service import Api

_ALONE = Writing()
_WIDTH = 100
_SECTIONS = frozenset({"servers", "constants", "types", "errors", "services"})
_APART = frozenset({"methods", "events"})
"""Keys whose entries stand on lines of their own, however short they are."""


def write(api: Api, writing: Writing = _ALONE) -> str:
    """The file of a definition. What it imports stands in it, unless another file declares that."""
    lines: list[str] = []
    for key, value in _importing(api, writing).items():
        if key in _SECTIONS:
            lines += ["", f"{key}:"]
            _entries(value, "  ", lines)
        else:
            _entry(key, value, "", lines)
    return "\n".join(lines) + "\n"


def _importing(api: Api, writing: Writing) -> Tree:
    """The definition without what it can import from other files of its tree."""
    own = _own(api, writing.elsewhere)
    files: dict[str, list[str]] = {}
    for name in walk.mentions(own) & writing.elsewhere.keys():
        files.setdefault(writing.elsewhere[name], []).append(name)
    if not files or not _comes_along(api, writing.elsewhere):
        return document(api)
    whole = document(own)
    imports = [
        {"file": _relative(file, writing.place), "only": sorted(files[file])}
        for file in sorted(files)
    ]
    head: Tree = {key: whole.pop(key) for key in ("svcgen", "package", "version") if key in whole}
    return {**head, "imports": imports, **whole}


def _own(api: Api, elsewhere: Mapping[str, str]) -> Api:
    types = {name: each for name, each in api.types.items() if name not in elsewhere}
    errors = {name: each for name, each in api.errors.items() if name not in elsewhere}
    return replace(api, types=types, errors=errors)


def _comes_along(api: Api, elsewhere: Mapping[str, str]) -> bool:
    """Whether all that other files declare is called here as there, and needed."""
    same = {name for name in elsewhere if api.origins[name].name == name}
    needed = walk.needed(api, ()) | (walk.mentions(api) & api.errors.keys())
    return same == elsewhere.keys() == needed & elsewhere.keys()


def _relative(file: str, place: str) -> str:
    """The path of another definition from the folder of the one at ``place``."""
    return PurePath(os.path.relpath(f"{file}.yaml", PurePath(place).parent)).as_posix()


def _entries(mapping: dict[str, Any], indent: str, lines: list[str]) -> None:
    for key, value in mapping.items():
        _entry(key, value, indent, lines)


def _entry(key: str, value: Any, indent: str, lines: list[str]) -> None:
    """A key with its value: on its line if there is room, else on lines of its own below it."""
    head = f"{indent}{yaml.scalar(key)}:"
    if isinstance(value, str) and _is_block(value):
        lines.append(f"{head} |-")
        lines += [f"{indent}  {line}" if line else "" for line in value.split("\n")]
        return
    text = "" if _is_large(value) else yaml.flow(value)
    fits = bool(text) and len(head) + 1 + len(text) <= _WIDTH
    apart = isinstance(value, dict) and (key in _APART or _is_long(value))
    if not isinstance(value, dict | list) or not value or (fits and not apart):
        lines.append(f"{head} {text}")
        return
    lines.append(head)
    if isinstance(value, dict):
        _entries(value, indent + "  ", lines)
    else:
        lines += [f"{indent}  - {yaml.flow(item)}" for item in value]


def _is_large(value: object) -> bool:
    """Whether a container is too large for a line by far, which is quickly seen."""
    return isinstance(value, dict | list) and len(repr(value)) > 3 * _WIDTH


def _is_long(value: dict[str, Any]) -> bool:
    """Whether a mapping holds what does not go on one line."""
    return not _APART.isdisjoint(value) or _is_block(value.get("doc"))


def _is_block(text: object) -> bool:
    """Whether it is a text of several lines that can stand as they are."""
    lines = text.split("\n") if isinstance(text, str) else []
    return (
        len(lines) > 1
        and all(line.isprintable() and line == line.rstrip() for line in lines)
        and bool(lines[0])
        and not lines[0].startswith(" ")
        and bool(lines[-1])
    )
