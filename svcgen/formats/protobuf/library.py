"""The .proto files of a run: each is read, linked and checked once, after those that it imports."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from svcgen.diagnostics import Report, Rule, Span
from svcgen.formats.protobuf import rules
from svcgen.formats.protobuf.features import resolve
from svcgen.formats.protobuf.interpreter import OPTIONS, Interpreter
from svcgen.formats.protobuf.lexer import Tokens
from svcgen.formats.protobuf.linker import Linker
from svcgen.formats.protobuf.numbering import check_numbers
from svcgen.formats.protobuf.optionrules import check_options
from svcgen.formats.protobuf.spelling import check_spelling
from svcgen.formats.protobuf.symbols import Symbols, disputes
from svcgen.formats.protobuf.tree import Field, File, Import, Message
from svcgen.formats.protobuf.validity import check_declarations
from svcgen.formats.source import load
from svcgen.formats.tokens import SyntaxProblem
from svcgen.frozen import frozen

BUNDLED = Path(__file__).parent / "include"
"""The types that come with Protocol Buffers and Google's common ones."""


class Place(NamedTuple):
    """Where a file is; ``root`` is the include path below which it was found, if it was."""

    path: Path
    root: Path | None
    identity: object  # the same for every path that leads to the file

    @property
    def is_bundled(self) -> bool:
        return self.root is BUNDLED


class Entry:
    """A file of a library, with what was found in it and in no other."""

    def __init__(self, place: Place) -> None:
        self.path = place.path
        self.is_bundled = place.is_bundled
        self.report = Report()
        self.roots: list[Path] = []  # the include paths of its imports
        self.needs: list[tuple[Import, Entry]] = []
        self.file: File | None = None  # None: it could not be parsed
        self.is_broken = False  # it cannot be understood, or what it imports cannot
        self.exports: set[File] = set()
        """The file and what it imports publicly."""

    def span(self, wanted: Import) -> Span:
        assert self.file is not None
        return self.file.tokens.span(wanted.at)

    def add(self, rule: Rule, wanted: Import, path: str = "") -> None:
        """Report what is wrong with an import."""
        self.report.add(rule, self.span(wanted), path=path or wanted.path)

    def closure(self) -> list[Entry]:
        """All that it needs, imported files first, and itself."""
        seen, ordered = {self}, []
        stack = [(self, iter(self.needs))]
        while stack:
            entry, needs = stack[-1]
            needed = next((each for _, each in needs if each not in seen), None)
            if needed is None:
                ordered.append(entry)
                stack.pop()
            else:
                seen.add(needed)
                stack.append((needed, iter(needed.needs)))
        return ordered

    def files(self) -> tuple[File, ...]:
        """Those of the closure, as far as they could be parsed."""
        return _files(self.closure())


@frozen
class Reading:
    """A file that could be understood, and all that it needs, imported files first."""

    main: File
    files: tuple[File, ...]

    def extensions(self) -> list[Field]:
        return [each for file in self.files for each in file.all_extensions]


