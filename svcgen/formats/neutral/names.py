"""What everything with a name may carry (:class:`Meta`), and names that stand only once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, TypeVar

from svcgen.diagnostics import Report, Rule, Span
from svcgen.formats.neutral import bindings, scalars
from svcgen.formats.neutral.section import Section, is_name
from svcgen.formats.neutral.tree import Text
from svcgen.model.naming import Name
from svcgen.model.types import Example, Meta

DUPLICATE_NAME = Rule(
    code="duplicate-name",
    message="{what} {name!r} is already at {place}",
    fix="rename or remove one of them",
    why=(
        "Types and errors of a definition and of all that it imports share one space of names, and"
        " so do the fields of a struct with those of its mixins."
    ),
    example="svcgen: 1\ntypes:\n  NotFound: {id: string}\nerrors:\n  NotFound: not_found\n",
)


def read_meta(section: Section, report: Report) -> Meta:
    """The facts that are common to all named things; absent where the section has no such key."""
    return Meta(
        section.span,
        doc=_doc(section),
        deprecated=_deprecated(section),
        since=section.text("since"),
        renamed_from=_renamed_from(section, report),
        tags=tuple(tag.text for tag in section.texts("tags")),
        bind=bindings.read_bind(section, report),
        annotations=section.annotations,
    )


def _doc(section: Section) -> str:
    """The documentation; empty if nothing of it can be seen."""
    text = section.text("doc").strip("\n")
    return text if any(char.isprintable() and not char.isspace() for char in text) else ""


def read_examples(section: Section, report: Report) -> tuple[Example, ...]:
    """``example`` is a single one, ``examples`` is a list."""
    key = section.exclusive("example", "examples")
    if key is None:
        return ()
    node = section.node(key)
    nodes = section.items(key) if key == "examples" else (node,) if node else ()
    return tuple(Example(scalars.literal(item, report), item.span) for item in nodes)


def _deprecated(section: Section) -> str | None:
    node = section.node("deprecated")
    if node is None:
        return None
    flag = scalars.boolean(node)
    if flag is None:
        return section.text("deprecated")
    return "" if flag else None


def _renamed_from(section: Section, report: Report) -> str:
    node = section.node("renamed_from")
    if not isinstance(node, Text):
        return section.text("renamed_from")
    return node.text if is_name(node, report, "what this was") else ""


class _Named(Protocol):
    @property
    def name(self) -> Name: ...

    @property
    def meta(self) -> Meta: ...


_T = TypeVar("_T", bound=_Named)


def distinct(things: Iterable[_T], report: Report, what: str) -> tuple[_T, ...]:
    """The things without those whose name is taken by an earlier one, which are reported."""
    found: dict[str, _T] = {}
    for thing in things:
        first = found.setdefault(thing.name.wire, thing)
        if first is not thing:
            report_duplicate(report, what, thing.name.wire, thing.meta.span, first.meta.span)
    return tuple(found.values())


def report_duplicate(report: Report, what: str, name: str, span: Span, first: Span) -> None:
    report.add(DUPLICATE_NAME, span, what=what, name=name, place=first)
