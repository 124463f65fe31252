"""What a form has to carry of a definition, found out by reading the form.

Of a declaration that the form says in part, only the rest is carried. The text of a whole
declaration begins with ``svcgen: 1``; one that adds to what the form says does not.
"""

from __future__ import annotations

from collections.abc import Iterator

from svcgen.formats.neutral.differences import difference, long_form
from svcgen.formats.neutral.fragments import Declaration, declarations, merged, noted, text
from svcgen.formats.neutral.keeping import carried, label, labelled, renamed, stripped
from svcgen.formats.neutral.restoring import ORDER
from svcgen.formats.neutral.writing import Tree
from svcgen.frozen import replace
from svcgen.model.service import Api, Service


def choose(api: Api, read: Api) -> dict[str, str]:
    """The texts that a form has to carry for ``api``, by key.

    ``read`` is what its reader makes of the form if that carries the label of everything.
    """
    wanted = declarations(api)
    plain = stripped(read)
    said = declarations(plain)
    imported = set(_imported(read))
    found = {c.key: labelled(c.text) for c in carried(read) if c.key and c.key not in imported}
    names = _names(found)
    mentioned = declarations(renamed(plain, names)) if names else said
    kept: dict[str, str] = {}
    places: dict[str, list[str]] = {}  # a form may say a declaration in two places
    for place, key in found.items():
        if key:
            places.setdefault(key, []).append(place)
        else:
            kept[f"made/{said[place].name}"] = noted({}, [said[place].mark])
    for key, those in places.items():
        if any(not _same(mentioned[place], wanted[key]) for place in those):
            marks = [said[place].mark for place in those]
            whole = text(wanted[key].fragment, marks)
            rest = _added(mentioned[those[0]], wanted[key]) if len(those) == 1 else None
            kept[key] = whole if rest is None else min(noted(rest, marks), whole, key=len)
    own = [*filter(None, found.values()), *_come_along(api, read, wanted)]
    own += (k for k in _imported(api) if k in said and said[k].body == wanted[k].body)
    return kept | _rest(api, said[""], wanted, own)


def _same(plain: Declaration, original: Declaration) -> bool:
    return plain.name == original.name and plain.body == original.body


def _added(plain: Declaration, original: Declaration) -> Tree | None:
    """What makes of a declaration the original; ``None`` where that must be said whole."""
    if plain.section != original.section:
        return None
    before, after = (long_form(each.section, each.body) for each in (plain, original))
    change = difference(before, after)
    return None if change is None else replace(original, body=change).fragment


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


def _rest(
    api: Api, said: Declaration, wanted: dict[str, Declaration], found: list[str]
) -> dict[str, str]:
    """The text of the whole definition, if there is anything that only it can keep."""
    rest: Tree = {}
    for key, each in wanted.items():
        if key and key not in found:
            rest = merged(rest, each.fragment)
    for service in api.services:
        rest = merged(rest, _order(service, found))
    rest = merged(difference(said.body, wanted[""].body) or {}, rest)
    return {"": noted(rest, ())} if rest else {}


def _order(service: Service, found: list[str]) -> Tree:
    """The order of a service's methods, where the form has them in another one."""
    owner = f"services/{service.name.wire}/"
    names = [operation.name.wire for operation in service.operations]
    said = [key.removeprefix(owner) for key in found if key.startswith(owner)]
    after = [name for name in said if name in names]
    after += [name for name in names if name not in said]
    return {"services": {service.name.wire: {ORDER: names}}} if after != names else {}
