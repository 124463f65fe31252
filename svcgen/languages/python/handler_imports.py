"""Where the imports of new stubs go in the user's handler, in the order that isort and ruff keep.

An import that is written as black writes it takes new names in; any other stays as it is, and the
new names get a statement of their own.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

from svcgen.frozen import frozen
from svcgen.languages.python.layout import WIDTH

Import: TypeAlias = "ast.Import | ast.ImportFrom"


@frozen
class Edit:
    """``lines``, without line ends, in the place of the lines ``start`` to ``end``, from 0."""

    start: int
    end: int
    lines: tuple[str, ...]


@frozen
class _Place:
    """A line between statements, and whether blank lines must set new ones off."""

    line: int
    blank_before: bool = False
    blank_after: bool = False


def import_edits(
    tree: ast.Module, lines: Sequence[str], wanted: Iterable[str], used: set[str]
) -> Iterator[Edit]:
    """What brings those names of the import lines ``wanted`` in that are in ``used``."""
    existing = [node for node in _head(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    added: dict[_Place, list[str]] = {}
    for module, names in sorted(_grouped(wanted, used), key=lambda group: _key(*group)):
        if (merged := _merged(module, names, existing, lines)) is not None:
            yield merged
        else:
            place = _place(module, names, existing, tree, lines)
            added.setdefault(place, []).extend(_statement(module, sorted(names, key=_order)))
    for place, statements in added.items():
        before, after = [""] * place.blank_before, [""] * place.blank_after
        yield Edit(place.line, place.line, (*before, *statements, *after))


def local_name(alias: ast.alias) -> str:
    """The name that an imported thing has in the file."""
    return alias.asname or alias.name.split(".")[0]


def _head(tree: ast.Module) -> Iterator[ast.stmt]:
    """The statements before the first class or function."""
    for node in tree.body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            return
        yield node


def _grouped(wanted: Iterable[str], used: set[str]) -> Iterator[tuple[str, set[str]]]:
    """A module with the names to import from it; "" with each module to import as a whole."""
    grouped: dict[tuple[str, str], set[str]] = {}
    for node in (node for line in wanted for node in ast.parse(line).body):
        if isinstance(node, ast.Import | ast.ImportFrom):
            for alias in (alias for alias in node.names if local_name(alias) in used):
                name = ast.unparse(alias)
                whole = name if isinstance(node, ast.Import) else ""
                grouped.setdefault((_module(node), whole), set()).add(name)
    return ((module, names) for (module, _), names in grouped.items())


def _merged(
    module: str, names: set[str], existing: Sequence[Import], lines: Sequence[str]
) -> Edit | None:
    for node in existing:
        if isinstance(node, ast.ImportFrom) and _module(node) == module:
            start, end = node.lineno - 1, node.end_lineno or node.lineno
            present = [ast.unparse(alias) for alias in node.names]
            if [line.rstrip("\r\n") for line in lines[start:end]] == _statement(module, present):
                together = sorted({*present, *names}, key=_order)
                return Edit(start, end, tuple(_statement(module, together)))
    return None


def _place(
    module: str,
    names: set[str],
    existing: Sequence[Import],
    tree: ast.Module,
    lines: Sequence[str],
) -> _Place:
    """Behind the last import that sorts before it, in a section of its own if that has none."""
    section = _key(module, names)[0]
    before = [node for node in existing if _node_key(node) <= _key(module, names)]
    after = [node for node in existing if node not in before]
    if before:
        last = max(before, key=lambda node: node.lineno)
        if _node_key(last)[0] == section or not (after and _node_key(after[0])[0] == section):
            apart = _node_key(last)[0] != section
            return _Place(last.end_lineno or last.lineno, blank_before=apart)
    if after:
        apart = _node_key(after[0])[0] != section
        return _Place(after[0].lineno - 1, blank_after=apart)
    if tree.body and _is_docstring(tree.body[0]):
        return _Place(tree.body[0].end_lineno or 1, blank_before=True)
    return _Place(next((i for i, line in enumerate(lines) if line[:1] != "#"), len(lines)))


def _key(module: str, names: set[str]) -> tuple[int, int, str]:
    """How an import sorts: future, standard library, others; in each ``import`` before ``from``."""
    target = module or min(names)
    root = target.split(".")[0].split(" ")[0]
    section = 0 if root == "__future__" else 1 if root in sys.stdlib_module_names else 2
    return (section, 1 if module else 0, target)


def _node_key(node: Import) -> tuple[int, int, str]:
    return _key(_module(node), {alias.name for alias in node.names})


def _module(node: Import) -> str:
    """What a statement imports from, with its leading dots; empty for ``import x``."""
    return "." * node.level + (node.module or "") if isinstance(node, ast.ImportFrom) else ""


def _order(name: str) -> tuple[int, str]:
    """Constants, then classes, then the rest."""
    return (0 if name.isupper() and len(name) > 1 else 1 if name[:1].isupper() else 2, name)


def _statement(module: str, names: Sequence[str]) -> list[str]:
    if not module:
        return [f"import {name}" for name in names]
    line = f"from {module} import {', '.join(names)}"
    if len(line) <= WIDTH:
        return [line]
    return [f"from {module} import (", *(f"    {name}," for name in names), ")"]


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
