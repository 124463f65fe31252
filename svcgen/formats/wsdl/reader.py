"""The definition of which a WSDL was made, where the WSDL carries it."""

from __future__ import annotations

from pathlib import Path
from xml.parsers import expat

from svcgen.diagnostics import Report, Rule, Span
from svcgen.formats import KEPT
from svcgen.formats.neutral.carrying import (
    DOCUMENT_BROKEN,
    DOCUMENT_FOREIGN,
    Carried,
    placed,
    restored,
)
from svcgen.formats.source import Source, load
from svcgen.formats.wsdl.parsed import Document, RefusedError
from svcgen.model.service import Api

XML_SYNTAX = Rule(
    code="xml-syntax",
    message="not XML as a WSDL is: {problem}",
    fix="correct it, or convert the original again",
    why=(
        "A WSDL is an XML document without a document type: entities of its own would let a small"
        " file stand for a huge one, or for another file."
    ),
    example=f"<wsdl:definitions xmlns:wsdl='urn:x'><svc:{KEPT}>svcgen: 1</wsdl:definitions>\n",
    language="wsdl",
)


def read(path: Path, form: str, report: Report) -> Api | None:
    """The definition that a WSDL carries; ``None``, with the reason, if there is none."""
    source = load(path, report)
    if source is None:
        return None
    if KEPT not in source.text:
        report.add(DOCUMENT_FOREIGN, Span.at(source.name), form=form)
        return None
    document = Document()
    try:
        document.parse(source.text)
    except expat.ExpatError as problem:
        span = Span.at(source.name, problem.lineno, problem.offset + 1)
        report.add(XML_SYNTAX, span, problem=expat.ErrorString(problem.code))
        return None
    except RefusedError as problem:
        line, column = document.place
        report.add(XML_SYNTAX, Span.at(source.name, line, column), problem=problem)
        return None
    return _restored(document, form, source, report)


def _restored(document: Document, form: str, source: Source, report: Report) -> Api | None:
    if not document.found:
        report.add(DOCUMENT_FOREIGN, Span.at(source.name), form=form)
        return None
    first, *others = document.found
    span = Span.at(source.name, first.line, first.column, len(KEPT))
    if others or first.attributes.keys() - {"of"} or not first.text.strip():
        problem = "there is not one text in one element"
        report.add(DOCUMENT_BROKEN, span, form=form, problem=problem)
        return None
    text = placed(source.name, first.text, first.line)
    carried = Carried(form, text, first.attributes.get("of"), span)
    return restored(carried, document.mark, report)
