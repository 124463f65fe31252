"""What a form cannot say, carried by it: so that A -> B -> A gives A again.

A written form carries the fragment of a declaration on that declaration, in its own extension
point, and the form's reader leaves it there as the annotation ``KEPT``. :func:`choose` finds out
which declarations need that, by reading what was written; ``restoring`` puts the originals in the
place of what the form says by itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

from svcgen.diagnostics import Span
from svcgen.formats import KEPT
from svcgen.formats.neutral.fragments import Declaration, declarations, merged, text
from svcgen.formats.neutral.writing import Tree
from svcgen.frozen import frozen, replace
from svcgen.model.renaming import renamed_operation, renamed_type
from svcgen.model.service import Api, Error, Event, Operation, Service
from svcgen.model.types import TypeDef

ORDER = "x-svcgen-order"
"""The key of a kept service that lists its methods, where the form has them otherwise."""

_T = TypeVar("_T", bound="TypeDef | Error | Service | Operation | Event | Api")


@frozen
class Carried:
    """The key of a declaration as a form says it by itself, and the text that it carries."""

    key: str
    text: str
    span: Span


def everything(api: Api) -> dict[str, str]:
    """The texts of all declarations by key."""
    return {key: text(each.fragment) for key, each in declarations(api).items()}


def choose(api: Api, read: Api) -> dict[str, str]:
    """The texts that a form has to carry for ``api``, by key.

    ``read`` is what its reader makes of the form if that carries everything.
    """
    wanted = declarations(api)
    keys = {text(each.fragment): key for key, each in wanted.items()}
    plain = stripped(read)
    said = declarations(plain)
    found = {each.key: keys.get(each.text) for each in carried(read)}
    names = _names(found)
    renamed = declarations(_renamed(plain, names))
    kept: dict[str, str] = {}
    different: set[str] = set()
    marks: dict[str, list[str]] = {}  # of one declaration that a form says in two places as well
    for place, key in found.items():
        if key is None:
            kept[f"made/{said[place].name}"] = text({}, [said[place].mark])
        elif place:
            marks.setdefault(key, []).append(said[place].mark)
            different |= set() if _same(renamed[place], wanted[key]) else {key}
    kept |= {key: text(wanted[key].fragment, marks[key]) for key in marks if key in different}
    return kept | _rest(api, said[""], wanted, [key for key in found.values() if key])


def _same(plain: Declaration, original: Declaration) -> bool:
    return plain.name == original.name and plain.body == original.body


def _names(found: dict[str, str | None]) -> dict[str, str]:
    """What the definition calls the types and errors that a form calls otherwise."""
    pairs = ((place.split("/"), key.split("/")) for place, key in found.items() if key)
    return {
        place[1]: key[1]
        for place, key in pairs
        if place[0] in ("types", "errors") and place[1] != key[1]
    }


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
    if rest or wanted[""].body != said.body:
        return {"": text(merged(wanted[""].fragment, rest))}
    return {}


def _order(service: Service, found: list[str]) -> Tree:
    """The order of a service's methods, where the form has them in another one."""
    owner = f"services/{service.name.wire}/"
    names = [operation.name.wire for operation in service.operations]
    said = [key.removeprefix(owner) for key in found if key.startswith(owner)]
    after = [name for name in said if name in names]
    after += [name for name in names if name not in said]
    return {"services": {service.name.wire: {ORDER: names}}} if after != names else {}


def carried(api: Api) -> Iterator[Carried]:
    """The texts that the declarations of a model carry."""
    for key, declared in _declared(api):
        kept = declared.meta.annotations.get(KEPT)
        if isinstance(kept, str):
            yield Carried(key, kept, declared.meta.span)


def _declared(
    api: Api,
) -> Iterator[tuple[str, Api | TypeDef | Error | Service | Operation | Event]]:
    yield "", api
    for name, definition in api.types.items():
        yield f"types/{name}", definition
    for name, error in api.errors.items():
        yield f"errors/{name}", error
    for service in api.services:
        owner = f"services/{service.name.wire}"
        yield owner, service
        for operation in service.operations:
            yield f"{owner}/{operation.name.wire}", operation
        for event in service.events:
            yield f"{owner}/{event.name.wire}", event


def stripped(api: Api) -> Api:
    """The model without what its declarations carry."""
    return replace(
        _bare(api),
        types={name: _bare(definition) for name, definition in api.types.items()},
        errors={name: _bare(error) for name, error in api.errors.items()},
        services=tuple(_stripped_service(service) for service in api.services),
    )


def _stripped_service(service: Service) -> Service:
    return replace(
        _bare(service),
        operations=tuple(map(_bare, service.operations)),
        events=tuple(map(_bare, service.events)),
    )


def _bare(declared: _T) -> _T:
    if KEPT not in declared.meta.annotations:
        return declared
    rest = {key: value for key, value in declared.meta.annotations.items() if key != KEPT}
    return replace(declared, meta=replace(declared.meta, annotations=rest))


def _renamed(api: Api, names: dict[str, str]) -> Api:
    """The model with its mentions of types and errors as the definition spells them."""
    if not names:
        return api
    services = (
        replace(s, operations=tuple(renamed_operation(o, names) for o in s.operations))
        for s in api.services
    )
    types = {name: renamed_type(each, names) for name, each in api.types.items()}
    return replace(api, types=types, services=tuple(services))
