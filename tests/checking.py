"""Definitions in a line, through the real reader and checks."""

from __future__ import annotations

from pathlib import Path

import yaml

from svcgen import checks
from svcgen.diagnostics import Report
from svcgen.formats.neutral.reader import read


def findings(tmp_path: Path, **definition: object) -> list[str]:
    """The codes of what is wrong with a definition, in the order of their places."""
    file = tmp_path / "definition.yaml"
    file.write_text(yaml.safe_dump({"svcgen": 1} | definition, sort_keys=False), encoding="utf-8")
    report = Report()
    model = read(file, report)
    assert model is not None
    assert report.diagnostics == []
    checks.check(model, report)
    return [d.rule.code for d in report.diagnostics]


def parsed(text: str) -> dict[str, object]:
    return yaml.load(text, Loader=yaml.CSafeLoader)  # the pure one cannot read {a: A?}


def types(*texts: str) -> dict[str, object]:
    return parsed("\n".join(texts))


VOCABULARY = """
Genre: {enum: [POETRY, PROSE]}
Page: {alias: int32, min: 1, max: 9}
Point: {x: int32, y: string|null?, z: int32?}
Shape: {union: {point: Point, name: string}}
"""
