"""What can be wrong with a definition that reads well: each check goes over the whole model and
reports.

To add one, write a module with its rules and a function ``(api, report)``, and name it in
``CHECKS``.
"""

from __future__ import annotations

from collections.abc import Callable

from svcgen.checks.aliases import check_aliases
from svcgen.checks.constraints import check_constraints
from svcgen.checks.containers import check_containers
from svcgen.checks.emptiness import check_emptiness
from svcgen.checks.endless import check_endless
from svcgen.checks.events import check_events
from svcgen.checks.names import check_names
from svcgen.checks.numbers import check_numbers
from svcgen.checks.operations import check_operations
from svcgen.checks.pagination import check_pagination
from svcgen.checks.references import check_references
from svcgen.checks.renames import check_renames
from svcgen.checks.servers import check_servers
from svcgen.checks.values import check_values
from svcgen.diagnostics import Report
from svcgen.model.service import Api

CHECKS: tuple[Callable[[Api, Report], None], ...] = (
    check_references,
    check_names,
    check_renames,
    check_numbers,
    check_aliases,
    check_endless,
    check_emptiness,
    check_containers,
    check_constraints,
    check_values,
    check_operations,
    check_pagination,
    check_events,
    check_servers,
)
"""In the order in which they run; none relies on another, and a broken reference stops none."""


def check(api: Api, report: Report) -> None:
    """Report everything that is wrong with ``api``, whatever the protocols and languages."""
    for one in CHECKS:
        one(api, report)
