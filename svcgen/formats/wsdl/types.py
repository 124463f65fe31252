"""Mentions of types as types of the schema: what an element is, and how often it may be there.

A list that must be there is its element, repeated; any other container is an element that holds
``item`` elements, or ``entry`` elements with ``key`` and ``value``, and has a type ``ListOf…``,
``SetOf…`` or ``MapOf…To…`` of its own. So an empty list and none stay two things.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from svcgen.formats.wsdl.names import Names
from svcgen.formats.wsdl.scalars import BUILT_IN, OWN
from svcgen.formats.wsdl.xml import Node, node
from svcgen.frozen import frozen
from svcgen.model.messages import resolve
from svcgen.model.naming import Name
from svcgen.model.service import Api
from svcgen.model.types import (
    Constraints,
    ListOf,
    MapOf,
    NamedRef,
    NullableOf,
    Scalar,
    ScalarRef,
    SetOf,
    TypeRef,
)

UNLIMITED = Constraints()


@frozen
class Use:
    """The type of an element, with its prefix, and whether the element may be nil."""

    type: str
    nillable: bool = False

    def element(self, name: str, facts: Mapping[str, str | None], *children: Node | None) -> Node:
        """A local element; a simple type among the children stands for the type."""
        inline = any(child is not None and child.tag == "xs:simpleType" for child in children)
        attributes = {
            "name": name,
            "type": None if inline else self.type,
            "nillable": "true" if self.nillable else None,
        }
        return node("xs:element", {**attributes, **facts}, *children)


class Types:
    """Names the types of one definition, and declares those of its containers."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self.names = Names("ObjectFactory")  # which tools of Java make themselves
        self._named = {n: self.names.choose(n) for n in (*api.types, *api.errors)}
        self._own: dict[str, str] = {}
        self._containers: dict[tuple[str, Constraints], str] = {}
        self._declared: list[Node] = []

    def named(self, name: str) -> str:
        """What a type or error of the definition is called in the schema."""
        return self._named[name]

    def declared(self) -> list[Node]:
        """The containers that were used so far, each after those in it."""
        return self._declared

    def own(self) -> Mapping[str, str]:
        """The types of svcgen that were used so far, with their names."""
        return self._own

    def use(self, ref: TypeRef, limits: Constraints = UNLIMITED) -> Use:
        """The type of an element that holds a value; ``limits`` are those of a container."""
        match ref:
            case ScalarRef(scalar):
                return Use(self._scalar(scalar))
            case ListOf() | SetOf() | MapOf():
                return Use(f"tns:{self._container(ref, limits)}")
            case NullableOf(item):
                is_any = self.scalar(item) is Scalar.ANY  # of which null is a value
                return Use(self.use(item, limits).type, nillable=not is_any)
            case NamedRef(name):
                head = resolve(ref, self._api.types)
                nillable = isinstance(head, NullableOf) and self.use(head).nillable
                return Use(f"tns:{self._named[name]}", nillable)
        assert_never(ref)

    def scalar(self, ref: TypeRef) -> Scalar | None:
        """The scalar that a mention comes down to, whatever null and aliases are around it."""
        head = resolve(ref, self._api.types)
        if isinstance(head, NullableOf):
            head = resolve(head.item, self._api.types)
        return head.scalar if isinstance(head, ScalarRef) else None

    def content(self, ref: ListOf | SetOf | MapOf, limits: Constraints, label: str) -> Node:
        """What is in a container: its items or its entries."""
        occurs = occurrences(limits)
        if not isinstance(ref, MapOf):
            item = self.use(ref.item).element("item", {**occurs, **marks(ref, limits)})
            return node("xs:sequence", {}, item)
        entry = self.names.make(f"{label}Entry")
        parts = (self.use(ref.key).element("key", {}), self.use(ref.value).element("value", {}))
        self._declared.append(
            node("xs:complexType", {"name": entry}, node("xs:sequence", {}, *parts))
        )
        return node("xs:sequence", {}, Use(f"tns:{entry}").element("entry", occurs))

    def _scalar(self, scalar: Scalar) -> str:
        if scalar in BUILT_IN:
            return BUILT_IN[scalar]
        wanted = OWN[scalar]
        if wanted not in self._own:
            self._own[wanted] = self.names.make(wanted)
        return f"tns:{self._own[wanted]}"

    def _container(self, ref: ListOf | SetOf | MapOf, limits: Constraints) -> str:
        limits = Constraints(
            min_items=limits.min_items, max_items=limits.max_items, unique=limits.unique
        )
        label = self._label(ref) + _suffix(limits)
        if (label, limits) not in self._containers:
            name = self.names.make(label)
            self._containers[label, limits] = name
            content = self.content(ref, limits, name)
            self._declared.append(node("xs:complexType", {"name": name}, content))
        return self._containers[label, limits]

    def _label(self, ref: TypeRef) -> str:
        match ref:
            case ScalarRef(scalar):
                return Name.parse(scalar.value).pascal
            case NamedRef(name):
                return self._named[name]
            case NullableOf(item):
                return f"Nullable{self._label(item)}"
            case ListOf(item):
                return f"ListOf{self._label(item)}"
            case SetOf(item):
                return f"SetOf{self._label(item)}"
            case MapOf(key, value):
                return f"MapOf{self._label(key)}To{self._label(value)}"
        assert_never(ref)


def occurrences(limits: Constraints) -> dict[str, str | None]:
    """How often an item is there: none or many, if nothing else is said."""
    most = "unbounded" if limits.max_items is None else str(limits.max_items)
    return {"minOccurs": str(limits.min_items or 0), "maxOccurs": most}


def marks(ref: ListOf | SetOf | MapOf, limits: Constraints) -> dict[str, str | None]:
    """What the schema cannot say of items: that no two of them are the same."""
    unique = isinstance(ref, SetOf) or limits.unique
    return {"svc:unique": "true" if unique else None}


def _suffix(limits: Constraints) -> str:
    least, most = limits.min_items or 0, limits.max_items
    return ("Unique" if limits.unique else "") + (
        f"{least}To{'Many' if most is None else most}" if least or most is not None else ""
    )
