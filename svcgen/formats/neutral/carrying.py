"""A whole definition, carried by a document that says it in words of another kind.

What OpenAPI, OpenRPC, AsyncAPI and WSDL make of a definition cannot be taken apart again. So a
converted document carries the definition itself once, as a text, beside a mark of the document's
state. Reading takes the text, and refuses it where somebody has edited the document since: the edit
could not be read.
"""

from __future__ import annotations

from svcgen.diagnostics import Report, Rule, Span
from svcgen.formats import KEPT
from svcgen.formats.neutral.document import read_document
from svcgen.formats.neutral.reader import join
from svcgen.formats.neutral.tree import Mapping, Node
from svcgen.formats.neutral.yaml import parse
from svcgen.formats.source import Source
from svcgen.frozen import frozen
from svcgen.model.service import Api

_DOCUMENT = 'openapi: 3.1.0\ninfo: {title: sample, version: "1"}\npaths: {}\n'

DOCUMENT_FOREIGN = Rule(
    code="document-foreign",
    message=f"{{form}} is read only as 'svcgen convert' writes it: there is no {KEPT!r} in this",
    fix="start from a definition, a .proto, a .thrift or a GraphQL schema, which are always read",
    why=(
        "OpenAPI, OpenRPC, AsyncAPI and WSDL describe what travels, in many ways that mean the same."
        " A definition comes back from one only where the document carries it, which those have that"
        " svcgen has converted (without `--plain`), and no others."
    ),
    example=_DOCUMENT,
)

DOCUMENT_EDITED = Rule(
    code="document-edited",
    message="{form} was edited after it was converted, and the edit cannot be read",
    fix=(
        "edit a definition and convert that again; or remove 'of' here, and the definition is read"
        " as it was before the edit"
    ),
    why=(
        "What is read from such a document is the definition that it carries. After an edit of the"
        " document the two differ, and taking either in silence would be wrong."
    ),
    example=f'{_DOCUMENT}{KEPT}:\n  of: h00000000\n  definition: "svcgen: 1"\n',
)

DOCUMENT_BROKEN = Rule(
    code="document-broken",
    message="the definition that {form} carries cannot be read: {problem}",
    fix="convert the original again",
    why=(
        "The definition stands in a converted document as svcgen has written it there. If it is no"
        " such text any more, the document has nothing to be read from."
    ),
    example=f"{_DOCUMENT}{KEPT}: {{definition: 1.5}}\n",
)


@frozen
class Carried:
    """A definition in a document: its text, placed on the lines on which it stands there."""

    form: str
    source: Source
    of: str | None  # the mark of the document as it was converted; None: of any state
    span: Span


def restored(carried: Carried, state: str, report: Report) -> Api | None:
    """The model of the carried definition, if it speaks of the document's ``state``."""
    if carried.of not in (None, state):
        report.add(DOCUMENT_EDITED, carried.span, form=carried.form)
        return None
    root = parse(carried.source, report)
    if root is None:
        return None
    if problem := _problem(root):
        report.add(DOCUMENT_BROKEN, carried.span, form=carried.form, problem=problem)
        return None
    document = read_document(root, carried.source.name, report)
    return join([document], {}, report) if document else None


def _problem(root: Node) -> str:
    """Why it is nothing that svcgen writes into a document; empty if it may be."""
    if not isinstance(root, Mapping):
        return "it is no mapping"
    imports = any(entry.key.text == "imports" for entry in root.entries)
    return "it imports what it should hold" if imports else ""


def placed(name: str, text: str, line: int, indent: int = 0) -> Source:
    """A text so that its places are those of the file in which it stands from a line on."""
    margin = " " * indent
    lines = (margin + each if each else "" for each in text.split("\n"))
    return Source.of(name, "\n" * (line - 1) + "\n".join(lines))
