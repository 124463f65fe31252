"""``schema.json``, which editors read, says what the reader does."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import jsonschema
import pytest

from svcgen.diagnostics import Report
from svcgen.formats import neutral
from svcgen.formats.neutral import keys, scalars
from svcgen.formats.neutral.document import read_document
from svcgen.formats.neutral.tree import Entry, Mapping, Node, Sequence, Text
from svcgen.formats.neutral.yaml import parse
from svcgen.formats.source import load

ROOT = Path(__file__).parent.parent
SCHEMA = json.loads((Path(neutral.__file__).parent / "schema.json").read_text(encoding="utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
DEFINITIONS = sorted((ROOT / "tests" / "definitions").glob("**/*.yaml"))
EXAMPLES = sorted((ROOT / "examples").glob("*/*.yaml"))


def tree(path: Path) -> Mapping:
    report = Report()
    source = load(path, report)
    assert source is not None
    root = parse(source, report)
    assert isinstance(root, Mapping)
    return root


def complaints(node: Node) -> list[str]:
    return [error.message for error in VALIDATOR.iter_errors(scalars.literal(node, Report()))]


def mutants(node: Node, added: Entry) -> Iterator[Node]:
    """The tree with one more entry in one of its mappings, for each of them."""
    if isinstance(node, Mapping):
        yield Mapping((*node.entries, added), node.span)
        for index, entry in enumerate(node.entries):
            for value in mutants(entry.value, added):
                changed = Entry(entry.key, value)
                entries = (*node.entries[:index], changed, *node.entries[index + 1 :])
                yield Mapping(entries, node.span)
    elif isinstance(node, Sequence):
        for index, item in enumerate(node.items):
            for value in mutants(item, added):
                yield Sequence((*node.items[:index], value, *node.items[index + 1 :]), node.span)


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("name", keys.OBJECTS)
def test_an_object_has_the_keys_that_the_reader_takes(name: str) -> None:
    schema = SCHEMA if name == "document" else SCHEMA["$defs"][name]

    own = set(keys.OBJECTS[name]) - {keys.ANNOTATIONS}
    assert set(schema["properties"]) == own
    assert ("patternProperties" in schema) == (keys.ANNOTATIONS in keys.OBJECTS[name])
    assert schema["additionalProperties"] is False
    assert all(each["description"] for each in schema["properties"].values())


@pytest.mark.parametrize("path", [*DEFINITIONS, *EXAMPLES], ids=lambda path: path.stem)
def test_a_definition_that_is_read_is_valid(path: Path) -> None:
    assert complaints(tree(path)) == []


@pytest.mark.parametrize("path", DEFINITIONS, ids=lambda path: path.stem)
@pytest.mark.parametrize("key", ["zz_unknown", "x-mine", "doc"])
def test_the_schema_and_the_reader_know_the_same_keys(path: Path, key: str) -> None:
    root = tree(path)
    span = root.span
    for mutant in mutants(root, Entry(Text(key, span, True), Text("string", span, True))):
        report = Report()
        read_document(mutant, path.name, report)

        found = [d.message for d in report.diagnostics]
        assert bool(found) == (not VALIDATOR.is_valid(scalars.literal(mutant, Report()))), found
