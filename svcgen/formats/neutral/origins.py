"""From which files the types and errors of a definition come that are not its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from svcgen.formats.neutral.document import Document
from svcgen.formats.source import place_of
from svcgen.frozen import replace
from svcgen.model.service import Error, Origin
from svcgen.model.types import Literal, Meta, TypeDef

ORIGIN = "x-svcgen-origin"
"""The annotation of a type or an error that says of which file's declaration it is a copy."""

_T = TypeVar("_T", bound="TypeDef | Error")


def imported(documents: Sequence[Document], include: Iterable[Path]) -> dict[str, Origin]:
    """The origins of what all documents but the last declare."""
    found: dict[str, Origin] = {}
    for document in documents[:-1]:
        file = place_of(document.file, documents[-1].file, include)
        for name in _names(document):
            found[name] = Origin(file, document.package, name)
    return found


def _names(document: Document) -> Iterator[str]:
    yield from (declared.type.name.wire for declared in document.types)
    yield from (error.name.wire for error in document.errors)


def noted(declared: _T) -> tuple[_T, Origin | None]:
    """A declaration without the note of its origin, and the origin."""
    note = declared.meta.annotations.get(ORIGIN)
    origin = _origin(note)
    return (replace(declared, meta=_without(declared.meta)), origin) if origin else (declared, None)


def _origin(note: Literal) -> Origin | None:
    if not isinstance(note, Mapping) or note.keys() != {"file", "package", "name"}:
        return None
    return Origin(*(str(note[key]) for key in ("file", "package", "name")))


def _without(meta: Meta) -> Meta:
    rest = {key: value for key, value in meta.annotations.items() if key != ORIGIN}
    return replace(meta, annotations=rest)
