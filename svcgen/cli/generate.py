"""``svcgen generate``: brings a project up to date with its definition."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from svcgen.cli.findings import fail, format_option, progress, show

if TYPE_CHECKING:
    from collections.abc import Iterable

    from svcgen.output import Change, Outcome


@click.command("generate")
@click.argument(
    "project", type=click.Path(path_type=Path), default=".", metavar="[DIR|svcgen.toml]"
)
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if anything would change.")
@click.option(
    "--diff", is_flag=True, help="Write nothing; show what would change as a unified diff."
)
@format_option
def command(project: Path, *, check: bool, diff: bool, style: str) -> None:
    """Regenerate what the svcgen.toml of a project names.

    Files that svcgen owns are rewritten, and removed when nothing needs them any more. Your own
    files stay as they are; methods that are new in the definition are added to your handler.
    """
    from svcgen.project import stamp

    file = _config_file(project)
    if stamp.is_fresh(file.parent):
        if style == "json":
            click.echo("[]")
        return
    regenerate(file, check=check, diff=diff, style=style)


def regenerate(file: Path, *, check: bool = False, diff: bool = False, style: str = "text") -> None:
    """Generate the project of ``file``, a ``svcgen.toml``, and say what became of its files."""
    from svcgen import config, output, registry
    from svcgen.diagnostics import Report
    from svcgen.pipeline import generate
    from svcgen.project import stamp, stubs
    from svcgen.project.tree import OutputError

    report, root = Report(), file.parent
    offer = config.Offer(tuple(registry.languages()), tuple(registry.protocols()))
    settings = config.load(file, offer, report)
    try:
        with progress(f"generating {root}"):
            files = generate(settings, report) if settings else []
            files = stubs.extended(root, files, registry.languages(), report)
        show(report, style)
        if report.has_errors:
            raise SystemExit(1)
        outcome = output.compare(root, files) if check or diff else output.write(root, files)
        clean = not report.diagnostics and not (outcome.pending and (check or diff))
        if clean:
            stamp.record(root, [*report.inputs, *(root / c.path for c in outcome.changes)])
    except OutputError as problem:
        raise fail(str(problem)) from problem
    _tell(outcome, would=check or diff, diff=diff, quiet=style != "text")
    if check and outcome.pending:
        raise SystemExit(1)


def _config_file(project: Path) -> Path:
    from svcgen.project import CONFIG

    return project if project.suffix == ".toml" else project / CONFIG


def _tell(outcome: Outcome, *, would: bool, diff: bool, quiet: bool) -> None:
    """Results on standard output; what the user must know of his own edits on standard error."""
    if diff:
        click.echo("".join(_diff(outcome.pending)), nl=False)
    elif not quiet:
        done = "would be " if would else ""
        click.echo("".join(f"{done}{c.state} {c.path}\n" for c in outcome.pending), nl=False)
    for change in outcome.changes:
        if change.edited:
            click.echo(f"svcgen: {_edit_note(change, would=would)}", err=True)


def _edit_note(change: Change, *, would: bool) -> str:
    from svcgen.output import State

    if change.state is State.RELEASED:
        return f"{change.path} is no longer generated but was edited; it stays, and is yours"
    done = "would be" if would else "was"
    return f"{change.path} is svcgen's but was edited by hand; the edit {done} overwritten"


def _diff(changes: Iterable[Change]) -> Iterable[str]:
    from difflib import unified_diff

    for change in changes:
        before, after = (_lines(content) for content in (change.before, change.after))
        old = "/dev/null" if change.before is None else f"a/{change.path}"
        new = "/dev/null" if change.after is None else f"b/{change.path}"
        for line in unified_diff(before, after, old, new):
            yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _lines(content: bytes | None) -> list[str]:
    text = (content or b"").decode(errors="replace")
    return [line + "\n" for line in text.split("\n")[:-1]] + [t for t in text.split("\n")[-1:] if t]
