"""Types of a document -> types of the model, so that writing them gives the same schema.

What may be null is optional, as a field and as an argument; null and absence are one there. What
the model would spell in another way is kept under ``bind: graphql``: ``type`` and ``input`` (names
of a type as output and as input), ``scalar`` and ``specified_by`` (an alias that is a scalar of its
own), ``name`` (of a field or value), ``interface`` (a union that is one: its declaration),
``implements``, and ``required`` (never null, though a value of it would need another without end).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from svcgen.diagnostics import Span
from svcgen.formats.graphql.customs import Customs
from svcgen.formats.graphql.declarations import (
    ENUM,
    INPUT,
    INTERFACE,
    OBJECT,
    UNION,
    Declared,
    Document,
)
from svcgen.formats.graphql.facts import meta_of
from svcgen.formats.graphql.interfaces import interface_text
from svcgen.formats.graphql.literal_values import LiteralValues
from svcgen.formats.graphql.mentions import Mentions
from svcgen.formats.graphql.namer import Namer, parsed
from svcgen.formats.graphql.names import (
    NOTHING,
    NOTHING_DOC,
    RESERVED,
    legal,
    natural_names,
)
from svcgen.formats.graphql.parsing import span_of
from svcgen.formats.graphql.refs import ID, Refs, nullable
from svcgen.formats.graphql.roles import Roles
from svcgen.model.naming import Name
from svcgen.model.types import (
    Alias,
    Default,
    Enum,
    EnumValue,
    Field,
    Literal,
    Meta,
    NamedRef,
    Scalar,
    ScalarRef,
    Struct,
    TypeDef,
    Union,
)

ID_DOC = "Names one thing; on GraphQL its own type."


class Modeller:
    """The types of one document."""

    def __init__(self, document: Document, file: str) -> None:
        self._document = document
        self._file = file
        self._mentions = Mentions(document)
        self._customs = Customs(document, self._mentions)
        self._roles = Roles(document, self._mentions, self._customs)
        self._reached = self._mentions.reached()
        self._is_converted = bool(document.kept())
        self._values = LiteralValues(document, self._customs, self._roles.entries)
        self._inputs = {output: given for given, output in self._roles.pairs.items()}
        self.refs = Refs(document, self._customs, self._roles, self._names())

    def _names(self) -> dict[str, str]:
        """What the model calls each type of the document that is one of the model's."""
        hidden = {*self._roles.entries, *self._roles.variants, *self._customs.plain}
        namer = Namer("pascal", (ID,))
        found: dict[str, str] = {ID: ID}
        for name in self._document.types:
            if name in hidden or name in self._roles.pairs:
                continue
            given = self._inputs.get(name, "")
            wanted = given if name == f"{given}Type" else name
            found[name] = namer.name(wanted).wire
        return found | {given: found[other] for given, other in self._roles.pairs.items()}

    def types(self) -> dict[str, TypeDef]:
        """By name, in the order of the document; ``ID`` first if it is mentioned."""
        found: dict[str, TypeDef] = {}
        roots = set(self._document.roots.values())
        for name, declared in self._document.types.items():
            model_name = self.refs.names.get(name)
            if model_name is None or name in self._roles.pairs:
                continue
            if name not in roots:
                found[model_name] = self._type(name, declared, parsed(model_name))
            elif declared.types or name in self._mentions.by_fields | self._mentions.unions.keys():
                meta = Meta(span_of(declared.name), bind={"graphql": {"root": name}})
                found[model_name] = Struct(parsed(model_name), (), meta)
        if self.refs.mentions_id:
            span = Span.at(self._file)
            alias = Alias(parsed(ID), ScalarRef(Scalar.STRING, span), Meta(span, ID_DOC))
            found = {ID: alias, **found}
        return found

    def outputs(self) -> set[str]:
        """What the model calls the types that are answered and never given."""
        found = (name for name, _ in self._document.declared(OBJECT, INTERFACE, UNION))
        names = {self.refs.names[name] for name in found if name in self.refs.names}
        return names - {self.refs.names[name] for name in self._inputs}

    def _type(self, name: str, declared: Declared, model_name: Name) -> TypeDef:
        match declared.kind:
            case "scalar_type":
                return self._customs.alias(name, model_name.wire)
            case "enum_type":
                return self._enum(name, declared, model_name)
            case "union_type":
                return self._union(name, declared, model_name)
            case "interface_type":
                return self._interface(declared, model_name)
        if declared.kind == INPUT and declared.has("oneOf"):
            members = tuple(self._member(member) for member in declared.members.values())
            return Union(model_name, members, meta_of(declared, self._facts(name, model_name.wire)))
        return self._struct(name, declared, model_name)

    def _facts(self, name: str, model_name: str) -> dict[str, Literal]:
        """The names that a type would not have by itself, and those of what nothing reaches.

        A file that is converted holds such types anyway.
        """
        kind = self._document.types[name].kind
        output, given = natural_names(model_name)
        facts: dict[str, Literal] = {}
        if kind != INPUT:
            alone = name not in self._reached and not self._is_converted
            named = name in RESERVED or alone
            natural = model_name if kind == ENUM else output
            facts |= {"type": name} if named or name != natural else {}
        other = name if kind == INPUT else self._inputs.get(name)
        if other and (other != given or other in RESERVED or other not in self._reached):
            facts["input"] = other
        return facts

    def _struct(self, name: str, declared: Declared, model_name: Name) -> Struct:
        facts = self._facts(name, model_name.wire)
        if declared.types:
            facts["implements"] = list(declared.types)
        paired = self._inputs.get(name)
        given = self._document.types[paired].members if paired else {}
        fields = [m for m in declared.members.values() if not getattr(m, "arguments", None)]
        return Struct(model_name, self.fields(fields, given), meta_of(declared, facts))

    def fields(
        self, nodes: Iterable[Any], given: Mapping[str, Any] | None = None
    ) -> tuple[Field, ...]:
        """Fields of a type or arguments; defaults come from the fields of the type as input."""
        namer = Namer("snake")
        listed = [node for node in nodes if not _is_nothing(node)]
        return tuple(
            self._field(node, (given or {}).get(node.name.value, node), namer) for node in listed
        )

    def _field(self, node: Any, given: Any, namer: Namer) -> Field:
        ref, never_null = self.refs.ref(node.type)
        name, bind = self._name(node.name.value, namer)
        literal = getattr(given, "default_value", None)
        if literal is None:
            return Field(name, ref, meta_of(node, bind), required=never_null)
        return Field(
            name,
            ref if never_null else nullable(ref),
            meta_of(node, bind),
            required=False,
            default=Default(self._values.read(literal, given.type), span_of(literal)),
        )

    def _name(self, wanted: str, namer: Namer) -> tuple[Name, dict[str, Literal] | None]:
        name = namer.name(wanted)
        return name, None if name.wire == legal(wanted) else {"name": wanted}

    def _member(self, node: Any) -> Field:
        """A member of a union, which is always there."""
        ref, _ = self.refs.ref(node.type)
        return Field(parsed(node.name.value), ref, meta_of(node))

    def _enum(self, name: str, declared: Declared, model_name: Name) -> Enum:
        namer = Namer("snake")
        values = []
        for node in declared.members.values():
            spelled, bind = self._name(node.name.value, namer)
            values.append(EnumValue(spelled, meta_of(node, bind)))
        meta = meta_of(declared, self._facts(name, model_name.wire))
        return Enum(model_name, tuple(values), meta)

    def _union(self, name: str, declared: Declared, model_name: Name) -> Union:
        if name in self._roles.wrapping:
            variants = (self._roles.variants[each].members for each in declared.types)
            members = tuple(self._member(node) for each in variants for node in each.values())
        else:
            members = self._alternatives(declared.types.values())
        return Union(model_name, members, meta_of(declared, self._facts(name, model_name.wire)))

    def _alternatives(self, mentions: Iterable[Any]) -> tuple[Field, ...]:
        """Members that are called as their types are."""
        spans = {each.name.value: span_of(each.name) for each in mentions}
        return tuple(self._alternative(name, span) for name, span in spans.items())

    def _alternative(self, name: str, span: Span) -> Field:
        return Field(parsed(name), NamedRef(self.refs.names[name], span), Meta(span))

    def _interface(self, declared: Declared, model_name: Name) -> TypeDef:
        """A union of the types that have it; one that no type has is a struct of its own."""
        name = declared.name.value
        facts = self._facts(name, model_name.wire)
        meta = meta_of(declared, {**facts, "interface": interface_text(declared)})
        implementors = self._mentions.implementors.get(name, ())
        if not implementors:
            plain = [node for node in declared.members.values() if not node.arguments]
            return Struct(model_name, self.fields(plain), meta)
        span = meta.span
        return Union(model_name, tuple(self._alternative(n, span) for n in implementors), meta)


def _is_nothing(node: Any) -> bool:
    """Whether this is what svcgen writes for a type without fields."""
    description = node.description
    return (
        node.name.value == NOTHING and description is not None and description.value == NOTHING_DOC
    )
