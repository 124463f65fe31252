"""``svcgen generate``: brings a project up to date with its definition."""

from __future__ import annotations

import click

from svcgen.cli.options import format_option, include_option


@click.command("generate")
@click.argument("project", type=click.Path(), default=".", metavar="[DIR|svcgen.toml]")
@include_option
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if anything would change.")
@click.option(
    "--diff", is_flag=True, help="Write nothing; show what would change as a unified diff."
)
@click.option(
    "--watch", is_flag=True, help="Generate again whenever the definition changes, until Ctrl-C."
)
@format_option
def command(
    project: str, *, include: tuple[str, ...], check: bool, diff: bool, watch: bool, style: str
) -> None:
    """Regenerate what the svcgen.toml of a project names.

    Files that svcgen owns are rewritten, and removed when nothing needs them any more. Your own
    files stay as they are; methods that are new in the definition are added to your handler.
    """
    if watch:
        if check or diff:
            raise click.UsageError("--watch writes; it goes with neither --check nor --diff")
        from svcgen.cli.watching import watch as keep_generating

        keep_generating(project, include, style=style)
    from svcgen.cli.generation import generate

    raise SystemExit(generate(project, include, check=check, diff=diff, style=style))
