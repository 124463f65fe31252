"""A model written as a definition and read again is the same model."""

from __future__ import annotations

from pathlib import Path

import pytest

from svcgen import pipeline
from svcgen.diagnostics import Report
from svcgen.formats.neutral.writer import write
from svcgen.model.dump import dump
from svcgen.model.service import Api

ROOT = Path(__file__).parent.parent
DEFINITIONS = [
    *sorted((ROOT / "examples").glob("*/*.yaml")),
    *sorted((ROOT / "tests" / "definitions").glob("*.yaml")),
    *sorted((ROOT / "tests" / "protos").glob("*.proto")),
]


def read(path: Path) -> Api:
    report = Report()
    api = pipeline.read(path, report)
    assert api is not None
    assert not report.has_errors, report.diagnostics
    return api


@pytest.mark.parametrize("path", DEFINITIONS, ids=lambda path: path.stem)
def test_what_is_written_is_read_as_it_was(path: Path, tmp_path: Path) -> None:
    api = read(path)
    written = tmp_path / "written.yaml"
    written.write_text(write(api), encoding="utf-8")

    assert dump(read(written)) == dump(api)


def test_short_things_stand_on_one_line(tmp_path: Path) -> None:
    """The layout is that of the documentation's examples."""
    text = """\
svcgen: 1
package: calculator

types:
  AddRequest: {a: int32, b: int32}
  Text:
    doc: |-
      Many lines.

      Of text.
    fields: {lines: list<string>}

services:
  Calculator:
    methods:
      add: {input: AddRequest, output: int32, http: POST /add}
"""
    file = tmp_path / "calculator.yaml"
    file.write_text(text, encoding="utf-8")

    assert write(read(file)) == text
