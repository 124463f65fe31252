"""Definition -> model: read all files, join their declarations, expand resources and mixins."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from svcgen.diagnostics import Report, Span
from svcgen.formats import AS_THEY_ARE, Sources
from svcgen.formats.neutral.document import Document
from svcgen.formats.neutral.imports import read_all
from svcgen.formats.neutral.mixins import flatten_services, flatten_types
from svcgen.formats.neutral.names import distinct, report_duplicate
from svcgen.formats.neutral.origins import ORIGIN, imported, noted
from svcgen.formats.neutral.resources import expand
from svcgen.formats.neutral.services import DeclaredService
from svcgen.formats.neutral.types import Declared
from svcgen.frozen import replace
from svcgen.model.service import Api, Error, Origin, Service
from svcgen.model.types import Meta, TypeDef


def read(path: Path, report: Report, sources: Sources = AS_THEY_ARE) -> Api | None:
    """The model of the definition at ``path`` and of all that it imports.

    Everything wrong is in the report. ``None``: a file cannot be read, is no YAML or no mapping.
    Otherwise the model holds whatever could be read, for further checks.

    Types, errors and constants of imported files belong to the model; their services do so only as
    mixins, and their package, servers and tags not at all.
    """
    documents = read_all(path, report, sources.include)
    if not documents:
        return None
    return join(documents, imported(documents, sources.include), report)


def join(documents: Sequence[Document], origins: dict[str, Origin], report: Report) -> Api:
    """The model of the last document with all that the others declare."""
    main = documents[-1]
    declared, errors = _types_and_errors(documents, report)
    types = flatten_types(declared, report)
    for found in (types, errors):
        _note_origins(found, origins)
    services = _services(documents, types, errors, report)
    own = [service.service.name.wire for service in main.services]
    return Api(
        package=main.package,
        services=tuple(services[name] for name in dict.fromkeys(own)),
        types=types,
        meta=main.meta,
        errors=errors,
        constants=distinct((c for d in documents for c in d.constants), report, "constant"),
        servers=main.servers,
        version=main.version,
        json=main.json,
        origins=origins,
    )


def _note_origins(found: dict[str, Any], origins: dict[str, Origin]) -> None:
    """Take the notes of their origins from declarations."""
    for name, declared in found.items():
        found[name], origin = noted(declared)
        if origin is not None:
            origins[name] = origin


def _types_and_errors(
    documents: Iterable[Document], report: Report
) -> tuple[dict[str, Declared], dict[str, Error]]:
    """The types and errors of all files by name; both share one space of names."""
    types: dict[str, Declared] = {}
    errors: dict[str, Error] = {}
    places: dict[str, Span] = {}
    for document in documents:
        for declared in document.types:
            name = declared.type.name.wire
            if name in types and _is_same_copy(types[name].type.meta, declared.type.meta):
                continue
            if _is_new(name, declared.type.meta.span, places, report, "type"):
                types[name] = declared
        for error in document.errors:
            if _is_new(error.name.wire, error.meta.span, places, report, "error"):
                errors[error.name.wire] = error
    return types, errors


def _is_same_copy(first: Meta, second: Meta) -> bool:
    """Whether two files have the same type of a third."""
    origin = first.annotations.get(ORIGIN)
    return origin is not None and origin == second.annotations.get(ORIGIN)


def _is_new(name: str, span: Span, places: dict[str, Span], report: Report, what: str) -> bool:
    first = places.setdefault(name, span)
    if first != span:
        report_duplicate(report, what, name, span, first)
    return first == span


def _services(
    documents: Iterable[Document],
    types: dict[str, TypeDef],
    errors: dict[str, Error],
    report: Report,
) -> dict[str, Service]:
    """The services of all files, complete; what their resources need joins types and errors."""
    declared: dict[str, DeclaredService] = {}
    places: dict[str, Span] = {}
    for service in (service for document in documents for service in document.services):
        name = service.service.name.wire
        if _is_new(name, service.service.meta.span, places, report, "service"):
            declared[name] = service
    whole = {name: _with_resource(d, types, errors, report) for name, d in declared.items()}
    return flatten_services(whole, {name: d.mixins for name, d in declared.items()}, report)


def _with_resource(
    declared: DeclaredService, types: dict[str, TypeDef], errors: dict[str, Error], report: Report
) -> Service:
    service = declared.service
    if declared.resource is None:
        return service
    added = expand(declared.resource, types, errors, report)
    types.update((type_.name.wire, type_) for type_ in added.types)
    errors.update((error.name.wire, error) for error in added.errors)
    methods = (*added.operations, *service.operations)
    what = f"method of service {service.name.wire!r}:"
    return replace(service, operations=distinct(methods, report, what))
