"""Queries parsed, checked and compiled, and kept: as many as the limit says, the latest used."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TypeVar

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSyntaxError,
    NoSchemaIntrospectionCustomRule,
    OperationDefinitionNode,
    parse,
    specified_rules,
    validate,
)

from .graphql_fields import RootFields
from .graphql_limits import Limits, check_limits
from .graphql_plan import Plan, plan
from .graphql_schema import BoundSchema

T = TypeVar("T")

_MAX_ERRORS = 20
_LONGEST = 65_536  # characters of a query that is kept


@dataclass(slots=True)
class Document:
    """A query, and its operations once they were asked for; or what is wrong with it."""

    errors: list[GraphQLError] = field(default_factory=list)
    node: DocumentNode | None = None
    plans: dict[str | None, Prepared] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Prepared:
    """One operation of a query: ``plan`` is ``None`` where graphql-core has to answer."""

    node: DocumentNode
    kind: str  # query, mutation, subscription
    name: str | None
    plan: Plan | None


class InvalidQueryError(Exception):
    """A query that cannot be answered at all, with what is wrong."""

    def __init__(self, errors: list[GraphQLError]) -> None:
        super().__init__(errors[0].message)
        self.errors = errors


class Documents:
    """Prepares queries by their text; ``trusted`` ones fit the schema, which they are made from."""

    def __init__(
        self,
        bound: BoundSchema,
        limits: Limits,
        trusted: RootFields,
        *,
        introspection: bool,
    ) -> None:
        self._bound = bound
        self._limits = limits
        self._trusted = trusted
        self._kept: OrderedDict[str, Document] = OrderedDict()
        self._hashed: OrderedDict[str, str] = OrderedDict()
        self._rules = list(specified_rules)
        if not introspection:
            self._rules.append(NoSchemaIntrospectionCustomRule)

    def prepare(self, text: str, operation_name: str | None) -> Prepared:
        """The operation to execute. Raises ``InvalidQueryError``."""
        document = self._kept.get(text)
        if document is None:
            document = self._read(text)
            if len(text) <= _LONGEST or self._trusted.has_query(text):
                _keep(self._kept, text, document, self._limits.cached)
        else:
            self._kept.move_to_end(text)
        if document.errors:
            raise InvalidQueryError(document.errors)
        prepared = document.plans.get(operation_name)
        if prepared is None:
            prepared = self._prepare(document, operation_name)
            document.plans[operation_name] = prepared
        return prepared

    def text_of(self, digest: str) -> str | None:
        """The query that was registered under its SHA-256."""
        return self._hashed.get(digest)

    def register(self, digest: str, text: str) -> bool:
        """Keep a query under its SHA-256; ``False`` if that is another text's."""
        if hashlib.sha256(text.encode()).hexdigest() != digest.lower():
            return False
        if len(text) <= _LONGEST:
            _keep(self._hashed, digest, text, self._limits.cached)
        return True

    def _read(self, text: str) -> Document:
        try:
            if self._trusted.has_query(text):
                return Document(node=parse(text))
            node = parse(text, max_tokens=self._limits.tokens)
            errors = check_limits(node, self._limits)
            errors = errors or validate(
                self._bound.schema, node, self._rules, _MAX_ERRORS
            )
        except GraphQLSyntaxError as error:
            return Document([error])
        except RecursionError:
            return Document([GraphQLError("the query is nested too deeply")])
        return Document(errors, node)

    def _prepare(self, document: Document, name: str | None) -> Prepared:
        assert document.node is not None
        listed = [
            node
            for node in document.node.definitions
            if isinstance(node, OperationDefinitionNode)
        ]
        if name is not None:
            listed = [node for node in listed if node.name and node.name.value == name]
        if len(listed) != 1:
            text = (
                "the query has several operations; name one of them"
                if name is None
                else f"the query has no operation {name!r}"
            )
            raise InvalidQueryError([GraphQLError(text)])
        kind = listed[0].operation.value
        compiled = plan(self._bound, document.node, listed[0])
        return Prepared(document.node, kind, name, compiled)


def _keep(kept: OrderedDict[str, T], key: str, value: T, limit: int) -> None:
    kept[key] = value
    while len(kept) > limit:
        kept.popitem(last=False)