class Library:
    """``include`` are the folders in which imports are looked for first.

    After these come the bundled files, then the folder of the importing file and those above it.
    """

    def __init__(self, include: Sequence[Path] = ()) -> None:
        self._include = tuple(include)
        self._entries: dict[object, Entry] = {}  # by identity
        self._roots = (*self._include, BUNDLED)
        self._always: dict[str, Place | None] = {}  # what is found from everywhere
        self._found: dict[tuple[Path, str], Place | None] = {}  # from a folder
        self._symbols = Symbols()

    def read(self, path: Path, report: Report) -> Reading | None:
        """A file with its imports; ``None`` where one of them cannot be understood.

        The report gets what is wrong in any of them, as if no other file had been read before.
        """
        place = _place(path)
        entry = self._entries.get(place.identity) or self._load(place)
        closure = entry.closure()
        for each in closure:
            if not each.is_bundled:
                report.inputs.append(each.path)
                report.roots += each.roots
            if not each.report.is_empty:
                report.include(each.report)
        if entry.is_broken or entry.file is None:
            return None
        files = _files(closure)
        disputes(files, report)
        return Reading(entry.file, files)

    def _name_of(self, path: Path) -> str:
        """The path by which others import a file: below an include path."""
        for root in self._include:
            if path.is_relative_to(root):
                return path.relative_to(root).as_posix()
            if path.resolve().is_relative_to(root.resolve()):
                return path.resolve().relative_to(root.resolve()).as_posix()
        return path.name

    def _load(self, place: Place) -> Entry:
        """Read a file, then what it imports, then check it; without recursion."""
        entry = self.open(place, self._name_of(place.path), None)
        open_files = [entry]
        waiting = [list(entry.file.imports if entry.file else ())]
        while open_files:
            if not waiting[-1]:
                waiting.pop()
                self.build(open_files.pop())
                continue
            wanted = waiting[-1].pop(0)
            new = self._import(open_files[-1], wanted, open_files)
            if new is not None:
                open_files.append(new)
                waiting.append(list(new.file.imports if new.file else ()))
        return entry

    def open(self, place: Place, name: str, at: Span | None) -> Entry:
        """Read and parse a file; messages show it at ``at`` if it cannot be read."""
        from svcgen.formats.protobuf.parser import parse  # no writer of files needs it

        entry = self._entries[place.identity] = Entry(place)
        shown = f"<svcgen>/{name}" if entry.is_bundled else _shown(place.path)
        source = load(place.path, entry.report, shown, at)
        entry.report.inputs.clear()
        if source is None:
            entry.is_broken = True
            return entry
        tokens = Tokens(source)
        try:
            entry.file = parse(tokens, name)
        except SyntaxProblem as problem:
            entry.is_broken = True
            span = tokens.span(problem.at)
            entry.report.add(rules.SYNTAX, span, problem=problem.problem)
        return entry

    def _import(self, entry: Entry, wanted: Import, open_files: list[Entry]) -> Entry | None:
        """Look for an imported file; returned if it must be read before anything else is."""
        if _is_bad(wanted.path):
            entry.is_broken = True
            entry.add(rules.IMPORT_PATH, wanted)
            return None
        if any(each.path == wanted.path for each, _ in entry.needs):
            entry.add(rules.IMPORT_TWICE, wanted)
            return None
        place = self._find(wanted.path, entry.path)
        if place is None:
            entry.is_broken = True
            entry.add(rules.IMPORT_MISSING, wanted)
            return None
        if place.root is not None and not place.is_bundled:
            entry.roots.append(place.root)
        known = self._known(place)
        needed = known or self.open(place, wanted.path, entry.span(wanted))
        entry.needs.append((wanted, needed))
        if known in open_files:
            circle = [each.file.name for each in open_files[open_files.index(known) :] if each.file]
            entry.is_broken = True
            entry.add(rules.IMPORT_CYCLE, wanted, " -> ".join([*circle, circle[0]]))
        elif known is not None and known.file is not None:
            known.file.name = wanted.path
        return needed if known is None else None

    def _known(self, place: Place) -> Entry | None:
        if place.is_bundled and place.path == BUNDLED / OPTIONS:
            if place.identity not in self._entries:
                self._symbols.add_file(options_file(), Report())
            return self._entries.setdefault(place.identity, _options())
        return self._entries.get(place.identity)

    def _find(self, name: str, importing: Path) -> Place | None:
        """The file of an import in another file, in the first include path that has it."""
        if name not in self._always:
            self._always[name] = _find_below(self._roots, name)
        place = self._always[name]
        if place is not None:
            return place
        folder = importing.parent
        if (folder, name) not in self._found:
            self._found[folder, name] = _find_below(_above(folder), name)
        return self._found[folder, name]

    def build(self, entry: Entry) -> None:
        """Give the names of a file their meaning, and report what is wrong with it."""
        file = entry.file
        entry.is_broken = entry.is_broken or any(needed.is_broken for _, needed in entry.needs)
        if file is None or entry.is_broken:
            return
        entry.exports = {file}
        for wanted, needed in entry.needs:
            file.visible |= needed.exports
            if wanted.kind == "public":
                entry.exports |= needed.exports
        file.option_types = self._option_types_of(entry, file)
        self._check(entry, file)

    def _option_types_of(self, entry: Entry, file: File) -> Mapping[str, Message]:
        """The messages that define options: those that the file sees, or the bundled ones."""
        own = {message.name: message for message in file.messages}
        if file.package == "google.protobuf" and "FileOptions" in own:
            return own
        usual = options_file().option_types
        seen = (needed.file.option_types for _, needed in entry.needs if needed.file is not None)
        foreign = (types for types in seen if types and types is not usual)
        return next(foreign, usual)

    def _check(self, entry: Entry, file: File) -> None:
        report, symbols = entry.report, self._symbols
        symbols.add_file(file, report)
        Linker(file, symbols, report, entry.files).link()
        fine = not report.has_errors
        if fine:
            Interpreter(file, symbols, report).interpret()
        resolve(file)
        if entry.is_bundled:
            return
        check_numbers(file, report)
        if fine:
            check_declarations(file, symbols, report)
            check_spelling(file, report)
            check_options(file, symbols, report)


