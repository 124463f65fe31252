"""XML as values, and their text: the one place where anything is escaped.

A character that XML 1.0 cannot carry at all (2.2: most controls) becomes U+FFFD.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from svcgen.frozen import EMPTY, frozen

_IMPOSSIBLE = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\r": "&#13;"}
_IN_TEXT = str.maketrans({key: value for key, value in _ESCAPES.items() if key != '"'})
_IN_ATTRIBUTE = str.maketrans(_ESCAPES | {"\t": "&#9;", "\n": "&#10;"})


@frozen
class Node:
    """An element: its name with the prefix, attributes in order, and either children or a text."""

    tag: str
    attributes: Mapping[str, str] = EMPTY
    children: tuple[Node, ...] = ()
    text: str = ""


def node(tag: str, attributes: Mapping[str, str | None], *children: Node | None) -> Node:
    """An element without the attributes and children that are ``None``."""
    kept = {name: value for name, value in attributes.items() if value is not None}
    return Node(tag, kept, tuple(child for child in children if child is not None))


def dump(root: Node) -> str:
    """The text of a document."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', *_lines(root, "")]
    return "\n".join(lines) + "\n"


def clean(text: str) -> str:
    """The text as far as XML has characters for it."""
    return _IMPOSSIBLE.sub("\ufffd", text)


def _lines(element: Node, indent: str) -> Iterable[str]:
    head = indent + "<" + element.tag + "".join(map(_attribute, element.attributes.items()))
    if element.text:
        yield f"{head}>{clean(element.text).translate(_IN_TEXT)}</{element.tag}>"
    elif not element.children:
        yield head + "/>"
    else:
        yield head + ">"
        for child in element.children:
            yield from _lines(child, indent + "  ")
        yield f"{indent}</{element.tag}>"


def _attribute(pair: tuple[str, str]) -> str:
    name, value = pair
    return f' {name}="{clean(value).translate(_IN_ATTRIBUTE)}"'
