"""proto-schema-parser, a reader of .proto by other people: it finds the same declarations."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from proto_schema_parser import ast
from proto_schema_parser.parser import Parser

from svcgen.diagnostics import Report
from svcgen.formats.protobuf.library import Library
from svcgen.formats.protobuf.tree import Enum, File, Message
from tests.test_proto_reader import OWN, installed

Declared = tuple[str, ...]

HEAD = 'syntax = "proto2";\n'
FAULTS = {
    "octal numbers are read as decimal": (
        "message A { optional int32 a = 010; }", ("field", "A", "a", "8", "int32"),
        ("field", "A", "a", "10", "int32"),
    ),
    "a broken file is read as if it were whole": (
        "message A { optional int32 a 1; }", None, ("message", "A"),
    ),
}  # fmt: skip
"""Where it is wrong: a text, what there is (``None``: nothing, it is refused), what it finds."""


UNREAD = {
    "go_features.proto": "comments inside of a list of options",
    "edition2023.proto": "reserved names without quotes",
    "edition2024.proto": "import option, export and local",
    "legacy.proto": "groups, of which it has another picture",
}
"""Files that it does not read, and what in them is too much for it."""


def ours(file: File) -> Iterator[Declared]:
    for message in file.messages:
        yield from _message(message, "")
    for enum in file.enums:
        yield from _enum(enum, "")
    for service in file.services:
        for m in service.methods:
            streams = f"{m.client_streams}{m.server_streams}"
            yield "method", service.name, m.name, m.request, m.response, streams


def _message(message: Message, around: str) -> Iterator[Declared]:
    name = around + message.name
    yield "message", name
    for field in message.fields:
        kind = f"{field.key},{field.type}" if field.is_map else field.type
        yield "field", name, field.name, str(field.number), kind
    for inner in message.messages:
        yield from _message(inner, f"{name}.")
    for enum in message.enums:
        yield from _enum(enum, f"{name}.")


def _enum(enum: Enum, around: str) -> Iterator[Declared]:
    for value in enum.values:
        yield "value", around + enum.name, value.name, str(value.number)


def theirs(elements: list[Any], around: str = "") -> Iterator[Declared]:
    for each in elements:
        match each:
            case ast.Message():
                yield "message", around + each.name
                yield from theirs(each.elements, f"{around}{each.name}.")
            case ast.Enum():
                values = (v for v in each.elements if isinstance(v, ast.EnumValue))
                for value in values:
                    yield "value", around + each.name, value.name, str(value.number)
            case ast.Field():
                yield "field", around[:-1], each.name, str(each.number), each.type
            case ast.MapField():
                kind = f"{each.key_type},{each.value_type}"
                yield "field", around[:-1], each.name, str(each.number), kind
            case ast.OneOf():
                yield from theirs(each.elements, around)
            case ast.Service():
                yield from _methods(each)


def _methods(service: ast.Service) -> Iterator[Declared]:
    for m in service.elements:
        if isinstance(m, ast.Method):
            streams = f"{m.input_type.stream}{m.output_type.stream}"
            yield "method", service.name, m.name, m.input_type.type, m.output_type.type, streams


@pytest.mark.slow
def test_the_same_declarations_are_found() -> None:
    files = [*((root, root / name) for root, name in installed()), *((f.parent, f) for f in OWN)]
    for root, path in (each for each in files if each[1].name not in UNREAD):
        reading = Library([root]).read(path, Report())
        assert reading is not None
        text = path.read_text(encoding="utf-8")

        assert sorted(ours(reading.main)) == sorted(theirs(Parser().parse(text).file_elements))


@pytest.mark.parametrize(("text", "right", "wrong"), FAULTS.values(), ids=FAULTS)
def test_its_known_faults_are_ours_no_longer(
    text: str, right: Declared | None, wrong: Declared, tmp_path: Path
) -> None:
    path = tmp_path / "x.proto"
    path.write_text(HEAD + text, encoding="utf-8")
    report = Report()
    reading = Library().read(path, report)

    assert wrong in set(theirs(Parser().parse(HEAD + text).file_elements))
    assert (reading is None) == (right is None)
    if reading is not None:
        assert right in set(ours(reading.main))
