"""``svcgen new``: a complete project from a definition."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from svcgen.cli import Failure
from svcgen.cli.findings import progress, show
from svcgen.cli.options import include_option, language_option, lenient_option, protocol_option

if TYPE_CHECKING:
    from svcgen.output import Outcome


@click.command("new")
@click.argument("definition", type=click.Path(path_type=Path))
@click.option(
    "-o", "--output", "folder", type=click.Path(path_type=Path, file_okay=False), metavar="DIR",
    help="The project's folder.  [default: named like the definition]",
)  # fmt: skip
@language_option
@protocol_option
@include_option
@lenient_option
def command(
    definition: Path,
    folder: Path | None,
    *,
    language: tuple[str, ...],
    protocol: tuple[str, ...],
    include: tuple[str, ...],
    lenient: bool,
) -> None:
    """Make a complete project from DEFINITION.

    If DEFINITION does not exist, a commented starter definition is written there first. Nothing
    that exists is overwritten; on the same project again, only what is missing is added.
    """
    from svcgen import output, registry
    from svcgen.config import ALL, Settings
    from svcgen.diagnostics import Report
    from svcgen.project import scaffold
    from svcgen.project.tree import OutputError

    form = registry.reader_of(definition)
    root = folder or Path(form.stem(definition.name) if form else definition.stem)
    chosen = (ALL,) if protocol == tuple(registry.protocols()) else protocol
    report = Report()
    try:
        _ensure_definition(definition)
        with progress(f"generating {root}"):
            folders = tuple(map(Path, include))
            settings = Settings(root, definition, language, protocol, folders, lenient)
            files = scaffold.plan(settings, chosen, report)
        show(report)
        if report.has_errors:
            raise SystemExit(1)
        scaffold.check_free(root, files)
        outcome = output.write(root, files)
    except OutputError as problem:
        raise Failure(str(problem)) from problem
    _tell(root, outcome)


def _ensure_definition(definition: Path) -> None:
    if definition.exists() or definition.is_symlink():
        return
    from svcgen import output
    from svcgen.project import skeleton

    if definition.suffix not in {".yaml", ".yml"}:
        raise click.UsageError(f"{definition} does not exist, and a starter must be a .yaml file")
    package = skeleton.package_of(definition.stem)
    output.put(definition.parent, definition.name, skeleton.starter(package))
    click.echo(f"wrote the starter definition {definition}")


def _tell(root: Path, outcome: Outcome) -> None:
    from svcgen.output import State

    created = outcome.paths(State.CREATED)
    click.echo(f"created {len(created)} files in {root}" if created else f"{root} is up to date")
    handler = next((c.path for c in outcome.changes if c.path.endswith("/handler.py")), "")
    if not handler:
        return
    module = ".".join(Path(handler).parts[2:-1])
    click.echo("next:")
    click.echo(f"  1. write your logic into {root / handler}")
    click.echo(f"  2. cd {root / 'python'} && python -m venv .venv && .venv/bin/pip install -e .")
    click.echo(f"  3. .venv/bin/python -m {module} serve")
