"""Path templates: which of them a path belongs to, and what their variables hold.

``/v1/{name=projects/*/topics/*}:publish``, as google.api.http writes them (google/api/http.proto,
"Path template syntax"). A variable without a pattern is one segment or a part of one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from urllib.parse import quote, unquote

from .errors import Code, ServiceError

T = TypeVar("T")

_VARIABLE = re.compile(r"\{([^{}=]+)(?:=([^{}]*))?\}")
_ENCODED_SLASH = re.compile("(%2[Ff])")
_DOTS = re.compile(r"/\.\.?(?:/|\Z)")
_ONE = "([^/]+)"
_MANY = "([^/]+(?:/[^/]+)*)"


def plain(path: str) -> str:
    """The template without names: ``/v1/projects/*/topics/*:publish``."""
    return _VARIABLE.sub(lambda match: match[2] or "*", path)


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable of a template: ``read`` at the server, ``write`` at the client."""

    name: str
    segments: tuple[str | int, ...]  # texts, and which wildcards of the template
    pattern: str
    regex: re.Pattern[str]

    def read(self, found: Sequence[str]) -> str:
        """The value, from what the wildcards of the template hold, percent-encoded."""
        if not self.pattern:
            return unquote(found[self.segments[0]])  # type: ignore[index]
        texts = [s if isinstance(s, str) else found[s] for s in self.segments]
        raw = "/".join(text for text in texts if text)
        return _decoded(raw) if "%" in raw else raw

    def write(self, text: str) -> str:
        """The value in a URL. Raises ``ServiceError`` if it is not what the template says."""
        if not text:
            raise ServiceError(Code.INVALID_ARGUMENT, f"{self.name} is empty")
        if not self.pattern:
            return _undotted(quote(text, safe=""))
        if not self.regex.fullmatch(text):
            message = f"{self.name} is no {self.pattern}: {text[:200]!r}"
            raise ServiceError(Code.INVALID_ARGUMENT, message)
        return "/".join(map(_undotted, quote(text, safe="/").split("/")))


def template(path: str) -> list[str | Variable]:
    """The texts and variables of a template, in order."""
    parts = _VARIABLE.split(path)
    found: list[str | Variable] = [parts[0]]
    count = 0
    for name, held, text in zip(parts[1::3], parts[2::3], parts[3::3], strict=True):
        pattern = held or "*"
        segments: list[str | int] = []
        for segment in pattern.split("/"):
            is_wild = segment in ("*", "**")
            segments.append(count if is_wild else segment)
            count += is_wild
        shown = "" if pattern == "*" else pattern
        regex = re.compile(_regex(unquote(pattern)), re.DOTALL)
        found += [Variable(name, tuple(segments), shown, regex), text]
    return found


class PathTable(Generic[T]):
    """Finds what is mounted at a path: a dict for fixed paths, a tree of segments for others."""

    def __init__(self) -> None:
        self.fixed: dict[str, T] = {}
        self._root: _Node[T] = _Node()
        self._deep: list[tuple[int, str, re.Pattern[str], T]] = []

    def add(self, path: str, value: T) -> None:
        shape = plain(path)
        if "{" not in path:
            self.fixed[unquote(path)] = value
        elif "**" in shape:
            texts = len(shape.replace("*", ""))
            self._deep.append((-texts, shape, re.compile(_regex(shape)), value))
            self._deep.sort(key=lambda each: each[:2])
        else:
            self._root.place(shape.split("/"), value)

    def matches(self, path: str) -> list[tuple[T, Sequence[str]]]:
        """What is at a raw (percent-encoded) path, and what its wildcards hold; the nearest first.

        Texts go before wildcards, from the left; ``**`` comes last. A segment that ends with a verb
        that is known there is no value of a wildcard; an encoded colon is no verb.
        """
        if "/." in path and _DOTS.search(path):
            return []
        found = self._root.matches(path.split("/"))
        for _, _, regex, value in self._deep:
            if match := regex.fullmatch(path):
                found.append((value, [text or "" for text in match.groups()]))
        return found


class _Node(Generic[T]):
    """A place in the tree: what follows, by the next segment, and what ends here."""

    __slots__ = ("ends", "parts", "texts", "wild")

    def __init__(self) -> None:
        self.texts: dict[str, _Node[T]] = {}
        self.parts: list[tuple[int, str, re.Pattern[str], _Node[T]]] = []
        self.wild: _Node[T] | None = None
        self.ends: list[T] = []

    def place(self, segments: Sequence[str], value: T) -> None:
        node = self
        for segment in segments:
            node = node._child(segment)
        node.ends.append(value)

    def _child(self, segment: str) -> _Node[T]:
        if "*" not in segment:
            return self.texts.setdefault(unquote(segment), _Node())
        if segment == "*":
            self.wild = self.wild or _Node()
            return self.wild
        for _, shape, _, node in self.parts:
            if shape == segment:
                return node
        node = _Node()
        rank = -len(segment.replace("*", ""))
        self.parts.append((rank, segment, re.compile(_regex(segment)), node))
        self.parts.sort(key=lambda part: part[:2])
        return node

    def matches(self, segments: Sequence[str]) -> list[tuple[T, Sequence[str]]]:
        at: list[tuple[_Node[T], tuple[str, ...]]] = [(self, ())]
        for segment in segments:
            following: list[tuple[_Node[T], tuple[str, ...]]] = []
            text = unquote(segment) if "%" in segment else segment
            for node, held in at:
                if (below := node.texts.get(text)) is not None:
                    following.append((below, held))
                is_verb = not segment
                for _, shape, regex, below in node.parts:
                    if match := regex.fullmatch(segment):
                        following.append((below, held + match.groups()))
                        is_verb |= shape.startswith("*:") and bool(below.ends)
                if node.wild is not None and not is_verb:
                    following.append((node.wild, (*held, segment)))
            if not following:
                return []
            at = following
        return [(value, held) for node, held in at for value in node.ends]


def _regex(shape: str) -> str:
    """The regular expression of a template without names, a group a wildcard."""
    escaped = re.escape(shape).replace(r"/\*\*", f"(?:/{_MANY})?")
    return escaped.replace(r"\*\*", f"{_MANY}?").replace(r"\*", _ONE)


def _decoded(raw: str) -> str:
    """Several segments decoded; an encoded slash stays, as it is no border between them."""
    parts = _ENCODED_SLASH.split(raw)
    return "".join(p if i % 2 else unquote(p) for i, p in enumerate(parts))


def _undotted(text: str) -> str:
    """A segment that nobody on the way takes for a step up."""
    return text.replace(".", "%2E") if text in (".", "..") else text
