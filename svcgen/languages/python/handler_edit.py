"""Adds the methods and classes that the user's handler lacks, and touches nothing else.

The source is parsed only to find places; the edit is an insertion of lines into the text, so that
comments, formatting, line ends and a byte order mark stay.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Sequence

from svcgen.diagnostics import Report, Span
from svcgen.languages.findings import (
    BROKEN_HANDLER,
    RENAMED_METHOD,
    UNSEEN_BASE,
    VANISHED_METHOD,
)
from svcgen.languages.python.handler_imports import Edit, import_edits, local_name
from svcgen.languages.python.layout import docstring
from svcgen.languages.python.naming import Role, spell
from svcgen.model.naming import Name
from svcgen.model.plan import HandlerClass, Stub

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_BOM = "\ufeff"
_KNOWN_BASES = {"object", "ABC", "Generic", "Protocol"}


def append_stubs(source: str, path: str, classes: Sequence[HandlerClass], report: Report) -> str:
    """``source`` with the stubs that it lacks; unchanged, with an error, if it does not parse.

    A class is found by its name, or as a subclass of the generated base under any name.
    """
    text = source.removeprefix(_BOM)
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as problem:
        report.add(BROKEN_HANDLER, _place(problem, path), problem=_wording(problem))
        return source
    edited = _Editor(_LINE.findall(text), tree, path, report).with_stubs(classes)
    return source[: len(source) - len(text)] + edited


class _Editor:
    def __init__(self, lines: list[str], tree: ast.Module, path: str, report: Report) -> None:
        self._lines = lines
        self._tree = tree
        self._path = path
        self._report = report
        self._classes = {n.name: n for n in tree.body if isinstance(n, ast.ClassDef)}
        self._origins = dict(_imported(tree.body))

    def with_stubs(self, classes: Sequence[HandlerClass]) -> str:
        edits: list[Edit] = []
        imports: list[str] = []
        added: list[Stub] = []
        used: set[str] = set()
        for handler in classes:
            node = self._find(handler)
            if node is None:
                end = len(self._lines)
                edits.append(Edit(end, end, tuple(_class_lines(handler))))
                stubs: Sequence[Stub] = handler.methods
                imports.append(handler.base_import)
                used.add(handler.base)
            else:
                self._report_vanished(handler, node)
                stubs = self._missing(handler, node)
                if stubs:
                    edits.append(self._after_body(node, stubs))
            added += stubs
        imports += [line for stub in added for line in stub.imports]
        used |= {name for stub in added for name in _names(stub.source)}
        wanted = used - {name for name, _ in _bound(self._tree.body)}
        return self._edited([*import_edits(self._tree, self._lines, imports, wanted), *edits])

    def _find(self, handler: HandlerClass) -> ast.ClassDef | None:
        by_base = [node for node in self._classes.values() if handler.base in self._bases(node)]
        named = [node for node in by_base if node.name == handler.name]
        return next(iter(named or by_base), self._classes.get(handler.name))

    def _bases(self, node: ast.ClassDef) -> Iterator[str]:
        """The names of the bases where they were defined, without modules."""
        for base in node.bases:
            inner = base.value if isinstance(base, ast.Subscript) else base
            if isinstance(inner, ast.Attribute):
                yield inner.attr
            elif isinstance(inner, ast.Name):
                yield self._origins.get(inner.id, inner.id)
            else:
                yield ""

    def _lineage(self, node: ast.ClassDef) -> tuple[list[ast.ClassDef], set[str]]:
        """The class with its bases in this file, and the names of bases that are elsewhere."""
        seen: list[ast.ClassDef] = []
        elsewhere: set[str] = set()
        waiting = [node]
        while waiting:
            current = waiting.pop()
            if current in seen:
                continue
            seen.append(current)
            for base in self._bases(current):
                if base in self._classes:
                    waiting.append(self._classes[base])
                else:
                    elsewhere.add(base)
        return seen, elsewhere

    def _missing(self, handler: HandlerClass, node: ast.ClassDef) -> list[Stub]:
        lineage, elsewhere = self._lineage(node)
        present = {name for each in lineage for name, _ in _bound(each.body)}
        lacking = [stub for stub in handler.methods if stub.name not in present]
        missing = [stub for stub in lacking if not self._report_renamed(handler, node, stub)]
        if missing and elsewhere - _KNOWN_BASES - {handler.base}:
            methods = ", ".join(stub.name for stub in missing)
            self._report.add(
                UNSEEN_BASE, self._span(node, node.name), handler=node.name, methods=methods
            )
            return []
        return missing

    def _report_renamed(self, handler: HandlerClass, node: ast.ClassDef, stub: Stub) -> bool:
        """Whether the user's class still has the method under its former name, which is reported."""
        former = spell(Name.parse(stub.former), Role.METHOD) if stub.former else ""
        if former in {other.name for other in handler.methods}:
            return False
        where = next((where for name, where in _bound(node.body) if name == former), None)
        if where is not None:
            facts = {"handler": node.name, "method": former, "now": stub.name}
            self._report.add(RENAMED_METHOD, self._span(where, former), **facts)
        return where is not None

    def _report_vanished(self, handler: HandlerClass, node: ast.ClassDef) -> None:
        current = {stub.name for stub in handler.methods}
        bound = dict(_bound(node.body))
        gone = [*handler.retired, *(s.former for s in handler.methods if s.name in bound)]
        retired = {spell(Name.parse(name), Role.METHOD) for name in gone if name}
        for name, where in bound.items():
            if name in retired - current:
                span = self._span(where, name)
                self._report.add(VANISHED_METHOD, span, handler=node.name, method=name)

    def _span(self, node: ast.stmt, name: str) -> Span:
        column = self._lines[node.lineno - 1].find(name, node.col_offset)
        return Span.at(self._path, node.lineno, max(column, 0) + 1, len(name))

    def _after_body(self, node: ast.ClassDef, stubs: Sequence[Stub]) -> Edit:
        outer = _margin(self._lines[node.lineno - 1])
        inner = self._body_margin(node.body[0], outer)
        unit = inner.removeprefix(outer)
        at = self._end_of_block(node, outer)
        lines = [line for stub in stubs for line in ("", *_indented(stub.source, inner, unit))]
        return Edit(at, at, tuple(lines))

    def _body_margin(self, first: ast.stmt, outer: str) -> str:
        """The indent of a class body; one on the line of the header moves to its own."""
        start = min([first.lineno, *(d.lineno for d in getattr(first, "decorator_list", []))])
        line = self._lines[start - 1]
        header = line.encode()[: first.col_offset].decode()
        if start == first.lineno and header.strip():
            inner = outer + "    "
            rest = line[len(header) :]
            self._lines[start - 1] = header.rstrip() + self._line_end + inner + rest
            return inner
        before = self._lines[start - 2].rstrip("\r\n")
        if before.endswith("\\"):
            self._lines[start - 2] = before[:-1].rstrip() + self._line_end
        return _margin(line)

    def _end_of_block(self, node: ast.ClassDef, outer: str) -> int:
        """The line after the class, with the comments that are indented as its body is."""
        end = last = node.end_lineno or node.lineno
        for line in self._lines[end:]:
            last += 1
            if line.strip():
                if not line.lstrip().startswith("#") or len(_margin(line)) <= len(outer):
                    break
                end = last
        return end

    @property
    def _line_end(self) -> str:
        first = self._lines[0] if self._lines else "\n"
        return first[len(first.rstrip("\r\n")) :] or "\n"

    def _edited(self, edits: Iterable[Edit]) -> str:
        end = self._line_end
        parts: list[str] = []
        by_line: dict[int, list[Edit]] = {}
        for edit in edits:
            by_line.setdefault(edit.start, []).append(edit)
        kept = 0
        for number, line in enumerate([*self._lines, ""]):
            added = [text for edit in by_line.get(number, ()) for text in edit.lines]
            if added and parts and not parts[-1].endswith(("\n", "\r")):
                parts.append(end)
            parts += [text + end for text in (added if parts else _without_blank_start(added))]
            kept = max([kept, *(edit.end for edit in by_line.get(number, ()))])
            if number >= kept:
                parts.append(line)
        return "".join(parts)


