"""The definitions of a conversion: a file, several, or all of a folder."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from svcgen import checks, pipeline, registry
from svcgen.conversion.writing import Module
from svcgen.diagnostics import Report
from svcgen.formats import Format, Sources
from svcgen.frozen import frozen, replace
from svcgen.model import walk
from svcgen.model.service import Api, Service

_DEFINITION = re.compile(r"(?m)^svcgen\s*:")
"""What tells a definition from the other YAML files of a folder."""

ALL = slice(None)


@frozen
class Tree:
    """Files, by their names below a folder: paths without suffix, with ``/``."""

    folder: Path
    files: tuple[tuple[str, Path], ...]
    is_whole: bool = False  # it was asked for as a folder, or as more than one file


def tree_of(paths: Sequence[Path]) -> Tree:
    """What is to be converted; a folder stands for all definitions in it."""
    folders = [path for path in paths if path.is_dir()]
    files = [file for path in paths for file in (_below(path) if path in folders else [path])]
    folder = folders[0] if len(paths) == 1 and folders else _common(files)
    named = ((_name(file, folder), file) for file in dict.fromkeys(files))
    return Tree(folder, tuple(named), is_whole=bool(folders) or len(files) > 1)


def read(
    tree: Tree, form: Format, sources: Sources, report: Report, part: slice = ALL
) -> list[Module]:
    """The modules of a tree, or of a part of its files.

    Those that have errors are left out, which the report tells.
    """
    within = replace(sources, include=(tree.folder, *sources.include))
    known = frozenset(name for name, _ in tree.files)
    found = ((n, _api(path, form, within, report)) for n, path in tree.files[part])
    return [Module(name, api, _elsewhere(api, known)) for name, api in found if api is not None]


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


def _elsewhere(api: Api, known: frozenset[str]) -> dict[str, str]:
    """What a definition has from other modules of the tree, and from which.

    And what only these have from outside of the tree, which is theirs to declare.
    """
    others = {name: o.file for name, o in api.origins.items() if o.file in known}
    if not others:
        return {}
    mentioned = walk.needed(api, others)
    theirs = {n: o.file for n, o in api.origins.items() if n in api.types and n not in mentioned}
    return {**theirs, **others}


def _below(folder: Path) -> Iterator[Path]:
    """The definitions of a folder and of those in it, sorted."""
    for path in sorted(folder.rglob("*")):
        form = registry.reader_of(path.suffix) if path.is_file() else None
        if form is not None and (not form.complete or _is_definition(path)):
            yield path


def _is_definition(path: Path) -> bool:
    return bool(_DEFINITION.search(path.read_text(encoding="utf-8", errors="replace")))


def _common(files: Sequence[Path]) -> Path:
    """The folder in which all files are."""
    parents = [os.path.abspath(file.parent) for file in files]  # noqa: PTH100
    return Path(os.path.commonpath(parents)) if len(parents) > 1 else files[0].parent


def _name(file: Path, folder: Path) -> str:
    relative = os.path.relpath(os.path.abspath(file), os.path.abspath(folder))  # noqa: PTH100
    return Path(relative).with_suffix("").as_posix()
