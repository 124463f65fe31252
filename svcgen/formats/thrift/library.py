"""The .thrift files of a run with all that they include, each file read once, included ones first."""

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


@dataclass(slots=True, eq=False)
class Entry:
    """A file by its real path, with what was found by reading it, and by linking it later on."""

    real: str
    report: Report
    file: File | None = None  # unless it could not be parsed
    linked: Report | None = None
    closure: tuple[Entry, ...] = ()  # what it includes, included ones first, and itself


class Library:
    """``include`` are the folders in which included files are looked for after the file's own."""

    def __init__(self, include: Sequence[Path] = ()) -> None:
        self._include = tuple(include)
        self._known: dict[str, dict[str, Entry]] = {}  # by the folder from which they are seen

    def read(self, path: Path, report: Report) -> File | None:
        """Read and check a file and what it includes; ``None`` where one cannot be understood.

        The report gets what is wrong in any of them, as if no other file had been read before.
        """
        known = self._known.setdefault(os.path.realpath(path.parent), {})
        loader = _Loader(path, self._include, known)
        entries = loader.load()
        for entry in entries:
            report.include(entry.report)
            report.roots += entry.report.roots
        if loader.broken:
            return None
        known |= {entry.real: entry for entry in entries}
        files = [_linked(entry, report) for entry in entries if entry.file]
        check_declarations(files[-1], report)
        return files[-1]


def _linked(entry: Entry, report: Report) -> File:
    """The file of an entry, whose names have their meaning."""
    assert entry.file is not None
    if entry.linked is None:
        entry.linked = Report()
        Linker(entry.file, entry.linked).link()
    report.include(entry.linked)
    return entry.file


def _silent(found: Report, at: Span, path: Path) -> Report:
    """What is said of a file that is none of the user's: that it cannot be opened, or no more than
    that it was included ``at`` a place.
    """
    if all(each.span == at for each in found.diagnostics):
        return found
    report = Report()
    report.inputs += found.inputs
    report.add(rules.INCLUDE_FOREIGN, at, path=str(path))
    return report


@dataclass(slots=True)
class _Loader:
    """Finds and parses files, without recursion."""

    main: Path
    roots: Sequence[Path]
    known: dict[str, Entry]  # by real path, of earlier files of the run
    broken: bool = False
    _seen: dict[str, Entry] = field(default_factory=dict)  # by real path
    _open: list[tuple[Entry, Path, Iterator[Include]]] = field(default_factory=list)
    _done: dict[Entry, None] = field(default_factory=dict)  # in the order of linking

    def load(self) -> list[Entry]:
        """The entries of the file and of all that it includes, included ones first."""
        self._begin(self.main, None)
        while self._open:
            entry, folder, waiting = self._open[-1]
            include = next(waiting, None)
            if include is None:
                self._open.pop()
                self._end(entry)
            else:
                self._include(folder, entry, include)
        return [*self._done]

    def _begin(self, path: Path, at: Span | None) -> Entry:
        real = os.path.realpath(path)
        entry = self._seen[real] = self.known.get(real) or Entry(real, Report())
        if entry.closure:
            self._done |= dict.fromkeys(entry.closure)
            return entry
        entry.file = self._parsed(path, entry.report, at)
        if entry.file is None:
            self.broken = True
            if at is not None and self._is_foreign(path, real):
                entry.report = _silent(entry.report, at, path)
            self._done[entry] = None
        else:
            self._open.append((entry, path.parent, iter(entry.file.includes)))
        return entry

    def _is_foreign(self, path: Path, real: str) -> bool:
        """Is it elsewhere, by its true path, and called as no .thrift is?"""
        roots = map(os.path.realpath, (self.main.parent, *self.roots))
        is_inside = any(Path(real).is_relative_to(root) for root in roots)
        return not is_inside and path.suffix.lower() != ".thrift"

    def _parsed(self, path: Path, report: Report, at: Span | None) -> File | None:
        source = load(path, report, os.path.normpath(path), at)
        if source is None:
            return None
        tokens = tokenize(source)
        try:
            file = parse(tokens, path.name.rpartition(".")[0] or path.name)
        except SyntaxProblem as problem:
            report.add(rules.SYNTAX, tokens.span(problem.at), problem=problem.problem)
            return None
        file.place = place_of(str(path), str(self.main), self.roots)
        return file

    def _include(self, folder: Path, entry: Entry, include: Include) -> None:
        assert entry.file is not None
        span = entry.file.tokens.span(include.at)
        path = self._find(include.path, folder, entry.report)
        if path is None:
            entry.report.add(rules.INCLUDE_MISSING, span, path=include.path)
            return
        real = os.path.realpath(path)
        names = [each.real for each, *_ in self._open]
        if real in names:
            circle = [each.file.name for each, *_ in self._open[names.index(real) :] if each.file]
            self.broken = True
            shown = " -> ".join([*circle, circle[0]])
            entry.report.add(rules.INCLUDE_CYCLE, span, path=shown)
            return
        included = self._seen.get(real) or self._begin(path, span)
        if included.file is not None:
            entry.file.included.append(included.file)
            entry.file.found.append(include)
            entry.closure += (included,)

    def _end(self, entry: Entry) -> None:
        """All that a file includes has been read."""
        found = {each: None for included in entry.closure for each in included.closure}
        entry.closure = (*found, entry)
        self._done[entry] = None

    def _find(self, wanted: str, folder: Path, report: Report) -> Path | None:
        """The file of an include, beside the including file or in the first folder that has it.

        What is no file is found too, and cannot be read.
        """
        if "\0" not in wanted:
            for root in (folder, *self.roots):
                path = root / wanted
                if os.path.exists(path):  # noqa: PTH110 - Path.exists() fails where a name is too long
                    if root != folder:
                        report.roots.append(root)
                    return path
        return None
