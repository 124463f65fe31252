"""What each rule of a form makes of a source, in svcgen's own definition language.

A case is a pair in ``frontends/<form>/``, named after the rule: the source, and the definition that it
is, headed by what was reported. What a source imports is in a folder beside it. ``pytest --refresh``
writes the definitions; read them before you commit them.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from svcgen import checks, pipeline, reporting
from svcgen.diagnostics import Report
from svcgen.formats.neutral.writer import write
from svcgen.model.dump import dump
from svcgen.model.service import Api
from tests import corpus

CASES = sorted(
    path
    for path in (Path(__file__).parent / "frontends").glob("*/*")
    if path.is_file() and path.suffix != ".yaml"
)


def read(path: Path, report: Report) -> Api:
    api = pipeline.read(path, report)
    assert api is not None, reporting.text(report.diagnostics)
    checks.check(api, report)
    assert not report.has_errors, reporting.text(report.diagnostics)
    return api


@pytest.mark.parametrize("source", CASES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_source_is_the_definition_beside_it(
    source: Path, refresh: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(source.parent)
    report = Report()

    api = read(Path(source.name), report)

    found = "".join(f"# {line}\n" for line in reporting.text(report.diagnostics).splitlines())
    corpus.compare(found + write(api), source.with_suffix(".yaml"), refresh)
    shutil.copy(source.with_suffix(".yaml"), tmp_path)
    assert dump(read(tmp_path / source.with_suffix(".yaml").name, Report())) == dump(api)
