"""Operations as OpenRPC's methods: parameters, result, errors.

OpenRPC has no words for streams. A method that streams has ``x-stream`` with the schemas of the
values that either side sends; its parameters and its result are then those of the call around them.
"""

from __future__ import annotations

from svcgen.formats.openapi.schemas import Schema, Schemas, described
from svcgen.model.bindings import BoundOperation, JsonRpcBinding
from svcgen.model.messages import Message
from svcgen.model.service import Api, Code, Error, Operation
from svcgen.model.types import Field

_SERVER_ERROR = {code: -32000 - number for number, code in enumerate(Code, 1)}


class Methods:
    """Writes the methods of one definition."""

    def __init__(self, api: Api, schemas: Schemas) -> None:
        self._api = api
        self._schemas = schemas

    def method(self, bound: BoundOperation, wire: JsonRpcBinding) -> Schema:
        operation, service = bound.exchange.operation, bound.exchange.service
        summary = operation.meta.doc.strip().partition("\n")[0].rstrip(".")
        found: Schema = {
            "name": wire.method,
            "summary": summary or operation.name.wire,
            "tags": [{"name": name} for name in (service.name.wire, *operation.meta.tags)],
            "paramStructure": "either",
            "params": self._params(bound.exchange.request, operation),
        }
        if not operation.oneway:
            found["result"] = self._result(bound.exchange.response, operation)
        if operation.errors:
            errors = [self._api.errors[name] for name in operation.errors]
            found["errors"] = [self._error(each, wire) for each in errors]
        if streams := self._streams(bound):
            found["x-stream"] = streams
        return found | described(operation.meta)

    def _params(self, request: Message, operation: Operation) -> list[Schema]:
        if operation.input is not None and operation.input.stream:
            return []
        return [self._param(field) for field in request.struct.fields]

    def _param(self, field: Field) -> Schema:
        schema = self._schemas.field(field)
        found: Schema = {"name": field.name.wire, "required": field.required}
        for key in ("description", "deprecated"):
            if key in schema:
                found[key] = schema.pop(key)
        return found | {"schema": schema}

    def _result(self, response: Message, operation: Operation) -> Schema:
        if operation.output is None or operation.output.stream:
            return {"name": "nothing", "schema": {"type": "null"}}
        return {"name": "result", "schema": self._value(response)}

    def _streams(self, bound: BoundOperation) -> Schema:
        """The schemas of the values that flow, by the side that sends them."""
        operation, exchange = bound.exchange.operation, bound.exchange
        found: Schema = {}
        if operation.input is not None and operation.input.stream:
            found["client"] = self._value(exchange.request)
        if operation.output is not None and operation.output.stream:
            found["server"] = self._value(exchange.response)
        return found

    def _value(self, message: Message) -> Schema:
        return {} if message.type is None else self._schemas.of(message.type)

    def _error(self, error: Error, wire: JsonRpcBinding) -> Schema:
        """Its number, its usual text, and what ``data`` has in it; the payload as a schema."""
        name = error.name.wire
        return {
            "code": wire.codes.get(name, _SERVER_ERROR[error.code]),
            "message": error.message or error.code.value.replace("_", " "),
            "data": {
                "code": error.code.value,
                "error": name,
                "payload": self._schemas.object(error.fields),
            },
        }
