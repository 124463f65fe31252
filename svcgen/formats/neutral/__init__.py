"""svcgen's own definition language: YAML, documented in ``docs/definition.md``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from svcgen.diagnostics import Report
from svcgen.formats import KEPT, Format, Sources, Writing
from svcgen.model.bindings import Bound
from svcgen.model.service import Api


def _read(path: Path, report: Report, sources: Sources) -> Api | None:
    from svcgen.formats.neutral.reader import read

    return read(path, report, sources)


def _write(bound: Bound, writing: Writing) -> Mapping[str, str]:
    """Nothing is kept beside it: the language says everything."""
    from svcgen.formats.neutral.writer import write

    return {f"{bound.api.package}.yaml": write(bound.api, writing)}


def restore(api: Api, report: Report) -> Api:
    """The model of which a form's reader found the copy; see ``restoring``."""
    operations = (operation for service in api.services for operation in service.operations)
    declared = (api, *api.types.values(), *api.errors.values(), *api.services, *operations)
    if not any(KEPT in each.meta.annotations for each in declared):
        return api
    from svcgen.formats.neutral import restoring

    return restoring.restore(api, report)


FORMAT = Format(
    name="yaml",
    title="svcgen definition",
    suffixes=(".yaml", ".yml"),
    roots=("svcgen",),
    read=_read,
    write=_write,
    complete=True,
)
