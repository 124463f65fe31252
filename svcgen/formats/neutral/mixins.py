"""Mixins flattened: fields of structs, methods and events of services; the mixins' own first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from svcgen.diagnostics import Report, Rule, did_you_mean
from svcgen.formats.neutral.graph import ordered
from svcgen.formats.neutral.names import distinct
from svcgen.formats.neutral.types import Declared, Mention
from svcgen.model.service import Service
from svcgen.model.types import Struct, TypeDef

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


def flatten_types(declared: Mapping[str, Declared], report: Report) -> dict[str, TypeDef]:
    """Every type with the fields of its mixins, in the order of declaration."""
    types = {name: d.type for name, d in declared.items()}
    structs = {name for name, d in types.items() if isinstance(d, Struct)}
    needs = {name: d.mixins for name, d in declared.items()}
    for name in _order(needs, structs, report, "struct"):
        struct = types[name]
        if not isinstance(struct, Struct) or not needs[name]:
            continue
        mixed = [types[m.name] for m in needs[name] if m.name in structs and m.name != name]
        fields = [field for s in mixed if isinstance(s, Struct) for field in s.fields]
        what = f"field of struct {name!r}:"
        types[name] = replace(struct, fields=distinct([*fields, *struct.fields], report, what))
    return types


def flatten_services(
    services: Mapping[str, Service], needs: Mapping[str, tuple[Mention, ...]], report: Report
) -> dict[str, Service]:
    """Every service with the methods and events of its mixins, in the order of declaration."""
    flat = dict(services)
    for name in _order(needs, services, report, "service"):
        mixed = [flat[m.name] for m in needs[name] if m.name in flat and m.name != name]
        service = services[name]
        methods = [o for s in (*mixed, service) for o in s.operations]
        events = [e for s in (*mixed, service) for e in s.events]
        flat[name] = replace(
            service,
            operations=distinct(methods, report, f"method of service {name!r}:"),
            events=distinct(events, report, f"event of service {name!r}:"),
        )
    return flat


def _order(
    needs: Mapping[str, tuple[Mention, ...]], known: Iterable[str], report: Report, what: str
) -> list[str]:
    known = set(known)
    for mention in (mention for mentions in needs.values() for mention in mentions):
        if mention.name not in known:
            hint = did_you_mean(mention.name, known)
            report.add(UNKNOWN_MIXIN, mention.span, what=what, name=mention.name[:80], hint=hint)

    def on_cycle(mention: Mention, names: list[str]) -> None:
        report.add(MIXIN_CYCLE, mention.span, path=" -> ".join(names[-9:]))

    return ordered(needs, on_cycle)
