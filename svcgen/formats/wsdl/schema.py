"""Types, errors and messages as components of XML Schema 1.0 (https://www.w3.org/TR/xmlschema-1/).

A struct is a sequence of elements, a union a choice, an enum a list of texts. An open enum is a union
of its texts and any text, so that schemas take names that are not listed yet. Presence: what may be
absent has ``minOccurs="0"``, what may be null is ``nillable``, and a default stands beside the former.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import assert_never

from svcgen.formats import facts
from svcgen.formats.wsdl.attributes import as_json, attributes, of_examples, of_meta
from svcgen.formats.wsdl.names import Names
from svcgen.formats.wsdl.patterns import to_xsd
from svcgen.formats.wsdl.scalars import DECLARED, facets, literal
from svcgen.formats.wsdl.types import Types, Use, marks, occurrences
from svcgen.formats.wsdl.xml import Node, node
from svcgen.model.messages import resolve
from svcgen.model.service import Api, Error
from svcgen.model.types import (
    Alias,
    Constraints,
    Enum,
    Field,
    ListOf,
    MapOf,
    Meta,
    NamedRef,
    NullableOf,
    Scalar,
    SetOf,
    Struct,
    TypeDef,
    TypeRef,
    Union,
)

_Container = ListOf | SetOf | MapOf


class Schema:
    """Writes the components of one definition."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self.types = Types(api)

    def definition(self, definition: TypeDef) -> Node:
        """A named type."""
        name, meta = self.types.named(definition.name.wire), definition.meta
        said = _said(name, definition.name.wire, meta)
        match definition:
            case Struct():
                reserved = facts.of_reserved(definition.reserved)
                said |= attributes(reserved, of_examples(definition.examples))
                content = self._sequence(definition.fields)
                return node("xs:complexType", said, documented(meta), content)
            case Union():
                said |= attributes(facts.of_reserved(definition.reserved))
                content = node("xs:choice", {}, *self._elements(definition.members, "member"))
                return node("xs:complexType", said, documented(meta), content)
            case Enum():
                said |= attributes(facts.of_reserved(definition.reserved))
                return node("xs:simpleType", said, documented(meta), _texts(definition))
            case Alias():
                return self._alias(definition, said)
        assert_never(definition)

    def error(self, error: Error) -> Node:
        """The type of an error's payload."""
        name = self.types.named(error.name.wire)
        said = {"name": name, **_renamed(name, error.name.wire)}
        said |= attributes(facts.of_error(error), of_meta(error.meta))
        return node("xs:complexType", said, documented(error.meta), self._sequence(error.fields))

    def message(self, name: str, fields: Sequence[Field]) -> Node:
        """The type of an operation's element."""
        return node("xs:complexType", {"name": name}, self._sequence(fields))

    def own(self) -> list[Node]:
        """The containers and the simple types that everything written so far uses."""
        simple = []
        for wanted, name in self.types.own().items():
            doc, facet = DECLARED[wanted]
            restriction = node("xs:restriction", {"base": "xs:string"}, facet)
            simple.append(node("xs:simpleType", {"name": name}, annotation(doc), restriction))
        return [*self.types.declared(), *simple]

    def _sequence(self, fields: Sequence[Field]) -> Node:
        """The elements of fields; those of which at most one is there are a choice."""
        groups: dict[str, list[Field]] = {}
        for field in fields:
            groups.setdefault(field.oneof or f"={field.name.wire}", []).append(field)
        elements = {
            field.name.wire: element
            for field, element in zip(fields, self._elements(fields), strict=True)
        }
        found = []
        for oneof, group in groups.items():
            members = [elements[field.name.wire] for field in group]
            if oneof.startswith("="):
                found += members
            else:
                named = attributes({"oneof": oneof})
                found.append(node("xs:choice", {"minOccurs": "0", **named}, *members))
        return node("xs:sequence", {}, *found)

    def _elements(self, fields: Iterable[Field], kind: str = "field") -> list[Node]:
        names = Names()
        return [self._element(field, names.choose(field.name.wire), kind) for field in fields]

    def _element(self, field: Field, name: str, kind: str) -> Node:
        loose = kind == "field" and (not field.required or field.default is not None)
        numbered = {"number": field.number}
        own = attributes(numbered, of_meta(field.meta), of_examples(field.examples))
        said = {**_renamed(name, field.name.wire), **own}
        if isinstance(field.type, ListOf | SetOf) and kind == "field" and not loose:
            occurs = occurrences(field.constraints) | marks(field.type, field.constraints)
            use = self.types.use(field.type.item)
            return use.element(name, {**occurs, **said}, documented(field.meta))
        use = self.types.use(field.type, field.constraints)
        optional = {"minOccurs": "0" if loose and not field.oneof else None}
        said = {**self._default(field), **self._lost(field), **said}
        limited = self._limited(use, field)
        return use.element(name, {**optional, **said}, documented(field.meta), limited)

    def _limited(self, use: Use, field: Field) -> Node | None:
        """The type of an element with limits of its own."""
        scalar = self.types.scalar(field.type)
        if scalar is None or field.constraints.is_empty:
            return None
        found = facets(scalar, field.constraints, self._limits_of(field.type))
        if not found:
            return None
        return node("xs:simpleType", {}, node("xs:restriction", {"base": use.type}, *found))

    def _limits_of(self, ref: TypeRef) -> Constraints:
        """The limits that the nearest alias of a mention brings along."""
        if isinstance(ref, NullableOf):
            return self._limits_of(ref.item)
        alias = self._api.types.get(ref.name) if isinstance(ref, NamedRef) else None
        if not isinstance(alias, Alias):
            return Constraints()
        return (
            alias.constraints if not alias.constraints.is_empty else self._limits_of(alias.target)
        )

    def _default(self, field: Field) -> dict[str, str]:
        """A default as the schema's own where that means the same, else as a fact."""
        if field.default is None:
            return {}
        value, text = field.default.value, None
        scalar = self.types.scalar(field.type)
        if value is not None and scalar is not None:
            text = literal(value, scalar)
        elif isinstance(value, str) and value and self._is_enum(field.type):
            text = value
        return {"svc:default": as_json(value)} if text is None else {"default": text}

    def _is_enum(self, ref: TypeRef) -> bool:
        head = resolve(ref, self._api.types)
        if isinstance(head, NullableOf):
            head = resolve(head.item, self._api.types)
        return isinstance(head, NamedRef) and isinstance(self._api.types[head.name], Enum)

    def _lost(self, thing: Field | Alias) -> dict[str, str]:
        """Limits that XML Schema cannot say: a pattern, or those of a container with a name."""
        limits = thing.constraints
        unsayable = limits.pattern is not None and to_xsd(limits.pattern) is None
        ref = thing.type if isinstance(thing, Field) else thing.target
        head = ref.item if isinstance(ref, NullableOf) else ref
        counts = isinstance(head, NamedRef)
        return attributes(
            {
                "pattern": limits.pattern if unsayable else None,
                "min-items": limits.min_items if counts else None,
                "max-items": limits.max_items if counts else None,
                "unique": (limits.unique and counts) or None,
            }
        )

    def _alias(self, alias: Alias, said: dict[str, str]) -> Node:
        """A type of its own that takes what its target takes."""
        target = alias.target.item if isinstance(alias.target, NullableOf) else alias.target
        said = {**said, **self._lost(alias)}
        if isinstance(alias.target, NullableOf):
            said["svc:nullable"] = "true"
        if isinstance(target, _Container):
            content = self.types.content(target, alias.constraints, said["name"])
            return node("xs:complexType", said, documented(alias.meta), content)
        use, scalar = self.types.use(target), self.types.scalar(target)
        if scalar is None and not self._is_enum(target):
            extension = node("xs:extension", {"base": use.type})
            content = node("xs:complexContent", {}, extension)
            return node("xs:complexType", said, documented(alias.meta), content)
        outer = self._limits_of(target)
        found = facets(scalar or Scalar.STRING, alias.constraints, outer)
        restriction = node("xs:restriction", {"base": use.type}, *found)
        return node("xs:simpleType", said, documented(alias.meta), restriction)


