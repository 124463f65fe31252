"""The whole OpenAPI document of a definition as REST serves it.

The order is the definition's, so the same definition gives the same bytes.
"""

from __future__ import annotations

from svcgen.formats.openapi.names import Components
from svcgen.formats.openapi.operations import Operations, security_schemes
from svcgen.formats.openapi.paths import expanded
from svcgen.formats.openapi.problems import problem_schemas
from svcgen.formats.openapi.schemas import Schema, Schemas, info
from svcgen.model.bindings import Bound, HttpBinding
from svcgen.model.kept import kept
from svcgen.model.service import Api, Streaming

_HTTP = ("http://", "https://", "rest+http://", "rest+https://")


@kept
def document(bound: Bound) -> Schema:
    """The document as plain values."""
    api = bound.api
    components = Components(api)
    schemas = Schemas(api, components)
    found: Schema = {
        "openapi": "3.1.0",
        "info": info(api),
        "servers": _servers(api),
        "tags": _tags(api),
        "security": [],
        "paths": _paths(bound, Operations(api, components, schemas)),
        "components": {"schemas": schemas.components() | problem_schemas(api, components, schemas)},
    }
    if schemes := security_schemes(bound.operations):
        found["components"] = {**found["components"], "securitySchemes": schemes}  # type: ignore[dict-item]
    return found | dict(api.meta.annotations)


def _servers(api: Api) -> list[Schema]:
    """The servers that speak HTTP; none named: where the document itself comes from."""
    listed = [
        {"url": url.removeprefix("rest+").rstrip("/"), "description": server.name}
        for server in api.servers
        for url in server.urls
        if url.startswith(_HTTP)
    ]
    return [dict(server) for server in listed] or [{"url": "/"}]


def _tags(api: Api) -> list[Schema]:
    """The services; then what operations are tagged with besides."""
    tags: dict[str, Schema] = {}
    for service in api.services:
        doc = service.meta.doc
        tags[service.name.wire] = {"description": doc} if doc else {}
    for service in api.services:
        for operation in service.operations:
            for tag in operation.meta.tags:
                tags.setdefault(tag, {})
    return [{"name": name} | more for name, more in tags.items()]


def _paths(bound: Bound, operations: Operations) -> Schema:
    paths: dict[str, Schema] = {}
    for each in bound.operations:
        for number, wire in enumerate(each.wire.all if isinstance(each.wire, HttpBinding) else ()):
            item = paths.setdefault(expanded(wire.path)[0], {})
            if each.exchange.operation.streaming is Streaming.BOTH:
                item["x-websocket"] = operations.socket(each)
            else:
                item[wire.method.lower()] = operations.operation(each, wire, number)
    return dict(paths)
