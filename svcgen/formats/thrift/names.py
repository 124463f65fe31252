"""Names in the model for what .thrift files declare, free of clashes in generated code."""

from __future__ import annotations

from collections.abc import Iterable

from svcgen.formats.thrift.tree import Enum, File, Struct, TypeDeclaration
from svcgen.model.naming import Name


class Taken:
    """The names that siblings have so far, as code spells them."""

    def __init__(self) -> None:
        self._spelled: set[str] = set()
        self._counts: dict[str, int] = {}  # by the spelling of the first name with a number

    def add(self, name: str) -> None:
        self._spelled.add(Name.parse(name).pascal)

    def free(self, name: str) -> str:
        """``name``, or with a number behind it where another spells the same in code."""
        wanted, numbered = name, ""
        while Name.parse(wanted).pascal in self._spelled:
            numbered = numbered or Name.parse(f"{name}2").pascal
            count = self._counts[numbered] = self._counts.get(numbered, 1) + 1
            wanted = f"{name}{count}"
        self.add(wanted)
        return wanted


def own_names(file: File, taken: Taken) -> dict[TypeDeclaration, str]:
    """Names of the types of a file, none of which depends on another file."""
    for service in file.services():
        taken.add(service.name)
    return {declared: taken.free(declared.name) for declared in file.types()}


def members(wires: Iterable[str]) -> list[Name]:
    """Names of siblings; where two are the same words, a number tells the later from the former."""
    taken = Taken()
    return [Name.parse(taken.free(wire)) for wire in wires]


def renamed(declared: Struct | Enum) -> dict[str, str]:
    """What the model calls fields or values by which their names do not tell them apart."""
    if declared.renamed is None:
        own = declared.fields if isinstance(declared, Struct) else declared.first_values
        names = [each.name for each in own]
        pairs = zip(names, members(names), strict=True)
        declared.renamed = {name: made.wire for name, made in pairs if made.wire != name}
    return declared.renamed
