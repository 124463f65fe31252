"""View of the files that make a package of it: its face, its command line, its project file."""

from __future__ import annotations

from collections.abc import Sequence

from svcgen import templates
from svcgen.frozen import frozen
from svcgen.languages import TargetFacts
from svcgen.languages.python.calls import ServiceCalls
from svcgen.languages.python.imports import import_block, isorted
from svcgen.languages.python.layout import Group, docstring, lay_out, quote
from svcgen.languages.python.models import ClassNames
from svcgen.languages.python.naming import Role, spell
from svcgen.languages.python.services import handler_class
from svcgen.languages.python.types import type_name
from svcgen.model.messages import synthetic_structs
from svcgen.model.plan import HandlerClass
from svcgen.model.service import Api


@frozen
class PackageView:
    header: str
    package: str  # of Python
    distribution: str  # in pyproject.toml
    doc: str  # docstring of the package
    version: str
    imports: str  # of _gen/entry.py
    face: str  # the imports of the package's __init__
    all: str  # the value of __all__
    schemes: str  # a dict: the module of each URL scheme
    run: str  # the last statement of __main__.py, laid out
    default_urls: str  # an assignment: where `serve` listens when it is told nothing
    protocols: tuple[str, ...]
    services: tuple[ServiceCalls, ...]
    handlers: tuple[HandlerClass, ...]
    several: bool  # services
    client: str  # what connect returns
    blocking: str
    connect: str  # the signature, laid out
    connect_blocking: str
    dependencies: tuple[str, ...]
    handler: str  # the whole seeded handler


_ENTRY_IMPORTS = frozenset(
    {
        "from __future__ import annotations",
        "from collections.abc import Sequence",
        "from . import runtime",
        "from .protocols import DEFAULT_URLS",
        "from .protocols import SCHEMES",
        "from .support.server import Server",
        "from .support.service import ServiceBase",
    }
)


def package_view(
    api: Api,
    targets: Sequence[TargetFacts],
    services: Sequence[ServiceCalls],
    package: str,
    header: str,
) -> PackageView:
    several = len(services) != 1
    handlers = tuple(handler_class(service, package) for service in services)
    client = "Client" if several else services[0].client
    blocking = "BlockingClient" if several else services[0].blocking
    names = _exports(api, services)
    names["entry"] = [
        *([client, blocking] if several else []),
        "connect",
        "connect_blocking",
        "serve",
    ]
    face = {f"from ._gen.{module} import {name}" for module, each in names.items() for name in each}
    everything = isorted({"runtime", *(name for each in names.values() for name in each)})
    clients = (client, blocking, *(c for s in services for c in (s.client, s.blocking)))
    imports = _ENTRY_IMPORTS | {f"from .client import {c}" for c in clients if c in names["client"]}
    if several:
        imports |= {
            "from typing import Self",
            "from .support.blocking import BlockingClientBase",
            "from .support.client import open_channel",
        }
    return PackageView(
        header=header,
        package=package,
        distribution=package.strip("_").replace("_", "-"),
        doc=docstring(api.meta.doc or f"The package {api.package}.", 0),
        version=api.version or "0.1.0",
        imports=import_block(imports),
        face=import_block(face | {"from ._gen import runtime"}),
        all=lay_out(Group("__all__ = [", tuple(map(quote, everything)), "]")),
        schemes=_schemes(targets),
        run=_run(package),
        default_urls=_default_urls(targets),
        protocols=tuple(t.protocol for t in targets),
        services=tuple(services),
        handlers=handlers,
        several=several,
        client=client,
        blocking=blocking,
        connect=_connect("connect", client),
        connect_blocking=_connect("connect_blocking", blocking),
        dependencies=_dependencies(targets),
        handler=_handler(handlers, package),
    )


def _exports(api: Api, services: Sequence[ServiceCalls]) -> dict[str, list[str]]:
    """The public names of the definition, by the module of ``_gen`` that has them."""
    derived = ClassNames.of(api)
    models = [type_name(name) for name in api.types] + [*derived.variants.values()]
    models += [spell(s.name, Role.TYPE) for s in synthetic_structs(api)]
    models += [spell(c.name, Role.CONSTANT) for c in api.constants]
    return {
        "models": models,
        "errors": [type_name(name) for name in api.errors],
        "service": [s.name for s in services],
        "client": [n for s in services for n in (s.client, s.blocking)],
    }


def _handler(classes: Sequence[HandlerClass], package: str) -> str:
    """The text of a new handler: imports, then a class a service with a stub a method."""
    stubs = [stub for c in classes for stub in c.methods]
    imports = {line for stub in stubs for line in stub.imports} | {c.base_import for c in classes}
    texts = []
    for cls in classes:
        header = lay_out(Group(f"class {cls.name}(", (cls.base,), "):"))
        body = [docstring(cls.doc, 4), *(stub.source.rstrip() for stub in cls.methods)]
        texts.append("\n\n".join([f"{header}\n    {body[0]}", *(_indented(t) for t in body[1:])]))
    return import_block(imports, package) + "\n\n\n" + "\n\n\n".join(texts)


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" if line else "" for line in text.split("\n"))


def _dependencies(targets: Sequence[TargetFacts]) -> tuple[str, ...]:
    """What ``requirements.txt`` beside the templates of each target names, and the models need."""
    lines = {"msgspec>=0.20"}
    for target in targets:
        lines |= set(templates.lines(f"python/{target.protocol}/requirements.txt"))
    return tuple(sorted(lines))


def _connect(name: str, client: str) -> str:
    arguments = ("*urls: str", "settings: runtime.ClientSettings | None = None")
    return lay_out(Group(f"def {name}(", arguments, f") -> {client}:"))


def _run(package: str) -> str:
    arguments = (quote(package), "OPERATIONS", "served", "SCHEMES", "DEFAULT_URLS")
    return lay_out(Group("sys.exit(", (Group("main(", arguments, ")"),), ")"), 4)


def _schemes(targets: Sequence[TargetFacts]) -> str:
    pairs = [f"{quote(s)}: {quote(t.protocol)}" for t in targets for s in t.schemes]
    return "{\n" + "".join(f"        {pair},\n" for pair in pairs) + "    }"


def _default_urls(targets: Sequence[TargetFacts]) -> str:
    urls = tuple(quote(f"{t.schemes[0]}://127.0.0.1:{t.default_port}") for t in targets)
    head = "DEFAULT_URLS: tuple[str, ...] = ("
    return lay_out(Group(head, urls, ",)" if len(urls) == 1 else ")"))
