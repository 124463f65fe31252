"""What can be wrong with a .thrift file; Apache's compiler refuses the same."""

from __future__ import annotations

from svcgen.diagnostics import Rule, Severity


def _rule(code: str, message: str, fix: str, why: str, example: str) -> Rule:
    return Rule(f"thrift-{code}", message, fix, why, example, language="thrift")


def _warning(code: str, message: str, fix: str, why: str, example: str) -> Rule:
    return Rule(f"thrift-{code}", message, fix, why, example, Severity.WARNING, "thrift")


def _loss(code: str, message: str, fix: str, why: str, example: str) -> Rule:
    text = (message, fix, why, example)
    return Rule(f"thrift-{code}", *text, Severity.WARNING, "thrift", loses=True)


SYNTAX = _rule(
    "syntax",
    "{problem}",
    "write it as the language of Thrift demands",
    "Reading a file ends at the first place that cannot be understood; what follows is unknown.",
    "struct Book {\n  1: string\n}\n",
)
INCLUDE_MISSING = _warning(
    "include-missing",
    "{path!r} is included, and is in none of the include paths",
    "correct the path, or name the folder that it starts in with -I",
    "An include is a path from the folder of the including file, or from one given with -I. Thrift's"
    " compiler goes on without the file and complains of the names that are missing then.",
    'include "shelf.thrift"\n\nstruct Book {\n  1: string title\n}\n',
)
INCLUDE_FOREIGN = _rule(
    "include-foreign",
    "{path!r} is outside of the definition's folder and is no .thrift",
    "include a .thrift",
    "What is wrong in a file is shown with its line. Of a file elsewhere on the machine that was"
    " never a .thrift, nothing is shown.",
    'include "../../pyproject.toml"\n',
)
INCLUDE_CYCLE = _rule(
    "include-cycle",
    "a file includes itself: {path}",
    "move what both need to a third file and include that",
    "An included file is read before the one that includes it, which no circle allows.",
    'include "thrift-include-cycle.thrift"\n',
)
UNDEFINED = _rule(
    "undefined",
    "{what} {name!r} is not defined{hint}",
    "define it, include the file that does, or correct the name",
    "A name is one of the file, or one of an included file behind that file's name and a dot:"
    " `shelf.Book`. Fields may mention types that are defined further down; whatever is extended,"
    " thrown, or given a value must be defined before.",
    "struct Shelf {\n  1: list<Book> books\n}\n",
)
NOT_AN_EXCEPTION = _rule(
    "not-an-exception",
    "{name!r} cannot be thrown: it is no exception",
    "declare it with 'exception', or return it",
    "Only exceptions can stand behind 'throws'.",
    "struct Problem {\n  1: string text\n}\n\nservice Books {\n"
    "  void add(1: string title) throws (1: Problem problem)\n}\n",
)
DUPLICATE = _rule(
    "duplicate",
    "{what} {name!r} is defined twice",
    "rename one of the two, or remove it",
    "Types and services share one set of names, in the file and with the files that it includes"
    " where their namespaces are the same. Constants, the values of an enum, the fields of a struct"
    " and the functions of a service, inherited ones among them, each have their own.",
    "enum Genre {\n  NOVEL,\n  POETRY,\n  NOVEL\n}\n",
)
NUMBER_TWICE = _rule(
    "number-twice",
    "field {name!r} has the number {number}, as {other!r} has",
    "give it a number of its own",
    "On the wire the number is all that tells one field from another.",
    "struct Book {\n  1: string title\n  1: i32 pages\n}\n",
)
CONSTANT = _rule(
    "constant",
    "the value of {name!r} {problem}",
    "write a value of the type",
    "The compiler checks constants and defaults against their types where it knows these already:"
    " numbers, strings, values of enums as `Genre.NOVEL`, lists, maps, and structs as maps from the"
    " names of their fields.",
    'const i32 LIMIT = "ten"\n',
)
ONEWAY = _rule(
    "oneway",
    "the oneway function {name!r} {problem}",
    "remove 'oneway', or write 'void' and no 'throws'",
    "Nothing comes back from a oneway function. Of a result that has a name the compiler dies;"
    " of one like `i32` it warns, and so do we.",
    "exception Full {\n  1: string text\n}\n\nservice Log {\n"
    "  oneway void line(1: string text) throws (1: Full full)\n}\n",
)
ONEWAY_RESULT = _loss(
    "oneway-result",
    "the oneway function {name!r} has a result, which nobody gets",
    "write 'void'",
    "Nothing comes back from a oneway function. The compiler only warns; the result is left out.",
    "service Log {\n  oneway i32 line(1: string text)\n}\n",
)
MISTAKE = Rule(
    "thrift-mistake",
    "here is what line {line} is refused for: {problem}",
    "mend it here",
    "Apache's compiler takes note of a declaration when it has read all of it and often the next"
    " word too, and complains at the line of that; our error stands there too. The note stands at"
    " the mistake.",
    "struct Book {\n  1: string title\n  1: i32 pages\n}\n",
    Severity.INFO,
    "thrift",
)
UNION_DEFAULTS = _rule(
    "union-defaults",
    "{name!r} is the second field with a default in the union {union!r}",
    "leave a default to one of them",
    "One field of a union is set; at most one can be set from the beginning.",
    'union Id {\n  1: string text = ""\n  2: i64 number = 0\n}\n',
)
KEYWORD = _rule(
    "keyword",
    "{name!r} is a word of programming languages, which Thrift does not take for a name",
    "take another name",
    "The compiler refuses names that are keywords in one of the languages that it writes.",
    "struct Shelf {\n  1: i32 from\n}\n",
)
TYPEDEF_CYCLE = _rule(
    "typedef-cycle",
    "the type {name!r} stands for itself",
    "let one of the typedefs name a real type",
    "A typedef is another name of a type; in a circle there is none.",
    "typedef Shelf Row\ntypedef Row Shelf\n",
)
NO_NUMBER = _warning(
    "no-number",
    "field {name!r} has no positive number and gets {number}",
    "write a positive number before the field, if nobody uses it yet",
    "A field without a number gets the next one below zero, in the order of the fields: moving it"
    " changes the wire. Numbers that are not positive count as none.",
    "struct Book {\n  string title\n}\n",
)
LEFT_OUT = _loss(
    "left-out",
    "{what} is left out: {problem}",
    "take another type where this has to travel",
    "Thrift has types for which no JSON can be written, such as maps with structs for keys, and does"
    " not check every constant. Services would be unable to carry them on other protocols, so"
    " whatever mentions them is not part of the definition.",
    "struct Shelf {\n  1: map<list<i32>, string> books\n}\n",
)
