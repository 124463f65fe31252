"""Which protocol can carry which operation."""

from __future__ import annotations

from collections.abc import Iterable

from svcgen.diagnostics import Report, Rule, Severity
from svcgen.model.messages import subscription
from svcgen.model.service import Api, Streaming
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

    Nothing where every protocol that there is is wanted: that asks for whatever each can carry,
    which the table of ``svcgen check`` shows.
    """
    wanted, known = list(wanted), list(known)
    if {p.name for p in wanted} == {p.name for p in known}:
        return
    able = {protocol.title: protocol for protocol in (*wanted, *known)}.values()
    for service in api.services:
        for operation in (*service.operations, *map(subscription, service.events)):
            mode = operation.streaming
            others = " or ".join(p.title for p in able if mode in p.carries)
            for protocol in wanted:
                if mode not in protocol.carries:
                    report.add(
                        CANNOT_CARRY,
                        operation.meta.span,
                        protocol=protocol.title,
                        operation=f"{service.name.wire}.{operation.name.wire}",
                        kind=_KINDS[mode],
                        others=others or "another protocol",
                    )
