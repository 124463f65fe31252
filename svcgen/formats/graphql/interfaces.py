"""The declaration of an interface, as text: the model has no word for it and keeps it so."""

from __future__ import annotations

from graphql import print_ast

from svcgen.formats.graphql.declarations import Declared
from svcgen.formats.graphql.facts import uses


def interface_text(declared: Declared) -> str:
    """What follows the description, extensions merged."""
    implements = f" implements {' & '.join(declared.types)}" if declared.types else ""
    directives = "".join(f" {each}" for each in uses(declared.directives))
    fields = "\n".join(_indented(print_ast(each)) for each in declared.members.values())
    return f"interface {declared.name.value}{implements}{directives} {{\n{fields}\n}}"


def _indented(text: str) -> str:
    return "\n".join(f"  {line}" if line else line for line in text.split("\n"))
