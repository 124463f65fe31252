"""What a definition says beside its types, by name: for forms that have no words of their own for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from svcgen.model.dump import expression
from svcgen.model.service import Api, Auth, Error, JsonStyle, Operation, Service
from svcgen.model.types import Constant, EnumValue, Meta, Reserved

Facts: TypeAlias = "Mapping[str, object]"
"""JSON values by names in kebab case."""

_EMPTY: tuple[object, ...] = ("", [], {})


def present(facts: Facts) -> dict[str, object]:
    """The facts that are there; zero and ``False`` are facts as well."""
    return {
        name: value for name, value in facts.items() if value is not None and value not in _EMPTY
    }


def of_meta(meta: Meta) -> Facts:
    """Without the documentation, the deprecation and the annotations, which many forms have."""
    return {
        "since": meta.since,
        "renamed-from": meta.renamed_from,
        "tags": list(meta.tags),
        "bind": dict(meta.bind),
    }


def of_reserved(reserved: Reserved) -> Facts:
    return {
        "reserved-numbers": reserved.numbers.words(),
        "reserved-names": sorted(reserved.names),
    }


def of_value(value: EnumValue) -> Facts:
    return {"number": value.number, "aliases": [alias.name.wire for alias in value.aliases]}


def of_error(error: Error) -> Facts:
    return {
        "code": error.code.value,
        "message": error.message,
        "retryable": error.retryable or None,
    }


def of_operation(operation: Operation) -> Facts:
    pages = operation.pagination
    return {
        "number": operation.number,
        "readonly": operation.readonly or None,
        "idempotent": (operation.idempotent and not operation.readonly) or None,
        "deadline": operation.deadline,
        "auth": _auth(operation.auth),
        "pagination": [pages.token, pages.next_token, pages.items] if pages else None,
    }


def of_service(service: Service) -> Facts:
    return {"auth": _auth(service.auth)}


def of_api(api: Api) -> Facts:
    constants = {c.name.wire: _constant(c) for c in api.constants}
    return {
        "package": api.package,
        "version": api.version,
        "constants": constants,
        "servers": {server.name: list(server.urls) for server in api.servers},
        "json": of_json(api.json),
    }


def of_json(style: JsonStyle) -> Facts:
    said = {"int64": "string" * style.int64_as_string, "absent": "zero" * style.absent_is_zero}
    return {key: word for key, word in said.items() if word}


def _constant(constant: Constant) -> Facts:
    said = {"type": expression(constant.type), "value": constant.value}
    return {**said, "doc": constant.meta.doc} if constant.meta.doc else said


def _auth(auth: Auth | None) -> Facts | None:
    return {"schemes": list(auth.schemes), "scopes": list(auth.scopes)} if auth else None
