"""Names in the model for what .thrift files declare, free of clashes in generated code."""

from __future__ import annotations

from collections.abc import Iterable

from svcgen.formats.thrift.tree import File, TypeDeclaration
from svcgen.model.naming import Name


def own_names(file: File, taken: set[str]) -> dict[TypeDeclaration, str]:
    """Names of the types of a file, none of which depends on another file."""
    taken.update(Name.parse(service.name).pascal for service in file.services())
    return {declared: free(declared.name, taken) for declared in file.types()}


def free(name: str, taken: set[str]) -> str:
    """``name``, or with a number behind it where another spells the same in code."""
    wanted, count = name, 1
    while Name.parse(wanted).pascal in taken:
        count += 1
        wanted = f"{name}{count}"
    taken.add(Name.parse(wanted).pascal)
    return wanted


def members(wires: Iterable[str]) -> list[Name]:
    """Names of siblings; where two are the same words, a number tells the later from the former."""
    taken: set[str] = set()
    counts: dict[str, int] = {}
    found = []
    for wire in wires:
        name = Name.parse(wire)
        words, last = name.words, name.words[-1]
        while "_".join(words) in taken:
            counts[name.snake] = counts.get(name.snake, 1) + 1
            words = (*words[:-1], f"{last}{counts[name.snake]}")
        taken.add("_".join(words))
        found.append(Name(wire, words))
    return found
