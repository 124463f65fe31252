"""``google.api.http`` of a method -> its REST binding, word for word (google/api/http.proto).

The rule's fields are the binding's; the verb and its path are ``method`` and ``path``, and names of
fields become those that the model has on JSON.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from svcgen.diagnostics import Report
from svcgen.formats.protobuf.facts import span_of
from svcgen.formats.protobuf.httprules import HTTP_OPTION
from svcgen.formats.protobuf.modelling import Modeller
from svcgen.formats.protobuf.rules import HTTP
from svcgen.formats.protobuf.tree import Message, Method, Setting
from svcgen.model.http_paths import OWN_PATHS, path_problem, renamed, route_key, variables
from svcgen.model.types import (
    Enum,
    Field,
    Literal,
    NamedRef,
    Scalar,
    ScalarRef,
    Struct,
    TypeDef,
    TypeRef,
)

_VERBS = ("get", "put", "post", "delete", "patch")
_METHODS = (*(verb.upper() for verb in _VERBS), "HEAD")
_WITHOUT_BODY = ("GET", "HEAD", "DELETE")
_NOT_IN_PATHS = (Scalar.ANY,)


Members: TypeAlias = dict[str, tuple[Message | None, Field]]
"""The fields of a message by their names in the file, with the message that each is."""


class UnservedError(Exception):
    """Why REST cannot serve a rule."""


class HttpRules:
    """Reads the rules of one file, whose types are finished."""

    def __init__(self, types: Mapping[str, TypeDef], modeller: Modeller, report: Report) -> None:
        self._types = types
        self._modeller = modeller
        self._report = report
        self._routes: set[tuple[str, str]] = set()
        self._known: dict[Message, Members] = {}

    def of(self, method: Method) -> dict[str, Literal] | None:
        """The REST binding of a method, if it has a rule that REST can serve."""
        rule = method.settings.get(HTTP_OPTION)
        if not isinstance(rule, dict):
            return None
        more = rule.get("additional_bindings", [])
        listed = [rule, *(more if isinstance(more, list) else [more])]
        found = [self._binding(method, each) for each in listed if isinstance(each, dict)]
        served = [each for each in found if each is not None]
        if len(served) < 2:
            return served[0] if served else None
        return {**served[0], "additional_bindings": [*served[1:]]}

    def is_whole(self, method: Method, found: Mapping[str, Literal] | None) -> bool:
        """Whether a binding, of those of its method, says all of the rule."""
        rule = method.settings.get(HTTP_OPTION)
        if found is None or not isinstance(rule, dict):
            return False
        lists = [each.get("additional_bindings", []) for each in (rule, found)]
        sizes = [len(each) if isinstance(each, list) else -1 for each in lists]
        return sizes[0] == sizes[1] and "selector" not in rule

    def _binding(self, method: Method, rule: Mapping[str, Setting]) -> dict[str, Literal] | None:
        verb, path = _route(rule)
        try:
            return self._served(method, rule, verb, path)
        except UnservedError as problem:
            facts = {"route": f"{verb.lower()} {path}".strip(), "method": method.name}
            self._report.add(HTTP, span_of(method), **facts, problem=str(problem))
            return None

    def _served(
        self, method: Method, rule: Mapping[str, Setting], verb: str, path: str
    ) -> dict[str, Literal]:
        if verb not in _METHODS:
            raise UnservedError("it has none of get, put, post, delete, patch and custom HEAD")
        if problem := path_problem(path):
            raise UnservedError(problem)
        request = None if method.client_streams else method.request_type
        if path in OWN_PATHS:
            raise UnservedError("the server has a page of its own there")
        if method.client_streams and method.server_streams:
            raise UnservedError("both of its sides are streams, which is a WebSocket")
        if method.client_streams and (verb in _WITHOUT_BODY or variables(path)):
            raise UnservedError("its requests are a stream, which is the body")
        names = {v.name: self._way(request, v.name) for v in variables(path)}
        body = self._name(request, rule.get("body"), "body", verb)
        if body in names.values():
            raise UnservedError(f"it sends {body!r} in two places")
        if (verb, route_key(path)) in self._routes:
            raise UnservedError("another method has the same one")
        self._routes.add((verb, route_key(path)))
        found: dict[str, Literal] = {"method": verb, "path": renamed(path, names)}
        if body or verb not in _WITHOUT_BODY:
            found["body"] = body or None
        if answer := self._name(
            method.response_type, rule.get("response_body"), "response_body", ""
        ):
            found["response_body"] = answer
        return found

    def _way(self, message: Message | None, path: str) -> str:
        """A variable's path of fields in the names of the model."""
        ways: list[str] = []
        field: Field | None = None
        for part in path.split("."):
            fields = self._fields(message)
            if part not in fields:
                raise UnservedError(f"{{{path}}} is no field of the request")
            message, field = fields[part]
            ways.append(field.name.wire)
        if field is None or not self._is_single(field.type):
            raise UnservedError(f"{{{path}}} is no scalar")
        return ".".join(ways)

    def _name(self, message: Message | None, given: Setting | None, key: str, verb: str) -> str:
        """The model's name of the field that a rule names; ``*`` and nothing stay."""
        if not isinstance(given, str) or given in ("", "*"):
            wanted = given if isinstance(given, str) else ""
        elif given in (fields := self._fields(message)):
            wanted = fields[given][1].name.wire
        else:
            raise UnservedError(f"its {key} {given!r} is no field")
        if wanted and verb in _WITHOUT_BODY:
            raise UnservedError(f"{verb} has no body")
        return wanted

    def _fields(self, message: Message | None) -> Members:
        if message is None:
            return {}
        if message not in self._known:
            self._known[message] = self._members(message)
        return self._known[message]

    def _members(self, message: Message) -> Members:
        struct = self._types.get(self._modeller.message_name(message))
        fields = struct.fields if isinstance(struct, Struct) else ()
        return {
            tree.name: (tree.target if isinstance(tree.target, Message) else None, field)
            for tree, field in zip(message.fields, fields, strict=False)
        }

    def _is_single(self, ref: TypeRef) -> bool:
        if isinstance(ref, ScalarRef):
            return ref.scalar not in _NOT_IN_PATHS
        return isinstance(ref, NamedRef) and isinstance(self._types.get(ref.name), Enum)


def _route(rule: Mapping[str, Setting]) -> tuple[str, str]:
    """The method and the path of a rule; empty where it has none."""
    for verb in _VERBS:
        if isinstance(path := rule.get(verb), str):
            return verb.upper(), path
    custom = rule.get("custom")
    if not isinstance(custom, dict):
        return "", ""
    return str(custom.get("kind", "")), str(custom.get("path", ""))
