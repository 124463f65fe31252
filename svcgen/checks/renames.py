"""``renamed_from``: who may say so."""

from __future__ import annotations

from svcgen.checks.groups import Group, groups
from svcgen.checks.subjects import EXAMPLE
from svcgen.diagnostics import Report, Rule
from svcgen.model.service import Api

BAD_RENAME = Rule(
    code="bad-rename",
    message="{what} is renamed from {former!r}, which {problem}",
    fix="name what it was called before, which nothing else may bear or claim",
    why=(
        "renamed_from: carries the number of a member, or all numbers of a type or service, "
        "over to its new name. So the old name must be gone, and only one can inherit from it."
    ),
    example=EXAMPLE
    + "types:\n  Book:\n    name: string\n    title: {type: string, renamed_from: name}\n",
)


def check_renames(api: Api, report: Report) -> None:
    for group in groups(api):
        _check_group(group, report)


def _check_group(group: Group, report: Report) -> None:
    alive = {sibling.name.wire for sibling in group.siblings}
    claimed: set[str] = set()
    for sibling in group.siblings:
        former = sibling.meta.renamed_from
        if not former:
            continue
        facts = {"what": sibling.what, "former": former}
        if former in alive:
            report.add(BAD_RENAME, sibling.meta.span, problem="is still there", **facts)
        elif former in claimed:
            report.add(BAD_RENAME, sibling.meta.span, problem="another claims too", **facts)
        claimed.add(former)
