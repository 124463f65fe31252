"""What a form cannot say, carried by it: so that A -> B -> A gives A again.

A written form carries the fragment of a declaration on that declaration, in its own extension
point, and the form's reader leaves it there as the annotation ``KEPT``. ``choosing`` finds out
which declarations need that, by reading what was written; ``restoring`` puts the originals in the
place of what the form says by itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

from svcgen.diagnostics import Span
from svcgen.formats import FILE, KEPT, yaml
from svcgen.formats.neutral.fragments import Declaration, declarations
from svcgen.frozen import frozen, replace
from svcgen.model.renaming import renamed_operation, renamed_type
from svcgen.model.service import Api, Error, Event, Operation, Service
from svcgen.model.types import TypeDef

_T = TypeVar("_T", bound="TypeDef | Error | Service | Operation | Event | Api")


@frozen
class Carried:
    """The key of a declaration as a form says it by itself, and the text that it carries."""

    key: str
    text: str
    span: Span


def labels(api: Api) -> dict[str, str]:
    """What the declarations of a draft carry, by key: which they are, and in which state."""
    return {key: label(each) for key, each in declarations(api).items()}


def label(declaration: Declaration) -> str:
    """The mark of a declaration's state and its key."""
    return f"{{{declaration.mark} {declaration.key}}}"


def labelled(label: str) -> str:
    """The key in a label; empty if it is none, or that of the whole."""
    return label[1:-1].partition(" ")[2]


def with_path(text: str, path: str) -> str:
    """The text of a whole definition, which may be empty, with the path of its file."""
    said = yaml.flow({FILE: path})
    return f"{said[:-1]}, {text[1:]}" if text else said


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


def renamed(api: Api, names: dict[str, str]) -> Api:
    """The model with its mentions of types and errors as the definition spells them."""
    if not names:
        return api
    services = (
        replace(s, operations=tuple(renamed_operation(o, names) for o in s.operations))
        for s in api.services
    )
    types = {name: renamed_type(each, names) for name, each in api.types.items()}
    return replace(api, types=types, services=tuple(services))
