"""The OpenAPI document: what Redocly says of it, and what the definition demands of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from svcgen import pipeline, registry
from svcgen.diagnostics import Report
from svcgen.formats import yaml as openapi_yaml
from svcgen.formats.carried import to_json, to_yaml
from svcgen.formats.openapi.writer import document
from svcgen.model.bindings import Bound
from tests import projects, schemas

EXAMPLES = sorted(p.parent.name for p in projects.EXAMPLES.glob("*/handler.py"))


def bound(example: str) -> Bound:
    definition = projects.EXAMPLES / example / f"{example}.yaml"
    report = Report()
    api = pipeline.read(definition, report)
    assert api is not None
    found = pipeline.bind(api, registry.protocols()["rest"], report)
    assert not report.has_errors
    return found


@pytest.mark.network
@pytest.mark.parametrize("example", EXAMPLES)
def test_redocly_finds_no_error(example: str, tmp_path: Path) -> None:
    file = tmp_path / "openapi.yaml"
    file.write_text(to_yaml(document(bound(example))), encoding="utf-8")

    assert schemas.redocly(file, schemas.file("openapi", example)) == []


@pytest.mark.parametrize("example", EXAMPLES)
def test_yaml_and_json_say_the_same(example: str) -> None:
    facts = bound(example)

    assert yaml.safe_load(to_yaml(document(facts))) == json.loads(to_json(document(facts)))


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_schema_is_a_schema_and_takes_its_own_examples(example: str) -> None:
    found = json.loads(to_json(document(bound(example))))
    validator = jsonschema.Draft202012Validator

    for name, schema in found["components"]["schemas"].items():
        validator.check_schema(schema)
        rooted = {"$ref": f"#/components/schemas/{name}", "components": found["components"]}
        for shown in schema.get("examples", []):
            validator(rooted).validate(shown)
        for part in schema.get("properties", {}).values():
            for shown in [
                *part.get("examples", []),
                *([part["default"]] if "default" in part else []),
            ]:
                validator({**part, "components": found["components"]}).validate(shown)


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_reference_leads_somewhere(example: str) -> None:
    found = json.loads(to_json(document(bound(example))))

    for target in _references(found):
        at: Any = found
        for key in target.removeprefix("#/").split("/"):
            at = at[key]


def test_presence_is_said_as_it_is_meant() -> None:
    schemas = _part(document(bound("kitchen-sink")), "components", "schemas")
    presence = schemas["Presence"]

    assert presence["properties"]["optional"]["type"] == "integer"
    assert presence["properties"]["nullable"]["type"] == ["integer", "null"]
    assert presence["properties"]["defaulted"]["default"] == 42
    assert {"required", "nullable"} <= set(presence["required"])
    assert not {"optional", "both", "defaulted"} & set(presence["required"])


def test_declared_errors_are_responses_of_their_status() -> None:
    get = _part(document(bound("users")), "paths", "/users/{id}", "get")
    schema = get["responses"]["404"]["content"]["application/problem+json"]["schema"]

    assert {"$ref": "#/components/schemas/UserNotFound"} in schema["anyOf"]


def test_credentials_are_asked_for_where_the_definition_does() -> None:
    found = document(bound("kitchen-sink"))
    secret = _part(found, "paths", "/kitchen-sink/secret", "get")

    assert secret["security"] == [{"bearer": ["admin"]}, {"api_key": ["admin"]}]
    assert set(_part(found, "components", "securitySchemes")) == {"bearer", "api_key"}


def test_both_ways_are_described_beside_openapi() -> None:
    shapes = _part(document(bound("kitchen-sink")), "paths", "/kitchen-sink/shapes")

    assert list(shapes) == ["x-websocket"]
    assert shapes["x-websocket"]["request"] == {"$ref": "#/components/schemas/Shape"}


def test_examples_of_calls_are_split_as_calls_are(tmp_path: Path) -> None:
    file = tmp_path / "shop.yaml"
    file.write_text(SHOP, encoding="utf-8")
    report = Report()
    api = pipeline.read(file, report)
    assert api is not None
    found = document(pipeline.bind(api, registry.protocols()["rest"], report))
    assert not report.diagnostics
    buy = _part(found, "paths", "/items/{item}", "post")

    assert buy["parameters"][0]["examples"] == {"example1": {"value": "a"}}
    content = buy["requestBody"]["content"]["application/json"]
    assert content["examples"] == {"example1": {"value": {"count": 2}}}


SHOP = """\
svcgen: 1
package: shop
services:
  Shop:
    methods:
      buy:
        params: {item: string, count: int32}
        http: POST /items/{item}
        examples: [{item: a, count: 2}]
"""


TEXTS = st.text() | st.sampled_from(
    [
        "",
        "no",
        "1",
        "1e3",
        "~",
        "- a",
        "a: b",
        "# c",
        "null",
        "a\n b",
        "\u2028",
        "😀",
        "\x85",
        "x, y.",
        "2024-01-01",
        "0x1f",
        "1:30",
        "=",
        "<<",
    ]
)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXTS,
    lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner),
    max_leaves=8,
)


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(TEXTS, VALUES, min_size=1) | st.lists(VALUES, min_size=1))
def test_any_value_is_read_back_as_it_was_written(value: Any) -> None:
    assert yaml.safe_load(openapi_yaml.dump(value)) == value


def _part(value: Any, *keys: str) -> Any:
    for key in keys:
        value = value[key]
    return value


def _references(value: Any) -> list[str]:
    if isinstance(value, dict):
        own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
        return own + [r for part in value.values() for r in _references(part)]
    if isinstance(value, list):
        return [r for part in value for r in _references(part)]
    return []
