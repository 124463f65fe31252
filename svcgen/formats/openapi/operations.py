"""Operations as OpenAPI's: parameters, body, responses, security."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus

from svcgen.formats.openapi.names import Components
from svcgen.formats.openapi.paths import expanded
from svcgen.formats.openapi.problems import STATUS_OF_CODE, problem_response
from svcgen.formats.openapi.schemas import Schema, Schemas, described
from svcgen.model.bindings import BoundOperation, HttpBinding, HttpParameter
from svcgen.model.messages import Message
from svcgen.model.service import Api, Auth, Streaming
from svcgen.model.types import Field, Literal
from svcgen.model.zeros import may_be_absent

MASK: Schema = {"type": "string", "description": "Paths of fields, separated by commas."}
JSON = "application/json"
NDJSON = "application/x-ndjson"
SSE = "text/event-stream"

SECURITY_SCHEMES: Mapping[str, Schema] = {
    "bearer": {"type": "http", "scheme": "bearer"},
    "api_key": {"type": "apiKey", "in": "header", "name": "x-api-key"},
}


class Operations:
    """Writes the operations of one definition."""

    def __init__(self, api: Api, components: Components, schemas: Schemas) -> None:
        self._api = api
        self._components = components
        self._schemas = schemas

    def operation(self, bound: BoundOperation, wire: HttpBinding, number: int = 0) -> Schema:
        """An operation by its own binding or, by its ``number`` from 1, an additional one."""
        found = self._head(bound)
        examples = [example.value for example in bound.exchange.operation.examples]
        if parameters := self._parameters(wire, examples):
            found["parameters"] = parameters
        if number:
            found["operationId"] = f"{found['operationId']}_{number}"
        if (body := self._body(bound, wire)) is not None:
            shown = _named([_body_part(example, wire) for example in examples])
            content = {kind: schema | shown for kind, schema in body.items()}
            found["requestBody"] = {"required": _needs_body(bound, wire), "content": content}
        found["responses"] = self._responses(bound, wire)
        if (auth := _auth(bound)) is not None:
            found["security"] = _security(auth)
        return found

    def socket(self, bound: BoundOperation) -> Schema:
        """What OpenAPI has no words for: the messages of a WebSocket."""
        return self._head(bound) | {
            "request": self._message(bound.exchange.request),
            "response": self._message(bound.exchange.response),
        }

    def _head(self, bound: BoundOperation) -> Schema:
        operation, service = bound.exchange.operation, bound.exchange.service
        found = described(operation.meta)
        summary = operation.meta.doc.strip().partition("\n")[0].rstrip(".")
        return {
            "operationId": f"{service.name.wire}_{operation.name.wire}",
            "summary": summary or operation.name.wire,
            "tags": [service.name.wire, *operation.meta.tags],
        } | found

    def _parameters(self, wire: HttpBinding, examples: Sequence[Literal]) -> list[Schema]:
        """The parameters; of a variable that holds several segments one for each of its wildcards."""
        held = expanded(wire.path)[1]
        return [
            each
            for parameter in wire.parameters
            if parameter.place != "body"
            for each in (
                [part.parameter() for part in held[parameter.way]]
                if parameter.place == "path" and parameter.way in held
                else [self._parameter(parameter, examples)]
            )
        ]

    def _parameter(self, parameter: HttpParameter, examples: Sequence[Literal]) -> Schema:
        """A parameter; ``examples`` are of whole requests."""
        schema = self._schemas.field(parameter.field)
        if parameter.is_mask:
            schema = MASK | described(parameter.field.meta)
        absent = bool(parameter.within) or may_be_absent(parameter.field, self._api)
        found: Schema = {
            "name": parameter.name,
            "in": parameter.place,
            "required": parameter.place == "path" or (not absent and schema.get("type") != "array"),
        }
        for key in ("description", "deprecated"):
            if key in schema:
                found[key] = schema.pop(key)
        if parameter.place == "path" and schema.get("type") == "string":
            schema.setdefault("minLength", 1)
        name = parameter.field.name.wire
        shown = [e[name] for e in examples if isinstance(e, dict) and name in e]
        return found | {"schema": schema} | _named(shown)

    def _body(self, bound: BoundOperation, wire: HttpBinding) -> dict[str, Schema] | None:
        """The schema of the body by content type."""
        request = bound.exchange.request
        if wire.body is None:
            return None
        if bound.exchange.operation.streaming is Streaming.CLIENT:
            return _stream(self._message(request), NDJSON)
        fields = {f.name.wire: f for f in request.struct.fields}
        if wire.body != "*":
            return {JSON: {"schema": self._schemas.field(fields[wire.body])}}
        placed = _outside(wire)
        masks = {p.name for p in wire.parameters if p.place == "body"}
        left = [field for name, field in fields.items() if name not in placed]
        if placed or masks or request.params:
            return {JSON: {"schema": self._part(left, masks)}}
        return {JSON: {"schema": self._message(request)}}

    def _part(self, fields: Sequence[Field], masks: Iterable[str]) -> Schema:
        """An object of some fields, of which masks may be texts as well."""
        schema = self._schemas.object(fields)
        properties = {f.name.wire: self._schemas.field(f) for f in fields}
        for name in masks:
            properties[name] = {"anyOf": [properties[name], MASK]}
        return schema | {"properties": properties}

    def _responses(self, bound: BoundOperation, wire: HttpBinding) -> Schema:
        operation = bound.exchange.operation
        found: Schema = {str(wire.status): self._success(bound, wire)}
        if operation.readonly and wire.method == "GET" and operation.streaming is Streaming.UNARY:
            found["304"] = {"description": "The client has the same already (If-None-Match)."}
        for status, errors in sorted(self._declared(bound).items()):
            found[str(status)] = problem_response(
                " or ".join([_phrase(status), *errors]),
                self._components.problem,
                *(self._components.error(name) for name in errors),
            )
        found["default"] = problem_response("The call failed.", self._components.problem)
        return found

    def _declared(self, bound: BoundOperation) -> dict[int, list[str]]:
        """The names of the declared errors by their status; 400 is there in any case."""
        found: dict[int, list[str]] = {400: []}
        if _auth(bound) is not None and _auth(bound) != Auth(()):
            found |= {401: [], 403: []}
        for name in bound.exchange.operation.errors:
            status = STATUS_OF_CODE[self._api.errors[name].code]
            found.setdefault(status, []).append(name)
        return found

    def _success(self, bound: BoundOperation, wire: HttpBinding) -> Schema:
        response = bound.exchange.response
        found: Schema = {"description": _phrase(wire.status)}
        if response.type is None:
            return found
        fields = {f.name.wire: f for f in response.struct.fields}
        part = fields.get(wire.response_body or "")
        schema = self._schemas.field(part) if part else self._message(response)
        if bound.exchange.operation.streaming is Streaming.SERVER:
            return found | {"content": _stream(schema, NDJSON, SSE)}
        return found | {"content": {JSON: {"schema": schema}}}

    def _message(self, message: Message) -> Schema:
        """The schema of what one direction carries, a single value unwrapped."""
        return {} if message.type is None else self._schemas.of(message.type)


def _stream(schema: Schema, *kinds: str) -> dict[str, Schema]:
    """A body of many values: the schema is that of one, a line or the data of an event."""
    return {kind: {"schema": schema, "x-stream": True} for kind in kinds}


def _named(examples: Sequence[Literal]) -> Schema:
    """Examples as OpenAPI lists them."""
    if not examples:
        return {}
    return {"examples": {f"example{n}": {"value": e} for n, e in enumerate(examples, 1)}}


def _body_part(example: Literal, wire: HttpBinding) -> Literal:
    """What of an example of a whole request is in the body."""
    if not isinstance(example, dict) or wire.body is None:
        return example
    if wire.body != "*":
        return example.get(wire.body)
    placed = _outside(wire)
    return {name: value for name, value in example.items() if name not in placed}


def _needs_body(bound: BoundOperation, wire: HttpBinding) -> bool:
    """Whether a request must have a body: not if that is a field that may be absent."""
    fields = {f.name.wire: f for f in bound.exchange.request.struct.fields}
    field = fields.get(wire.body or "")
    return field is None or field.required or field.default is not None


def _outside(wire: HttpBinding) -> set[str]:
    """The fields that are not in the body; what only a part of is elsewhere is in it."""
    return {p.field.name.wire for p in wire.parameters if not p.within}


def security_schemes(operations: tuple[BoundOperation, ...]) -> dict[str, Schema]:
    """The schemes that operations ask for, by name."""
    used = {s for bound in operations if (auth := _auth(bound)) for s in auth.schemes}
    return {name: dict(scheme) for name, scheme in SECURITY_SCHEMES.items() if name in used}


def _auth(bound: BoundOperation) -> Auth | None:
    own = bound.exchange.operation.auth
    return own if own is not None else bound.exchange.service.auth


def _security(auth: Auth) -> list[Schema]:
    return [{scheme: list(auth.scopes)} for scheme in auth.schemes]


def _phrase(status: int) -> str:
    return "Client Closed Request" if status == 499 else HTTPStatus(status).phrase
