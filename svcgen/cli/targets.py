"""``svcgen targets``: the language × protocol matrix, found from the folders."""

from __future__ import annotations

from typing import NamedTuple

import click

_MODES = {
    "unary": "unary",
    "client": "client stream",
    "server": "server stream",
    "both": "both ways",
}


class _Row(NamedTuple):
    """One protocol, as ``--format json`` prints it."""

    protocol: str
    title: str
    carries: dict[str, str | None]  # by streaming mode, how it travels
    schemes: list[str]
    languages: list[str]


@click.command("targets")
@click.option(
    "--format",
    "style",
    type=click.Choice(("text", "json", "markdown")),
    default="text",
    show_default=True,
    help="How the matrix is shown.",
)
def command(style: str) -> None:
    """Show which protocols each language has, and how each carries the streaming modes."""
    from svcgen.cli.table import columns, markdown

    rows = _rows()
    if style == "json":
        import json

        click.echo(json.dumps([row._asdict() for row in rows], indent=2))
        return
    cells = [["protocol", *_MODES.values(), "URL schemes", "languages"], *map(_cells, rows)]
    click.echo(markdown(cells) if style == "markdown" else columns(cells))


def _rows() -> list[_Row]:
    from svcgen import registry
    from svcgen.model.service import Streaming

    targets = list(registry.targets())
    return [
        _Row(
            protocol.name,
            protocol.title,
            {mode: protocol.carries.get(Streaming(mode)) for mode in _MODES},
            list(protocol.schemes),
            [target.language.title for target in targets if target.protocol is protocol],
        )
        for protocol in registry.protocols().values()
    ]


def _cells(row: _Row) -> list[str]:
    modes = (row.carries[mode] or "–" for mode in _MODES)
    return [row.title, *modes, ", ".join(row.schemes), ", ".join(row.languages) or "–"]
