"""What the model keeps of a declaration beside its meaning: documentation, annotations, wire facts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from svcgen.diagnostics import Span
from svcgen.formats import KEPT, former_path
from svcgen.formats.thrift.annotations import (
    ANNOTATIONS,
    CPP_TYPE,
    DEFINITION,
    DEPRECATED,
    EXTENDS,
    PARTS,
    TYPES,
    XSD,
)
from svcgen.formats.thrift.docs import clean
from svcgen.formats.thrift.keeping import NAME, SCOPE
from svcgen.formats.thrift.tree import (
    Annotation,
    Declaration,
    Field,
    File,
    Struct,
    Type,
    types_in,
)
from svcgen.frozen import EMPTY, replace
from svcgen.model.naming import Name
from svcgen.model.service import Origin
from svcgen.model.types import Literal, Meta

_PACKAGE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*")


def span_of(declared: Declaration, file: File) -> Span:
    """The place of a declaration's name."""
    return file.tokens.span(declared.at)


def meta_of(
    declared: Declaration,
    file: File,
    bind: Mapping[str, Literal] | None = None,
    mention: Type | None = None,
) -> Meta:
    """Documentation, deprecation, annotations and the given wire facts of a declaration, and what is
    said beside the type that it mentions.
    """
    beside = _beside(declared, mention)
    if declared.doc is None and not declared.annotations:
        return Meta(span_of(declared, file), bind=bind or EMPTY, annotations=beside or EMPTY)
    said = {each.name: each.value for each in declared.annotations}
    reason = said.get(DEPRECATED)
    return Meta(
        span_of(declared, file),
        doc=clean(declared.doc).strip("\n"),
        deprecated="" if reason == "1" else reason,
        bind=bind or {},
        annotations=kept(declared.annotations) | beside,
    )


def _beside(declared: Declaration, mention: Type | None) -> dict[str, Literal]:
    """What is said of types, and for XML Schema, as the model keeps it."""
    found: dict[str, Literal] = {}
    if mention is not None and (said := dict(_of_types(mention, "type"))):
        found[TYPES] = said
    if isinstance(declared, Struct) and declared.xsd_all:
        found[XSD] = {"all": True}
    if isinstance(declared, Field) and (declared.xsd or declared.attributes):
        found[XSD] = _xsd(declared)
    return found


def _of_types(mention: Type, place: str) -> Iterator[tuple[str, Literal]]:
    """The annotations of a mention and of those inside of it, by their places."""
    said: dict[str, Literal] = {CPP_TYPE: mention.cpp_type} if mention.cpp_type else {}
    said |= {each.name: each.value for each in mention.annotations}
    if said:
        yield place, said
    for part, argument in zip(PARTS.get(mention.word, ()), mention.arguments, strict=True):
        yield from _of_types(argument, f"{place}.{part}")


def _xsd(field: Field) -> dict[str, Literal]:
    """The words of a field; its attributes unless they mention types that have names."""
    found: dict[str, Literal] = {word.removeprefix("xsd_"): True for word in field.xsd}
    mentions = [each for attribute in field.attributes for each in types_in(attribute.type)]
    if mentions and not any(each.is_name for each in mentions):
        found["attributes"] = field.attributes_text
    return found


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


def without_kept(meta: Meta) -> Meta:
    """A meta that keeps no original."""
    rest = {name: each for name, each in meta.annotations.items() if name != KEPT}
    return replace(meta, annotations=rest)


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
    return Origin(former_path(_text_of(file)) or file.place, package_of(file), name)


def _text_of(file: File) -> str:
    """What is kept of the whole file."""
    namespace = file.namespaces.get(SCOPE)
    said = namespace.annotations if namespace else ()
    return next((each.value for each in said if each.name == DEFINITION), "")
