"""Path templates as ``google.api.http`` writes them (google/api/http.proto, "Path template syntax").

``/v1/{name=projects/*/topics/*}:publish``: a variable is the name of a field, or the way to it
(``topic.name``), and the segments that it holds: texts, ``*`` for any one segment, ``**`` for any
number of them. ``{name}`` is ``{name=*}``, and may be a part of a segment, as in ``/{name}.json``.
"""

from __future__ import annotations

import re
from urllib.parse import quote

from svcgen.frozen import frozen

_VARIABLE = re.compile(r"\{([^{}=]*)(=[^{}]*)?\}")
_BROKEN_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
OWN_PATHS = ("/healthz", "/readyz", "/openapi.json", "/docs")
"""Where a server has pages of its own."""

_PATH_SAFE = "/{}-._~!$&'()*+,;=:@%"


@frozen
class Variable:
    """One pair of braces. ``pattern`` is empty where the variable is one segment or a part of one."""

    name: str  # the field, or the way to it: topic.name
    pattern: str  # projects/*/topics/*


def variables(path: str) -> list[Variable]:
    """The variables of a path, in order."""
    return [Variable(m[1], _pattern(m)) for m in _VARIABLE.finditer(path)]


def template(path: str) -> list[str | Variable]:
    """The texts and variables of a path, in order."""
    found: list[str | Variable] = []
    at = 0
    for match in _VARIABLE.finditer(path):
        found += [path[at : match.start()], Variable(match[1], _pattern(match))]
        at = match.end()
    return [*found, path[at:]]


def renamed(path: str, names: dict[str, str]) -> str:
    """The path with other names in its braces."""
    return _VARIABLE.sub(lambda m: f"{{{names[m[1]]}{m[2] or ''}}}", path)


def route_key(path: str) -> str:
    """The path without names: two routes with one key are the same to a server."""
    return _VARIABLE.sub(lambda m: _pattern(m) or "*", path)


def crossing(one: str, other: str) -> str:
    """A path that belongs to two routes of which neither is the nearer, by their keys; or nothing.

    ``/a/*`` is nearer than ``/*/*``, but ``/a/*`` and ``/*/b`` meet at ``/a/b``.
    """
    pairs = list(zip(one.split("/"), other.split("/"), strict=False))
    sides: set[bool] = set()  # of the texts that have a wildcard over against them
    for a, b in pairs:
        if a != b:
            if "*" not in (a, b):
                return ""
            sides.add(a == "*")
    if len(sides) < 2 or one.count("/") != other.count("/") or "**" in one + other:
        return ""
    return "/".join(b if a == "*" else a for a, b in pairs)


def encoded(path: str) -> str:
    """The path as a URL has it: characters that URLs have not are percent-encoded."""
    return quote(path, safe=_PATH_SAFE)


def path_problem(path: str) -> str:
    """What is wrong with a path template, empty if nothing is."""
    fixed = _VARIABLE.sub("", path)
    segments = route_key(path).split("/")[1:]
    names = [variable.name for variable in variables(path)]
    if "{" in fixed or "}" in fixed:
        return "its braces do not match"
    if any("" in name.split(".") for name in names) or len(names) != len(set(names)):
        return "each of its braces needs a name of its own"
    if "}{" in path:
        return "two parameters have nothing between them"
    if _BROKEN_ESCAPE.search(fixed):
        return "a percent sign is not followed by two hexadecimal digits"
    if any(segment in (".", "..") for segment in segments):
        return "it has a segment '.' or '..'"
    if "" in segments and path != "/":
        return "it has an empty segment"
    if "*" in fixed:
        return "a wildcard outside of braces has no value that a client could send"
    return _pattern_problem(path)


def _pattern_problem(path: str) -> str:
    """What is wrong with the segments that the variables of a path hold."""
    for match in _VARIABLE.finditer(path):
        pattern = _pattern(match)
        if any("*" in s and s not in ("*", "**") for s in pattern.split("/")):
            return "a wildcard is no whole segment"
        ends = path[match.start() - 1], path[match.end() : match.end() + 1]
        if pattern and (ends[0] != "/" or ends[1] not in ("", "/", ":")):
            return f"the segments of {{{match[1]}}} begin or end inside of another one"
    return "it has '**' more than once" if route_key(path).count("**") > 1 else ""


def _pattern(match: re.Match[str]) -> str:
    pattern = (match[2] or "")[1:]
    return "" if match[2] is None or pattern == "*" else pattern
