"""Names of components: what the definition calls them where OpenAPI allows it, unique always."""

from __future__ import annotations

import re

from svcgen.model.service import Api
from svcgen.model.types import Union

_FORBIDDEN = re.compile(r"[^A-Za-z0-9._-]")


class Components:
    """Where the schemas of a definition's types, errors and union members are."""

    def __init__(self, api: Api) -> None:
        self._names: dict[tuple[str, str], str] = {}
        self._taken: set[str] = set()
        for name in api.types:
            self._choose("type", name, name)
        for name in api.errors:
            self._choose("error", name, name)
        for union in api.types.values():
            if isinstance(union, Union):
                for member in union.members:
                    key = f"{union.name.wire} {member.name.wire}"
                    self._choose("member", key, union.name.pascal + member.name.pascal)
        self.problem = self._choose("problem", "", "Problem")
        self.violation = self._choose("violation", "", "Violation")

    def type(self, name: str) -> str:
        return self._names["type", name]

    def error(self, name: str) -> str:
        return self._names["error", name]

    def member(self, union: Union, member: str) -> str:
        return self._names["member", f"{union.name.wire} {member}"]

    def _choose(self, kind: str, key: str, wanted: str) -> str:
        name = legal(wanted)
        while name in self._taken:
            name += "_"
        self._taken.add(name)
        self._names[kind, key] = name
        return name


def legal(name: str) -> str:
    """The name itself where a component may have it; any other character as ``_<hex>_``."""
    return _FORBIDDEN.sub(lambda match: f"_{ord(match[0]):x}_", name)


def ref(component: str) -> dict[str, object]:
    return {"$ref": f"#/components/schemas/{component}"}
