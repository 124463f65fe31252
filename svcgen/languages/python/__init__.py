"""Python: models as msgspec structs, an abstract service, one handler, one client."""

from __future__ import annotations

from collections.abc import Sequence

from svcgen.diagnostics import Report
from svcgen.languages import Language, TargetFacts
from svcgen.model.plan import HandlerClass, PlannedFile
from svcgen.model.service import Api


def _plan(api: Api, targets: Sequence[TargetFacts], source: str) -> list[PlannedFile]:
    from svcgen.languages.python.plan import plan

    return plan(api, targets, source)


def _append_stubs(source: str, path: str, classes: Sequence[HandlerClass], report: Report) -> str:
    from svcgen.languages.python.handler_edit import append_stubs

    return append_stubs(source, path, classes, report)


LANGUAGE = Language(name="python", title="Python", plan=_plan, append_stubs=_append_stubs)