def _imported(body: Iterable[ast.stmt]) -> Iterator[tuple[str, str]]:
    """Local names of imported things with the names that they have at home."""
    for node in body:
        if isinstance(node, ast.ImportFrom):
            yield from ((local_name(alias), alias.name) for alias in node.names)


def _bound(body: Iterable[ast.stmt]) -> Iterator[tuple[str, ast.stmt]]:
    """The names that statements bind, those inside of ``if``, ``try`` and ``with`` too."""
    for node in body:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                yield node.name, node
            case ast.Import() | ast.ImportFrom():
                yield from ((local_name(alias), node) for alias in node.names)
            case ast.Assign(targets=targets):
                names = (n for t in targets for n in ast.walk(t) if isinstance(n, ast.Name))
                yield from ((name.id, node) for name in names)
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr()):
                yield name, node
            case ast.If() | ast.Try() | ast.With() | ast.For() | ast.While():
                yield from _bound(_inner(node))


def _inner(node: ast.stmt) -> Iterator[ast.stmt]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.ExceptHandler):
            yield from child.body
        elif isinstance(child, ast.stmt):
            yield child


def _class_lines(handler: HandlerClass) -> Iterator[str]:
    yield from ("", "", f"class {handler.name}({handler.base}):")
    if handler.doc:
        yield from ("    " + docstring(handler.doc, 4)).split("\n")
    for index, stub in enumerate(handler.methods):
        if index or handler.doc:
            yield ""
        yield from _indented(stub.source, "    ", "    ")
    if not handler.doc and not handler.methods:
        yield "    pass"


def _indented(source: str, margin: str, unit: str) -> Iterator[str]:
    """The lines of ``source``, whose indents of four columns become ``unit`` each."""
    for line in source.rstrip("\n").split("\n"):
        stripped = line.lstrip(" ")
        depth, rest = divmod(len(line) - len(stripped), 4)
        yield margin + unit * depth + " " * rest + stripped if stripped else ""


def _names(source: str) -> Iterator[str]:
    return (node.id for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Name))


def _margin(line: str) -> str:
    return line[: len(line) - len(line.lstrip(" \t\f"))]


def _without_blank_start(lines: Sequence[str]) -> list[str]:
    first = next((i for i, line in enumerate(lines) if line), len(lines))
    return list(lines[first:])


def _place(problem: Exception, path: str) -> Span:
    if isinstance(problem, SyntaxError) and problem.lineno:
        return Span.at(path, problem.lineno, max(problem.offset or 1, 1))
    return Span.at(path)


def _wording(problem: Exception) -> str:
    if isinstance(problem, SyntaxError):
        return problem.msg
    return str(problem) if isinstance(problem, ValueError) else "it is nested too deeply"
