"""``svcgen convert``: a definition as another form, with a report of what that cannot say."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from svcgen.cli import Failure, say
from svcgen.cli.findings import progress, show
from svcgen.cli.options import include_option, lenient_option

if TYPE_CHECKING:
    from collections.abc import Sequence

    from svcgen.conversion.losses import Finding
    from svcgen.conversion.placing import Goal
    from svcgen.conversion.reading import Tree
    from svcgen.formats import Format
    from svcgen.model.plan import GeneratedFile


class _Form(click.ParamType["Format"]):
    """A format by its name, or by the ending of its files."""

    name = "format"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> Format:
        known = _forms()
        found = known.get(value) or next((f for f in known.values() if f.name == value), None)
        if found is None:
            self.fail(f"there is no format {value!r} (use one of {', '.join(known)})", param, ctx)
        return found


def _forms() -> dict[str, Format]:
    """All formats that can be written, by the words that name them."""
    from svcgen import registry

    written = [form for form in registry.formats().values() if form.write is not None]
    return {form.word: form for form in written}


@click.command("convert")
@click.argument(
    "sources", nargs=-1, required=True, metavar="SOURCE…",
    type=click.Path(path_type=Path, exists=True),
)  # fmt: skip
@click.option("--to", "form", type=_Form(), required=True, metavar="FORMAT", help="The new form.")
@click.option(
    "-o", "--output", type=click.Path(allow_dash=True), metavar="FILE|DIR",
    help="Where to write.  [default: standard output]",
)  # fmt: skip
@click.option("--plain", is_flag=True, help="Carry nothing beside what the form itself says.")
@click.option("--strict", is_flag=True, help="Fail if anything is changed or lost.")
@click.option(
    "--report", "style", type=click.Choice(("text", "json")), default="text", show_default=True,
    help="How losses are shown; json lists what is kept as well.",
)  # fmt: skip
@include_option
@lenient_option
def command(  # noqa: PLR0913 - one for each option
    sources: tuple[Path, ...],
    *,
    form: Format,
    output: str | None,
    plain: bool,
    strict: bool,
    style: str,
    include: tuple[str, ...],
    lenient: bool,
) -> None:
    """Write definitions in another form: one file as one, a folder as a tree."""
    from svcgen.conversion import converting, losses
    from svcgen.diagnostics import Report
    from svcgen.formats import Sources

    report, places = Report(), Sources(tuple(map(Path, include)), lenient)
    tree, goal = _planned(sources, form, None if output == "-" else output, places.include)
    with progress("converting"):
        converted = converting.convert(tree, form, places, report, plain=plain)
    if report.has_errors:
        show(report)
        raise SystemExit(1)
    _save(converted.files, goal)
    if goal is None and style == "text":
        _tell_needed(converted.files[1:])
    found, noticed = converted.findings, report.diagnostics
    losses.report(found, form, report)
    if style == "json":
        say(losses.as_json(noticed, found), end="", err=goal is None)
    else:
        show(report)
        _tell(found, form)
    if strict and any([each.is_loss for each in found] + [each.rule.loses for each in noticed]):
        raise SystemExit(1)


def _planned(
    sources: Sequence[Path], form: Format, output: str | None, include: Sequence[Path]
) -> tuple[Tree, Goal | None]:
    """What is to be converted, and where to; ``None`` is standard output."""
    from svcgen.conversion import placing, reading

    tree = reading.tree_of(sources, include)
    goal = None if output is None else placing.goal_of(tree, output)
    if goal is not None:
        tree = placing.without_results(tree, form, goal)
    if not tree.files:
        raise Failure(f"there is no definition in {tree.folder}")
    if tree.is_whole and goal is None:
        raise click.UsageError("a tree needs a folder: name it with -o DIR")
    if goal is not None and (problem := placing.problem(tree, form, goal)):
        raise Failure(problem)
    return tree, goal


def _save(files: Sequence[GeneratedFile], goal: Goal | None) -> None:
    """Write the files into a folder; a single one as the file that was asked for, or print it."""
    from svcgen import output
    from svcgen.project.tree import OutputError

    if goal is None:
        say(files[0].content.decode(), end="")
        return
    try:
        for number, file in enumerate(files):
            output.put(goal.folder, file.path if number else goal.file or file.path, file.content)
    except OutputError as problem:
        raise Failure(str(problem)) from problem


def _tell_needed(files: Sequence[GeneratedFile]) -> None:
    """What a file that was printed imports, and what would have been written beside it."""
    for file in files:
        say(f"svcgen: it needs {file.path} beside it, which -o writes", err=True)


def _tell(found: Sequence[Finding], form: Format) -> None:
    """How much is carried without a word of the form's own."""
    from svcgen.formats.fidelity import Verdict

    kept = [each for each in found if each.said.verdict is Verdict.KEPT]
    if kept:
        counts = Counter(each.occurrence.construct for each in kept).most_common()
        listed = ", ".join(f"{code} {count}" for code, count in counts)
        say(f"kept beside what {form.title} says: {listed}", err=True)
