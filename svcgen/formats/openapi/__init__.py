"""OpenAPI 3.1: what REST serves, for people and programs (https://spec.openapis.org/oas/v3.1.1)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from svcgen.diagnostics import Report
from svcgen.formats import Format, Sources, Writing
from svcgen.formats.fidelity import Said
from svcgen.model.bindings import Bound
from svcgen.model.service import Api

TITLE = "OpenAPI 3.1"


def _read(path: Path, report: Report, sources: Sources) -> Api | None:
    """``sources`` has no bearing: a document holds all that it needs."""
    from svcgen.formats.neutral.documents import read

    return read(path, TITLE, report)


def write(bound: Bound, writing: Writing) -> Mapping[str, str]:
    from svcgen.formats.carried import to_yaml
    from svcgen.formats.openapi.writer import document

    return {"openapi.yaml": to_yaml(document(bound), writing.kept.get("", ""))}


def served(bound: Bound) -> Mapping[str, str]:
    from svcgen.formats.carried import to_json
    from svcgen.formats.openapi.writer import document

    return {"openapi.json": to_json(document(bound))}


def _fidelity() -> Mapping[str, Said]:
    from svcgen.formats.openapi.fidelity import TABLE

    return TABLE


FORMAT = Format(
    name="openapi",
    title=TITLE,
    suffixes=(".openapi.yaml", ".yaml", ".yml", ".json"),
    roots=("openapi", "swagger"),
    read=_read,
    write=write,
    served=served,
    fidelity=_fidelity,
    whole=True,
)
