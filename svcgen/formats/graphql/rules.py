"""What can be wrong with an SDL file; graphql-core refuses the same at the same line."""

from __future__ import annotations

from svcgen.diagnostics import Rule, Severity

_QUERY = "type Query {\n  hello: String\n}\n"


def _rule(code: str, fix: str, why: str, example: str) -> Rule:
    return Rule(f"graphql-{code}", "{problem}", fix, why, example, language="graphql")


def _warning(code: str, fix: str, why: str, example: str) -> Rule:
    text = ("{problem}", fix, why, example)
    return Rule(f"graphql-{code}", *text, Severity.WARNING, "graphql", loses=True)


SYNTAX = _rule(
    "syntax",
    "write it as GraphQL's schema language demands",
    "Reading a file ends at the first place that cannot be understood; what follows is unknown.",
    "type Query {\n  hello String\n}\n",
)
DUPLICATE = _rule(
    "duplicate-name",
    "rename or remove one of them",
    "Types share one set of names, and so do the fields of a type, the arguments of a field or"
    " directive, the values of an enum and the directives of a schema. A schema is defined once, and"
    " has at most one type of each operation.",
    _QUERY + "type Query {\n  bye: String\n}\n",
)
UNKNOWN_TYPE = _rule(
    "unknown-type",
    "define the type, or correct the name",
    "Every type that a schema mentions is defined in it, but for Int, Float, String, Boolean and ID.",
    "type Query {\n  hello: Strin\n}\n",
)
DIRECTIVE = _rule(
    "directive",
    "define the directive with its arguments and places, or correct its use",
    "A directive other than @deprecated, @specifiedBy and @oneOf has to be defined, is used only in"
    " the places of its definition, has the arguments that it needs and no others, and stands twice"
    " only if it is repeatable.",
    "type Query {\n  hello: String @loud\n}\n",
)
EXTENSION = _rule(
    "extension",
    "extend a type that is defined in the file, in the words of its kind",
    "An extension adds to a type of the same schema: 'extend type' to an object type, 'extend enum'"
    " to an enum, and so on.",
    _QUERY + "extend type User {\n  name: String\n}\n",
)
SCHEMA = _rule(
    "schema",
    "correct the types that are named",
    "A schema has a Query type. Types have fields, fields of objects are no inputs and arguments no"
    " objects, members of unions are objects, a type has what its interfaces demand, inputs do not"
    " need themselves without end, and defaults are values of their types.",
    "type User {\n  name: String\n}\n",
)
LENIENT = _warning(
    "lenient",
    "tell whoever keeps the schema",
    "With --lenient, what is wrong with a schema is no reason not to read it. Of two declarations of"
    " one name the last counts; a type that is not defined is any JSON.",
    "",
)
IGNORED = _warning(
    "ignored",
    "keep queries in a file of their own",
    "A definition is made of types. Queries, mutations, subscriptions and fragments call a schema"
    " and are no part of it.",
    _QUERY + "query Greet {\n  hello\n}\n",
)
