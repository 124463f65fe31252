"""What services and methods are called on gRPC and whatever else speaks protobuf: ASCII names.

``bind: {grpc: {package: …}}`` at the definition, ``service`` at a service and ``method`` at a
method say it by hand. The .proto, the codecs and the bindings all ask here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from svcgen.model.naming import Name
from svcgen.model.service import Api, Operation, Service
from svcgen.model.types import Meta

_SMALL = re.compile(r"[a-z][a-z0-9_]*")


@lru_cache(maxsize=1 << 15)
def ascii_name(wire: str) -> Name:
    """A name of ASCII letters, digits and underscores, starting with a letter.

    Accents are dropped; any other letter becomes ``u`` and its code point. Two names may fold into
    one.
    """
    plain = wire.isascii() and wire.isidentifier()
    folded = wire if plain else "".join(map(_ascii, unicodedata.normalize("NFKD", wire)))
    name = Name.parse(folded)
    if plain and name.words[0][0].isalpha():
        return name
    words = name.words if name.snake.strip("_") else ("x",)
    if not words[0][0].isalpha():
        words = ("x" + words[0], *words[1:])
    return Name(wire, words)


def _ascii(char: str) -> str:
    if char.isascii():
        return char if char.isalnum() else "_"
    if unicodedata.combining(char):
        return ""
    return f"_u{ord(char)}_" if char.isalnum() else "_"


def rpc_package(api: Api) -> str:
    """The protobuf package: the definition's own, each part in ASCII."""
    bound = _bound(api.meta, "package")
    if bound is not None:
        return bound
    return ".".join(package_parts(api.package))


def package_parts(package: str) -> list[str]:
    """The parts of a package in small ASCII letters; those that are written so stay as they are."""
    parts = [part for part in package.split(".") if part]
    return [part if _SMALL.fullmatch(part) else ascii_name(part).snake for part in parts]


def rpc_service(api: Api, service: Service) -> str:
    """The name of a service, without the package."""
    return _bound(service.meta, "service") or _distinct(
        service.name, (s.name for s in api.services)
    )


def rpc_method(service: Service, operation: Operation) -> str:
    return _bound(operation.meta, "method") or _distinct(
        operation.name, (o.name for o in service.operations)
    )


def rpc_path(api: Api, service: Service, operation: Operation) -> str:
    """``/package.Service/Method``, as HTTP/2 carries it."""
    package = rpc_package(api)
    full = f"{package}.{rpc_service(api, service)}" if package else rpc_service(api, service)
    return f"/{full}/{rpc_method(service, operation)}"


def _bound(meta: Meta, key: str) -> str | None:
    facts = meta.bind.get("grpc")
    value = facts.get(key) if isinstance(facts, dict) else None
    return value if isinstance(value, str) else None


def _distinct(name: Name, siblings: Iterable[Name]) -> str:
    """The name in Pascal case, with an underscore for everything that it would fold into.

    Names of ASCII differ already; only those that are folded have to be looked at.
    """
    spelled = ascii_name(name.wire).pascal
    if name.wire.isascii():
        return spelled
    ordered = sorted(siblings, key=lambda s: not s.wire.isascii())
    taken: set[str] = set()
    for sibling in ordered:
        spelled = ascii_name(sibling.wire).pascal
        while spelled in taken:
            spelled += "_"
        taken.add(spelled)
        if sibling.wire == name.wire:
            break
    return spelled
