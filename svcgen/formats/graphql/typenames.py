"""What the types of a definition are called in GraphQL, as output and as input."""

from __future__ import annotations

from svcgen.formats.graphql.bound import facts, text
from svcgen.formats.graphql.names import BUILT_IN, INPUT_SUFFIX, distinct, legal, natural_names
from svcgen.formats.graphql.scalars import NAMES
from svcgen.formats.graphql.shape import Root
from svcgen.model.service import Api
from svcgen.model.types import Alias, Enum, Scalar, TypeDef


class TypeNames:
    """``outputs`` and ``inputs`` by the model's names, ``roots`` by operation.

    Names that are said by hand come first, then a type's own, then those that have to be made.
    """

    def __init__(self, api: Api) -> None:
        self.roots = {root: _root_name(api, root) for root in Root}
        self.outputs: dict[str, str] = {}
        self.inputs: dict[str, str] = {}
        self.taken = {*BUILT_IN, *self.roots.values()}
        named = {n: t for n, t in api.types.items() if not isinstance(t, Alias)}
        for name, definition in api.types.items():
            self._take_by_hand(name, definition)
        for name, definition in named.items():
            self._take_own(name, definition)

    def name(self, name: str, *, is_input: bool) -> str:
        """What a type is called in a role; made of its name when it is first asked for."""
        names = self.inputs if is_input else self.outputs
        self._take(names, name, natural_names(name)[is_input])
        return names[name]

    def _take_by_hand(self, name: str, definition: TypeDef) -> None:
        keys = (("type", self.outputs), ("input", self.inputs), ("scalar", self.outputs))
        for key, names in keys:
            if given := text(definition.meta, key):
                names[name] = given
                self.taken.add(given)
        if root := text(definition.meta, "root"):
            self.outputs[name] = root
        if isinstance(definition, Enum) and name in self.outputs:
            self.inputs[name] = self.outputs[name]

    def _take_own(self, name: str, definition: TypeDef) -> None:
        if isinstance(definition, Enum):
            if name not in self.outputs:
                self._take(self.outputs, name, legal(name))
            self.inputs[name] = self.outputs[name]
        elif legal(name).endswith(INPUT_SUFFIX):
            self._take(self.inputs, name, legal(name))
        else:
            self._take(self.outputs, name, legal(name))

    def _take(self, names: dict[str, str], name: str, wanted: str) -> None:
        if name not in names:
            names[name] = distinct(wanted, self.taken)

    def scalar(self, scalar: Scalar) -> str:
        """A name for a scalar of ours, which gives way to a type that has it."""
        name = NAMES[scalar]
        return distinct(name if name not in self.taken else f"{name}Scalar", self.taken)


def _root_name(api: Api, root: Root) -> str:
    """The type of a root: what a service says by hand, or the usual name."""
    said = (facts(service.meta).get(root.value) for service in api.services)
    names = (each.get("name") for each in said if isinstance(each, dict))
    return next((n for n in names if isinstance(n, str)), root.type)
