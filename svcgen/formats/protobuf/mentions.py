"""How a .proto mentions what other files declare: their packages, and the imports that it needs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from svcgen.formats import Writing
from svcgen.formats.protobuf.shape import IMPORTS, Mention, ProtoMessage, ProtoService, bound
from svcgen.model.rpc import ascii_name
from svcgen.model.service import Api, Origin
from svcgen.model.walk import needed


def mentions(api: Api, writing: Writing) -> dict[str, Mention]:
    """The types that are not declared but imported, by their names in the definition."""
    found = {name: _written(api, name, file) for name, file in writing.elsewhere.items()}
    if not writing.is_converted:
        return found
    bundled = {n: m for n, o in api.origins.items() if n not in found and (m := _bundled(o))}
    if not bundled:
        return found
    apart = needed(api, bundled)  # all else comes with these
    theirs = {n for n in api.origins if n in api.types and n not in apart and n not in bundled}
    return {**found, **bundled, **{name: Mention(name, "") for name in theirs - found.keys()}}


def _written(api: Api, name: str, file: str) -> Mention:
    """What the file of another definition, as it is written, calls a type or an error."""
    origin = api.origins[name]
    declared = api.types.get(name) or api.errors[name]
    spelled = bound(declared.meta, "name") or ascii_name(origin.name).pascal
    package = proto_package(origin.package)
    return Mention(f"{package}.{spelled}" if package else spelled, f"{file}.proto")


def _bundled(origin: Origin) -> Mention | None:
    """What a file that comes with svcgen, and with most tools, calls a type."""
    from svcgen.formats.protobuf.library import bundled_names

    name = bundled_names(f"{origin.file}.proto").get(origin.name)
    return Mention(name, f"{origin.file}.proto") if name else None


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
