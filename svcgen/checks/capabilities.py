"""Which protocol can carry which operation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from svcgen.diagnostics import Report, Rule, Severity
from svcgen.model.messages import subscription
from svcgen.model.service import Api, Operation, Streaming
from svcgen.protocols import WireProtocol

CANNOT_CARRY = Rule(
    code="cannot-carry",
    message="{protocol} cannot carry {operation}, {kind}",
    fix="call it over {others}, or ask for fewer protocols",
    why=(
        "Not every wire can stream both ways. The operation is left out of the generated code "
        "of this protocol, and stays in that of the others; calling it there fails as "
        "unimplemented."
    ),
    example="",
    severity=Severity.WARNING,
)

CARRIED_IN_PART = Rule(
    code="carried-in-part",
    message="{protocol} carries {operation}, {kind}, over {schemes} only",
    fix="give clients that call it such a URL",
    why=(
        "Not every way in to a protocol can stream: one request over HTTP has one response. Calling\n"
        "the operation there fails as unimplemented, and says where it can be called."
    ),
    example=(
        "svcgen: 1\npackage: demo\nservices:\n  Books:\n    methods:\n"
        "      watch: {output: stream string}\n"
    ),
    severity=Severity.INFO,
)

_KINDS = {
    Streaming.UNARY: "which is one request and one response",
    Streaming.CLIENT: "which streams from the client",
    Streaming.SERVER: "which streams from the server",
    Streaming.BOTH: "which streams both ways",
}


def check_capabilities(
    api: Api,
    wanted: Iterable[WireProtocol],
    report: Report,
    known: Iterable[WireProtocol] = (),
) -> None:
    """Report every operation that a wanted protocol cannot carry, with those of all that can.

    Operations that it carries over URLs of some schemes only are noted.

    Nothing where every protocol that there is is wanted: that asks for whatever each can carry,
    which the table of ``svcgen check`` shows.
    """
    wanted, known = list(wanted), list(known)
    if {p.name for p in wanted} == {p.name for p in known}:
        return
    able = {protocol.title: protocol for protocol in (*wanted, *known)}.values()
    for operation, facts in _operations(api):
        mode, place = operation.streaming, operation.meta.span
        others = " or ".join(p.title for p in able if mode in p.carries) or "another protocol"
        for protocol in wanted:
            named = facts | {"protocol": protocol.title}
            schemes = [s for s in protocol.schemes if mode not in protocol.lacks.get(s, ())]
            if mode not in protocol.carries:
                report.add(CANNOT_CARRY, place, **named, others=others)
            elif len(schemes) < len(protocol.schemes):
                report.add(CARRIED_IN_PART, place, **named, schemes=" and ".join(schemes))


def _operations(api: Api) -> Iterator[tuple[Operation, dict[str, str]]]:
    """Each operation and event subscription, with what a finding says of it."""
    for service in api.services:
        for operation in (*service.operations, *map(subscription, service.events)):
            label = f"{service.name.wire}.{operation.name.wire}"
            yield operation, {"operation": label, "kind": _KINDS[operation.streaming]}
