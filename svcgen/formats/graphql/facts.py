"""What stands at a declaration beside its meaning: description, deprecation, directives."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from graphql import ConstDirectiveNode, Node, StringValueNode, print_ast

from svcgen.formats.graphql.bound import DIRECTIVES
from svcgen.formats.graphql.parsing import span_of
from svcgen.frozen import EMPTY
from svcgen.model.types import Literal, Meta

_MEANT = frozenset({"deprecated", "specifiedBy", "oneOf"})
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
    kept: list[Literal] = [written(d) for d in directives if d.name.value not in _MEANT]
    return {DIRECTIVES: kept} if kept else EMPTY


def written(node: Node) -> str:
    """A node on one line, as the file has it if it has it so."""
    assert node.loc is not None
    text = node.loc.source.body[node.loc.start : node.loc.end]
    return print_ast(node) if "\n" in text else text
