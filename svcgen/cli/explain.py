"""``svcgen explain``: a rule at length, with an example."""

from __future__ import annotations

import click
from click.shell_completion import CompletionItem


def _codes(ctx: click.Context, parameter: click.Parameter, start: str) -> list[CompletionItem]:
    from svcgen.rulebook import all_rules

    return [CompletionItem(rule.code) for rule in all_rules() if rule.code.startswith(start)]


@click.command("explain")
@click.argument("code", required=False, shell_complete=_codes)
def command(code: str | None) -> None:
    """Explain the finding CODE, or list all codes."""
    from svcgen import rulebook

    if code is None:
        for rule in rulebook.all_rules():
            click.echo(f"{rule.severity:8}{rule.code}")
        return
    try:
        text = rulebook.explain(code.removeprefix("error[").removesuffix("]"))
    except LookupError as problem:
        raise click.UsageError(str(problem)) from problem
    click.echo(text, nl=False)
