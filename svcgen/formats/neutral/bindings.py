"""Hand-written wire facts: ``bind:`` as JSON values a protocol, HTTP's checked and made uniform."""

from __future__ import annotations

from svcgen.diagnostics import Report, Rule
from svcgen.formats.neutral import keys, scalars
from svcgen.formats.neutral.section import Section, open_section, wrong_kind, wrong_word
from svcgen.formats.neutral.tree import Mapping, Node, Sequence, Text, is_null
from svcgen.model.types import Literal

HTTP_SYNTAX = Rule(
    code="http-syntax",
    message="{text!r} is not an HTTP method and a path",
    fix="write for example: GET /users/{{id}}",
    why=(
        "An HTTP binding in one line is a method in capitals, a space, and a path that starts with"
        " a slash and has each parameter in braces, without spaces, query or fragment."
    ),
    example="svcgen: 1\nservices:\n  S: {methods: {m: {http: post to /m}}}\n",
)

_PATH_PUNCTUATION = "/{}-._~!$&'()*+,;=:@%"
_WANTED_PATH = f"a path: a slash, then letters, digits and any of {_PATH_PUNCTUATION}"


def read_bind(section: Section, report: Report) -> dict[str, Literal]:
    """``bind`` and its short form ``http`` as one mapping of protocol to wire facts."""
    found: dict[str, Literal] = {}
    node = section.node("bind")
    if node is not None:
        what = f"'bind' of {section.what}"
        bind = open_section(node, keys.BIND, report, what, section.key_span("bind"))
        if bind is not None:
            found |= bind.annotations
            for protocol in keys.PROTOCOLS:
                if (facts := bind.node(protocol)) is not None:
                    found[protocol] = _facts(protocol, facts, report, section.what)
    return found


def read_http(section: Section, bind: dict[str, Literal], report: Report) -> dict[str, Literal]:
    """``bind`` of a method with its key ``http`` merged in."""
    node = section.node("http")
    if node is None:
        return bind
    if "http" in bind:
        section.conflict("http", "bind.http")
    return {**bind, "http": _http(node, report, section.what)}


def _facts(protocol: str, node: Node, report: Report, owner: str) -> Literal:
    if protocol == "http":
        return _http(node, report, owner)
    if not isinstance(node, Mapping):
        wrong_kind(report, node, f"the {protocol} binding of {owner}", "a mapping")
    return scalars.literal(node, report)


def _http(node: Node, report: Report, owner: str) -> dict[str, Literal]:
    what = f"the HTTP binding of {owner}"
    if isinstance(node, Text) and not is_null(node):
        return _route(node, report)
    section = open_section(node, keys.HTTP, report, what, node.span)
    if section is None:
        return {}
    found = {**section.annotations, **_rule(section, report, what), **_status(section)}
    others = section.node("additional_bindings")
    if isinstance(others, Sequence):
        found["additional_bindings"] = [_additional(item, report, what) for item in others.items]
    elif others is not None:
        wrong_kind(report, others, f"'additional_bindings' of {what}", "a list")
    return found


def _additional(node: Node, report: Report, what: str) -> Literal:
    """Another way to call a method: the same keys but for its own additional ones and the status."""
    what = f"an additional binding of {what}"
    if isinstance(node, Text) and not is_null(node):
        return _route(node, report)
    section = open_section(node, keys.HTTP_RULE, report, what, node.span)
    return {} if section is None else _rule(section, report, what)


def _rule(section: Section, report: Report, what: str) -> dict[str, Literal]:
    found: dict[str, Literal] = {}
    if "method" in section:
        found["method"] = section.word("method", keys.HTTP_METHODS, "POST")
    for key in ("query", "header"):
        if (names := section.node(key)) is not None:
            found[key] = _wire_names(names, report, f"{key!r} of {what}")
    if path := read_path(section):
        found["path"] = path
    if response_body := section.text("response_body"):
        found["response_body"] = response_body
    return found | _body(section)


def read_path(section: Section) -> str:
    """The key ``path``; the empty string where it is absent or no path, which is reported."""
    path = section.node("path")
    if isinstance(path, Text) and _is_path(path.text):
        return path.text
    if path is not None:
        section.wrong("path", _WANTED_PATH)
    return ""


def _body(section: Section) -> dict[str, Literal]:
    """``*`` or the name of a field; ``none`` and null say that there is no body."""
    node = section.node("body")
    if node is None:
        return {}
    body = None if is_null(node) else section.text("body")
    return {"body": None if body == "none" else body}


def _status(section: Section) -> dict[str, Literal]:
    status = section.integer("status", 200)
    if status is None:
        return {}
    if status > 299:
        section.wrong("status", "a status of success, 200 to 299")
    return {"status": status}


def _route(node: Text, report: Report) -> dict[str, Literal]:
    method, _, path = node.text.partition(" ")
    if method.isupper() and method not in keys.HTTP_METHODS:
        wrong_word(report, node, "an HTTP method", keys.HTTP_METHODS)
        return {}
    if method not in keys.HTTP_METHODS or not _is_path(path.strip()):
        report.add(HTTP_SYNTAX, node.span, text=node.text[:80])
        return {}
    return {"method": method, "path": path.strip()}


def _is_path(path: str) -> bool:
    return path.startswith("/") and all(c.isalnum() or c in _PATH_PUNCTUATION for c in path)


def _wire_names(node: Node, report: Report, what: str) -> dict[str, Literal]:
    """``{parameter: wire name}``; a list names parameters that keep their names."""
    if isinstance(node, Sequence):
        pairs = [(item, item) for item in node.items]
    elif isinstance(node, Mapping):
        pairs = [(entry.key, entry.value) for entry in node.entries]
    else:
        wrong_kind(report, node, what, "a list or a mapping of names")
        return {}
    found: dict[str, Literal] = {}
    for parameter, wire in pairs:
        if isinstance(parameter, Text) and isinstance(wire, Text) and _is_wire_name(wire.text):
            found[parameter.text] = wire.text
        else:
            wrong_kind(report, wire, f"a name in {what}", "letters, digits and any of - _ . [ ]")
    return found


def _is_wire_name(text: str) -> bool:
    return bool(text) and all(c.isalnum() or c in "-_.[]" for c in text)
