"""What a .thrift file declares, from our reader's tree, as Apache's JSON generator writes it."""

from __future__ import annotations

import json
from typing import Any

from svcgen.formats.thrift.constants import entries, head, items
from svcgen.formats.thrift.docs import clean
from svcgen.formats.thrift.tree import (
    Annotation,
    Const,
    Declaration,
    Enum,
    EnumValue,
    Field,
    File,
    Function,
    Service,
    Struct,
    Type,
    Typedef,
    Value,
)

Facts = dict[str, Any]


def ours(file: File) -> Facts:
    return _Facts(file).all()


class _Facts:
    def __init__(self, file: File) -> None:
        self._file = file

    def all(self) -> Facts:
        file = self._file
        found: Facts = {"name": file.name}
        if file.doc is not None:
            found["doc"] = f"{clean(file.doc)}\n"
        found["namespaces"] = {scope: each.name for scope, each in file.namespaces.items()}
        found["includes"] = [each.name for each in file.included]
        found["enums"] = self._each(Enum, self._enum)
        found["typedefs"] = self._each(Typedef, self._typedef)
        found["structs"] = self._each(Struct, self._struct)
        found["constants"] = self._each(Const, self._const)
        found["services"] = self._each(Service, self._service)
        return found

    def _each(self, kind: Any, facts: Any) -> list[Facts]:
        return [facts(each) for each in self._file.definitions if isinstance(each, kind)]

    def _enum(self, enum: Enum) -> Facts:
        members = [{"name": v.name, "value": v.number} | _doc(v) for v in enum.values]
        return {"name": enum.name, "members": members} | _said(enum)

    def _typedef(self, typedef: Typedef) -> Facts:
        found = {"name": typedef.name, "typeId": type_id(typedef.type)}
        return found | self._spec("type", typedef.type) | _said(typedef)

    def _struct(self, struct: Struct) -> Facts:
        union = struct.word == "union"
        return {
            "name": struct.name,
            "isException": struct.word == "exception",
            "isUnion": union,
            "fields": [self._field(field, "optional" if union else "") for field in struct.fields],
        } | _said(struct)

    def _const(self, const: Const) -> Facts:
        found = {"name": const.name, "typeId": type_id(const.type), "value": plain(const.value)}
        return found | self._spec("type", const.type) | _doc(const)

    def _service(self, service: Service) -> Facts:
        found: Facts = {
            "name": service.name,
            "functions": [self._function(function) for function in service.functions],
        }
        if service.parent is not None:
            found["extends"] = self._qualified(service.parent)
        return found | _said(service)

    def _function(self, function: Function) -> Facts:
        found: Facts = {"name": function.name, "returnTypeId": "void", "oneway": function.oneway}
        if function.result is not None:
            found["returnTypeId"] = type_id(function.result)
            found |= self._spec("returnType", function.result)
        found["arguments"] = [
            self._field(a, "required" if a.requiredness == "required" else "req_out")
            for a in function.arguments
        ]
        found["exceptions"] = [
            self._field(t, "required" if t.requiredness == "required" else "req_out")
            for t in function.throws
        ]
        return found | _said(function)

    def _field(self, field: Field, required: str) -> Facts:
        found = {
            "key": field.number,
            "name": field.name,
            "typeId": type_id(field.type),
            "required": required or field.requiredness or "req_out",
        }
        if field.default is not None:
            found["default"] = plain(field.default)
        return found | self._spec("type", field.type) | _said(field)

    def _spec(self, name: str, mention: Type) -> Facts:
        """A type that is more than a name: a struct or a container."""
        kind = head(mention)
        if isinstance(kind, Enum) or (isinstance(kind, Type) and not kind.arguments):
            return {}
        found: Facts = {"typeId": type_id(mention)}
        assert kind is not None
        if kind.annotations:
            found["annotations"] = _annotations(kind.annotations)
        if isinstance(kind, Struct):
            found["class"] = self._qualified(kind)
        else:
            names = ("key", "value") if kind.word == "map" else ("elem",)
            for part, argument in zip(names, kind.arguments, strict=True):
                found[f"{part}TypeId"] = type_id(argument)
                found |= self._spec(f"{part}Type", argument)
        return {name: found}

    def _qualified(self, declared: Declaration) -> str:
        own = declared.file is None or declared.file is self._file
        return (
            declared.name if own or not declared.file else f"{declared.file.name}.{declared.name}"
        )


def type_id(mention: Type) -> str:
    kind = head(mention)
    assert kind is not None
    return {Enum: "i32"}.get(type(kind), "") or kind.word  # type: ignore[union-attr]


def plain(value: Value) -> Any:
    """A constant as JSON: values of enums as numbers, keys as strings."""
    if isinstance(value.value, EnumValue):
        return value.value.number
    if value.kind == "double":
        return float(f"{value.value:.15g}")
    if value.kind == "map":
        return {_key(plain(key)): plain(item) for key, item in entries(value)}
    return [plain(item) for item in items(value)] if value.kind == "list" else value.value


def _key(plain_key: Any) -> str:
    return json.dumps(plain_key) if isinstance(plain_key, list | dict) else str(plain_key)


def _doc(declared: Declaration) -> Facts:
    return {} if declared.doc is None else {"doc": f"{clean(declared.doc)}\n"}


def _said(declared: Declaration) -> Facts:
    said = {"annotations": _annotations(declared.annotations)} if declared.annotations else {}
    return _doc(declared) | said


def _annotations(annotations: tuple[Annotation, ...]) -> dict[str, str]:
    return {each.name: each.value for each in annotations}
