"""The model as a tree of the definition language: the whole of it, and each declaration alone."""

from __future__ import annotations

from typing import Any

from svcgen.formats.facts import of_json
from svcgen.formats.neutral.origins import ORIGIN
from svcgen.formats.neutral.policies import USUAL_PAGINATION
from svcgen.formats.neutral.writing import (
    Tree,
    constant_tree,
    doc_tree,
    error_tree,
    examples_tree,
    fields_tree,
    is_long_form,
    meta_tree,
    type_tree,
)
from svcgen.frozen import attributes
from svcgen.model.dump import expression
from svcgen.model.service import (
    EVENT_RETRIES,
    Api,
    Auth,
    Delivery,
    Event,
    Operation,
    Pagination,
    Payload,
    Server,
    Service,
)


def document(api: Api) -> Tree:
    """The whole definition."""
    found = head(api)
    if api.constants:
        found["constants"] = {c.name.wire: constant_tree(c) for c in api.constants}
    if api.types:
        found["types"] = {name: type_of(api, name) for name in api.types}
    if api.errors:
        found["errors"] = {name: error_of(api, name) for name in api.errors}
    if api.services:
        found["services"] = {s.name.wire: service_tree(s) for s in api.services}
    return found


def head(api: Api) -> Tree:
    """What is said of the definition itself, and its servers."""
    found: Tree = {"svcgen": 1, "package": api.package}
    if api.version:
        found["version"] = api.version
    if style := of_json(api.json):
        found["json"] = dict(style)
    found |= doc_tree(api.meta) | meta_tree(api.meta)
    if api.servers:
        found["servers"] = {server.name: _server(server) for server in api.servers}
    return found


def type_of(api: Api, name: str) -> Any:
    """A type, with the file that it was copied from."""
    tree, origin = type_tree(api.types[name]), _origin(api, name)
    if not origin:
        return tree
    if isinstance(tree, str):
        return {"alias": tree, **origin}
    return tree | origin if is_long_form(tree) else {"fields": tree, **origin}


def error_of(api: Api, name: str) -> Any:
    """An error, with the file that it was copied from."""
    tree, origin = error_tree(api.errors[name]), _origin(api, name)
    if not origin:
        return tree
    return {"code": tree, **origin} if isinstance(tree, str) else tree | origin


def _origin(api: Api, name: str) -> Tree:
    origin = api.origins.get(name)
    return {ORIGIN: dict(attributes(origin))} if origin else {}


def service_tree(service: Service) -> Tree:
    found = service_head(service)
    if service.operations:
        found["methods"] = {o.name.wire: operation_tree(o) for o in service.operations}
    if service.events:
        found["events"] = {e.name.wire: event_tree(e) for e in service.events}
    return found


def service_head(service: Service) -> Tree:
    """What is said of a service itself."""
    return doc_tree(service.meta) | meta_tree(service.meta) | _auth(service.auth)


def operation_tree(operation: Operation) -> Tree:
    meta = meta_tree(operation.meta)
    found = doc_tree(operation.meta)
    if operation.params:
        found["params"] = fields_tree(operation.params)
    if operation.input:
        found["input"] = _payload(operation.input)
    if operation.output:
        word = "returns" if operation.input is None and not operation.output.stream else "output"
        found[word] = _payload(operation.output)
    found |= _route(meta)
    if operation.errors:
        found["errors"] = list(operation.errors)
    for flag in ("readonly", "idempotent", "oneway"):
        if getattr(operation, flag) and not (flag == "idempotent" and operation.readonly):
            found[flag] = True
    if operation.deadline is not None:
        found["deadline"] = operation.deadline
    found |= _auth(operation.auth) | _pagination(operation.pagination)
    if operation.number is not None:
        found["number"] = operation.number
    return found | examples_tree(operation.examples) | meta


def event_tree(event: Event) -> Any:
    found: Tree = doc_tree(event.meta) | {"payload": expression(event.payload)}
    if event.key:
        found["key"] = event.key
    if event.delivery is not Delivery.BROADCAST:
        found["delivery"] = event.delivery.value
    if not event.durable:
        found["durable"] = False
    if event.retries != EVENT_RETRIES:
        found["retries"] = event.retries
    if event.dead_letter:
        found["dead_letter"] = event.dead_letter
    if event.number is not None:
        found["number"] = event.number
    found |= meta_tree(event.meta)
    return found if len(found) > 1 else found["payload"]


def _payload(payload: Payload) -> str:
    return ("stream " if payload.stream else "") + expression(payload.type)


def _route(meta: Tree) -> Tree:
    """``http: POST /add``, taken out of ``bind``, where that is all that is said of HTTP."""
    http = meta.get("bind", {}).get("http")
    if not isinstance(http, dict) or http.keys() != {"method", "path"}:
        return {}
    meta["bind"] = {name: facts for name, facts in meta["bind"].items() if name != "http"}
    if not meta["bind"]:
        del meta["bind"]
    return {"http": f"{http['method']} {http['path']}"}


def _auth(auth: Auth | None) -> Tree:
    if auth is None:
        return {}
    if auth.scopes:
        return {"auth": {"schemes": list(auth.schemes), "scopes": list(auth.scopes)}}
    return {"auth": list(auth.schemes) or "none"}


def _pagination(pagination: Pagination | None) -> Tree:
    if pagination is None:
        return {}
    if pagination == USUAL_PAGINATION:
        return {"pagination": True}
    named = {"token": pagination.token, "next_token": pagination.next_token}
    return {"pagination": {**named, "items": pagination.items}}


def _server(server: Server) -> Tree:
    found: Tree = {"urls": list(server.urls)} if len(server.urls) != 1 else {"url": server.urls[0]}
    return found | doc_tree(server.meta) | meta_tree(server.meta)
