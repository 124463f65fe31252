"""Documents of YAML or JSON that carry a definition under the key ``x-svcgen`` of their root."""

from __future__ import annotations

from pathlib import Path

from svcgen.diagnostics import Report, Span
from svcgen.formats import KEPT
from svcgen.formats.carried import mark
from svcgen.formats.neutral.carrying import (
    DOCUMENT_BROKEN,
    DOCUMENT_FOREIGN,
    Carried,
    placed,
    restored,
)
from svcgen.formats.neutral.scalars import literal
from svcgen.formats.neutral.tree import Entry, Mapping, Node, Sequence, Text
from svcgen.formats.neutral.yaml import parse
from svcgen.formats.source import Source, load
from svcgen.model.service import Api

_DEEPEST = 200
"""Levels of a document: a schema has some for each of a type."""

_KEYS = {"of", "definition"}
_NOWHERE = f"#{KEPT}"
"""Behind a file's name: a place in the carried text, whose lines are not those of the file."""


def read(path: Path, form: str, report: Report) -> Api | None:
    """The definition that a document carries; ``None``, with the reason, if there is none."""
    source = load(path, report)
    if source is None:
        return None
    found = Report()
    root = parse(source, found, _DEEPEST) if KEPT in source.text else None
    report.include(found)
    if found.has_errors:
        return None
    entry = _kept(root) if root else None
    if entry is None or not isinstance(root, Mapping):
        report.add(DOCUMENT_FOREIGN, Span.at(source.name), form=form)
        return None
    carried = _carried(entry, form, source, report)
    rest = Mapping(tuple(each for each in root.entries if each is not entry), root.span)
    return restored(carried, mark(literal(rest, Report())), report) if carried else None


def _kept(root: Node) -> Entry | None:
    entries = root.entries if isinstance(root, Mapping) else ()
    return next((entry for entry in entries if entry.key.text == KEPT), None)


def _carried(entry: Entry, form: str, source: Source, report: Report) -> Carried | None:
    """What stands under the key, if it is what svcgen writes there."""
    value, span = entry.value, entry.key.span
    found = {e.key.text: e.value for e in value.entries} if isinstance(value, Mapping) else {}
    text, of = found.get("definition"), found.get("of")
    if isinstance(text, Text) and not text.plain:
        inner = _block(text, source)
    elif isinstance(text, Sequence) and text.items and all(isinstance(t, Text) for t in text.items):
        inner = _lines([t for t in text.items if isinstance(t, Text)], source)
    else:
        problem = "there is no text under 'definition'"
        report.add(DOCUMENT_BROKEN, span, form=form, problem=problem)
        return None
    if not (of is None or isinstance(of, Text)) or found.keys() - _KEYS:
        problem = "there is more beside it than the text 'of'"
        report.add(DOCUMENT_BROKEN, span, form=form, problem=problem)
        return None
    return Carried(form, inner, of.text if of else None, of.span if of else span)


def _block(text: Text, source: Source) -> Source:
    """A block of text, whose lines follow that of its key."""
    lines, first = source.text.split("\n"), text.text.partition("\n")[0]
    line = lines[text.span.line] if text.span.line < len(lines) else ""
    if text.quote or not first or line.strip() != first:
        return Source.of(source.name + _NOWHERE, text.text)
    return placed(source.name, text.text, text.span.line + 1, len(line) - len(line.lstrip()))


def _lines(texts: list[Text], source: Source) -> Source:
    """A list of lines, one below the other."""
    whole, first = "\n".join(text.text for text in texts), texts[0].span
    if texts[-1].span.line - first.line != len(texts) - 1:
        return Source.of(source.name + _NOWHERE, whole)
    return placed(source.name, whole, first.line, first.column)
