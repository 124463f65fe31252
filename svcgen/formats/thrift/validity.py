"""What the compiler says of a whole file: names that it refuses, numbers that are missing."""

from __future__ import annotations

from svcgen.diagnostics import Report
from svcgen.formats.thrift import rules
from svcgen.formats.thrift.tree import Field, File, Function, declarations
from svcgen.model.thrift_names import KEYWORDS


def check_declarations(file: File, report: Report) -> None:
    """Check the file for which code is made; those that it includes are not looked at."""
    for declared in declarations(file):
        name = declared.name
        if name in KEYWORDS:
            report.add(rules.KEYWORD, file.tokens.span(declared.at), name=name)
        if isinstance(declared, Field) and declared.is_implicit:
            span = file.tokens.span(declared.at)
            report.add(rules.NO_NUMBER, span, name=name, number=declared.number)
        if isinstance(declared, Function) and declared.oneway and declared.result is not None:
            report.add(rules.ONEWAY_RESULT, file.tokens.span(declared.at), name=name)
