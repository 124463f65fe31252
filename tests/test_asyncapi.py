"""The AsyncAPI document: what its parser and Redocly say of it, and what each part of a definition becomes."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from hypothesis import HealthCheck, given, settings

from svcgen.formats.asyncapi.writer import document
from svcgen.formats.carried import to_yaml
from svcgen.model.messages import exchanges
from svcgen.model.samples import NoSample, sample_of, sample_struct
from svcgen.model.service import Streaming
from tests import schemas
from tests.random_definitions import Definition
from tests.test_hostile_definitions import definitions
from tests.tools import NODE, node_with

LIMIT = 240.0  # seconds
DRAFT = jsonschema.Draft7Validator


def made(text: str, folder: Path) -> Any:
    return document(schemas.made_of("package: p\n" + text, folder))


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The documents of the examples, and of definitions made at random."""
    folder = tmp_path_factory.mktemp("asyncapi")
    found = [schemas.file("asyncapi", name) for name in schemas.EXAMPLES]
    for seed in range(8):
        file = folder / f"{seed}.yaml"
        text = Definition(seed).text.removeprefix("svcgen: 1\n")
        file.write_text(schemas.written("asyncapi", schemas.made_of(text, folder))[1])
        found.append(file)
    return found


@pytest.mark.network
@pytest.mark.slow
def test_the_reference_parser_finds_no_error(files: list[Path]) -> None:
    command = [node_with("@asyncapi/parser"), "asyncapi.mjs", *map(str, files)]
    done = subprocess.run(
        command, cwd=NODE, capture_output=True, text=True, check=False, timeout=LIMIT
    )

    assert done.stderr == ""
    counted = [len(yaml.safe_load(file.read_text())["operations"]) for file in files]
    assert [int(line) for line in done.stdout.split()] == counted


@pytest.mark.network
def test_redocly_finds_no_error(files: list[Path]) -> None:
    assert schemas.redocly(*files) == []


@pytest.mark.parametrize("example", schemas.EXAMPLES)
def test_the_text_says_what_the_values_say(example: str) -> None:
    api = schemas.example(example)

    assert yaml.safe_load(to_yaml(document(api))) == document(api)


