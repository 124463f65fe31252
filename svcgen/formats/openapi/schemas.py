"""Types as JSON Schema 2020-12: exactly what the JSON codec of a server takes and gives."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeAlias, assert_never

from svcgen.formats.openapi.names import Components, ref
from svcgen.model.messages import resolve
from svcgen.model.service import Api
from svcgen.model.types import (
    Alias,
    Constraints,
    Enum,
    Field,
    ListOf,
    MapOf,
    Meta,
    NamedRef,
    NullableOf,
    Scalar,
    ScalarRef,
    SetOf,
    Struct,
    TypeDef,
    TypeRef,
    Union,
)
from svcgen.model.zeros import zero

Schema: TypeAlias = "dict[str, object]"

_BASE64 = "^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$"
_DECIMAL = "^-?[0-9]+([.][0-9]+)?([eE][-+]?[0-9]{1,3})?$"
_DURATION = (
    "^-?P(?=[0-9T])([0-9]{1,6}D)?"
    "(T(?=[0-9])([0-9]{1,6}H)?([0-9]{1,6}M)?([0-9]{1,6}([.][0-9]{1,6})?S)?)?$"
)
_TIME = "^([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]{1,6})?$"

_SCALARS: Mapping[Scalar, Schema] = {
    Scalar.BOOL: {"type": "boolean"},
    Scalar.FLOAT32: {"type": "number", "format": "float"},
    Scalar.FLOAT64: {"type": "number", "format": "double"},
    Scalar.DECIMAL: {"type": ["string", "number"], "format": "decimal", "pattern": _DECIMAL},
    Scalar.STRING: {"type": "string"},
    Scalar.BYTES: {"type": "string", "format": "byte", "pattern": _BASE64},
    Scalar.TIMESTAMP: {"type": "string", "format": "date-time"},
    Scalar.DATE: {"type": "string", "format": "date"},
    Scalar.TIME: {"type": "string", "format": "time-local", "pattern": _TIME},
    Scalar.DURATION: {"type": "string", "pattern": _DURATION},
    Scalar.UUID: {"type": "string", "format": "uuid"},
    Scalar.ANY: {},
}


class Schemas:
    """Writes the schemas of one definition."""

    def __init__(self, api: Api, components: Components) -> None:
        self._api = api
        self._components = components

    def components(self) -> dict[str, Schema]:
        """The schema of every named type, by the name of its component."""
        found: dict[str, Schema] = {}
        for name, definition in self._api.types.items():
            found[self._components.type(name)] = self._definition(definition)
            if isinstance(definition, Union):
                for member in definition.members:
                    component = self._components.member(definition, member.name.wire)
                    found[component] = self._member(member)
        return found

    def of(self, type_: TypeRef) -> Schema:
        """The schema of a mention of a type."""
        match type_:
            case ScalarRef():
                return self._scalar(type_.scalar)
            case ListOf():
                return {"type": "array", "items": self.of(type_.item)}
            case SetOf():
                return {"type": "array", "items": self.of(type_.item), "uniqueItems": True}
            case MapOf():
                return self._map(type_)
            case NullableOf():
                return _nullable(self.of(type_.item))
            case NamedRef():
                return ref(self._components.type(type_.name))
            case _:
                assert_never(type_)

    def field(self, field: Field) -> Schema:
        """The schema of a field with its limits, default, examples and description."""
        schema = self.of(field.type) | self._limits(field.type, field.constraints)
        if field.default is not None:
            schema["default"] = field.default.value
        if field.examples:
            schema["examples"] = [example.value for example in field.examples]
        return schema | described(field.meta)

    def object(self, fields: Iterable[Field]) -> Schema:
        """An object with these properties."""
        listed = tuple(fields)
        schema: Schema = {
            "type": "object",
            "properties": {f.name.wire: self.field(f) for f in listed},
        }
        zeros = {f.name.wire for f in listed if zero(f, self._api) is not None}
        if required := [f.name.wire for f in listed if f.required and f.name.wire not in zeros]:
            schema["required"] = required
        return schema

    def _definition(self, definition: TypeDef) -> Schema:
        match definition:
            case Struct():
                schema = self.object(definition.fields)
                if definition.examples:
                    schema["examples"] = [example.value for example in definition.examples]
            case Enum():
                schema = _enum(definition)
            case Union():
                schema = self._union(definition)
            case Alias():
                target = definition.target
                schema = self.of(target) | self._limits(target, definition.constraints)
            case _:
                assert_never(definition)
        return schema | described(definition.meta)

    def _union(self, union: Union) -> Schema:
        members = {
            m.name.wire: ref(self._components.member(union, m.name.wire)) for m in union.members
        }
        mapping = {name: member["$ref"] for name, member in members.items()}
        return {
            "oneOf": list(members.values()),
            "discriminator": {"propertyName": "kind", "mapping": mapping},
        }

    def _member(self, member: Field) -> Schema:
        return {
            "type": "object",
            "properties": {
                "kind": {"type": "string", "const": member.name.wire},
                "value": self.field(member),
            },
            "required": ["kind", "value"],
        }

    def _scalar(self, scalar: Scalar) -> Schema:
        limits = scalar.integer_range
        if limits is None:
            return dict(_SCALARS[scalar])
        schema: Schema = {"type": "integer", "format": scalar.value}
        if scalar in (Scalar.INT64, Scalar.UINT64) and self._api.json.int64_as_string:
            pattern = "^-?[0-9]{1,19}$" if limits[0] else "^[0-9]{1,20}$"
            schema = {"type": ["string", "integer"], "format": scalar.value, "pattern": pattern}
        return schema | {"minimum": limits[0], "maximum": limits[1]}

    def _map(self, type_: MapOf) -> Schema:
        schema: Schema = {"type": "object", "additionalProperties": self.of(type_.value)}
        key = resolve(type_.key, self._api.types)
        if isinstance(key, ScalarRef) and key.scalar is not Scalar.STRING:
            schema["propertyNames"] = _key(self._scalar(key.scalar))
        elif isinstance(key, NamedRef):
            schema["propertyNames"] = self.of(key)
        return schema

    def _limits(self, type_: TypeRef, limits: Constraints) -> Schema:
        """The constraints in the words that JSON Schema has for the type."""
        resolved = resolve(type_, self._api.types)
        if isinstance(resolved, NullableOf):
            resolved = resolve(resolved.item, self._api.types)
        is_map = isinstance(resolved, MapOf)
        is_bytes = isinstance(resolved, ScalarRef) and resolved.scalar is Scalar.BYTES
        found = {
            "minimum": limits.minimum,
            "maximum": limits.maximum,
            "exclusiveMinimum": limits.exclusive_minimum,
            "exclusiveMaximum": limits.exclusive_maximum,
            "minLength": _base64_length(limits.min_length) if is_bytes else limits.min_length,
            "maxLength": _base64_length(limits.max_length) if is_bytes else limits.max_length,
            "minProperties" if is_map else "minItems": limits.min_items,
            "maxProperties" if is_map else "maxItems": limits.max_items,
            "pattern": limits.pattern,
            "uniqueItems": limits.unique or None,
        }
        return {key: value for key, value in found.items() if value is not None}


def info(api: Api) -> Schema:
    """What a document says of itself."""
    found: Schema = {"title": api.package, "version": api.version or "0.1.0"}
    if api.meta.doc:
        found["description"] = api.meta.doc
    return found


def described(meta: Meta) -> Schema:
    """What people want to know: description, deprecation, and the definition's own ``x-`` keys."""
    found: Schema = {}
    text = "\n\n".join(t for t in (meta.doc, _deprecation(meta)) if t)
    if text:
        found["description"] = text
    if meta.deprecated is not None:
        found["deprecated"] = True
    return found | dict(meta.annotations)


def _deprecation(meta: Meta) -> str:
    return f"Deprecated: {meta.deprecated}" if meta.deprecated else ""


def _enum(enum: Enum) -> Schema:
    """An open enum takes names that are not listed yet."""
    listed: Schema = {"type": "string", "enum": list(enum.names)}
    return listed if enum.closed else {"anyOf": [listed, {"type": "string"}]}


def _nullable(schema: Schema) -> Schema:
    if not schema:
        return schema
    kind = schema.get("type")
    if kind is None:
        return {"anyOf": [schema, {"type": "null"}]}
    kinds = kind if isinstance(kind, list) else [kind]
    return schema | {"type": [*kinds, "null"]}


def _key(schema: Schema) -> Schema:
    """The schema of a key of an object, which is always text."""
    match schema.get("type"):
        case "integer":
            return {"type": "string", "pattern": "^-?[0-9]{1,20}$"}
        case "boolean":
            return {"type": "string", "enum": ["true", "false"]}
    return schema


def _base64_length(count: int | None) -> int | None:
    return None if count is None else (count + 2) // 3 * 4
