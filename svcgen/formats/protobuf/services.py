"""Services of a .proto file -> services of the model, with their HTTP rules."""

from __future__ import annotations

import re

from svcgen.diagnostics import Report
from svcgen.formats.protobuf.facts import literal, meta_of, span_of
from svcgen.formats.protobuf.modelling import NOTHING, Modeller
from svcgen.formats.protobuf.rules import HTTP
from svcgen.formats.protobuf.tree import Message, Method
from svcgen.formats.protobuf.tree import Service as ServiceTree
from svcgen.model.naming import Name
from svcgen.model.rpc import ascii_name
from svcgen.model.service import Operation, Payload, Service
from svcgen.model.types import (
    Enum,
    Field,
    ListOf,
    Literal,
    NamedRef,
    Scalar,
    ScalarRef,
    Struct,
    TypeDef,
    TypeRef,
)

_VERBS = ("get", "put", "post", "delete", "patch")
_WITHOUT_BODY = ("get", "delete")
_VARIABLE = re.compile(r"\{([^{}]*)\}")
_NOT_IN_URLS = frozenset({Scalar.ANY, Scalar.BYTES})


class ServiceModeller:
    """Needs the finished types, since HTTP rules speak of the fields of requests."""

    def __init__(self, types: dict[str, TypeDef], modeller: Modeller, report: Report) -> None:
        self._types = types
        self._modeller = modeller
        self._report = report
        self._routes: set[tuple[str, str]] = set()

    def service(self, service: ServiceTree) -> Service:
        spelled = ascii_name(service.name).pascal
        bind: dict[str, Literal] = {"grpc": {"service": service.name}}
        return Service(
            Name.parse(service.name),
            tuple(self._operation(method) for method in service.methods),
            meta_of(service, bind if spelled != service.name else None),
        )

    def _operation(self, method: Method) -> Operation:
        bind: dict[str, Literal] = {}
        if ascii_name(method.name).pascal != method.name:
            bind["grpc"] = {"method": method.name}
        if (http := self._http(method)) is not None:
            bind["http"] = http
        level = method.settings.get("idempotency_level")
        return Operation(
            Name.parse(method.name),
            meta_of(method, bind),
            input=self._payload(method, request=True),
            output=self._payload(method, request=False),
            readonly=level == "NO_SIDE_EFFECTS",
            idempotent=level in ("NO_SIDE_EFFECTS", "IDEMPOTENT"),
        )

    def _payload(self, method: Method, *, request: bool) -> Payload | None:
        message = method.request_type if request else method.response_type
        stream = method.client_streams if request else method.server_streams
        assert message is not None
        assert method.file is not None
        if message.full_name == NOTHING and not stream:
            return None
        at = method.request_at if request else method.response_at
        ref = self._modeller.message_ref(message, method.file.tokens.span(at))
        return Payload(ref, stream)

    def _http(self, method: Method) -> dict[str, Literal] | None:
        """The REST binding that a ``google.api.http`` says, if REST can serve it."""
        rule = method.settings.get("(google.api.http)")
        if not isinstance(rule, dict):
            return None
        verb = next((v for v in _VERBS if v in rule), "")
        path = rule.get(verb)
        problem = ""
        if not isinstance(path, str):
            problem, path = "it has none of get, put, post, delete and patch", ""
        names = self._names(method.request_type)
        body = rule.get("body")
        problem = problem or self._problem(method, verb, path, body, names)
        if problem:
            shown = f"{verb} {path}".strip()
            facts = {"route": shown, "method": method.name, "problem": problem}
            self._report.add(HTTP, span_of(method), **facts)
            return None
        spelled = _VARIABLE.sub(lambda m: "{" + names[m[1]].name.wire + "}", path)
        self._routes.add((verb, _VARIABLE.sub("{}", path)))
        found: dict[str, Literal] = {"method": verb.upper(), "path": spelled}
        if isinstance(body, str) and body:
            found["body"] = body if body == "*" else names[body].name.wire
        extra = {name: literal(v) for name, v in rule.items() if name not in (verb, "body")}
        return {**found, "x-rule": extra} if extra else found

    def _names(self, message: Message | None) -> dict[str, Field]:
        """The model's fields of a message by their names in the file."""
        if message is None:
            return {}
        struct = self._types.get(self._modeller.message_name(message))
        fields = struct.fields if isinstance(struct, Struct) else ()
        return {tree.name: f for tree, f in zip(message.fields, fields, strict=False)}

    def _problem(
        self, method: Method, verb: str, path: str, body: object, names: dict[str, Field]
    ) -> str:
        """Why REST cannot serve a rule; empty if it can."""
        variables = _VARIABLE.findall(path)
        plain = _VARIABLE.sub("x", path)
        if method.client_streams:
            return "its requests are a stream"
        if not re.fullmatch(r"(/[A-Za-z0-9._~-]+)+", plain) or "/." in plain:
            return "its path is no list of plain segments"
        if len(set(variables)) < len(variables):
            return "it names a variable twice"
        for name in variables:
            field = names.get(name)
            if field is None or not field.required or not self._is_single(field.type):
                return f"{{{name}}} is no required scalar of the request"
        if verb in _WITHOUT_BODY and body:
            return f"{verb} has no body"
        if isinstance(body, str) and body not in ("", "*") and body not in names:
            return f"its body {body!r} is no field of the request"
        queried = [f for n, f in names.items() if n not in variables and n != body]
        if body != "*" and not all(self._fits_query(f.type) for f in queried):
            return "a field that is left for the query is no scalar"
        if (verb, _VARIABLE.sub("{}", path)) in self._routes:
            return "another method has the same one"
        return ""

    def _is_single(self, ref: TypeRef) -> bool:
        if isinstance(ref, ScalarRef):
            return ref.scalar not in _NOT_IN_URLS
        return isinstance(ref, NamedRef) and isinstance(self._types.get(ref.name), Enum)

    def _fits_query(self, ref: TypeRef) -> bool:
        return self._is_single(ref.item if isinstance(ref, ListOf) else ref)
