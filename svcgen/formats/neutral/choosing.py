"""What a form has to carry of a definition, found out by reading the form.

Of a declaration that the form says in part, only the rest is carried. The text of a whole
declaration begins with ``svcgen: 1``; one that adds to what the form says does not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from svcgen.formats.neutral.differences import difference, long_form
from svcgen.formats.neutral.fragments import Declaration, declarations, merged, noted, text
from svcgen.formats.neutral.keeping import carried, label, labelled, renamed, stripped
from svcgen.formats.neutral.restoring import ORDER
from svcgen.formats.neutral.writing import Tree
from svcgen.frozen import frozen, replace
from svcgen.model.service import Api, Service


@frozen
class Choice:
    """What a form has to carry, by the keys of declarations."""

    texts: Mapping[str, str]
    unsaid: Mapping[str, Tree | None]  # what the form does not say of each; ``None``: all of it


def choose(api: Api, read: Api) -> Choice:
    """What a form has to carry for ``api``.

    ``read`` is what its reader makes of the form if that carries the label of everything.
    """
    wanted = declarations(api)
    plain = stripped(read)
    said = declarations(plain)
    imported = set(_imported(read))
    found = {c.key: labelled(c.text) for c in carried(read) if c.key and c.key not in imported}
    names = _names(found)
    mentioned = declarations(renamed(plain, names)) if names else said
    made = [said[place] for place, key in found.items() if not key]
    kept = {f"made/{each.name}": noted({}, [each.mark]) for each in made}
    unsaid: dict[str, Tree | None] = {}
    for key, those in _places(found).items():
        if any(not _same(mentioned[place], wanted[key]) for place in those):
            marks = [said[place].mark for place in those]
            change = _change([mentioned[place] for place in those], wanted[key])
            kept[key] = _text(wanted[key], change if len(those) == 1 else None, marks)
            unsaid[key] = change
    own = [*filter(None, found.values()), *_come_along(api, read, wanted)]
    own += (k for k in _imported(api) if k in said and said[k].body == wanted[k].body)
    unsaid |= dict.fromkeys(key for key in wanted if key and key not in own)
    head = difference(said[""].body, wanted[""].body) or {}
    if head:
        unsaid[""] = head
    if whole := merged(head, _rest(api, wanted, own)):
        kept[""] = noted(whole, ())
    return Choice(kept, unsaid)


def _places(found: Mapping[str, str]) -> dict[str, list[str]]:
    """Where a form says each declaration: it may do so twice."""
    places: dict[str, list[str]] = {}
    for place, key in found.items():
        if key:
            places.setdefault(key, []).append(place)
    return places


def _same(plain: Declaration, original: Declaration) -> bool:
    if plain.name != original.name or plain.body != original.body:
        return False
    return _in_order(plain.body, original.body)


def _in_order(body: object, other: object) -> bool:
    """Whether what is equal has its members in the same order too, which mappings do not tell."""
    if not isinstance(body, dict) or not isinstance(other, dict):
        return True
    return list(body) == list(other) and all(map(_in_order, body.values(), other.values()))


def _change(plain: list[Declaration], original: Declaration) -> Tree | None:
    """What makes of a declaration the original, wherever the form says it.

    ``None`` where it must be said whole.
    """
    found: Tree = {}
    for each in plain:
        if each.section != original.section:
            return None
        before, after = (long_form(d.section, d.body) for d in (each, original))
        change = difference(before, after)
        if change is None:
            return None
        found = merged(found, change)
    return found


def _text(original: Declaration, change: Any, marks: list[str]) -> str:
    """The shorter one of the whole declaration and of what has to be added to what is said."""
    whole = text(original.fragment, marks)
    if change is None:
        return whole
    return min(noted(replace(original, body=change).fragment, marks), whole, key=len)


def _names(found: dict[str, str]) -> dict[str, str]:
    """What the definition calls the types and errors that a form calls otherwise."""
    pairs = ((place.split("/"), key.split("/")) for place, key in found.items() if key)
    return {
        place[1]: key[1]
        for place, key in pairs
        if place[0] in ("types", "errors") and place[1] != key[1]
    }


def _imported(api: Api) -> Iterator[str]:
    """The keys of what other files declare."""
    for section, names in (("types", api.types), ("errors", api.errors)):
        yield from (f"{section}/{name}" for name in names if name in api.origins)


def _come_along(api: Api, read: Api, wanted: dict[str, Declaration]) -> Iterator[str]:
    """The keys of what other files declare that comes with them as it is, and needs nothing."""
    labels = {c.text: _name(c.key) for c in carried(read) if _name(c.key) in read.origins}
    for key in _imported(api):
        each = wanted[key]
        there = labels.get(label(each))
        if there and replace(read.origins[there], name=each.name) == api.origins[each.name]:
            yield key


def _name(key: str) -> str:
    """The name of a type or an error by its key."""
    return key.partition("/")[2]


def _rest(api: Api, wanted: dict[str, Declaration], found: list[str]) -> Tree:
    """What only the text of the whole definition can keep."""
    rest: Tree = {}
    for key, each in wanted.items():
        if key and key not in found:
            rest = merged(rest, each.fragment)
    for service in api.services:
        rest = merged(rest, _order(service, found))
    return rest


def _order(service: Service, found: list[str]) -> Tree:
    """The order of a service's methods, where the form has them in another one."""
    owner = f"services/{service.name.wire}/"
    names = [operation.name.wire for operation in service.operations]
    said = [key.removeprefix(owner) for key in found if key.startswith(owner)]
    after = [name for name in said if name in names]
    after += [name for name in names if name not in said]
    return {"services": {service.name.wire: {ORDER: names}}} if after != names else {}
