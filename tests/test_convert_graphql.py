"""Definitions as SDL that keep what it cannot say: read again, they are what they were."""

from __future__ import annotations

from pathlib import Path

import pytest
from graphql import build_ast_schema, parse, validate_schema
from graphql.validation.validate import validate_sdl

from svcgen import output, pipeline, registry
from svcgen.conversion import reading, writing
from svcgen.diagnostics import Report
from svcgen.formats import Sources
from svcgen.model.dump import dump

ROOT = Path(__file__).parent.parent
FORM = registry.formats()["graphql"]
DEFINITIONS = [
    *sorted((ROOT / "examples").glob("*/*.yaml")),
    ROOT / "tests" / "convert" / "names.yaml",
    *sorted((ROOT / "tests" / "protos").glob("*.proto")),
    *sorted((ROOT / "tests" / "schemas").glob("*.graphql")),
]


@pytest.mark.parametrize("path", DEFINITIONS, ids=lambda path: path.name)
def test_what_is_converted_is_read_as_it_was(path: Path, tmp_path: Path) -> None:
    report = Report()
    [module] = reading.read(reading.tree_of([path]), FORM, Sources(), report)
    assert not report.has_errors, report.diagnostics
    [file] = writing.write([module], FORM)
    output.put(tmp_path, file.path, file.content)
    document = parse(file.content.decode())

    report = Report()
    api = pipeline.read(tmp_path / file.path, report)

    assert not report.diagnostics
    assert api is not None
    assert dump(api) == dump(module.api)
    assert not validate_sdl(document)
    assert not validate_schema(build_ast_schema(document))
