"""Names that nothing bears: types and errors."""

from __future__ import annotations

from svcgen.checks.subjects import EXAMPLE, mentions
from svcgen.diagnostics import Report, Rule, did_you_mean
from svcgen.model import walk
from svcgen.model.service import Api
from svcgen.model.types import Scalar

UNKNOWN_TYPE = Rule(
    code="unknown-type",
    message="{subject} has type {name!r}",
    fix="name a scalar or a type of the definition{hint}",
    why=(
        "A type is a scalar (bool, int32, string …), a container (list<T>, set<T>, map<K, V>) "
        "or the name of a type under `types:`, here or in an imported definition. Upper and "
        "lower case differ."
    ),
    example=EXAMPLE + "types:\n  Book: {title: string, pages: int33}\n",
)
UNKNOWN_ERROR = Rule(
    code="unknown-error",
    message="{operation!r} can fail with {name!r}, which is no error of the definition",
    fix="define it under errors:{hint}",
    why=(
        "The errors of an operation are named under `errors:`, where each has its code and its "
        "fields."
    ),
    example=EXAMPLE
    + "errors:\n  NotFound: {code: not_found}\n"
    + "services:\n  Library:\n    methods:\n      burn: {errors: [NotFond]}\n",
)

_WORDS = (*(scalar.value for scalar in Scalar), "list", "set", "map")


def check_references(api: Api, report: Report) -> None:
    for subject, ref in mentions(api):
        for named in walk.names_in(ref):
            if named.name not in api.types:
                known = (*_WORDS, *api.types)
                hint = did_you_mean(named.name, known) if report.is_short else ""
                report.add(UNKNOWN_TYPE, named.span, subject=subject, name=named.name, hint=hint)
    for _, operation in walk.operations(api):
        spans = operation.error_spans or (operation.meta.span,) * len(operation.errors)
        for name, span in zip(operation.errors, spans, strict=True):
            if name not in api.errors:
                facts = {"operation": operation.name.wire, "name": name}
                hint = did_you_mean(name, api.errors) if report.is_short else ""
                report.add(UNKNOWN_ERROR, span, hint=hint, **facts)
