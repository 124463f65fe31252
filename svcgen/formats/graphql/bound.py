"""Facts of GraphQL that a definition says by hand, or a schema said: ``bind: {graphql: {…}}``."""

from __future__ import annotations

from collections.abc import Mapping

from svcgen.frozen import EMPTY
from svcgen.model.types import Literal, Meta

DIRECTIVES = "x-graphql-directives"
"""The annotation that keeps the directives for which the model has no word, as they are written."""

DEFINITIONS = "x-graphql-definitions"
"""The annotation of the whole definition that keeps the definitions of directives."""


def facts(meta: Meta) -> Mapping[str, Literal]:
    """What ``bind: graphql`` says of a thing."""
    found = meta.bind.get("graphql")
    return found if isinstance(found, dict) else EMPTY


def text(meta: Meta, key: str) -> str:
    """A fact that is a text; empty if it is not there."""
    found = facts(meta).get(key)
    return found if isinstance(found, str) else ""


def texts(found: object) -> tuple[str, ...]:
    """The texts of a list; none if it is none."""
    return tuple(t for t in found if isinstance(t, str)) if isinstance(found, list) else ()


def directives(meta: Meta) -> str:
    """The directives that are kept of a thing, each with a space before it."""
    return "".join(f" {each}" for each in texts(meta.annotations.get(DIRECTIVES)))
