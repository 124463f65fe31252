"""What types of a document stand for that svcgen would write: pairs, entries of maps, variants.

Whatever is not exactly as svcgen writes it is a type of its own.
"""

from __future__ import annotations

from typing import Any

from graphql import NonNullTypeNode

from svcgen.formats.graphql.customs import Customs
from svcgen.formats.graphql.declarations import ENUM, INPUT, OBJECT, UNION, Declared, Document
from svcgen.formats.graphql.facts import deprecation, doc_of, uses
from svcgen.formats.graphql.mentions import Mentions, innermost, spelled
from svcgen.formats.graphql.names import ENTRY_DOC, INPUT_SUFFIX, entry_name, legal
from svcgen.model.naming import Name
from svcgen.model.types import Scalar

_KEYS = frozenset(
    {Scalar.BOOL, Scalar.STRING, Scalar.UUID, Scalar.DATE, Scalar.TIMESTAMP}
    | {scalar for scalar in Scalar if scalar.is_integer}
)


class Roles:
    """``entries`` are of maps; ``variants`` give the field of a union's member; ``pairs`` give the
    output type that an input is the same as.
    """

    def __init__(self, document: Document, mentions: Mentions, customs: Customs) -> None:
        self._types = document.types
        self._mentions = mentions
        self._customs = customs
        listed = list(document.declared(OBJECT, INPUT))
        self.entries = {name for name, declared in listed if self._is_entry(name, declared)}
        self.wrapping = {
            name for name, declared in document.declared(UNION) if self._wraps(name, declared)
        }
        self.variants = {m: self._types[m] for u in self.wrapping for m in self._types[u].types}
        self.pairs = self._pairs([name for name, _ in document.declared(INPUT)])

    def _is_entry(self, name: str, declared: Declared) -> bool:
        if list(declared.members) != ["key", "value"] or doc_of(declared) != ENTRY_DOC:
            return False
        key, value = (member.type for member in declared.members.values())
        wanted = entry_name(spelled(key), spelled(value), is_input=declared.kind == INPUT)
        return (
            name.rstrip("_") == wanted
            and name not in self._mentions.single
            and name in self._mentions.by_fields
            and self._is_key(key)
            and not uses(declared.directives)
            and not declared.types
        )

    def _is_key(self, node: object) -> bool:
        if not isinstance(node, NonNullTypeNode):
            return False
        name = innermost(node)
        if f"{name}!" != spelled(node):
            return False
        known = self._types.get(name)
        return self._customs.plain.get(name) in _KEYS or (known is not None and known.kind == ENUM)

    def _wraps(self, name: str, union: Declared) -> bool:
        """Whether every member is an object with one field, which is the member of the model."""
        return bool(union.types) and all(self._is_variant(name, each) for each in union.types)

    def _is_variant(self, union: str, name: str) -> bool:
        declared = self._types.get(name)
        if declared is None or declared.kind != OBJECT or len(declared.members) != 1:
            return False
        [(member, field)] = declared.members.items()
        wanted = legal(union + Name.parse(member).pascal)
        return (
            name.rstrip("_") == wanted
            and not field.arguments
            and doc_of(declared) == doc_of(field)
            and not uses(declared.directives)
            and not declared.types
            and isinstance(field.type, NonNullTypeNode)
            and name not in self._mentions.by_fields
            and self._mentions.unions[name] == [union]
        )

    def _pairs(self, inputs: list[str]) -> dict[str, str]:
        """Inputs that are as svcgen would write them of an output type, given that all others are."""
        found = {name: other for name in inputs if (other := self._counterpart(name))}
        while True:
            wrong = [name for name, other in found.items() if not self._match(name, other, found)]
            if not wrong:
                return found
            for name in wrong:
                del found[name]

    def _counterpart(self, name: str) -> str:
        declared = self._types[name]
        if name in self.entries:
            return ""
        kind = UNION if declared.has("oneOf") else OBJECT
        usual = name.removesuffix(INPUT_SUFFIX)
        for wanted in (usual, f"{usual}_", f"{name}Type"):  # the name of a root is taken
            other = self._types.get(wanted)
            fits = name.endswith(INPUT_SUFFIX) and other is not None and other.kind == kind
            if fits and wanted not in self.entries and wanted not in self.variants:
                return "" if kind == UNION and wanted not in self.wrapping else wanted
        return ""

    def _match(self, name: str, other: str, pairs: dict[str, str]) -> bool:
        given, output = self._types[name], self._types[other]
        if doc_of(given) != doc_of(output):
            return False
        one_of = output.kind == UNION
        if not one_of and uses(given.directives) != uses(output.directives):
            return False
        members = self._members(output)
        return list(given.members) == list(members) and all(
            self._same(given.members[key], member, pairs, one_of=one_of)
            for key, member in members.items()
        )

    def _members(self, declared: Declared) -> dict[str, Any]:
        """The fields that an input of the same type has too."""
        if declared.kind != UNION:
            return {k: m for k, m in declared.members.items() if not m.arguments}
        variants = (self._types[name].members for name in declared.types)
        return {key: member for each in variants for key, member in each.items()}

    def _same(self, given: Any, output: Any, pairs: dict[str, str], *, one_of: bool) -> bool:
        wanted = self._as_output(spelled(output.type), pairs, is_input=False)
        has = self._as_output(spelled(given.type), pairs, is_input=True)
        needed = has.endswith("!") and given.default_value is None
        deprecated = None if needed else deprecation(output.directives or ())
        return (
            has == (wanted.removesuffix("!") if one_of else wanted)
            and doc_of(given) == doc_of(output)
            and deprecation(given.directives or ()) == deprecated
            and uses(given.directives or ()) == uses(output.directives or ())
        )

    def _as_output(self, mention: str, pairs: dict[str, str], *, is_input: bool) -> str:
        """A mention with what an input stands for, and with entries spelled out."""
        name = mention.strip("[]!")
        if name in self.entries:
            parts = (spelled(member.type) for member in self._types[name].members.values())
            shown = ", ".join(self._as_output(p, pairs, is_input=is_input) for p in parts)
            return mention.replace(name, f"{{{shown}}}")
        if is_input and name in pairs:
            return mention.replace(name, pairs[name])
        declared = self._types.get(name)
        if not is_input and declared is not None and declared.kind in (OBJECT, UNION):
            return mention if name in pairs.values() else f"{mention} without input"
        return mention