@cache
def _options() -> Entry:
    """The bundled definition of all options, which imports nothing: the same for all libraries."""
    library = Library()
    entry = library.open(Place(BUNDLED / OPTIONS, BUNDLED, OPTIONS), OPTIONS, None)
    library.build(entry)
    return entry


@cache
def is_bundled(name: str) -> bool:
    """Whether svcgen has a file that is imported by this name."""
    return (BUNDLED / name).is_file()


@cache
def bundled_names(name: str) -> Mapping[str, str]:
    """The full names of the types of a bundled file, by their flat ones; none if there is none."""
    if not is_bundled(name):
        return {}
    file = bundled(name, Library())
    return {each.flat_name: each.full_name for each in (*file.all_messages, *file.all_enums)}


def bundled(name: str, library: Library) -> File:
    """A bundled file."""
    reading = library.read(BUNDLED / name, Report())
    assert reading is not None
    return reading.main


def options_file() -> File:
    file = _options().file
    assert file is not None
    return file


def _place(path: Path) -> Place:
    """The place of a file that is read as it is named."""
    status = _status(path)
    return Place(path, None, (status.st_dev, status.st_ino) if status else path)


def _find_below(roots: Sequence[Path], name: str) -> Place | None:
    """The first ordinary file of this name below one of the folders."""
    for root in roots:
        status = _status(f"{root}/{name}")
        if status is not None and stat.S_ISREG(status.st_mode):
            return Place(root / name, root, (status.st_dev, status.st_ino))
    return None


def _status(path: Path | str) -> os.stat_result | None:
    """What the system says of a file; ``None`` if there is none."""
    try:
        return os.stat(path)  # noqa: PTH116 - a Path of every name tried would take longer
    except (OSError, ValueError):
        return None


def _shown(path: Path) -> str:
    """How messages call a file: without steps up, of which a path may have some."""
    text = str(path)
    return os.path.normpath(text) if ".." in text else text


def _files(entries: Sequence[Entry]) -> tuple[File, ...]:
    return tuple(each.file for each in entries if each.file is not None)


def _above(folder: Path) -> tuple[Path, ...]:
    """A folder and those above it, as far as the path as it was given tells."""
    found = (folder, *folder.parents)
    return found if folder.is_absolute() else (*found, *Path.cwd().parents)


def _is_bad(path: str) -> bool:
    parts = path.split("/")
    return "\\" in path or "\0" in path or not {"", ".", ".."}.isdisjoint(parts)
