"""Mixins flattened: fields of structs, methods and events of services; the mixins' own first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from svcgen.diagnostics import Report, Rule
from svcgen.formats.neutral.graph import ordered
from svcgen.formats.neutral.names import distinct
from svcgen.formats.neutral.section import near_miss
from svcgen.formats.neutral.types import Declared, Mention
from svcgen.frozen import replace
from svcgen.model.service import Service
from svcgen.model.types import Meta, Struct, TypeDef

_T = TypeVar("_T")

UNKNOWN_MIXIN = Rule(
    code="unknown-mixin",
    message="there is no {what} {name!r} to mix in{hint}",
    fix="name a {what} of this definition or of one that it imports",
    why="A mixin lends what it has: a struct its fields, a service its methods and events.",
    example="svcgen: 1\ntypes:\n  A: {mixins: [Audited], fields: {x: int32}}\n",
)

MIXIN_CYCLE = Rule(
    code="mixin-cycle",
    message="a mixin contains itself: {path}",
    fix="remove one of these mixins",
    why="The members of a mixin are copied, so a circle of them would never end.",
    example=(
        "svcgen: 1\ntypes:\n  A: {mixins: [B], fields: {x: int32}}\n"
        "  B: {mixins: [A], fields: {y: int32}}\n"
    ),
)

MIXIN_LIMIT = Rule(
    code="mixin-limit",
    message="mixins copy more than {limit} members in all",
    fix="nest structs as fields instead of mixing them in",
    why="Mixins of mixins multiply; the limit keeps a small definition from becoming a huge one.",
    example=(
        "svcgen: 1\ntypes:\n"
        "  Wide: {fields: {a: int32, b: int32, c: int32, d: int32, e: int32, f: int32}}\n"
        "  # and a hundred thousand structs that say:\n"
        "  Copy: {mixins: [Wide], fields: {g: int32}}\n"
    ),
)

MOST_COPIED = 100_000


def flatten_types(declared: Mapping[str, Declared], report: Report) -> dict[str, TypeDef]:
    """Every type with the fields of its mixins, in the order of declaration."""
    types = {name: d.type for name, d in declared.items()}
    flat = {name: d for name, d in types.items() if isinstance(d, Struct)}
    needs = {name: d.mixins for name, d in declared.items()}
    copied = 0
    for name in _order(needs, flat, report, "struct"):
        fields = [field for mixin in _mixed(needs[name], name, flat) for field in mixin.fields]
        copied += len(fields)
        if _is_too_much(copied, types[name].meta, report):
            break
        if fields:
            own, what = flat[name].fields, f"field of struct {name!r}:"
            flat[name] = replace(flat[name], fields=distinct([*fields, *own], report, what))
    return types | flat


def flatten_services(
    services: Mapping[str, Service], needs: Mapping[str, tuple[Mention, ...]], report: Report
) -> dict[str, Service]:
    """Every service with the methods and events of its mixins, in the order of declaration."""
    flat = dict(services)
    copied = 0
    for name in _order(needs, services, report, "service"):
        sources = [*_mixed(needs[name], name, flat), services[name]]
        methods = [method for service in sources for method in service.operations]
        events = [event for service in sources for event in service.events]
        copied += len(methods) + len(events)
        if _is_too_much(copied, services[name].meta, report):
            break
        flat[name] = replace(
            services[name],
            operations=distinct(methods, report, f"method of service {name!r}:"),
            events=distinct(events, report, f"event of service {name!r}:"),
        )
    return flat


def _mixed(mentions: tuple[Mention, ...], name: str, flat: Mapping[str, _T]) -> list[_T]:
    return [flat[m.name] for m in mentions if m.name in flat and m.name != name]


def _is_too_much(copied: int, meta: Meta, report: Report) -> bool:
    if copied > MOST_COPIED:
        report.add(MIXIN_LIMIT, meta.span, limit=MOST_COPIED)
    return copied > MOST_COPIED


def _order(
    needs: Mapping[str, tuple[Mention, ...]], known: Mapping[str, object], report: Report, what: str
) -> list[str]:
    for mention in (mention for mentions in needs.values() for mention in mentions):
        if mention.name not in known:
            hint = near_miss(report, mention.name, known)
            report.add(UNKNOWN_MIXIN, mention.span, what=what, name=mention.name[:80], hint=hint)

    def on_cycle(mention: Mention, names: list[str]) -> None:
        report.add(MIXIN_CYCLE, mention.span, path=" -> ".join(names[-9:]))

    return ordered(needs, on_cycle)
