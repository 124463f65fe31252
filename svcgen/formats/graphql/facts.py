"""What stands at a declaration beside its meaning: description, deprecation, directives."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from graphql import ConstDirectiveNode, Node, StringValueNode, print_ast

from svcgen.formats import KEPT
from svcgen.formats.graphql import keeping
from svcgen.formats.graphql.bound import DIRECTIVES
from svcgen.formats.graphql.parsing import span_of
from svcgen.frozen import EMPTY
from svcgen.model.types import Literal, Meta

_MEANT = frozenset({"deprecated", "specifiedBy", "oneOf", keeping.NAME})
"""Directives that the model itself has."""

_NO_REASON = "No longer supported"
"""What ``@deprecated`` says where it says nothing (3.13.3)."""


def meta_of(node: Any, bind: Mapping[str, Literal] | None = None) -> Meta:
    """Description, deprecation and directives of a declaration, and the given wire facts.

    ``node`` is a definition of graphql-core's or a ``Declared``.
    """
    directives = node.directives or ()
    return Meta(
        span_of(node.name),
        doc=doc_of(node),
        deprecated=deprecation(directives) if directives else None,
        bind={"graphql": dict(bind)} if bind else EMPTY,
        annotations=annotations_of(directives) if directives else EMPTY,
    )


def doc_of(node: Any) -> str:
    description: StringValueNode | None = node.description
    return description.value if description is not None else ""


def deprecation(directives: Iterable[ConstDirectiveNode]) -> str | None:
    """The reason of ``@deprecated``: empty if it gives none, ``None`` if it is not there."""
    for directive in directives:
        if directive.name.value == "deprecated":
            reason = argument(directive, "reason")
            return "" if reason == _NO_REASON else reason
    return None


def argument(directive: ConstDirectiveNode, name: str) -> str:
    """The string that a directive is given; empty if it is not."""
    for given in directive.arguments or ():
        if given.name.value == name and isinstance(given.value, StringValueNode):
            return given.value.value
    return ""


def annotations_of(directives: Iterable[ConstDirectiveNode]) -> Mapping[str, Literal]:
    """The directives that are kept as they are, and the definition that ``@svcgen`` holds."""
    listed = list(directives)
    found: dict[str, Literal] = {DIRECTIVES: uses(listed)} if uses(listed) else {}
    texts = (argument(d, "definition") for d in listed if is_kept(d))
    if text := next(filter(None, texts), ""):
        found[KEPT] = text
    return found


def is_kept(directive: ConstDirectiveNode) -> bool:
    """Whether it is what keeps a definition."""
    return directive.name.value == keeping.NAME


def uses(directives: Iterable[ConstDirectiveNode]) -> list[Literal]:
    """The directives for which the model has no word, as they are written."""
    return [written(d) for d in directives if d.name.value not in _MEANT]


def written(node: Node) -> str:
    """A node on one line, as the file has it if it has it so."""
    assert node.loc is not None
    text = node.loc.source.body[node.loc.start : node.loc.end]
    return print_ast(node) if "\n" in text else text
