"""How a .proto mentions what other files declare: their packages, and the imports that it needs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from svcgen.formats.protobuf.shape import IMPORTS, ProtoMessage, ProtoService
from svcgen.model.rpc import ascii_name


def proto_package(package: str) -> str:
    """The package of another file: as it is where protobuf can have it so."""
    parts = package.split(".")
    return ".".join(part if part.isascii() else ascii_name(part).snake for part in parts)


def hiding(package: str, foreign: Iterable[str]) -> frozenset[str]:
    """The first parts of full names that mean something else inside of ``package``.

    A name is looked up from the innermost package outwards, and its first part decides.
    """
    scopes = [f"{scope}." for scope in _prefixes(package)]
    known = {name for each in (package, *foreign) for name in _prefixes(each)}
    found = (
        name.removeprefix(scope) for scope in scopes for name in known if name.startswith(scope)
    )
    return frozenset(name.partition(".")[0] for name in found)


def _prefixes(package: str) -> list[str]:
    """``a.b.c``, ``a.b`` and ``a``."""
    parts = package.split(".") if package else []
    return [".".join(parts[:count]) for count in range(len(parts), 0, -1)]


def imports_of(
    messages: Iterable[ProtoMessage], services: Iterable[ProtoService], foreign: Mapping[str, str]
) -> tuple[str, ...]:
    """The files of all types that are mentioned; ``foreign`` has those of the definition's own."""
    files = {**IMPORTS, **foreign}
    fields = (field for message in messages for field in message.fields)
    elements = (element for f in fields for element in (f.element, f.key) if element is not None)
    named = {element.proto for element in elements}
    for service in services:
        for method in service.methods:
            named |= {method.request, method.response}
    return tuple(sorted({files[name] for name in named & files.keys()}))
