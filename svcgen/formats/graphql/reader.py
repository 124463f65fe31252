"""An SDL file -> the model: read it, check it, and map what it declares."""

from __future__ import annotations

import re
from pathlib import Path

from graphql import DocumentNode

from svcgen.diagnostics import Report, Span
from svcgen.formats.graphql import keeping
from svcgen.formats.graphql.bound import DEFINITIONS
from svcgen.formats.graphql.declarations import Document
from svcgen.formats.graphql.endless import within_levels, without_endless
from svcgen.formats.graphql.facts import annotations_of, argument, doc_of, uses, written
from svcgen.formats.graphql.modelling import Modeller
from svcgen.formats.graphql.parsing import parse
from svcgen.formats.graphql.services import ServiceModeller
from svcgen.formats.source import Source, load
from svcgen.formats.undisturbed import undisturbed
from svcgen.model.naming import Name
from svcgen.model.rpc import package_parts
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
    kept = document.kept()
    package = next(filter(None, (argument(d, "package") for d in kept)), "") or _package(path)
    usual = Name.parse(package).pascal
    services = ServiceModeller(document, modeller).services(usual, source.name)
    types = without_endless(modeller.types())
    if not kept:  # a definition of svcgen's own knows itself
        types = within_levels(types, modeller.outputs())
    return Api(package, services, types, _meta(document, source.name))


def _package(path: Path) -> str:
    """The file's name as a package, whose dots it may have."""
    name = re.sub(r"[^\w.]", "_", path.stem, flags=re.ASCII)
    return ".".join(package_parts(name)) or "schema"


def _meta(document: Document, file: str) -> Meta:
    """The meta of the whole definition: what it says of its schema, and its directives."""
    whole = [d for d in document.kept() if not argument(d, "service")]
    annotations = dict(annotations_of(whole))
    definitions = [n for name, n in document.directives.items() if name != keeping.NAME]
    if definitions:
        annotations[DEFINITIONS] = [written(node) for node in definitions]
    schema = _schema(document)
    bind: dict[str, Literal] = {} if schema is None else {"graphql": {"schema": schema}}
    return Meta(Span.at(file), bind=bind, annotations=annotations)


def _schema(document: Document) -> dict[str, Literal] | None:
    """What the schema says of itself; ``None`` if it has nothing to say."""
    facts: dict[str, Literal] = {}
    defined = [node for node in document.schema if node.kind == "schema_definition"]
    if doc := next(filter(None, map(doc_of, defined)), ""):
        facts["doc"] = doc
    if kept := uses(d for node in document.schema for d in node.directives or ()):
        facts["directives"] = kept
    return facts if facts or defined else None
