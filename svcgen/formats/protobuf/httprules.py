"""The REST binding of a method as the option ``google.api.http``, which gateways know."""

from __future__ import annotations

from collections.abc import Mapping

from svcgen.formats.protobuf.scopes import Declared
from svcgen.formats.protobuf.shape import (
    Element,
    MessageElement,
    ProtoMessage,
    ProtoMethod,
)
from svcgen.frozen import EMPTY
from svcgen.model.http_paths import renamed, variables
from svcgen.model.rpc import ascii_name
from svcgen.model.types import Literal

HTTP_OPTION = "(google.api.http)"
_VERBS = frozenset({"GET", "PUT", "POST", "DELETE", "PATCH"})
_WITHOUT_BODY = frozenset({"GET", "HEAD", "DELETE"})


def http_rule(method: ProtoMethod, types: Mapping[str, Declared]) -> Mapping[str, Literal]:
    """The option, where the definition says the method and the path by hand."""
    facts = method.exchange.operation.meta.bind.get("http")
    if not isinstance(facts, Mapping):
        return EMPTY
    rule = _rule(facts, method, types)
    if rule is None:
        return EMPTY
    more = facts.get("additional_bindings")
    others = [each for each in more if isinstance(each, Mapping)] if isinstance(more, list) else []
    rules: list[Literal] = [dict(other) for each in others if (other := _rule(each, method, types))]
    return {HTTP_OPTION: {**rule, **({"additional_bindings": rules} if rules else {})}}


def _rule(
    facts: Mapping[str, Literal], method: ProtoMethod, types: Mapping[str, Declared]
) -> Mapping[str, Literal] | None:
    verb, path = facts.get("method"), facts.get("path")
    if not isinstance(verb, str) or not isinstance(path, str):
        return None
    placed = [variable.name for variable in variables(path)]
    ways = {name: _way(name, method.request, types) for name in placed}
    spelled = renamed(path, ways)
    rule: dict[str, Literal] = (
        {verb.lower(): spelled} if verb in _VERBS else {"custom": {"kind": verb, "path": spelled}}
    )
    names = {field.name.wire for field in method.exchange.request.struct.fields}
    left = names - {*placed, *_named(facts, "query"), *_named(facts, "header")}
    body = facts.get("body", "*" if left and verb not in _WITHOUT_BODY else None)
    answer = facts.get("response_body")
    for key, name, message in (
        ("body", body, method.request),
        ("response_body", answer, method.response),
    ):
        if isinstance(name, str) and name:
            rule[key] = name if name == "*" else _way(name, message, types)
    return rule


def _named(facts: Mapping[str, Literal], place: str) -> Mapping[str, Literal]:
    found = facts.get(place)
    return found if isinstance(found, Mapping) else EMPTY


def _way(path: str, message: str, types: Mapping[str, Declared]) -> str:
    """A field, or the way to one, in the names of the .proto; a message may be of another file."""
    ways: list[str] = []
    for part in path.split("."):
        declared = types.get(message)
        fields = declared.fields if isinstance(declared, ProtoMessage) else ()
        field = next((each for each in fields if each.source.name.wire == part), None)
        ways.append(field.name if field else ascii_name(part).snake)
        message = _of(field.element) if field else ""
    return ".".join(ways)


def _of(element: Element) -> str:
    return element.proto if isinstance(element, MessageElement) else ""
