"""Compiled queries answer as graphql-core does, whatever is asked."""

from __future__ import annotations

import asyncio
import importlib
import json
from typing import Any

import pytest
from graphql import build_schema, print_ast, validate
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis_graphql import mutations, queries

from tests import projects

SCALARS = {
    "Int64": "5",
    "UInt32": "5",
    "UInt64": "5",
    "DecimalScalar": "0.10",
    "Bytes": "AP+A",
    "Timestamp": "2024-02-29T12:30:00Z",
    "Date": "2024-02-29",
    "Time": "12:30:00",
    "Duration": "PT1M30S",
    "UUID": "12345678-1234-5678-1234-567812345678",
    "JSON": "any",
}


class Answers:
    """One executor of an example, asked in both ways."""

    def __init__(self, name: str) -> None:
        self.package = projects.package(name).__name__
        leaf = self.module("graphql")
        service = self.module("support.service")
        handlers = service.handlers_by_service(projects.handlers(name))
        dispatch = self.module("support.dispatch")
        dispatcher = dispatch.Dispatcher(handlers, self.module("support.settings").ServerSettings())
        limits = self.module("support.graphql_limits").Limits()
        self.runs = self.module("support.graphql_executor")
        self.documents = self.module("support.graphql_documents")
        self.context = self.module("support.context").Context
        self.executor = self.runs.Executor(leaf.SCHEMA, leaf.FIELDS, dispatcher, limits)
        self.schema = build_schema(leaf.SCHEMA)

    def module(self, name: str) -> Any:
        return importlib.import_module(f"{self.package}._gen.{name}")

    def both(self, text: str, variables: dict[str, Any]) -> tuple[Any, Any] | None:
        """What the plan and what graphql-core answers; nothing if there is no plan."""
        try:
            prepared = self.executor.documents.prepare(text, None)
        except self.documents.InvalidQueryError:
            return None
        if prepared.plan is None:
            return None
        plain = self.documents.Prepared(prepared.node, prepared.kind, prepared.name, None)
        return self.answer(prepared, variables), self.answer(plain, variables)

    def answer(self, prepared: Any, variables: dict[str, Any]) -> Any:
        run = self.runs.Run(lambda operation: self.context(operation, "test"))
        return json.loads(asyncio.run(self.executor.run(prepared, variables, run)))


@pytest.fixture(scope="module", params=["calculator", "kitchen-sink"])
def answers(request: pytest.FixtureRequest) -> Answers:
    return Answers(request.param)


def scalars() -> dict[str, st.SearchStrategy[Any]]:
    from hypothesis_graphql import nodes

    return {name: st.just(nodes.String(value)) for name, value in SCALARS.items()}


@settings(max_examples=50, deadline=None, derandomize=True, database=None,
          suppress_health_check=list(HealthCheck))  # fmt: skip
@given(data=st.data())
def test_random_queries_and_mutations(answers: Answers, data: st.DataObject) -> None:
    make = data.draw(st.sampled_from([queries, mutations]))
    text = data.draw(make(answers.schema, custom_scalars=scalars()))

    both = answers.both(text, {})

    if both is not None:
        planned, by_core = both
        assert _without_fault_order(by_core) == _without_fault_order(planned), text


TREE = {
    "value": "root",
    "children": [{"value": "a", "children": [], "left": {"value": "b", "children": []}}],
    "left": None,
}
SHAPES: list[Any] = [
    {"circle": {"radius": 1.5}},
    {"label": "x"},
    {"points": [1, 2.5]},
    {"nested": {"plus": {"left": {"number": 1}, "right": {"number": 2}}}},
    {},
    {"circle": None},
    {"circle": {"radius": 1}, "label": "x"},
]
CONTAINERS = {
    "strings": ["a"], "numbers": ["1", 2], "matrix": [[1, 2.5], []], "holes": [1, None],
    "by_name": [], "by_number": [{"key": "7", "value": "x"}], "by_flag": [{"key": True, "value": "y"}],
    "by_color": [{"key": "RED", "value": 1}], "by_day": [{"key": "2024-02-29", "value": ["z"]}],
    "shapes": SHAPES[:4],
}  # fmt: skip
PRESENCE = {"required": 1, "nullable": None, "nullable_list": ["a"], "nullable_struct": None}
CASES: list[tuple[str, Any]] = [
    ("echo_tree", TREE),
    ("echo_tree", {**TREE, "value": 5}),
    ("echo_tree", {"children": []}),
    *(("echo_shape", shape) for shape in SHAPES),
    ("echo_containers", CONTAINERS),
    ("echo_containers", {**CONTAINERS, "numbers": ["1", "1"]}),
    ("echo_containers", {**CONTAINERS, "by_number": [{"key": "7", "value": "x"}] * 2}),
    ("echo_containers", {**CONTAINERS, "holes": 5}),
    ("echo_presence", PRESENCE),
    ("echo_presence", {**PRESENCE, "both": None, "optional": None, "defaulted": 7}),
    ("echo_presence", {**PRESENCE, "defaulted": None}),
    ("echo_presence", {**PRESENCE, "default_color": "PURPLE"}),
    ("echo_presence", {**PRESENCE, "nonsense": 1}),
    ("echo_any", {"a": [1, None, {"b": 1.5}]}),
    ("echo_any", None),
    ("echo_names", "one"),
    ("echo_hostile", {"_u65e5__u672c__u8a9e_": "ja", "x__init__": "i", "Unicode": "u"}),
]


@pytest.mark.parametrize(("name", "value"), CASES, ids=lambda value: str(value)[:40])
def test_variables_of_every_form(name: str, value: Any) -> None:
    """The documents are those of the clients; what is refused is refused alike."""
    answers = Answers("kitchen-sink")
    fields = answers.module("graphql").FIELDS
    query = next(fields.query(f) for f in fields if f.name == name)

    both = answers.both(query, {"input": value})

    assert both is not None
    assert both[1] == both[0]


def test_documents_of_clients_have_plans() -> None:
    answers = Answers("kitchen-sink")

    fields = answers.module("graphql").FIELDS
    for query in map(fields.query, fields):
        prepared = answers.executor.documents.prepare(query, None)
        assert not validate(answers.executor.bound.schema, prepared.node)
        assert prepared.plan is not None, print_ast(prepared.node)


def _without_fault_order(answer: dict[str, Any]) -> Any:
    """Where several fields fail together, which of them are reported is anyone's choice."""
    errors = answer.get("errors")
    if errors and len(errors) >= 1 and answer.get("data") is None:
        return {"data": answer.get("data"), "failed": True}
    return answer
