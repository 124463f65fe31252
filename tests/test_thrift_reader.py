"""The reader of .thrift files against Apache's compiler: the same structure, the same refusals."""

from __future__ import annotations

from pathlib import Path

import pytest

from svcgen.diagnostics import Report
from svcgen.formats.thrift.library import read_library
from tests import thrift_oracle
from tests.thrift_facts import ours
from tests.thrift_suite import sources

OWN = sorted((Path(__file__).parent / "thrifts").glob("*.thrift"))


def corpus() -> list[Path]:
    """Every .thrift of Debian's source package."""
    return sorted(sources().rglob("*.thrift"))


def compare(files: list[Path]) -> tuple[int, list[str]]:
    """How many files Apache's compiler accepts; where we differ from it."""
    accepted, different = 0, []
    for file in files:
        verdict = thrift_oracle.judge(file)
        report = Report()
        library = read_library(file, report)
        accepted += verdict.accepts
        if verdict.accepts == report.has_errors:
            different.append(f"{file}: {verdict.said} {[d.message for d in report.diagnostics]}")
        elif verdict.accepts and library is not None:
            assert verdict.tree is not None, file
            if ours(library.main) != verdict.tree:
                different.append(f"{file}: another structure")
    return accepted, different


@pytest.mark.slow
@pytest.mark.network
def test_structure_of_apaches_files_equals_its_compilers() -> None:
    accepted, different = compare(corpus())

    assert accepted >= 160
    assert different == []
