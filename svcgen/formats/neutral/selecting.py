"""Of what files declare, the part that a definition imports: ``{file: common.yaml, only: [User]}``.

A file shows to those that import it what it declares and what it imports itself. An import with
``only`` takes what it names of that, and whatever this needs wherever it stands.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from svcgen.diagnostics import Report, Rule, Span
from svcgen.formats.neutral.document import Document
from svcgen.formats.neutral.section import near_miss
from svcgen.formats.neutral.services import DeclaredService
from svcgen.formats.neutral.types import Declared, Mention
from svcgen.frozen import EMPTY, frozen, replace
from svcgen.model import walk
from svcgen.model.service import Api, Error
from svcgen.model.types import Constant, Meta

UNKNOWN_IMPORT = Rule(
    code="unknown-import",
    message="{file!r} has no {name!r}{near}",
    fix="name what the file declares or imports",
    why="An import with 'only' takes the types, errors, constants and services that it names.",
    example="svcgen: 1\nimports: [{file: common.yaml, only: [Userr]}]\n",
)

_NOTHING = Api("", (), EMPTY, Meta(Span.at("")))
_Declaration = Declared | Error | Constant | DeclaredService
_Place = tuple[str, str]  # a file and a name in it


@frozen
class Link:
    """An import that was found: the file, and the names that are taken of it, if not all."""

    file: str
    name: str  # as the import spells it
    only: tuple[Mention, ...] | None


def selected(
    documents: Mapping[str, Document], links: Mapping[str, Sequence[Link]], report: Report
) -> list[Document]:
    """The documents with what the last one imports; imported ones come first."""
    if all(link.only is None for each in links.values() for link in each):
        return list(documents.values())
    seen: dict[str, frozenset[_Place]] = {}
    own = {file: _own(document) for file, document in documents.items()}
    for file, document in documents.items():
        found = {(file, name) for name in own[file]}
        for link in links[file]:
            found |= _taken(link, seen.get(link.file, frozenset()), document, report)
        seen[file] = frozenset(found)
    needed = _needed(seen, own, list(documents)[-1])
    return [_part(document, file, needed) for file, document in documents.items()]


def _own(document: Document) -> dict[str, list[_Declaration]]:
    """What a file declares; a type, a constant and a service may have one name."""
    found: dict[str, list[_Declaration]] = {}
    for name, each in _declarations(document):
        found.setdefault(name, []).append(each)
    return found


def _declarations(document: Document) -> Iterator[tuple[str, _Declaration]]:
    yield from ((each.type.name.wire, each) for each in document.types)
    yield from ((error.name.wire, error) for error in document.errors)
    yield from ((constant.name.wire, constant) for constant in document.constants)
    yield from ((each.service.name.wire, each) for each in document.services)


def _taken(
    link: Link, seen: frozenset[_Place], document: Document, report: Report
) -> frozenset[_Place]:
    """What an import takes of what its file shows."""
    if link.only is None:
        return seen
    known = {name for _, name in seen}
    for mention in link.only:
        if mention.name not in known:
            near = near_miss(report, mention.name, known)
            report.add(
                UNKNOWN_IMPORT, mention.span, file=link.name[:80], name=mention.name[:80], near=near
            )
    wanted = {mention.name for mention in link.only}
    return frozenset(place for place in seen if place[1] in wanted)


def _needed(
    seen: Mapping[str, frozenset[_Place]],
    own: Mapping[str, dict[str, list[_Declaration]]],
    main: str,
) -> set[_Place]:
    """What the main file declares and imports, and all that this mentions."""
    found: set[_Place] = set()
    waiting = set(seen[main])
    while waiting:
        found |= waiting
        mentioned = {(f, m) for f, n in waiting for each in own[f][n] for m in _mentions(each)}
        files = {file for file, _ in mentioned}
        waiting = {p for f in files for p in seen[f] if (f, p[1]) in mentioned} - found
    return found


def _mentions(declared: _Declaration) -> Iterator[str]:
    """The names of what a declaration needs."""
    match declared:
        case Declared():
            yield from (mixin.name for mixin in declared.mixins)
            part = replace(_NOTHING, types={declared.type.name.wire: declared.type})
        case Error():
            part = replace(_NOTHING, errors={declared.name.wire: declared})
        case Constant():
            part = replace(_NOTHING, constants=(declared,))
        case DeclaredService():
            yield from (mixin.name for mixin in declared.mixins)
            yield from (error for o in declared.service.operations for error in o.errors)
            if declared.resource is not None:
                yield declared.resource.type.text
            part = replace(_NOTHING, services=(declared.service,))
    yield from (name.name for ref in walk.type_refs(part) for name in walk.names_in(ref))


def _part(document: Document, file: str, needed: set[_Place]) -> Document:
    """A document with no more than what is needed of it."""
    return replace(
        document,
        types=tuple(t for t in document.types if (file, t.type.name.wire) in needed),
        errors=tuple(e for e in document.errors if (file, e.name.wire) in needed),
        constants=tuple(c for c in document.constants if (file, c.name.wire) in needed),
        services=tuple(s for s in document.services if (file, s.service.name.wire) in needed),
    )
