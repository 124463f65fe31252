"""What JAX-WS has to be told of names that Java cannot have (JAX-WS 2.2, 8.4): nothing else changes.

Its ``wsimport`` refuses an operation, or a parameter, that is called like a word of Java.
"""

from __future__ import annotations

from collections.abc import Iterable

from svcgen.formats.wsdl.xml import Node, node

NAMESPACE = "http://java.sun.com/xml/ns/jaxws"

_WORDS = frozenset(
    "abstract assert boolean break byte case catch char class const continue default do double else "
    "enum extends false final finally float for goto if implements import instanceof int interface "
    "long native new null package private protected public return short static strictfp super "
    "switch synchronized this throw throws transient true try void volatile while".split()
)


def bindings(operation: str, message: str, children: Iterable[str]) -> Node | None:
    """Other names for Java, of an operation and of what its request element holds, if needed."""
    part = f"wsdl:definitions/wsdl:message[@name='{message}']/wsdl:part[@name='parameters']"
    found = [
        node(
            "jaxws:parameter",
            {"part": part, "childElementName": f"tns:{child}", "name": f"{child}_"},
        )
        for child in children
        if child in _WORDS
    ]
    if operation in _WORDS:
        found.insert(0, node("jaxws:method", {"name": f"{operation}_"}))
    return node("jaxws:bindings", {"xmlns:jaxws": NAMESPACE}, *found) if found else None
