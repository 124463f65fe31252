"""What has to be said beside one body of a declaration to get another.

Both are trees of the definition language in their long forms, in which fields, parameters, members
and values are mappings of their own: only what differs in one of them is said of it.
"""

from __future__ import annotations

from typing import Any

from svcgen.formats import yaml
from svcgen.formats.neutral.writing import Tree, is_long_form

WITHOUT = "x-without"
"""The key of a difference that lists the keys which the other body does not have."""

_MEMBERS = {"fields": "type", "params": "type", "union": "type", "enum": "number"}
"""What has members, whose order counts, and what stands for one that is no mapping."""

_SHORT = {"types": "alias", "errors": "code", "events": "payload"}
"""What a body stands for that is no mapping, by section."""


def long_form(section: str, body: Any) -> Tree:
    """The body of a declaration with nothing abbreviated."""
    if not isinstance(body, dict):
        return {_SHORT[section]: body}
    if section == "types" and not is_long_form(body):
        body = {"fields": body}
    return {key: _long(key, value) if key in _MEMBERS else value for key, value in body.items()}


def _long(key: str, members: Any) -> Tree:
    named = members if isinstance(members, dict) else dict.fromkeys(members)
    return {name: _member(_MEMBERS[key], member) for name, member in named.items()}


def _member(word: str, member: Any) -> Tree:
    if isinstance(member, dict):
        return member
    return {} if member is None else {word: member}


def difference(before: Tree, after: Tree) -> Tree | None:
    """What makes the first body the second; ``None`` where the order of members is another."""
    found: Tree = {}
    for key, value in after.items():
        if key in _MEMBERS and isinstance(before.get(key), dict):
            changes = _changes(before[key], value)
            if changes is None:
                return None
            found |= {key: changes} if changes else {}
        elif key not in before or yaml.flow(before[key]) != yaml.flow(value):
            found[key] = value
    gone = [key for key in before if key not in after]
    return found | {WITHOUT: gone} if gone else found


def _changes(before: Tree, after: Tree) -> Tree | None:
    """The differences of members by their names."""
    if list(after) != [name for name in before | after if name in after]:
        return None
    found: Tree = {}
    for name, member in after.items():
        change = difference(before[name], member) if name in before else member
        found |= {name: change} if change or name not in before else {}
    gone = [name for name in before if name not in after]
    return found | {WITHOUT: gone} if gone else found


def patched(before: Tree, change: Tree) -> Tree:
    """The body of which ``change`` is the difference to another."""
    found = dict(before)
    for key, value in change.items():
        old = before.get(key)
        if key in _MEMBERS and isinstance(old, dict) and isinstance(value, dict):
            found[key] = _patched_members(old, value)
        elif key != WITHOUT:
            found[key] = value
    return _without(found, change)


def _patched_members(before: Tree, changes: Tree) -> Tree:
    found = dict(before)
    for name, change in changes.items():
        if name != WITHOUT:
            old = before.get(name)
            both = isinstance(old, dict) and isinstance(change, dict)
            found[name] = patched(old or {}, change) if both else change
    return _without(found, changes)


def _without(found: Tree, change: Tree) -> Tree:
    gone = change.get(WITHOUT)
    return {k: v for k, v in found.items() if k not in gone} if isinstance(gone, list) else found
