"""An SDL file -> the model: read it, check it, and map what it declares."""

from __future__ import annotations

import re
from pathlib import Path

from graphql import DocumentNode

from svcgen.diagnostics import Report, Span
from svcgen.formats.graphql.bound import DEFINITIONS, DIRECTIVES
from svcgen.formats.graphql.declarations import Document
from svcgen.formats.graphql.endless import without_endless
from svcgen.formats.graphql.facts import (
    annotations_of,
    doc_of,
    written,
)
from svcgen.formats.graphql.modelling import Modeller
from svcgen.formats.graphql.namer import Namer
from svcgen.formats.graphql.parsing import parse, undisturbed
from svcgen.formats.graphql.services import ServiceModeller
from svcgen.formats.source import Source, load
from svcgen.model.naming import Name
from svcgen.model.rpc import ascii_name
from svcgen.model.service import Api
from svcgen.model.types import Literal, Meta


def read(path: Path, report: Report, *, lenient: bool) -> Api | None:
    """The model of the file at ``path``: one service and its types.

    ``None``, with the reasons in the report: the file is not valid, or with ``lenient`` not even
    grammatical.
    """
    source = load(path, report)
    if source is None:
        return None
    with undisturbed():
        document = parse(source, report, lenient=lenient)
        return None if document is None else _model(document, path, source)


def _model(node: DocumentNode, path: Path, source: Source) -> Api:
    document = Document(node)
    modeller = Modeller(document, source.name)
    package = re.sub(r"[^\w.]", "_", path.stem, flags=re.ASCII)
    package = ".".join(ascii_name(part).snake for part in package.split(".") if part) or "schema"
    service = Name.parse(package).pascal
    name = Namer("pascal", modeller.refs.names.values()).name(service)
    operations = ServiceModeller(document, modeller).service(name, source.name)
    types = without_endless(modeller.types())
    return Api(package, (operations,), types, _meta(document, source.name))


def _meta(document: Document, file: str) -> Meta:
    """The meta of the whole definition: what it says of its schema, and its directives."""
    annotations: dict[str, Literal] = {}
    if document.directives:
        annotations[DEFINITIONS] = [written(node) for node in document.directives.values()]
    bind: dict[str, Literal] = {"graphql": {"schema": _schema(document)}} if document.schema else {}
    return Meta(Span.at(file), bind=bind, annotations=annotations)


def _schema(document: Document) -> dict[str, Literal]:
    facts: dict[str, Literal] = {}
    docs = (doc_of(node) for node in document.schema if hasattr(node, "description"))
    if doc := next(filter(None, docs), ""):
        facts["doc"] = doc
    kept = annotations_of(d for node in document.schema for d in node.directives or ())
    return {**facts, "directives": kept[DIRECTIVES]} if kept else facts