def documented(meta: Meta) -> Node | None:
    """The documentation with the reason of a deprecation, if there is any."""
    return annotation(documentation(meta))


def documentation(meta: Meta) -> str:
    deprecation = f"Deprecated: {meta.deprecated}" if meta.deprecated else ""
    return "\n\n".join(text for text in (meta.doc.strip(), deprecation) if text)


def annotation(text: str) -> Node | None:
    if not text:
        return None
    return node("xs:annotation", {}, Node("xs:documentation", text=text))


def _texts(enum: Enum) -> Node:
    """The names of an enum's values; an open one takes any other text as well."""
    values = [
        node(
            "xs:enumeration",
            {
                "value": value.name.wire,
                **attributes(facts.of_value(value), of_meta(value.meta)),
            },
            documented(value.meta),
        )
        for value in enum.values
    ]
    listed = node("xs:restriction", {"base": "xs:string"}, *values)
    if enum.closed:
        return listed
    return node("xs:union", {"memberTypes": "xs:string"}, node("xs:simpleType", {}, listed))


def _said(name: str, wire: str, meta: Meta) -> dict[str, str]:
    return {"name": name, **_renamed(name, wire), **attributes(of_meta(meta))}


def _renamed(name: str, wire: str) -> dict[str, str]:
    """The definition's own name, where the schema's is another."""
    return {} if name == wire else {"svc:name": wire}
