"""Which services of a tree extend one of another file, for the forms that can say so.

A definition has what a service inherits as that service's own, with the word of a form for what it
extends. The word is true as long as both have the same methods, which is looked up here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from svcgen.conversion.writing import Module
from svcgen.formats import Format, Inherited
from svcgen.formats.neutral.declarations import operation_tree
from svcgen.model.renaming import renamed_operation
from svcgen.model.service import Operation


def inherited(
    module: Module, form: Format, find: Callable[[str], Module | None]
) -> dict[str, Inherited]:
    """What the services of a module extend in others, which ``find`` gives by their names."""
    found: dict[str, Inherited] = {}
    for service in module.api.services:
        file, _, name = (form.extended(service) if form.extended else "").rpartition(".")
        other = find(file) if file else None
        for each in other.api.services if other else ():
            if each.name.wire == name and other:
                own = service.operations[: len(each.operations)]
                if _said(own, module) == _said(each.operations, other):
                    found[service.name.wire] = Inherited(file, each)
    return found


def _said(operations: Sequence[Operation], module: Module) -> list[Any]:
    """Methods, whose types have the names that they have in the whole tree."""
    api = module.api
    names = {name: f"{module.name}:{name}" for name in (*api.types, *api.errors)}
    names |= {name: f"{file}:{api.origins[name].name}" for name, file in module.elsewhere.items()}
    return [(o.name.wire, operation_tree(renamed_operation(o, names))) for o in operations]
