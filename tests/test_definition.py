"""The definition language: what is read, and that nothing wrong is read in silence.

``definitions/*.yaml`` each have the model that they stand for beside them, as ``.json``.
``errors/*.yaml`` (see ``test_errors.py``) are the definitions that are wrong.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from svcgen.diagnostics import Report
from svcgen.formats.neutral.reader import read
from svcgen.model.dump import dump
from svcgen.model.service import Api

DEFINITIONS = Path(__file__).parent / "definitions"


def findings(report: Report) -> list[str]:
    return [f"{d.span.line}:{d.span.column} {d.rule.code}: {d.message}" for d in report.diagnostics]


def read_text(tmp_path: Path, text: str | bytes) -> tuple[Api | None, list[str]]:
    path = tmp_path / "service.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    report = Report()
    return read(path, report), findings(report)


@pytest.mark.parametrize("path", sorted(DEFINITIONS.glob("*.yaml")), ids=lambda path: path.stem)
def test_a_definition_gives_the_model_beside_it(path: Path, refresh: bool) -> None:
    report = Report()
    api = read(path, report)

    assert findings(report) == []
    assert api is not None
    golden = path.with_suffix(".json")
    text = json.dumps(dump(api), indent=2, ensure_ascii=False) + "\n"
    if refresh:
        golden.write_text(text, encoding="utf-8")
    assert json.loads(text) == json.loads(golden.read_text(encoding="utf-8"))
