"""SDL text -> what graphql-core makes of it, with everything that is wrong reported at its place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress

from graphql import (
    DocumentNode,
    ExecutableDefinitionNode,
    GraphQLError,
    GraphQLSyntaxError,
    Node,
    Token,
    build_ast_schema,
    validate_schema,
    visit,
)
from graphql import Source as Body
from graphql.language.parser import Parser
from graphql.language.visitor import ParallelVisitor
from graphql.validation.specified_rules import specified_sdl_rules
from graphql.validation.validation_context import SDLValidationContext

from svcgen.diagnostics import Report, Rule, Span
from svcgen.formats.graphql import rules
from svcgen.formats.source import Source

_MOST = 100
"""Findings after which validation ends."""

_COSTLY = 200_000
"""Names that validation may compare for near misses before it ends."""

_RULES = {
    "KnownTypeNamesRule": rules.UNKNOWN_TYPE,
    "KnownDirectivesRule": rules.DIRECTIVE,
    "UniqueDirectivesPerLocationRule": rules.DIRECTIVE,
    "KnownArgumentNamesOnDirectivesRule": rules.DIRECTIVE,
    "ProvidedRequiredArgumentsOnDirectivesRule": rules.DIRECTIVE,
    "PossibleTypeExtensionsRule": rules.EXTENSION,
}
"""Ours by graphql-core's; all others are about names that are there twice."""


def parse(source: Source, report: Report, *, lenient: bool) -> DocumentNode | None:
    """The document, valid as a schema; with ``lenient`` it need only be grammatical.

    ``None``: it is not, which is reported.
    """
    document = _document(source, report)
    if document is None:
        return None
    for node in document.definitions:
        if isinstance(node, ExecutableDefinitionNode):
            report.add(rules.IGNORED, span_of(node), problem="this is a query, no type; left out")
    faults = _Faults(source.name, report, lenient)
    _validate(document, faults)
    if faults.found and not lenient:
        return None
    _validate_schema(document, faults)
    return None if faults.found and not lenient else document


def span_of(node: Node) -> Span:
    """The place of a node that stands on one line: a name, a mention of a type, a value."""
    assert node.loc is not None
    token = node.loc.start_token
    length = max(1, (node.loc.end_token if token.line == node.loc.end_token.line else token).end)
    return Span.at(node.loc.source.name, token.line, token.column, length - token.start)


def _document(source: Source, report: Report) -> DocumentNode | None:
    parser = None
    try:
        parser = Parser(Body(source.text, source.name))
        return parser.parse_document()
    except GraphQLSyntaxError as error:
        line, column = error.locations[0] if error.locations else (1, 1)
        problem = error.message.removeprefix("Syntax Error: ")
        at = Span.at(source.name, line, column)
    except RecursionError:
        assert parser is not None
        token: Token = parser._lexer.token  # where it stopped is told nowhere else
        problem = "this is nested too deeply"
        at = Span.at(source.name, token.line, token.column)
    report.add(rules.SYNTAX, at, problem=_clause(problem))
    return None


class _Faults:
    """Reports what graphql-core finds, and counts it."""

    def __init__(self, file: str, report: Report, lenient: bool) -> None:
        self.found = 0
        self._file = file
        self._report = report
        self._lenient = lenient

    def add(self, rule: Rule, error: GraphQLError) -> None:
        """The finding is at the last place that an error names: the second of two."""
        self.found += 1
        places = error.locations or []
        line, column = places[-1] if places else (1, 1)
        problem = _clause(error.message)
        others = dict.fromkeys(place.line for place in places[:-1] if place.line != line)
        if others:
            problem += f" (see line {', '.join(map(str, [*others][:3]))})"
        length = 1
        if error.nodes and len(error.nodes) == len(places):
            length = _length(error.nodes[-1])
        span = Span.at(self._file, line, column, length)
        self._report.add(rules.LENIENT if self._lenient else rule, span, problem=problem)


def _length(node: Node) -> int:
    assert node.loc is not None
    return max(1, node.loc.start_token.end - node.loc.start_token.start)


class _EnoughError(Exception):
    """Nobody reads more findings."""


def _validate(document: DocumentNode, faults: _Faults) -> None:
    """What ``validate_sdl`` does, with an end and with the rule of each error."""
    limit = max(1, min(_MOST, _COSTLY // max(1, len(document.definitions))))

    def reporter(rule: Rule) -> Callable[[GraphQLError], None]:
        def on_error(error: GraphQLError) -> None:
            faults.add(rule, error)
            if faults.found >= limit:
                raise _EnoughError

        return on_error

    contexts = {
        rule: SDLValidationContext(document, None, reporter(rule))
        for rule in {*_RULES.values(), rules.DUPLICATE}
    }
    visitors = [
        each(contexts[_RULES.get(each.__name__, rules.DUPLICATE)]) for each in specified_sdl_rules
    ]
    with suppress(_EnoughError):
        visit(document, ParallelVisitor(visitors))


def _validate_schema(document: DocumentNode, faults: _Faults) -> None:
    try:
        schema = build_ast_schema(document, assume_valid_sdl=True)
        errors: Sequence[GraphQLError] = validate_schema(schema)[:_MOST]
    except GraphQLError as problem:
        errors = [problem]
    except (TypeError, ValueError, KeyError) as problem:
        errors = [GraphQLError(str(problem))]
    except RecursionError:
        errors = [GraphQLError("types are nested too deeply")]
    for error in errors:
        faults.add(rules.SCHEMA, error)


def _clause(text: str) -> str:
    """A sentence of graphql-core's as a clause of ours."""
    text = text.replace(". Did you mean ", ", did you mean ").rstrip(".")
    first, _, rest = text.partition(" ")
    plain = first[1:].islower() or len(first) == 1
    return f"{first.lower()} {rest}" if plain and rest else text
