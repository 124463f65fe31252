"""Roots of a document, and fields that take arguments -> the operations of one service.

Fields of ``Query`` are read-only, those of ``Subscription`` stream. A field of another type that
takes arguments is a read-only operation whose first parameter is the value that has the field;
``bind: graphql`` says ``of`` which type it is. What roots are called, implement and say is kept
there at the service, by ``query``, ``mutation`` and ``subscription``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from svcgen.diagnostics import Span
from svcgen.formats.graphql.declarations import OBJECT, Declared, Document
from svcgen.formats.graphql.facts import annotations_of, argument, doc_of, is_kept, meta_of, uses
from svcgen.formats.graphql.modelling import Modeller
from svcgen.formats.graphql.namer import Namer, parsed
from svcgen.formats.graphql.names import EMPTY_QUERY_DOC, NOTHING, legal
from svcgen.formats.graphql.parsing import span_of
from svcgen.frozen import EMPTY
from svcgen.model.service import Operation, Payload, Service
from svcgen.model.types import Field, Literal, Meta, NamedRef, Scalar, ScalarRef

_VALUE = "input"
"""The argument that may be a whole request."""


class ServiceModeller:
    def __init__(self, document: Document, modeller: Modeller) -> None:
        self._document = document
        self._modeller = modeller
        self._namer = Namer("snake")

    def services(self, usual: str, file: str) -> tuple[Service, ...]:
        """The service of all fields that do not say another, then those that are said."""
        said = {argument(d, "service"): d for d in self._document.kept() if argument(d, "service")}
        names = [*said] or [Namer("pascal", self._modeller.refs.names.values()).name(usual).wire]
        operations: dict[str, list[Operation]] = {name: [] for name in names}
        for node, operation in (*self._of_roots(), *self._of_types()):
            texts = (argument(d, "service") for d in node.directives or () if is_kept(d))
            operations.setdefault(next(filter(None, texts), names[0]), []).append(operation)
        bind = self._roots()
        return tuple(
            Service(
                parsed(name),
                tuple(found),
                Meta(
                    Span.at(file),
                    bind={"graphql": bind} if bind and name == names[0] else EMPTY,
                    annotations=annotations_of([said[name]]) if name in said else EMPTY,
                ),
            )
            for name, found in operations.items()
            if found or name in said
        )

    def _of_roots(self) -> Iterator[tuple[Any, Operation]]:
        for root, name in self._document.roots.items():
            for node in self._document.types[name].members.values():
                if not (node.name.value == NOTHING and doc_of(node) == EMPTY_QUERY_DOC):
                    yield node, self._operation(root, node)

    def _operation(self, root: str, node: Any) -> Operation:
        own = node.name.value
        name = self._namer.name(own)
        if name.wire != own:
            name = parsed(f"{root}{parsed(own).pascal}")
            name = self._namer.name(name.wire)
        bind: dict[str, Literal] = {"field": own} if name.wire != legal(own) else {}
        params, value = self._request(node)
        reads = root != "mutation"
        return Operation(
            name,
            meta_of(node, bind),
            params=params,
            input=value,
            output=Payload(self._modeller.refs.whole(node.type), stream=root == "subscription"),
            readonly=reads,
            idempotent=reads,
        )

    def _request(self, node: Any) -> tuple[tuple[Field, ...], Payload | None]:
        """The arguments as parameters, or the only one, ``input``, as the request itself."""
        arguments: list[Any] = list(node.arguments or ())
        if len(arguments) == 1 and arguments[0].name.value == _VALUE:
            [only] = arguments
            plain = not (only.description or only.directives or only.default_value)
            ref, never_null = self._modeller.refs.ref(only.type)
            if plain and (never_null or ref == ScalarRef(Scalar.ANY, ref.span)):
                return (), Payload(ref)
        return self._modeller.fields(arguments), None

    def _of_types(self) -> Iterator[tuple[Any, Operation]]:
        for name, declared in self._document.declared(OBJECT):
            if name in self._modeller.refs.names:
                for node in declared.members.values():
                    if node.arguments:
                        yield node, self._of_type(name, node)

    def _of_type(self, owner: str, node: Any) -> Operation:
        field = node.name.value
        name = self._namer.name(f"{parsed(owner).camel}{parsed(field).pascal}")
        model_name = self._modeller.refs.names[owner]
        span = span_of(node.name)
        taken = [each.name.value for each in node.arguments]
        parent = Namer("snake", taken).name(parsed(owner).camel)
        given = Field(parent, NamedRef(model_name, span), Meta(span))
        return Operation(
            name,
            meta_of(node, {"of": owner, "field": field}),
            params=(given, *self._modeller.fields(node.arguments)),
            output=Payload(self._modeller.refs.whole(node.type)),
            readonly=True,
            idempotent=True,
        )

    def _roots(self) -> dict[str, Literal]:
        found: dict[str, Literal] = {}
        for root, name in self._document.roots.items():
            facts = _root_facts(root, name, self._document.types[name])
            if facts:
                found[root] = facts
        return found


def _root_facts(root: str, name: str, declared: Declared) -> dict[str, Literal]:
    facts: dict[str, Literal] = {} if name == root.capitalize() else {"name": name}
    if doc := doc_of(declared):
        facts["doc"] = doc
    if declared.types:
        facts["implements"] = list(declared.types)
    if kept := uses(declared.directives):
        facts["directives"] = kept
    return facts
