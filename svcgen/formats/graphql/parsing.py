"""SDL text -> what graphql-core makes of it, with everything that is wrong reported at its place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from graphql import (
    DocumentNode,
    ExecutableDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    GraphQLSyntaxError,
    Node,
    Token,
    build_ast_schema,
    visit,
)
from graphql import Source as Body
from graphql.language.parser import Parser
from graphql.language.visitor import ParallelVisitor
from graphql.type.validate import SchemaValidationContext
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

    def add(self, rule: Rule, message: str, nodes: Sequence[Node] = ()) -> None:
        """The finding is at the last node that an error names: the second of two.

        Places are those of tokens: graphql-core would look for each from the start of the text.
        """
        self.found += 1
        tokens = [node.loc.start_token for node in nodes if node.loc]
        last = tokens[-1] if tokens else None
        line, column = (last.line, last.column) if last else (1, 1)
        problem = _clause(message)
        others = dict.fromkeys(token.line for token in tokens[:-1] if token.line != line)
        if others:
            problem += f" (see line {', '.join(map(str, [*others][:3]))})"
        length = max(1, last.end - last.start) if last else 1
        span = Span.at(self._file, line, column, length)
        self._report.add(rules.LENIENT if self._lenient else rule, span, problem=problem)


class _EnoughError(Exception):
    """Nobody reads more findings."""


def _validate(document: DocumentNode, faults: _Faults) -> None:
    """What ``validate_sdl`` does, with an end and with the rule of each error."""
    limit = max(1, min(_MOST, _COSTLY // max(1, len(document.definitions))))

    def reporter(rule: Rule) -> Callable[[GraphQLError], None]:
        def on_error(error: GraphQLError) -> None:
            faults.add(rule, error.message, error.nodes or ())
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


class _SchemaValidation(SchemaValidationContext):
    """What ``validate_schema`` does, with an end and without errors that nobody raises."""

    def __init__(self, schema: GraphQLSchema, faults: _Faults) -> None:
        super().__init__(schema)
        self._faults = faults
        self._left = _MOST

    def report_error(self, message: str, nodes: Any = None) -> None:
        listed = [nodes] if isinstance(nodes, Node) else [node for node in nodes or () if node]
        self._faults.add(rules.SCHEMA, message, listed)
        self._left -= 1
        if not self._left:
            raise _EnoughError


def _validate_schema(document: DocumentNode, faults: _Faults) -> None:
    try:
        context = _SchemaValidation(build_ast_schema(document, assume_valid_sdl=True), faults)
        with suppress(_EnoughError):
            context.validate_root_types()
            context.validate_directives()
            context.validate_types()
    except GraphQLError as problem:
        faults.add(rules.SCHEMA, problem.message, problem.nodes or ())
    except (TypeError, ValueError, KeyError) as problem:
        faults.add(rules.SCHEMA, str(problem))
    except RecursionError:
        faults.add(rules.SCHEMA, "types are nested too deeply")


def _clause(text: str) -> str:
    """A sentence of graphql-core's as a clause of ours."""
    text = text.replace(". Did you mean ", ", did you mean ").rstrip(".")
    first, _, rest = text.partition(" ")
    plain = first[1:].islower() or len(first) == 1
    return f"{first.lower()} {rest}" if plain and rest else text
