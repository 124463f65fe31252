"""What a query may ask for; checked before graphql-core validates, whose work grows with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
)

from .errors import ConfigurationError


@dataclass(frozen=True, slots=True)
class Limits:
    """Of one query, by the options of the server's URL: ``graphql+http://…?depth=8``."""

    depth: int = 20
    """Selection sets inside of each other."""

    width: int = 200
    """Fields of one selection set, those of its fragments included."""

    aliases: int = 100
    """Fields with a name of the caller's own, in the whole query."""

    cost: int = 2000
    """Fields in all, each as often as fragments repeat it."""

    tokens: int = 8000
    """Words and marks of the text."""

    time: float = 30.0
    """Seconds that an answer may take where neither caller nor definition says."""

    cached: int = 512
    """Queries that are kept parsed and validated."""

    @classmethod
    def of(cls, options: Mapping[str, str]) -> Limits:
        """Raises ``ConfigurationError`` for an option that is unknown or no number."""
        known = {
            field.name: type(getattr(_DEFAULTS, field.name)) for field in fields(cls)
        }
        for name in options.keys() - known.keys():
            listed = ", ".join(sorted(known))
            raise ConfigurationError(f"GraphQL has no option {name!r}; known: {listed}")
        try:
            given = {name: known[name](value) for name, value in options.items()}
        except ValueError:
            raise ConfigurationError("the options of GraphQL are numbers") from None
        if any(value <= 0 for value in given.values()):
            raise ConfigurationError("the options of GraphQL are greater than 0")
        return cls(**given)


_DEFAULTS = Limits()


@dataclass(slots=True)
class _Size:
    """Of a selection set, fragments spread."""

    depth: int = 0
    width: int = 0
    cost: int = 0


def check_limits(document: DocumentNode, limits: Limits) -> list[GraphQLError]:
    """What is too large about a document."""
    fragments = {
        node.name.value: node
        for node in document.definitions
        if isinstance(node, FragmentDefinitionNode)
    }
    return list(_Meter(fragments, limits).errors(document))


class _Meter:
    def __init__(
        self, fragments: Mapping[str, FragmentDefinitionNode], limits: Limits
    ) -> None:
        self._fragments = fragments
        self._limits = limits
        self._sizes: dict[str, _Size] = {}
        self._aliases = 0
        self._widest = 0

    def errors(self, document: DocumentNode) -> Iterable[GraphQLError]:
        limits = self._limits
        depth = cost = 0
        for node in document.definitions:
            if isinstance(node, OperationDefinitionNode):
                size = self._size(node.selection_set, 1)
                depth, cost = max(depth, size.depth), max(cost, size.cost)
            elif isinstance(node, FragmentDefinitionNode):
                self._fragment(node.name.value, 1)
        for name, found in (
            ("depth", depth),
            ("width", self._widest),
            ("aliases", self._aliases),
            ("cost", cost),
        ):
            if found > (allowed := getattr(limits, name)):
                yield GraphQLError(f"the query's {name} is over the limit of {allowed}")

    def _size(self, selection_set: SelectionSetNode, level: int) -> _Size:
        """The size of a selection set; one that is too deep is not looked into."""
        size = _Size(depth=1)
        if level > self._limits.depth:
            return size
        for node in selection_set.selections:
            if isinstance(node, FieldNode):
                self._aliases += node.alias is not None
                size.width += 1
                size.cost += 1
                if node.selection_set is not None:
                    inner = self._size(node.selection_set, level + 1)
                    size.cost += inner.cost
                    size.depth = max(size.depth, inner.depth + 1)
                continue
            if isinstance(node, InlineFragmentNode):
                inner = self._size(node.selection_set, level)
            else:
                assert isinstance(node, FragmentSpreadNode)
                inner = self._fragment(node.name.value, level)
            size.width += inner.width
            size.cost += inner.cost
            size.depth = max(size.depth, inner.depth)
        self._widest = max(self._widest, size.width)
        return size

    def _fragment(self, name: str, level: int) -> _Size:
        """The size of a fragment, found once; one that contains itself is for validation to refuse."""
        if name not in self._sizes:
            self._sizes[name] = _Size()
            if (fragment := self._fragments.get(name)) is not None:
                self._sizes[name] = self._size(fragment.selection_set, level)
        return self._sizes[name]
