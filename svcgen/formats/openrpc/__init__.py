"""OpenRPC: what JSON-RPC serves, for people and programs (https://spec.open-rpc.org)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from svcgen.diagnostics import Report
from svcgen.formats import Format, Sources, Writing
from svcgen.formats.fidelity import Said
from svcgen.model.bindings import Bound
from svcgen.model.service import Api

TITLE = "OpenRPC 1.3"


def _read(path: Path, report: Report, sources: Sources) -> Api | None:
    """``sources`` has no bearing: a document holds all that it needs."""
    from svcgen.formats.neutral.documents import read

    return read(path, TITLE, report)


def write(bound: Bound, writing: Writing) -> Mapping[str, str]:
    from svcgen.formats.carried import to_json
    from svcgen.formats.openrpc.writer import document

    return {"openrpc.json": to_json(document(bound), writing.kept.get("", ""))}


def served(bound: Bound) -> Mapping[str, str]:
    return write(bound, Writing())


def _fidelity() -> Mapping[str, Said]:
    from svcgen.formats.openrpc.fidelity import TABLE

    return TABLE


FORMAT = Format(
    name="openrpc",
    title=TITLE,
    suffixes=(".openrpc.json", ".json", ".yaml", ".yml"),
    roots=("openrpc",),
    read=_read,
    write=write,
    served=served,
    fidelity=_fidelity,
    whole=True,
)
