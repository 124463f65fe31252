"""Each declaration of a model as a definition of its own, on one line.

A form that cannot say all of a declaration carries its fragment in an extension point; see
``keeping``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from svcgen.formats import yaml
from svcgen.formats.carried import digest
from svcgen.formats.neutral.declarations import (
    error_of,
    event_tree,
    head,
    operation_tree,
    service_head,
    type_of,
)
from svcgen.formats.neutral.writing import Tree, constant_tree, error_tree, type_tree
from svcgen.frozen import frozen
from svcgen.model.service import Api

OF = "x-of"
"""The key of a fragment that tells of which state of its declaration it speaks."""


@frozen
class Declaration:
    """What stands under one name of a definition; without a name, what is said of the whole."""

    section: str  # types, errors, services, methods or events
    name: str
    body: Any
    service: str = ""  # of a method or event
    bare: Any = None  # the body without the note of another file, where it may have one

    @property
    def key(self) -> str:
        """``types/User``, ``services/Users``, ``services/Users/get_user``; empty for the whole."""
        if self.service:
            return f"services/{self.service}/{self.name}"
        return f"{self.section}/{self.name}" if self.section else ""

    @property
    def fragment(self) -> Tree:
        """The body below the keys that lead to it."""
        if not self.section:
            return dict(self.body)
        stands = {self.section: {self.name: self.body}}
        return {"services": {self.service: stands}} if self.service else stands

    @property
    def mark(self) -> str:
        """Eight digits that change when the declaration does, and from no file to another."""
        body = self.body if self.bare is None else self.bare
        return digest(yaml.flow([self.key, body]))


def declarations(api: Api) -> dict[str, Declaration]:
    """All declarations of a model by their keys."""
    return {each.key: each for each in _declarations(api)}


def _declarations(api: Api) -> Iterator[Declaration]:
    constants = {constant.name.wire: constant_tree(constant) for constant in api.constants}
    yield Declaration("", "", head(api) | ({"constants": constants} if constants else {}))
    for name, declared in api.types.items():
        yield Declaration("types", name, type_of(api, name), bare=type_tree(declared))
    for name, error in api.errors.items():
        yield Declaration("errors", name, error_of(api, name), bare=error_tree(error))
    for service in api.services:
        owner = service.name.wire
        yield Declaration("services", owner, service_head(service))
        for operation in service.operations:
            yield Declaration("methods", operation.name.wire, operation_tree(operation), owner)
        for event in service.events:
            yield Declaration("events", event.name.wire, event_tree(event), owner)


def text(fragment: Tree, of: Sequence[str] = ()) -> str:
    """A whole fragment as it is carried; ``of`` has the marks of what the form says by itself."""
    return noted({"svcgen": 1, **fragment}, of)


def noted(fragment: Tree, of: Sequence[str]) -> str:
    """A fragment with the marks of the states of which it speaks."""
    return yaml.flow({OF: ".".join(of), **fragment} if of else fragment)


def merged(first: Tree, second: Tree) -> Tree:
    """One fragment with all that two say of different things."""
    found: dict[str, Any] = dict(first)
    for key, value in second.items():
        old = found.get(key)
        both = isinstance(old, dict) and isinstance(value, dict)
        found[key] = merged(old or {}, value) if both else value
    return found
