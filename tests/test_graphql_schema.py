"""The SDL of a definition: what graphql-core takes, and names that stay what they were."""

from __future__ import annotations

from pathlib import Path

import pytest
from graphql import GraphQLObjectType, build_schema, parse, validate_schema
from graphql.validation.validate import validate_sdl

from tests import projects

NAMES = sorted(p.parent.name for p in projects.EXAMPLES.glob("*/handler.py"))


def sdl(name: str) -> str:
    [path] = (projects.generated(name) / "schemas").glob("*.graphql")
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_the_schema_is_valid(name: str) -> None:
    text = sdl(name)

    assert not validate_sdl(parse(text))
    assert not validate_schema(build_schema(text))


@pytest.mark.parametrize("name", NAMES)
def test_the_server_shows_the_same_schema(name: str) -> None:
    [package] = (projects.generated(name) / "python" / "src").iterdir()

    assert sdl(name) == (package / "_gen" / "schema.graphql").read_text(encoding="utf-8")


def test_a_definition_can_say_what_people_write_by_hand() -> None:
    expected = Path(__file__).with_name("wire") / "graphql" / "directory.graphql"

    assert expected.read_text(encoding="utf-8") == sdl("directory")


def test_every_operation_is_in_one_root() -> None:
    schema = build_schema(sdl("calculator"))
    roots = (schema.query_type, schema.mutation_type, schema.subscription_type)
    found = [sorted(root.fields) for root in roots if isinstance(root, GraphQLObjectType)]

    assert [["subtract"], ["add", "divide", "log"], ["calculated", "countdown"]] == found
