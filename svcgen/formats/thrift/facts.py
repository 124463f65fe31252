"""What the model keeps of a declaration beside its meaning: documentation, annotations, wire facts."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping

from svcgen.diagnostics import Span
from svcgen.formats import KEPT, former_path
from svcgen.formats.thrift.annotations import ANNOTATIONS, DEFINITION, DEPRECATED, EXTENDS
from svcgen.formats.thrift.docs import clean
from svcgen.formats.thrift.keeping import NAME, SCOPE
from svcgen.formats.thrift.tree import Annotation, Declaration, File
from svcgen.frozen import EMPTY
from svcgen.model.naming import Name
from svcgen.model.service import Origin
from svcgen.model.types import Literal, Meta

_PACKAGE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*")


def span_of(declared: Declaration, file: File) -> Span:
    """The place of a declaration's name."""
    return file.tokens.span(declared.at)


def meta_of(declared: Declaration, file: File, bind: Mapping[str, Literal] | None = None) -> Meta:
    """Documentation, deprecation, annotations and the given wire facts of a declaration."""
    if declared.doc is None and not declared.annotations:
        return Meta(span_of(declared, file), bind=bind or EMPTY)
    said = {each.name: each.value for each in declared.annotations}
    reason = said.get(DEPRECATED)
    return Meta(
        span_of(declared, file),
        doc=clean(declared.doc).strip("\n"),
        deprecated="" if reason == "1" else reason,
        bind=bind or {},
        annotations=kept(declared.annotations),
    )


def kept(annotations: Iterable[Annotation]) -> dict[str, Literal]:
    """Annotations as the model keeps them."""
    found: dict[str, Literal] = {}
    foreign: dict[str, Literal] = {}
    for each in annotations:
        if each.name == DEFINITION:
            found[KEPT] = each.value
        elif each.name not in (DEPRECATED, EXTENDS):
            foreign[each.name] = each.value
    if foreign:
        found[ANNOTATIONS] = foreign
    return found


def bound(**facts: Literal) -> dict[str, Literal]:
    """Wire facts that are not empty, under the key that the .thrift's writer looks at."""
    found: dict[str, Literal] = {name: fact for name, fact in facts.items() if fact}
    return {"thrift": found} if found else {}


def file_meta(file: File) -> Meta:
    """The meta of the whole definition: its namespaces, if they are not that of its package alone,
    and what C++ is to include.
    """
    namespaces: dict[str, Literal] = {
        scope: each.name
        for scope, each in file.namespaces.items()
        if (scope, each.name) != (SCOPE, NAME)
    }
    if namespaces == {"*": package_of(file)}:
        namespaces = {}
    includes: list[Literal] = [*file.cpp_includes]
    said = [each for namespace in file.namespaces.values() for each in namespace.annotations]
    return Meta(
        Span.at(file.tokens.source.name),
        doc=clean(file.doc).strip("\n"),
        bind=bound(namespaces=namespaces, cpp_includes=includes),
        annotations=kept(said),
    )


def package_of(file: File) -> str:
    """The namespace of all languages, or else Python's, or else the file's name."""
    for scope in ("*", "py"):
        named = file.namespaces.get(scope)
        if named is not None and _PACKAGE.fullmatch(named.name):
            return named.name
    return Name.parse(re.sub(r"\W", "_", file.name, flags=re.ASCII)).snake


def origin_of(file: File, name: str) -> Origin:
    path = os.path.splitext(file.path)[0]  # noqa: PTH122 - a path of Thrift's
    return Origin(former_path(_text_of(file)) or path, package_of(file), name)


def _text_of(file: File) -> str:
    """What is kept of the whole file."""
    namespace = file.namespaces.get(SCOPE)
    said = namespace.annotations if namespace else ()
    return next((each.value for each in said if each.name == DEFINITION), "")
