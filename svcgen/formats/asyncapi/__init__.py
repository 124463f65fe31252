"""AsyncAPI 3.0: what message queues carry (https://www.asyncapi.com/docs/reference/specification/v3.0.0).

It describes the service: it receives the requests of methods and sends their replies, and it sends
events. A server stream is a sequence of replies; what streams from the client stays out.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from svcgen.diagnostics import Report
from svcgen.formats import Format, Sources, Writing
from svcgen.formats.fidelity import Said
from svcgen.model.bindings import Bound
from svcgen.model.service import Api

TITLE = "AsyncAPI 3.0"


def _read(path: Path, report: Report, sources: Sources) -> Api | None:
    """``sources`` has no bearing: a document holds all that it needs."""
    from svcgen.formats.neutral.documents import read

    return read(path, TITLE, report)


def write(bound: Bound, writing: Writing) -> Mapping[str, str]:
    from svcgen.formats.asyncapi.writer import document
    from svcgen.formats.carried import to_yaml

    return {"asyncapi.yaml": to_yaml(document(bound.api), writing.kept.get("", ""))}


def served(bound: Bound) -> Mapping[str, str]:
    return write(bound, Writing())


def _fidelity() -> Mapping[str, Said]:
    from svcgen.formats.asyncapi.fidelity import TABLE

    return TABLE


FORMAT = Format(
    name="asyncapi",
    title=TITLE,
    suffixes=(".asyncapi.yaml", ".yaml", ".yml", ".json"),
    roots=("asyncapi",),
    read=_read,
    write=write,
    served=served,
    fidelity=_fidelity,
    whole=True,
)
