"""Queries compiled: from the handler's value straight to the JSON that was asked for.

Plain queries are: no directives, no introspection but ``__typename``, and variables only
as whole arguments. A plan answers as graphql-core would; whatever it meets that is not
exactly as declared, it leaves to graphql-core (``UnusualError``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, TypeAlias

from graphql import (
    DocumentNode,
    FieldNode,
    FloatValueNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLEnumType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLUnionType,
    InlineFragmentNode,
    ListValueNode,
    NonNullTypeNode,
    ObjectValueNode,
    OperationDefinitionNode,
    SelectionNode,
    VariableNode,
    print_ast,
    value_from_ast_untyped,
)
from msgspec import UNSET, inspect

from .graphql_compile import Part, compiled
from .graphql_fields import RootField
from .graphql_input import TYPENAME
from .graphql_project import (
    BUILT_IN,
    done,
    entries_of,
    items_of,
    name_of,
    nullable,
    same,
    set_or_none,
)
from .graphql_schema import BoundSchema, Convert, Source, scalar_output
from .graphql_types import NOTHING, UnusualError

Selections: TypeAlias = Sequence[SelectionNode]


class _NotPlainError(Exception):
    """The query has something that plans have not."""


@dataclass(frozen=True, slots=True)
class RootCall:
    """One field of the root: what to call, with what, and what to answer of the result."""

    key: str
    field: RootField
    location: tuple[int, int]  # line and column
    nullable: bool
    request: Callable[[Mapping[str, Any]], Any]  # of the variables
    project: Convert


@dataclass(frozen=True, slots=True)
class Plan:
    calls: tuple[RootCall, ...]
    required: tuple[str, ...]  # variables
    constants: Mapping[str, str]  # __typename of the root, by response keys

    def requests(self, variables: Mapping[str, Any]) -> list[Any]:
        """The requests of all calls. Raises ``UnusualError`` or ``ValidationError``."""
        for name in self.required:
            if variables.get(name) is None:
                raise UnusualError("a variable is missing")
        return [call.request(variables) for call in self.calls]


def plan(
    bound: BoundSchema, document: DocumentNode, operation: OperationDefinitionNode
) -> Plan | None:
    """How to answer an operation of a valid document; ``None`` if it is not plain."""
    try:
        return _Planner(bound, document, operation).plan()
    except _NotPlainError:
        return None


class _Planner:
    def __init__(
        self,
        bound: BoundSchema,
        document: DocumentNode,
        operation: OperationDefinitionNode,
    ) -> None:
        self._bound = bound
        self._operation = operation
        self._fragments = {
            node.name.value: node
            for node in document.definitions
            if isinstance(node, FragmentDefinitionNode)
        }
        self._made: dict[tuple[object, ...], Convert] = {}

    def plan(self) -> Plan:
        if self._operation.directives:
            raise _NotPlainError
        kind = self._operation.operation.value
        root = self._bound.root(kind)
        if root is None:
            raise _NotPlainError
        selected = self._collect(root, [self._operation.selection_set.selections])
        calls, constants = [], {}
        for key, nodes in selected.items():
            name = nodes[0].name.value
            if name == TYPENAME:
                constants[key] = root.name
            else:
                calls.append(self._call(key, nodes, root))
        required = tuple(
            node.variable.name.value
            for node in self._operation.variable_definitions or ()
            if isinstance(node.type, NonNullTypeNode) and node.default_value is None
        )
        return Plan(tuple(calls), required, constants)

    def _call(
        self, key: str, nodes: list[FieldNode], root: GraphQLObjectType
    ) -> RootCall:
        node = nodes[0]
        field = self._bound.fields.get(
            (self._operation.operation.value, node.name.value)
        )
        if field is None:
            raise _NotPlainError
        declared = root.fields[field.name]
        nullable = not isinstance(declared.type, GraphQLNonNull)
        project = self._output(declared.type, nodes) or same
        if field.operation.response is None:
            project = done
        location = (0, 0)
        if node.loc is not None:
            start = node.loc.start_token
            location = (start.line, start.column)
        request = self._request(field, node, declared.args)
        return RootCall(key, field, location, nullable, request, project)

    def _request(
        self, field: RootField, node: FieldNode, declared: Mapping[str, Any]
    ) -> Callable[[Mapping[str, Any]], Any]:
        if field.operation.request is None:
            return lambda _variables: None
        arguments = {a.name.value: a.value for a in node.arguments or ()}
        values = [
            (name, self._argument(value, declared[name].type))
            for name, value in arguments.items()
        ]
        read = self._bound.request_reader(field)

        def request(variables: Mapping[str, Any]) -> Any:
            given: dict[str, Any] = {}
            for name, of_variables in values:
                value = of_variables(variables)
                if value is not UNSET:
                    given[name] = value
            return read(given.get(field.value) if field.value else given)

        return request

    def _argument(
        self, value: Any, declared: Any
    ) -> Callable[[Mapping[str, Any]], Any]:
        """How to get an argument from the variables; ``UNSET`` if it is absent."""
        if isinstance(value, VariableNode):
            return self._variable(value.name.value, declared)
        _require_constant(value)
        constant = value_from_ast_untyped(value)
        if isinstance(constant, list | dict):
            return lambda _variables: deepcopy(constant)
        return lambda _variables: constant

    def _variable(self, name: str, declared: Any) -> Callable[[Mapping[str, Any]], Any]:
        definition = next(
            each
            for each in self._operation.variable_definitions or ()
            if each.variable.name.value == name
        )
        if print_ast(definition.type).rstrip("!") != str(declared).rstrip("!"):
            raise _NotPlainError
        if definition.default_value is None:
            return lambda variables: variables.get(name, UNSET)
        _require_constant(definition.default_value)
        default = value_from_ast_untyped(definition.default_value)
        return lambda variables: (
            variables[name] if name in variables else deepcopy(default)
        )

    def _collect(
        self, kind: GraphQLObjectType, sets: Iterable[Selections]
    ) -> dict[str, list[FieldNode]]:
        """The fields that are asked for of a type, by response keys."""
        found: dict[str, list[FieldNode]] = {}
        spread: set[str] = set()
        for selections in sets:
            self._gather(kind, selections, found, spread)
        return found

    def _gather(
        self,
        kind: GraphQLObjectType,
        selections: Selections,
        found: dict[str, list[FieldNode]],
        spread: set[str],
    ) -> None:
        for node in selections:
            if node.directives:
                raise _NotPlainError
            if isinstance(node, FieldNode):
                key = node.alias.value if node.alias else node.name.value
                found.setdefault(key, []).append(node)
            elif isinstance(node, InlineFragmentNode):
                if self._applies(node.type_condition, kind):
                    self._gather(kind, node.selection_set.selections, found, spread)
            elif isinstance(node, FragmentSpreadNode) and node.name.value not in spread:
                spread.add(node.name.value)
                fragment = self._fragments[node.name.value]
                if fragment.directives:
                    raise _NotPlainError
                if self._applies(fragment.type_condition, kind):
                    inner = fragment.selection_set.selections
                    self._gather(kind, inner, found, spread)

    def _applies(self, condition: Any, kind: GraphQLObjectType) -> bool:
        if condition is None or condition.name.value == kind.name:
            return True
        schema = self._bound.schema
        wider = schema.type_map[condition.name.value]
        if not isinstance(wider, GraphQLUnionType | GraphQLInterfaceType):
            return False
        return schema.is_sub_type(wider, kind)

    def _output(self, declared: Any, nodes: list[FieldNode]) -> Convert | None:
        """What to make of a value of a type; ``None``: nothing.

        Whoever converts a value that may not be null refuses ``None`` by itself.
        """
        if isinstance(declared, GraphQLNonNull):
            return self._value(declared.of_type, nodes)
        convert = self._value(declared, nodes)
        return None if convert is None else nullable(convert)

    def _value(self, declared: Any, nodes: list[FieldNode]) -> Convert | None:
        if isinstance(declared, GraphQLList):
            return self._list(declared.of_type, nodes)
        if isinstance(declared, GraphQLObjectType):
            return self._object(declared, nodes)
        if isinstance(declared, GraphQLUnionType | GraphQLInterfaceType):
            return self._union(declared, nodes)
        if isinstance(declared, GraphQLEnumType):
            return name_of(self._bound.enums[declared.name])
        if declared.name in self._bound.scalars:
            info = self._bound.scalars[declared.name]
            is_plain = not isinstance(info, inspect.IntType | inspect.AnyType)
            return None if is_plain else scalar_output(info)
        return BUILT_IN.get(declared.name)

    def _list(self, item: Any, nodes: list[FieldNode]) -> Convert:
        never_null = isinstance(item, GraphQLNonNull)
        bare = item.of_type if never_null else item
        convert = self._output(item, nodes)
        if getattr(bare, "name", "") in self._bound.entries:
            assert convert is not None
            return entries_of(convert)
        return items_of(convert, never_null)

    def _union(
        self,
        declared: GraphQLUnionType | GraphQLInterfaceType,
        nodes: list[FieldNode],
    ) -> Convert:
        possible = self._bound.schema.get_possible_types(declared)
        types = {each.name: each for each in possible}
        projects = {
            cls: self._variant(cls, types[name], nodes)
            for cls, name in self._bound.unions[declared.name].items()
        }

        def project(value: Any) -> Any:
            of_member = projects.get(type(value))
            if of_member is None:
                raise UnusualError("is no member of the union")
            return of_member(value)

        return project

    def _variant(
        self, cls: type, kind: GraphQLObjectType, nodes: list[FieldNode]
    ) -> Convert:
        project = self._object(kind, nodes)
        if cls in self._bound.direct:
            return lambda variant: project(variant.value)
        return project

    def _object(self, kind: GraphQLObjectType, nodes: list[FieldNode]) -> Convert:
        sets = [n.selection_set.selections for n in nodes if n.selection_set]
        selected = self._collect(kind, sets)
        ids = (id(node) for listed in selected.values() for node in listed)
        made = (kind.name, *ids)
        if made in self._made:
            return self._made[made]

        def made_later(value: Any) -> Any:
            return self._made[made](value)

        self._made[made] = made_later
        self._made[made] = project = self._projection(kind, selected)
        return project

    def _projection(
        self, kind: GraphQLObjectType, selected: Mapping[str, list[FieldNode]]
    ) -> Convert:
        sources = self._bound.objects.get(kind.name, {})
        parts: list[Part] = []
        for key, nodes in selected.items():
            name = nodes[0].name.value
            source = sources.get(name)
            if source is None:  # __typename, or what stands for no fields at all
                if name not in (TYPENAME, NOTHING):
                    raise _NotPlainError  # an operation answers it
                parts.append(Part(key, kind.name if name == TYPENAME else None))
            else:
                parts.append(self._part(key, nodes, kind.fields[name].type, source))
        return compiled(parts)

    def _part(
        self, key: str, nodes: list[FieldNode], declared: Any, source: Source
    ) -> Part:
        required = isinstance(declared, GraphQLNonNull)
        if source.may_be_unset:
            given = self._output(declared, nodes) or set_or_none
            return Part(key, source=source, convert=given)
        name = getattr(declared.of_type if required else declared, "name", "")
        if name in BUILT_IN:
            return Part(key, source=source, never_null=required, check=name)
        convert = self._value(declared.of_type if required else declared, nodes)
        return Part(key, source=source, never_null=required, convert=convert)


def _require_constant(value: Any) -> None:
    """Refuse variables inside of a value, and floats, which a decimal would spoil."""
    if isinstance(value, VariableNode | FloatValueNode):
        raise _NotPlainError
    if isinstance(value, ListValueNode):
        for item in value.values:
            _require_constant(item)
    elif isinstance(value, ObjectValueNode):
        for field in value.fields:
            _require_constant(field.value)
