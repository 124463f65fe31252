"""The errors of a service as schemas: problem+json (RFC 9457) and the declared errors in it."""

from __future__ import annotations

from svcgen.formats.openapi.names import Components, ref
from svcgen.formats.openapi.schemas import Schema, Schemas, described
from svcgen.model.service import Api, Code, Error

PROBLEM_JSON = "application/problem+json"

STATUS_OF_CODE = {
    Code.CANCELLED: 499,
    Code.UNKNOWN: 500,
    Code.INVALID_ARGUMENT: 400,
    Code.DEADLINE_EXCEEDED: 504,
    Code.NOT_FOUND: 404,
    Code.ALREADY_EXISTS: 409,
    Code.PERMISSION_DENIED: 403,
    Code.RESOURCE_EXHAUSTED: 429,
    Code.FAILED_PRECONDITION: 400,
    Code.ABORTED: 409,
    Code.OUT_OF_RANGE: 400,
    Code.UNIMPLEMENTED: 501,
    Code.INTERNAL: 500,
    Code.UNAVAILABLE: 503,
    Code.DATA_LOSS: 500,
    Code.UNAUTHENTICATED: 401,
}


def problem_schemas(api: Api, components: Components, schemas: Schemas) -> dict[str, Schema]:
    """The problem of RFC 9457 with its additions, and one schema a declared error."""
    found = {
        components.problem: _problem(components),
        components.violation: violation(),
    }
    for name, error in api.errors.items():
        found[components.error(name)] = _declared(error, components, schemas)
    return found


def problem_response(description: str, *components: str) -> Schema:
    """A response whose body is one of these schemas."""
    listed = [ref(component) for component in components]
    schema = listed[0] if len(listed) == 1 else {"anyOf": listed}
    return {"description": description, "content": {PROBLEM_JSON: {"schema": schema}}}


def _problem(components: Components) -> Schema:
    return {
        "type": "object",
        "description": "Why a call failed (RFC 9457).",
        "properties": {
            "type": {"type": "string", "format": "uri-reference"},
            "title": {"type": "string"},
            "status": {"type": "integer", "minimum": 100, "maximum": 599},
            "detail": {"type": "string"},
            "code": {"type": "string", "enum": [code.value for code in Code]},
            "retryable": {"type": "boolean", "description": "May the same call succeed later?"},
            "violations": {"type": "array", "items": ref(components.violation)},
            "error": {"type": "string", "description": "The name of a declared error."},
            "payload": {"type": "object", "description": "The fields of a declared error."},
        },
        "required": ["type", "title", "status", "detail", "code"],
    }


def violation() -> Schema:
    return {
        "type": "object",
        "description": "One thing that is wrong with a request.",
        "properties": {
            "field": {"type": "string", "description": "The path of a field: items[2].name"},
            "message": {"type": "string"},
        },
        "required": ["field", "message"],
    }


def _declared(error: Error, components: Components, schemas: Schemas) -> Schema:
    own: Schema = {
        "type": "object",
        "properties": {
            "code": {"const": error.code.value},
            "error": {"const": error.name.wire},
            "payload": schemas.object(error.fields),
        },
        "required": ["error", "payload"],
    }
    return {"allOf": [ref(components.problem), own]} | described(error.meta)
