"""Values put into JSON text at any depth, without reading what is beside them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from .json import decode_failure

_READ = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode
_WRITE = msgspec.json.Encoder().encode


def replace_text(
    text: bytes, name: str, read: Callable[[str], dict[str, Any]]
) -> bytes:
    """The object ``text`` with a member that is a text replaced by what it is read as."""
    members = _members(text)
    raw = bytes(members.get(name, b"")).lstrip()
    if not raw.startswith(b'"'):
        return text
    said: str = msgspec.json.decode(raw)
    return _WRITE({**members, name: read(said)})


def put(text: bytes, ways: Sequence[Sequence[str]], values: Sequence[bytes]) -> bytes:
    """The object ``text`` with each of the values where its way leads, whatever was there.

    A way is the names of members, from the outside; what is missing on it becomes an object.
    Raises ``ServiceError`` if the text is no JSON, or no object where a way goes through.
    """
    if not ways:
        return text
    members = _members(text)
    below: dict[str, list[tuple[Sequence[str], bytes]]] = {}
    for way, value in zip(ways, values, strict=True):
        if len(way) == 1:
            members[way[0]] = msgspec.Raw(value)
        else:
            below.setdefault(way[0], []).append((way[1:], value))
    for name, inner in below.items():
        held = bytes(members.get(name, msgspec.Raw(b"{}")))
        deeper = put(held, [way for way, _ in inner], [value for _, value in inner])
        members[name] = msgspec.Raw(deeper)
    return _WRITE(members)


def _members(text: bytes) -> dict[str, msgspec.Raw]:
    try:
        return _READ(text)
    except msgspec.DecodeError as error:
        raise decode_failure(error) from None
