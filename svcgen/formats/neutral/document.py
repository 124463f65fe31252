"""One file of a definition: its tree read into declarations, nothing resolved across files."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import PurePath
from typing import TypeVar

from svcgen.diagnostics import Report, Rule, Span
from svcgen.formats.neutral import keys
from svcgen.formats.neutral.names import read_meta
from svcgen.formats.neutral.section import Section, open_section, wrong_kind
from svcgen.formats.neutral.services import DeclaredService, read_service
from svcgen.formats.neutral.tree import Entry, Mapping, Node, Sequence, Text
from svcgen.formats.neutral.types import (
    Declared,
    Mention,
    mentions,
    read_constant,
    read_declaration,
    read_error,
)
from svcgen.frozen import frozen
from svcgen.model.naming import Name
from svcgen.model.service import Error, JsonStyle, Server
from svcgen.model.types import Alias, Constant, Meta, Scalar, ScalarRef

UNSUPPORTED_VERSION = Rule(
    code="unsupported-version",
    message="this is version {version} of the definition language, svcgen reads version 1",
    fix="write 'svcgen: 1'",
    why="The number at the top of a definition names the language's version, not the service's.",
    example="svcgen: 2\n",
)

INVALID_PACKAGE = Rule(
    code="invalid-package",
    message="{package!r} cannot be a package",
    fix="write words of ASCII letters, digits and underscores with dots between them: shop.orders",
    why=(
        "The package becomes a folder, a module and part of the wire names of several protocols."
        " Without the key it is the name of the file."
    ),
    example="svcgen: 1\npackage: my-shop\n",
)

_PACKAGE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*")
_T = TypeVar("_T")


@frozen
class Import:
    """Another file, and the names that are taken of it where that is not all."""

    name: str
    span: Span
    only: tuple[Mention, ...] | None = None


@frozen
class Document:
    """What one file declares, in its order."""

    file: str
    package: str
    version: str
    meta: Meta
    json: JsonStyle
    imports: tuple[Import, ...]
    types: tuple[Declared, ...]
    errors: tuple[Error, ...]
    constants: tuple[Constant, ...]
    services: tuple[DeclaredService, ...]
    servers: tuple[Server, ...]


def read_document(root: Node, file: str, report: Report) -> Document | None:
    section = open_section(root, keys.DOCUMENT, report, "the definition", Span.at(file))
    if section is None:
        return None
    _check_version(section)
    return Document(
        file=file,
        package=_package(section, file),
        version=section.text("version"),
        meta=read_meta(section, report),
        json=_json(section, report),
        imports=tuple(_imports(section)),
        types=tuple(_declarations(section, report)),
        errors=tuple(_read(section, "errors", read_error, report)),
        constants=tuple(_read(section, "constants", read_constant, report)),
        services=tuple(_read(section, "services", read_service, report)),
        servers=tuple(_read(section, "servers", _server, report)),
    )


def _read(
    section: Section, key: str, read: Callable[[Entry, Report], _T | None], report: Report
) -> Iterator[_T]:
    for entry in section.entries(key):
        if (thing := read(entry, report)) is not None:
            yield thing


def _imports(section: Section) -> Iterator[Import]:
    for node in section.items("imports"):
        if isinstance(node, Mapping):
            inner = Section(node, keys.IMPORT, section.report, "an import", node.span)
            file, only = inner.require("file"), inner.require("only")
            if file is not None and only is not None:
                yield Import(inner.text("file"), file.span, mentions(inner, "only"))
        elif isinstance(node, Text) and node.text:
            yield Import(node.text, node.span)
        else:
            wrong_kind(section.report, node, "an import", "a file")


def _declarations(section: Section, report: Report) -> Iterator[Declared]:
    """The types; an unreadable one stands for anything, so that its mentions are no findings."""
    for entry in section.entries("types"):
        anything = ScalarRef(Scalar.ANY, entry.key.span)
        unreadable = Alias(Name.parse(entry.key.text), anything, Meta(entry.key.span))
        yield read_declaration(entry, report) or Declared(unreadable)


def _check_version(section: Section) -> None:
    if section.require("svcgen") is None:
        return
    version = section.integer("svcgen", 1)
    if version is not None and version != 1:
        node = section.node("svcgen")
        span = node.span if node else section.span
        section.report.add(UNSUPPORTED_VERSION, span, version=version)


def _package(section: Section, file: str) -> str:
    node = section.node("package")
    if node is None:
        span, package = section.span, re.sub(r"[-. ]", "_", PurePath(file).stem)
    else:
        span, package = node.span, section.text("package")
    if package and (not _PACKAGE.fullmatch(package) or len(package) > 255):
        section.report.add(INVALID_PACKAGE, span, package=package[:80])
    return package


def _json(section: Section, report: Report) -> JsonStyle:
    node = section.node("json")
    if node is None:
        return JsonStyle()
    inner = open_section(node, keys.JSON, report, "'json'", section.key_span("json"))
    if inner is None:
        return JsonStyle()
    int64 = inner.word("int64", ("number", "string"), "number")
    absent = inner.word("absent", ("refused", "zero"), "refused")
    return JsonStyle(int64_as_string=int64 == "string", absent_is_zero=absent == "zero")


def _server(entry: Entry, report: Report) -> Server | None:
    """A server: its URL, a list of them, or a mapping."""
    name, what = entry.key.text, f"server {entry.key.text!r}"
    if not isinstance(entry.value, Mapping):
        return Server(name, _urls(entry.value, report, what), Meta(entry.key.span))
    section = Section(entry.value, keys.SERVER, report, what, entry.key.span)
    key = section.exclusive("url", "urls")
    node = section.node(key) if key else section.require("urls")
    urls = _urls(node, report, f"{key!r} of {what}") if node else ()
    return Server(name, urls, read_meta(section, report))


def _urls(node: Node, report: Report, what: str) -> tuple[str, ...]:
    nodes = node.items if isinstance(node, Sequence) else (node,)
    urls: list[str] = []
    for item in nodes:
        if isinstance(item, Text) and _is_url(item.text):
            urls.append(item.text)
        else:
            wrong_kind(report, item, what, "a URL such as grpc://localhost:50051")
    return tuple(urls)


def _is_url(text: str) -> bool:
    scheme, separator, rest = text.partition("://")
    clean = all(c.isprintable() and not c.isspace() for c in rest)
    return bool(separator and rest and clean and re.fullmatch(r"[a-z][a-z0-9+.-]*", scheme))
