"""A definition with all that it imports, each file read once, imported files first."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePath

from svcgen.diagnostics import Report, Rule, Span
from svcgen.formats.neutral import FORMAT
from svcgen.formats.neutral.document import Document, Import, read_document
from svcgen.formats.neutral.graph import ordered
from svcgen.formats.neutral.selecting import Link, selected
from svcgen.formats.neutral.tree import Mapping
from svcgen.formats.neutral.types import Mention
from svcgen.formats.neutral.yaml import parse
from svcgen.formats.source import load

IMPORT_CYCLE = Rule(
    code="import-cycle",
    message="a definition imports itself: {path}",
    fix="move what both need to a third file and import that",
    why="An imported file stands before the one that imports it, which no circle allows.",
    example="svcgen: 1\nimports: [import-cycle.yaml]\n",
)

ABSOLUTE_IMPORT = Rule(
    code="absolute-import",
    message="{path!r} is not a relative path",
    fix="write the path from the folder of this file, with forward slashes",
    why="A definition has to read the same in every checkout.",
    example="svcgen: 1\nimports: [/srv/common.yaml]\n",
)

IMPORTED_FORMAT = Rule(
    code="imported-format",
    message="{path!r} cannot be imported: its name does not end in {known}",
    fix="import a definition, by the name of its file",
    why=(
        "The ending of a file's name says that it is a definition. Nothing else is opened: what is"
        " wrong in a file is shown with its line, which is not for every file of a machine."
    ),
    example="svcgen: 1\nimports: [common.txt]\n",
)

FOREIGN_IMPORT = Rule(
    code="foreign-import",
    message="{path!r} is outside of the definition's folder and is no definition",
    fix="import a definition: a mapping with the key 'svcgen'",
    why=(
        "What is wrong in a file is shown with its line. Of a file elsewhere on the machine that"
        " was never a definition, nothing is shown."
    ),
    example="svcgen: 1\nimports: [../../pyproject.yaml]\n",
)


def read_all(path: Path, report: Report, include: Sequence[Path] = ()) -> list[Document] | None:
    """The documents, that of ``path`` last; ``None`` where one of them cannot be read at all.

    What is not where an import says is looked for in the folders ``include``.
    """
    files = _Files(report, os.path.dirname(os.path.realpath(path)), include)  # noqa: PTH120
    files.add(str(path))
    while files.waiting:
        files.read_next()
    order = ordered(files.needs, files.report_cycle)
    documents = {file: document for file in order if (document := files.documents[file])}
    return selected(documents, files.links, report) if len(documents) == len(order) else None


class _Files:
    """Files by what the file system calls them: two imports may spell one file differently."""

    def __init__(self, report: Report, folder: str, include: Sequence[Path]) -> None:
        self._report = report
        self._folder = folder
        self._include = include
        self._names: dict[str, str] = {}
        self.documents: dict[str, Document | None] = {}
        self.needs: dict[str, tuple[Mention, ...]] = {}
        self.links: dict[str, tuple[Link, ...]] = {}
        self.waiting: list[tuple[str, Span | None]] = []

    def add(self, name: str, at: Span | None = None) -> str:
        """Note a file to be read, mentioned ``at`` a place."""
        file = os.path.realpath(name)
        if file not in self._names:
            self._names[file] = name
            self.waiting.append((file, at))
        return file

    def read_next(self) -> None:
        file, at = self.waiting.pop(0)
        name = self._names[file]
        found = Report()
        source = load(Path(name), found, name, at)
        root = parse(source, found) if source else None
        document = read_document(root, name, found) if root else None
        self.documents[file] = document
        is_definition = isinstance(root, Mapping) and any(
            entry.key.text == "svcgen" for entry in root.entries
        )
        if at is None or is_definition or PurePath(file).is_relative_to(self._folder):
            self._report.include(found)
        elif any(diagnostic.span == at for diagnostic in found.diagnostics):
            self._report.include(found)  # it cannot be opened, which its mention is told
        else:
            self._report.inputs += found.inputs
            self._report.add(FOREIGN_IMPORT, at, path=name[:80])
        found_files = tuple(self._imports(document, name)) if document else ()
        self.needs[file] = tuple(Mention(target, each.span) for target, each in found_files)
        self.links[file] = tuple(Link(target, each.name, each.only) for target, each in found_files)

    def _imports(self, document: Document, name: str) -> Iterator[tuple[str, Import]]:
        for mention in document.imports:
            if PurePath(mention.name).is_absolute() or "\0" in mention.name:
                self._report.add(ABSOLUTE_IMPORT, mention.span, path=mention.name[:80])
                continue
            if PurePath(mention.name).suffix.lower() not in FORMAT.suffixes:
                known = " or ".join(FORMAT.suffixes)
                self._report.add(IMPORTED_FORMAT, mention.span, path=mention.name[:80], known=known)
                continue
            target = self._target(PurePath(name).parent, mention.name)
            yield self.add(target, mention.span), mention

    def _target(self, folder: PurePath, name: str) -> str:
        """The path of an imported file: beside the importing one, or below an include path."""
        beside = os.path.normpath(folder / name)
        if not Path(beside).exists():
            for root in self._include:
                if (root / name).is_file():
                    self._report.roots.append(root)
                    return os.path.normpath(root / name)
        return beside

    def report_cycle(self, mention: Mention, files: list[str]) -> None:
        path = " -> ".join(self._names[file] for file in files[-9:])
        self._report.add(IMPORT_CYCLE, mention.span, path=path)
