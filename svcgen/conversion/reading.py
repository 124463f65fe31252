"""The definitions of a conversion: a file, several, or all of a folder."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath

from svcgen import checks, pipeline, registry
from svcgen.conversion.inheriting import inherited
from svcgen.conversion.writing import Module
from svcgen.diagnostics import Report
from svcgen.formats import KEPT, Format, Sources
from svcgen.formats.roots import root_keys
from svcgen.frozen import frozen, replace
from svcgen.model import walk
from svcgen.model.service import Api, Service

ALL = slice(None)


@frozen
class Tree:
    """Files, by their names below a folder: paths without suffix, with ``/``."""

    folder: Path
    files: tuple[tuple[str, Path], ...]
    is_whole: bool = False  # it was asked for as a folder, or as more than one file


def tree_of(paths: Sequence[Path], include: Sequence[Path] = ()) -> Tree:
    """What is to be converted; a folder stands for all definitions in it.

    Files of a tree are named as they name each other: from a folder of ``include`` or above them.
    """
    folders = [path for path in paths if path.is_dir()]
    files = [file for path in paths for file in (_below(path) if path in folders else [path])]
    files = [*dict.fromkeys(files)]
    folder = folders[0] if len(paths) == 1 and folders else _common(files)
    is_whole = bool(folders) or len(files) > 1
    if is_whole:
        folder = _root(folder, files, include)
    named = _distinct([(_name(file, folder), file) for file in files])
    return Tree(folder, tuple(named), is_whole=is_whole)


def read(tree: Tree, form: Format, sources: Sources, report: Report) -> list[Module]:
    """The modules of a tree, and those that they import; see :meth:`Reader.read`."""
    return Reader(tree, form, sources).read(report)


class Reader:
    """Reads a tree, at once or part by part: what its parts share is read once."""

    def __init__(self, tree: Tree, form: Format, sources: Sources) -> None:
        self._tree = tree
        self._form = form
        self._sources = replace(sources, include=(tree.folder, *sources.include))
        self._known = {name: path for name, path in tree.files if not _is_at_hand(name, form)}
        self._asked = frozenset(name for name, _ in tree.files)
        self._modules: dict[str, Module | None] = {}  # that were read so far

    def read(self, report: Report, part: slice = ALL) -> list[Module]:
        """The modules of a part of the files, and of those that they import unless they are known.

        Those that have errors are left out, which the report tells, and those that are at hand
        anyway.
        """
        waiting = [each for each in self._tree.files[part] if each[0] in self._known]
        read: dict[str, Api] = {}
        while waiting:
            name, path = waiting.pop(0)
            api = _api(path, self._form, self._sources, report)
            if api is not None:
                read[name] = api
                more = _imported(api, self._known, self._form) if self._tree.is_whole else {}
                self._known |= more
                waiting += more.items()
        found = {name: self._module(name, api) for name, api in read.items()}
        self._modules |= found
        return [
            replace(each, inherited=inherited(each, self._form, self._find))
            for each in found.values()
        ]

    def _module(self, name: str, api: Api) -> Module:
        return Module(name, api, _elsewhere(api, self._known), tree=self._asked)

    def _find(self, name: str) -> Module | None:
        """A module, which may be one of another part."""
        if name not in self._modules:
            known = self._known.get(name)
            api = known and _api(known, self._form, self._sources, Report())
            self._modules[name] = self._module(name, api) if api else None
        return self._modules[name]


def _is_at_hand(name: str, form: Format) -> bool:
    """Whether a file of the form by this name is one that every tool has."""
    return bool(form.at_hand) and PurePosixPath(name).is_relative_to(form.at_hand)


def _imported(api: Api, known: Mapping[str, Path], form: Format) -> dict[str, Path]:
    """The files from which a definition has something, and that are not known yet.

    Those that come with svcgen are no files of the user's; those outside of the tree have no place
    in what is written, which declares what it has from them.
    """
    declared = {**api.types, **api.errors}
    places = {origin.file: declared[name].meta.span.file for name, origin in api.origins.items()}
    return {
        name: Path(file)
        for name, file in places.items()
        if name not in known
        and not file.startswith("<")
        and not _is_at_hand(name, form)
        and not name.startswith(("../", "/"))
    }


def _api(path: Path, form: Format, sources: Sources, report: Report) -> Api | None:
    """A definition, checked, with the numbers that the form needs."""
    own = Report()
    api = pipeline.read(path, own, sources)
    if api is not None:
        checks.check(api, own)
    if api is not None and form.numbered and not own.has_errors:
        api = _numbered(api, path, own)
    report.include(own)
    return None if own.has_errors else api


def _numbered(api: Api, path: Path, report: Report) -> Api:
    """A definition with the numbers of its fields; those of methods are on no wire."""
    found, _ = pipeline.number(api, path.with_name(pipeline.LOCK), report)
    pairs = zip(found.services, api.services, strict=True)
    return replace(found, services=tuple(_as_given(*pair) for pair in pairs))


def _as_given(numbered: Service, given: Service) -> Service:
    """A service with no other numbers of methods and events than it was given."""
    operations = zip(numbered.operations, given.operations, strict=True)
    events = zip(numbered.events, given.events, strict=True)
    return replace(
        numbered,
        operations=tuple(replace(n, number=g.number) for n, g in operations),
        events=tuple(replace(n, number=g.number) for n, g in events),
    )


def _elsewhere(api: Api, known: Mapping[str, Path]) -> dict[str, str]:
    """What a definition has from other modules of the tree, and from which.

    And what only these have from outside of the tree, which is theirs to declare.
    """
    others = {name: o.file for name, o in api.origins.items() if o.file in known}
    if not others:
        return {}
    mentioned = walk.needed(api, others)
    theirs = {n: o.file for n, o in api.origins.items() if n in api.types and n not in mentioned}
    return {**theirs, **others}


def absolute(path: Path) -> str:
    """A path from the root, its symbolic links as they are."""
    return os.path.abspath(path)  # noqa: PTH100


def _below(folder: Path) -> Iterator[Path]:
    """The definitions of a folder and of those in it, sorted.

    A document beside a definition of its name was made of that, and is no other.
    """
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    readable = [(path, form) for path in files if (form := registry.reader_of(path))]
    ours = {folder / form.beside for _, form in readable if form.beside}
    found = [(p, f) for p, f in readable if p not in ours and _is_definition(p, f)]
    definitions = {form.stem(str(path)) for path, form in found if not form.whole}
    for path, form in found:
        if not form.whole or form.stem(str(path)) not in definitions:
            yield path


def _is_definition(path: Path, form: Format) -> bool:
    """Whether it is not one of the other files that a folder has with the same endings."""
    if form.complete:
        return not root_keys(path).isdisjoint(form.roots)
    return not form.whole or KEPT in path.read_text(encoding="utf-8", errors="replace")


def _root(folder: Path, files: Sequence[Path], include: Sequence[Path]) -> Path:
    """The folder, or the one above it from which the files are named."""
    place = Path(absolute(folder))
    for each in include:
        if place.is_relative_to(absolute(each)):
            return each
    known = {absolute(file) for file in files}
    for name in (name for file in files for name in _imports(file)):
        root = next((r for r in (place, *place.parents) if absolute(r / name) in known), None)
        if root == place:
            break  # so all are named, and no other file need be looked at
        if root is not None:
            return root if folder.is_absolute() else Path(os.path.relpath(root))
    return folder


def _imports(file: Path) -> Iterable[str]:
    form = registry.reader_of(file)
    return form.imports(file) if form and form.imports else ()


def _common(files: Sequence[Path]) -> Path:
    """The folder in which all files are."""
    parents = [absolute(file.parent) for file in files]
    return Path(os.path.commonpath(parents)) if len(parents) > 1 else files[0].parent


def _distinct(named: Sequence[tuple[str, Path]]) -> Iterator[tuple[str, Path]]:
    """The files by the paths that they had before they became flat, unless two had the same."""
    former = [_former_path(file) or name for name, file in named]
    count = Counter(former)
    for old, (name, file) in zip(former, named, strict=True):
        yield old if count[old] == 1 else name, file


def _former_path(file: Path) -> str:
    form = registry.reader_of(file) if file.is_file() else None
    return form.flat(file) if form and form.flat else ""


def _name(file: Path, folder: Path) -> str:
    name = Path(os.path.relpath(absolute(file), absolute(folder))).as_posix()
    form = registry.reader_of(file)
    return form.stem(name) if form else name
