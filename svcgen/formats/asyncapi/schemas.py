"""The schemas of a definition, at the places where OpenAPI has them, with what it says beside them."""

from __future__ import annotations

from collections.abc import Iterable

from svcgen.formats import facts
from svcgen.formats.asyncapi.dialect import extensions, translated
from svcgen.formats.openapi.names import Components, ref
from svcgen.formats.openapi.problems import violation
from svcgen.formats.openapi.schemas import Schema, Schemas, described
from svcgen.model.messages import Message
from svcgen.model.service import Api, Code, Error
from svcgen.model.types import Alias, Enum, Field, Struct, TypeDef, Union


class Payloads:
    """Writes the schemas of one definition."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self.components = Components(api)
        self._schemas = Schemas(api, self.components)

    def declared(self) -> dict[str, Schema]:
        """The schemas of types, of errors, and of what failures are said with."""
        written = self._schemas.components()
        found = {name: translated(schema) for name, schema in written.items()}
        for definition in self._api.types.values():
            self._remember(found, definition)
        for error in self._api.errors.values():
            found[self.components.error(error.name.wire)] = self._error(error)
        found[self.components.problem] = _problem(self.components)
        found[self.components.violation] = violation()
        return found

    def request(self, message: Message) -> Schema:
        """What a method takes: its one value, or an object of its parameters."""
        if message.type is not None:
            return self._value(message)
        fields = message.struct.fields
        schema = translated(self._schemas.object(fields))
        _remember_fields(schema, fields)
        return schema

    def response(self, message: Message) -> Schema:
        """What a method gives; nothing is null."""
        return {"type": "null"} if message.type is None else self._value(message)

    def _value(self, message: Message) -> Schema:
        return {} if message.type is None else translated(self._schemas.of(message.type))

    def _error(self, error: Error) -> Schema:
        """The fields of a declared error."""
        schema = self._schemas.object(error.fields) | described(error.meta)
        found = translated(schema)
        _remember_fields(found, error.fields)
        return found | extensions(facts.of_error(error), facts.of_meta(error.meta))

    def _remember(self, written: dict[str, Schema], definition: TypeDef) -> None:
        """Add to the schema of a type what JSON Schema has no words for."""
        schema = written[self.components.type(definition.name.wire)]
        schema |= extensions(facts.of_meta(definition.meta))
        match definition:
            case Struct():
                _remember_fields(schema, definition.fields)
                schema |= extensions(facts.of_reserved(definition.reserved))
            case Union():
                for member in definition.members:
                    name = self.components.member(definition, member.name.wire)
                    written[name] |= extensions({"number": member.number})
                schema |= extensions(facts.of_reserved(definition.reserved))
            case Enum():
                schema |= extensions(facts.of_reserved(definition.reserved), _values(definition))
            case Alias():
                pass


def _remember_fields(schema: Schema, fields: Iterable[Field]) -> None:
    properties = schema["properties"]
    assert isinstance(properties, dict)
    for field in fields:
        own = {"number": field.number, "oneof": field.oneof}
        more = extensions(own, facts.of_meta(field.meta))
        if more:
            properties[field.name.wire] = translated(properties[field.name.wire] | more)


def _values(enum: Enum) -> facts.Facts:
    """Of an enum's values what there is but their names."""
    listed = {
        value.name.wire: facts.present(facts.of_value(value)) | described(value.meta)
        for value in enum.values
    }
    return {"values": {name: more for name, more in listed.items() if more}}


def _problem(components: Components) -> Schema:
    return {
        "type": "object",
        "description": "Why a call failed, where no declared error says it.",
        "properties": {
            "code": {"type": "string", "enum": [code.value for code in Code]},
            "message": {"type": "string"},
            "retryable": {"type": "boolean", "description": "May the same call succeed later?"},
            "violations": {"type": "array", "items": ref(components.violation)},
        },
        "required": ["code", "message"],
    }