@settings(
    deadline=None,
    max_examples=25,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(definitions())
def test_no_name_and_no_text_leaves_its_place(tmp_path: Path, made: dict[str, Any]) -> None:
    api = schemas.made_at_random(made, tmp_path)
    if api is not None:
        assert yaml.safe_load(to_yaml(document(api))) == document(api)


@pytest.mark.parametrize("example", schemas.EXAMPLES)
def test_payloads_take_what_the_definition_takes(example: str) -> None:
    """The schema of every message is one of draft 07, and a sample of its type fits it."""
    api = schemas.example(example)
    found: Any = document(api)
    sampled = 0
    for schema in found["components"]["schemas"].values():
        DRAFT.check_schema(schema)
    for exchange in exchanges(api):
        message = exchange.request
        if exchange.operation.streaming in (Streaming.CLIENT, Streaming.BOTH) or exchange.event:
            continue
        name = f"{exchange.service.name.wire}.{exchange.operation.name.wire}.request"
        payload = found["components"]["messages"][name]["payload"]
        try:
            given = (
                sample_of(message.type, api) if message.type else sample_struct(message.struct, api)
            )
        except NoSample:
            continue
        DRAFT({**payload, "components": found["components"]}).validate(given)
        sampled += 1

    assert sampled


def test_every_reference_leads_somewhere() -> None:
    found = document(schemas.example("kitchen-sink"))

    for target in references(found):
        at: Any = found
        for key in target.removeprefix("#/").split("/"):
            at = at[key]


def references(value: Any) -> list[str]:
    if isinstance(value, dict):
        own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
        return own + [r for part in value.values() for r in references(part)]
    return [r for part in value for r in references(part)] if isinstance(value, list) else []


REF = {"$ref": "#/components/schemas/S"}
FIELDS = [
    ("bool", {"type": "boolean"}),
    ("int8", {"type": "integer", "format": "int8", "minimum": -128, "maximum": 127}),
    ("float32", {"type": "number", "format": "float"}),
    ("timestamp", {"type": "string", "format": "date-time"}),
    ("uuid", {"type": "string", "format": "uuid"}),
    ("any", {}),
    ("S", REF),
    ("{type: S, doc: Here.}", {"allOf": [REF], "description": "Here."}),
    ("S|null", {"anyOf": [REF, {"type": "null"}]}),
    ("list<S>", {"type": "array", "items": REF}),
    ("set<string>", {"type": "array", "items": {"type": "string"}, "uniqueItems": True}),
    ('"map<string, S>"', {"type": "object", "additionalProperties": REF}),
    ("string|null", {"type": ["string", "null"]}),
    ("{type: string, default: a}", {"type": "string", "default": "a"}),
    ("{type: S, number: 3}", {"allOf": [REF], "x-number": 3}),
    ("{type: string, optional: true, oneof: k}", {"type": "string", "x-oneof": "k"}),
    (
        "{type: string, min_length: 2, pattern: '^a', example: ab, since: '1'}",
        {"type": "string", "minLength": 2, "pattern": "^a", "examples": ["ab"], "x-since": "1"},
    ),
    (
        "{type: bool, deprecated: gone, tags: [t], x-a: 1, bind: {soap: {a: b}}}",
        {
            "type": "boolean", "description": "Deprecated: gone", "deprecated": True, "x-a": 1,
            "x-tags": ["t"], "x-bind": {"soap": {"a": "b"}},
        },
    ),
]  # fmt: skip


@pytest.mark.parametrize(("field", "expected"), FIELDS, ids=[t for t, _ in FIELDS])
def test_a_field_becomes_a_schema(field: str, expected: Any, tmp_path: Path) -> None:
    found = made(f"types:\n  S: {{g: int32}}\n  T: {{fields: {{f: {field}}}}}\n", tmp_path)

    assert found["components"]["schemas"]["T"]["properties"]["f"] == expected


def test_a_union_tells_its_members_by_their_kinds(tmp_path: Path) -> None:
    found = made("types: {U: {union: {a: int32, b: {type: string, number: 4}}}}\n", tmp_path)
    written = found["components"]["schemas"]

    assert written["U"] == {
        "oneOf": [{"$ref": "#/components/schemas/UA"}, {"$ref": "#/components/schemas/UB"}]
    }
    assert written["UB"]["properties"]["kind"] == {"type": "string", "const": "b"}
    assert written["UB"]["x-number"] == 4


EVENTS = [
    (
        "{payload: S, doc: It was., retries: 0}",
        {"is": "routingKey", "exchange": {"name": "p.A.e", "type": "fanout", "durable": True, "autoDelete": False}},
        {"description": "It was.", "x-delivery": "broadcast", "x-durable": True, "x-retries": 0},
    ),
    (
        "{payload: S, delivery: work, durable: false, dead_letter: dead}",
        {"is": "queue", "queue": {"name": "p.A.e", "durable": False, "exclusive": False, "autoDelete": True}},
        {"x-delivery": "work", "x-durable": False, "x-retries": 3, "x-dead-letter": "dead"},
    ),
    (
        "{payload: S, bind: {amqp: {exchange: x}, kafka: {topic: t}}}",
        {"is": "routingKey", "exchange": {"name": "x", "type": "fanout", "durable": True, "autoDelete": False}},
        {"x-delivery": "broadcast", "x-durable": True, "x-retries": 3},
    ),
]  # fmt: skip


@pytest.mark.parametrize(("event", "amqp", "more"), EVENTS, ids=[e for e, _, _ in EVENTS])
def test_an_event_is_a_channel_that_the_service_sends_to(
    event: str, amqp: Any, more: Any, tmp_path: Path
) -> None:
    text = f"types: {{S: {{g: int32}}}}\nservices: {{A: {{events: {{e: {event}}}}}}}\n"
    found = made(text, tmp_path)
    channel = found["channels"]["A.e"]

    assert channel.pop("address") == "p.A.e"
    assert channel.pop("messages") == {"A.e": {"$ref": "#/components/messages/A.e"}}
    bindings = channel.pop("bindings")
    assert bindings.pop("amqp") == {**amqp, "bindingVersion": "0.3.0"}
    bound = {"kafka": {"topic": "t", "bindingVersion": "0.5.0"}} if "kafka" in event else {}
    assert bindings == bound
    assert channel == more
    assert found["operations"]["A.e"]["action"] == "send"
    assert found["components"]["messages"]["A.e"]["payload"] == REF


def test_the_key_of_an_event_is_that_of_its_messages(tmp_path: Path) -> None:
    text = "types: {S: {g: string}}\nservices: {A: {events: {e: {payload: S, key: g}}}}\n"
    message = made(text, tmp_path)["components"]["messages"]["A.e"]

    assert message["x-key"] == "g"
    assert message["bindings"]["kafka"]["key"] == {"type": "string"}


METHODS = """\
types: {S: {g: int32}}
errors: {Gone: {code: not_found, message: it is gone, fields: {since: date}}}
services:
  A:
    doc: All.
    methods:
      get: {params: {a: int32, b: string?}, returns: S, errors: [Gone], deadline: 2s, examples: [{a: 1}]}
      tell: {input: S, oneway: true, deprecated: use get, tags: [t]}
      watch: {output: stream S, readonly: true, auth: {schemes: [api_key], scopes: [x]}}
      push: {input: stream S}
      talk: {input: stream S, output: stream S}
servers:
  one: {doc: Near., urls: ["amqp://u:p@h:1/v", "kafka://h:2", "http://h:3"]}
"""


def test_methods_are_received_and_replied_to(tmp_path: Path) -> None:
    found = made(METHODS, tmp_path)
    operations, messages = found["operations"], found["components"]["messages"]

    assert list(operations) == ["A.get", "A.tell", "A.watch"]
    assert {o["action"] for o in operations.values()} == {"receive"}
    assert [m["$ref"].rpartition("/")[2] for m in operations["A.get"]["reply"]["messages"]] == [
        "A.get.reply", "Gone", "Problem",
    ]  # fmt: skip
    assert operations["A.get"]["bindings"]["amqp"]["expiration"] == 2000
    assert messages["A.get.request"]["payload"]["required"] == ["a"]
    assert messages["A.get.request"]["examples"] == [{"payload": {"a": 1}}]
    assert messages["A.get.reply"]["payload"] == REF
    assert messages["Gone"]["x-code"] == "not_found"
    assert "reply" not in operations["A.tell"]
    assert "A.tell.reply" not in found["channels"]
    assert operations["A.tell"]["x-deprecated"] is True
    assert operations["A.tell"]["tags"] == [{"name": "A"}, {"name": "t"}]
    assert operations["A.watch"]["x-stream"] == "server"
    assert messages["A.watch.reply"]["traits"] == [{"$ref": "#/components/messageTraits/stream"}]
    assert operations["A.watch"]["security"] == [{"$ref": "#/components/securitySchemes/api_key"}]
    assert found["components"]["securitySchemes"]["api_key"]["type"] == "httpApiKey"


def test_brokers_are_servers_without_their_passwords(tmp_path: Path) -> None:
    found = made(METHODS, tmp_path)

    assert found["servers"] == {
        "one": {"host": "h:1", "protocol": "amqp", "pathname": "/v", "description": "Near."},
        "one-2": {"host": "h:2", "protocol": "kafka", "description": "Near."},
    }
