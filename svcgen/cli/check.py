"""``svcgen check``: validates definitions, and shows which protocol can carry which operation."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from svcgen.cli.findings import progress, show
from svcgen.cli.options import (
    format_option,
    include_option,
    lenient_option,
    protocol_option,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from svcgen.model.service import Api
    from svcgen.protocols import WireProtocol


@click.command("check")
@click.argument(
    "sources", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="SOURCE…"
)
@protocol_option
@include_option
@lenient_option
@format_option
def command(
    sources: tuple[Path, ...],
    *,
    protocol: tuple[str, ...],
    include: tuple[str, ...],
    lenient: bool,
    style: str,
) -> None:
    """Validate definitions; show which protocol can carry which operation."""
    from svcgen import registry
    from svcgen.diagnostics import Report
    from svcgen.formats import Sources
    from svcgen.pipeline import check

    report, places = Report(), Sources(tuple(map(Path, include)), lenient)
    protocols = [registry.protocols()[name] for name in protocol]
    with progress("checking"):
        apis = [check(source, protocols, report, places) for source in sources]
    show(report, style)
    if report.has_errors:
        raise SystemExit(1)
    if style == "text":
        tables = (_table(api, protocols) for api in apis if api is not None)
        click.echo("\n\n".join(tables))


def _table(api: Api, protocols: Sequence[WireProtocol]) -> str:
    from svcgen.cli.table import columns
    from svcgen.model.messages import exchanges

    rows = [["operation", *(protocol.title for protocol in protocols)]]
    for exchange in exchanges(api):
        operation = exchange.operation
        words = (protocol.carries.get(operation.streaming, "–") for protocol in protocols)
        rows.append([f"{exchange.service.name}.{operation.name}", *words])
    return columns(rows)
