"""What XML Schema has no words for, as attributes of a namespace of its own.

Texts stand as they are; whatever may be something else is JSON.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from svcgen.formats.wsdl.xml import clean
from svcgen.model.dump import expression
from svcgen.model.service import Api, Auth, Error, Operation, Service
from svcgen.model.types import Example, Meta, Reserved

NAMESPACE = "urn:svcgen:facts"

_Facts = Mapping[str, object]
_EMPTY: tuple[object, ...] = ("", [], {})


def attributes(facts: _Facts) -> dict[str, str]:
    """The facts that are there, as ``svc:`` attributes; zero and ``False`` are facts as well."""
    return {
        f"svc:{name}": value if isinstance(value, str) else as_json(value)
        for name, value in facts.items()
        if value is not None and value not in _EMPTY
    }


def of_meta(meta: Meta) -> _Facts:
    return {
        "deprecated": None if meta.deprecated is None else meta.deprecated or "deprecated",
        "since": meta.since,
        "renamedFrom": meta.renamed_from,
        "tags": list(meta.tags),
        "bind": dict(meta.bind),
        "annotations": dict(meta.annotations),
    }


def of_examples(examples: tuple[Example, ...]) -> _Facts:
    return {"examples": [example.value for example in examples]}


def of_reserved(reserved: Reserved) -> _Facts:
    return {
        "reservedNumbers": sorted(reserved.numbers),
        "reservedNames": sorted(reserved.names),
    }


def of_error(error: Error) -> _Facts:
    facts = {"code": error.code.value, "message": error.message}
    return {**facts, "retryable": error.retryable or None, **of_meta(error.meta)}


def of_operation(operation: Operation) -> _Facts:
    pages = operation.pagination
    facts: _Facts = {
        "number": operation.number,
        "readonly": operation.readonly or None,
        "idempotent": (operation.idempotent and not operation.readonly) or None,
        "deadline": operation.deadline,
        "auth": _auth(operation.auth),
        "pagination": [pages.token, pages.next_token, pages.items] if pages else None,
    }
    return {**facts, **of_meta(operation.meta), **of_examples(operation.examples)}


def of_service(service: Service) -> _Facts:
    return {"auth": _auth(service.auth), **of_meta(service.meta)}


def of_api(api: Api) -> _Facts:
    constants = {c.name.wire: [expression(c.type), c.value, c.meta.doc] for c in api.constants}
    return {
        "package": api.package,
        "version": api.version,
        "constants": constants,
        "servers": {server.name: list(server.urls) for server in api.servers},
        "json": {"int64": "string"} if api.json.int64_as_string else None,
        **of_meta(api.meta),
    }


def _auth(auth: Auth | None) -> _Facts | None:
    return {"schemes": list(auth.schemes), "scopes": list(auth.scopes)} if auth else None


def as_json(value: object) -> str:
    """JSON of characters that XML has."""
    text = json.dumps(value, ensure_ascii=False)
    return text if clean(text) == text else json.dumps(value)
