"""The whole OpenRPC document of a definition as JSON-RPC serves it.

The order is the definition's, so the same definition gives the same bytes.
"""

from __future__ import annotations

from svcgen.formats.openapi.names import Components
from svcgen.formats.openapi.schemas import Schema, Schemas, info
from svcgen.formats.openrpc.methods import Methods
from svcgen.model.bindings import Bound, JsonRpcBinding
from svcgen.model.service import Api

_SCHEME = "jsonrpc+"


def document(bound: Bound) -> Schema:
    """The document as plain values."""
    api = bound.api
    components = Components(api)
    schemas = Schemas(api, components)
    methods = Methods(api, schemas)
    found: Schema = {
        "openrpc": "1.3.2",
        "info": info(api),
        **_servers(api),
        "methods": [
            methods.method(each, each.wire)
            for each in bound.operations
            if isinstance(each.wire, JsonRpcBinding)
        ],
        "components": {"schemas": schemas.components()},
    }
    return found | dict(api.meta.annotations)


def _servers(api: Api) -> Schema:
    """The servers that speak JSON-RPC, if any are named."""
    listed = [
        {"name": server.name, "url": url.removeprefix(_SCHEME)}
        for server in api.servers
        for url in server.urls
        if url.startswith(_SCHEME)
    ]
    return {"servers": listed} if listed else {}
