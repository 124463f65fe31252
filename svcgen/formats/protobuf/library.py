"""A .proto file with all that it imports, each file read once, imported files first."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from svcgen.diagnostics import Report, Span
from svcgen.formats.protobuf import rules
from svcgen.formats.protobuf.features import resolve
from svcgen.formats.protobuf.interpreter import OPTIONS, Interpreter
from svcgen.formats.protobuf.lexer import tokenize
from svcgen.formats.protobuf.linker import Linker
from svcgen.formats.protobuf.numbering import check_numbers
from svcgen.formats.protobuf.optionrules import check_options
from svcgen.formats.protobuf.parser import parse
from svcgen.formats.protobuf.spelling import check_spelling
from svcgen.formats.protobuf.symbols import Symbols
from svcgen.formats.protobuf.tree import File, Import
from svcgen.formats.protobuf.validity import check_declarations
from svcgen.formats.source import load
from svcgen.formats.tokens import SyntaxProblem

BUNDLED = Path(__file__).parent / "include"
"""The types that come with Protocol Buffers and Google's common ones."""


@dataclass(slots=True)
class Library:
    """``files`` by import path, imported ones first; ``main`` is the one that was asked for."""

    main: File
    files: dict[str, File]
    symbols: Symbols


def read_library(path: Path, report: Report, include: Sequence[Path] = ()) -> Library | None:
    """Read and check a file and its imports; ``None`` where one of them cannot be understood."""
    loader = _Loader(report, (*include, *_above(path), BUNDLED))
    main = loader.load_main(path)
    if main is None or loader.broken:
        return None
    loader.leave_out_options()
    symbols = Symbols()
    for name in loader.files:
        symbols.visible[name] = loader.visible(name)
    for file in loader.files.values():
        _check(file, symbols, report)
    return Library(main, loader.files, symbols)


def _check(file: File, symbols: Symbols, report: Report) -> None:
    """Give the names of a file their meaning, and report what is wrong with it."""
    before = len(report.diagnostics)
    symbols.add_file(file, report)
    Linker(file, symbols, report).link()
    fine = len(report.diagnostics) == before
    if fine:
        Interpreter(file, symbols, report).interpret()
    resolve(file)
    check_numbers(file, report)
    if fine:
        check_declarations(file, symbols, report)
        check_spelling(file, report)
        check_options(file, symbols, report)


def _above(path: Path) -> list[Path]:
    """The folder of a file and those above it, as far as the path as it was given tells."""
    folder = path.parent
    found = [folder, *folder.parents]
    if not path.is_absolute():
        found += Path.cwd().parents
    return found


@dataclass(slots=True)
class _Loader:
    """Finds and parses files; ``files`` is in the order in which they must be built."""

    report: Report
    roots: Sequence[Path]
    files: dict[str, File] = field(default_factory=dict)
    broken: bool = False
    _names: dict[str, str] = field(default_factory=dict)  # import paths by real path
    _exported: dict[str, set[str]] = field(default_factory=dict)

    def load_main(self, path: Path) -> File | None:
        options = self._find(OPTIONS)
        if options is not None:
            self._load(options, OPTIONS, None)
        main_name = self._names.get(os.path.realpath(path))
        if main_name is not None:
            return self.files.get(main_name)
        main_name = self._name_of(path)
        self._load(path, main_name, None)
        return self.files.get(main_name)

    def _name_of(self, path: Path) -> str:
        """The path by which others would import the file: below the first include path."""
        for root in self.roots[: len(self.roots) - 1]:
            try:
                return path.resolve().relative_to(root.resolve()).as_posix()
            except ValueError:
                continue
        return path.name

    def _load(self, path: Path, name: str, at: Span | None) -> None:
        """Read a file, then what it imports, then note it; without recursion."""
        stack: list[tuple[File, list[Import]]] = []
        self._open(path, name, at, stack)
        while stack:
            file, waiting = stack[-1]
            if not waiting:
                stack.pop()
                self.files[file.name] = file
                continue
            self._import(file, waiting.pop(0), stack)

    def _open(
        self, path: Path, name: str, at: Span | None, stack: list[tuple[File, list[Import]]]
    ) -> None:
        self._names[os.path.realpath(path)] = name
        bundled = BUNDLED in path.parents
        shown = f"<svcgen>/{name}" if bundled else os.path.normpath(path)
        source = load(path, Report() if bundled else self.report, shown, at)
        if source is None:
            self.broken = True
            return
        tokens = tokenize(source)
        try:
            file = parse(tokens, name)
        except SyntaxProblem as problem:
            self.broken = True
            self.report.add(rules.SYNTAX, tokens.span(problem.at), problem=problem.problem)
            return
        stack.append((file, list(file.imports)))

    def _import(self, file: File, wanted: Import, stack: list[tuple[File, list[Import]]]) -> None:
        span = file.tokens.span(wanted.at)
        if _is_bad(wanted.path):
            self.broken = True
            self.report.add(rules.IMPORT_PATH, span, path=wanted.path)
            return
        if sum(each.path == wanted.path for each in file.imports[: _place(file, wanted)]):
            self.report.add(rules.IMPORT_TWICE, span, path=wanted.path)
            return
        path = self._find(wanted.path)
        if path is None:
            self.broken = True
            self.report.add(rules.IMPORT_MISSING, span, path=wanted.path)
            return
        name = self._names.get(os.path.realpath(path))
        if name is None:
            self._open(path, wanted.path, span, stack)
        elif name in self.files:
            self.files.setdefault(wanted.path, self.files[name])
        elif any(open_file.name == name for open_file, _ in stack):
            names = [open_file.name for open_file, _ in stack]
            circle = " -> ".join([*names[names.index(name) :], name])
            self.broken = True
            self.report.add(rules.IMPORT_CYCLE, span, path=circle)

    def _find(self, name: str) -> Path | None:
        """The file of an import path, in the first include path that has it."""
        for root in self.roots:
            if (path := root / name).is_file():
                if root != BUNDLED:
                    self.report.roots.append(root)
                return path
        return None

    def leave_out_options(self) -> None:
        """Forget the definition of all options where the files have one of their own."""
        imported = any(i.path == OPTIONS for file in self.files.values() for i in file.imports)
        own = any(
            file.package == "google.protobuf"
            and any(m.name == "FileOptions" for m in file.messages)
            for name, file in self.files.items()
            if name != OPTIONS
        )
        if own and not imported:
            del self.files[OPTIONS]

    def visible(self, name: str) -> set[str]:
        """The file and those whose names it may use."""
        found = {name}
        for each in self.files[name].imports:
            found |= self._exports(each.path)
        return found

    def _exports(self, name: str) -> set[str]:
        """The file and what it imports publicly."""
        if name not in self._exported:
            file = self.files[name]
            found = self._exported[name] = {name, file.name}
            for each in file.imports:
                if each.kind == "public":
                    found |= self._exports(each.path)
        return self._exported[name]


def _place(file: File, wanted: Import) -> int:
    return next(i for i, each in enumerate(file.imports) if each is wanted)


def _is_bad(path: str) -> bool:
    parts = path.split("/")
    return "\\" in path or "\0" in path or not {"", ".", ".."}.isdisjoint(parts)
