"""What a definition loses on its way into another form: each use of a construct with its verdict."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from svcgen.conversion.constructs import CONSTRUCTS
from svcgen.conversion.occurrences import Occurrence, occurrences
from svcgen.conversion.unsaid import Unsaid, is_unsaid
from svcgen.diagnostics import Diagnostic, Report
from svcgen.formats import Format
from svcgen.formats.fidelity import Said, Verdict
from svcgen.frozen import frozen, replace
from svcgen.model.service import Api

_NO_ADVICE = "nothing to do if no reader of the file needs it"


@frozen
class Finding:
    """A use of a construct that a form does not say as the definition does."""

    occurrence: Occurrence
    said: Said

    @property
    def is_loss(self) -> bool:
        return self.said.verdict in (Verdict.CHANGED, Verdict.LOST)


def findings(api: Api, form: Format, unsaid: Unsaid | None = None) -> list[Finding]:
    """Everything in a definition that is not the same in a form, in its order.

    ``unsaid`` tells it of this definition, where the form has been tried.
    """
    table = form.fidelity() if form.fidelity else {}
    found = ((o, table.get(o.construct)) for o in dict.fromkeys(occurrences(api)))
    return [
        Finding(o, said)
        for o, said in found
        if said is not None and (unsaid is None or is_unsaid(o, unsaid))
    ]


def uncarried(finding: Finding) -> Finding:
    """A finding about a file that carries nothing beside what its form says."""
    return replace(finding, said=replace(finding.said, verdict=finding.said.plain))


def report(found: Iterable[Finding], form: Format, into: Report) -> None:
    """The losses among findings as diagnostics."""
    for each in found:
        if each.is_loss:
            occurrence, said = each.occurrence, each.said
            into.add(
                CONSTRUCTS[occurrence.construct].rule,
                occurrence.span,
                what=occurrence.what,
                form=form.title,
                how=said.how,
                instead=said.instead or _NO_ADVICE,
            )


def as_json(noticed: Sequence[Diagnostic], found: Sequence[Finding]) -> str:
    """What reading noticed and every finding, those that are kept as well; lines count from 1."""
    objects = [*map(_noticed, noticed), *map(_object, found)]
    return json.dumps(objects, indent=2, ensure_ascii=False) + "\n"


def _noticed(diagnostic: Diagnostic) -> dict[str, Any]:
    verdict = Verdict.LOST if diagnostic.rule.loses else Verdict.SAME
    return {
        "code": diagnostic.rule.code,
        "verdict": verdict.value,
        "severity": diagnostic.severity.value,
        "file": diagnostic.span.file,
        "line": diagnostic.span.line,
        "column": diagnostic.span.column,
        "what": diagnostic.message,
        "how": "",
        "instead": diagnostic.fix,
    }


def _object(finding: Finding) -> dict[str, Any]:
    occurrence, said = finding.occurrence, finding.said
    return {
        "code": f"loss-{occurrence.construct}",
        "verdict": said.verdict.value,
        "severity": "warning" if finding.is_loss else "info",
        "file": occurrence.span.file,
        "line": occurrence.span.line,
        "column": occurrence.span.column,
        "what": occurrence.what,
        "how": said.how,
        "instead": said.instead,
    }
