"""A .thrift file with all that it includes, each file read once, included files first."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from svcgen.diagnostics import Report, Span
from svcgen.formats.source import load, place_of
from svcgen.formats.thrift import rules
from svcgen.formats.thrift.lexer import tokenize
from svcgen.formats.thrift.linker import Linker
from svcgen.formats.thrift.parser import parse
from svcgen.formats.thrift.tree import File, Include
from svcgen.formats.thrift.validity import check_declarations
from svcgen.formats.tokens import SyntaxProblem


@dataclass(slots=True)
class Library:
    """``files`` are included ones first; ``main``, the last, is the one that was asked for."""

    main: File
    files: list[File]


def read_library(path: Path, report: Report, include: Sequence[Path] = ()) -> Library | None:
    """Read and check a file and what it includes; ``None`` where one cannot be understood."""
    loader = _Loader(report, include)
    loader.load(path)
    if loader.broken:
        return None
    for file in loader.files:
        Linker(file, report).link()
    main = loader.files[-1]
    check_declarations(main, report)
    return Library(main, loader.files)


@dataclass(slots=True)
class _Loader:
    """Finds and parses files, without recursion; ``files`` is in the order of linking."""

    report: Report
    roots: Sequence[Path]
    files: list[File] = field(default_factory=list)
    main: Path = Path()
    broken: bool = False
    _known: dict[str, File] = field(default_factory=dict)  # by real path
    _open: list[tuple[str, Path, File, Iterator[Include]]] = field(default_factory=list)

    def load(self, path: Path) -> None:
        self.main = path
        self._begin(path, None)
        while self._open:
            _, folder, file, waiting = self._open[-1]
            include = next(waiting, None)
            if include is None:
                self._open.pop()
                self.files.append(file)
            else:
                self._include(folder, file, include)

    def _begin(self, path: Path, at: Span | None) -> File | None:
        source = load(path, self.report, os.path.normpath(path), at)
        if source is None:
            self.broken = True
            return None
        tokens = tokenize(source)
        try:
            file = parse(tokens, path.name.rpartition(".")[0] or path.name)
        except SyntaxProblem as problem:
            self.broken = True
            self.report.add(rules.SYNTAX, tokens.span(problem.at), problem=problem.problem)
            return None
        file.place = place_of(str(path), str(self.main), self.roots)
        real = os.path.realpath(path)
        self._known[real] = file
        self._open.append((real, path.parent, file, iter(file.includes)))
        return file

    def _include(self, folder: Path, file: File, include: Include) -> None:
        span = file.tokens.span(include.at)
        path = self._find(include.path, folder)
        if path is None:
            self.report.add(rules.INCLUDE_MISSING, span, path=include.path)
            return
        real = os.path.realpath(path)
        names = [each for each, *_ in self._open]
        if real in names:
            circle = [each.name for _, _, each, _ in self._open[names.index(real) :]]
            self.broken = True
            shown = " -> ".join([*circle, circle[0]])
            self.report.add(rules.INCLUDE_CYCLE, span, path=shown)
            return
        included = self._known.get(real) or self._begin(path, span)
        if included is not None:
            file.included.append(included)
            file.found.append(include)

    def _find(self, wanted: str, folder: Path) -> Path | None:
        """The file of an include, beside the including file or in the first folder that has it.

        What is no file is found too, and cannot be read.
        """
        if "\0" not in wanted:
            for root in (folder, *self.roots):
                path = root / wanted
                if os.path.exists(path):  # noqa: PTH110 - Path.exists() fails where a name is too long
                    if root != folder:
                        self.report.roots.append(root)
                    return path
        return None
