"""What ``svcgen generate`` does once its command line is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svcgen.cli import FINDING, Failure, say
from svcgen.project import CONFIG, stamp

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from svcgen.diagnostics import Report
    from svcgen.output import Change, Outcome


def generate(
    project: str = ".",
    include: Sequence[str] = (),
    *,
    check: bool = False,
    diff: bool = False,
    style: str = "text",
) -> int:
    """Bring the project of a folder or of a ``.toml`` file up to date; gives the exit code.

    Imports are looked for in ``include`` before the folders that the project names.
    """
    file = config_of(project)
    if include or not stamp.is_fresh(file):
        from svcgen.diagnostics import Report

        return renew(file, include, Report(), check=check, diff=diff, style=style)
    if style == "json":
        say("[]")
    return 0


def config_of(project: str) -> str:
    """The ``svcgen.toml`` of a folder, or the one that is named itself."""
    return project if project.endswith(".toml") else f"{project or '.'}/{CONFIG}"


def renew(
    config_file: str,
    include: Sequence[str],
    report: Report,
    *,
    check: bool = False,
    diff: bool = False,
    style: str = "text",
) -> int:
    """Generate, whether or not anything may have changed; ``report`` learns what was read."""
    from pathlib import Path

    from svcgen import config, output, pipeline, registry
    from svcgen.cli.findings import progress, show
    from svcgen.frozen import replace
    from svcgen.project import stubs
    from svcgen.project.tree import OutputError

    file = Path(config_file)
    root = file.parent
    offer = config.Offer(tuple(registry.languages()), tuple(registry.protocols()))
    settings = config.load(file, offer, report)
    if settings is not None and include:
        settings = replace(settings, include=(*map(Path, include), *settings.include))
    try:
        with progress(f"generating {root}"):
            files = pipeline.generate(settings, report) if settings else []
            files = stubs.extended(root, files, registry.languages(), report)
        show(report, style)
        if report.has_errors:
            return FINDING
        outcome = output.compare(root, files) if check or diff else output.write(root, files)
        clean = not include and not report.diagnostics and not (outcome.pending and (check or diff))
        if clean:
            changed = (f"{root}/{change.path}" for change in outcome.changes)
            stamp.record(config_file, [*map(str, report.inputs), *changed])
    except OutputError as problem:
        raise Failure(str(problem)) from problem
    _tell(outcome, would=check or diff, diff=diff, quiet=style != "text")
    return FINDING if check and outcome.pending else 0


def _tell(outcome: Outcome, *, would: bool, diff: bool, quiet: bool) -> None:
    """Results on standard output; what the user must know of his own edits on standard error."""
    if diff:
        say("".join(_diff(outcome.pending)), end="")
    elif not quiet:
        done = "would be " if would else ""
        say("".join(f"{done}{c.state} {c.path}\n" for c in outcome.pending), end="")
    for change in outcome.changes:
        if change.edited:
            say(f"svcgen: {_edit_note(change, would=would)}", err=True)


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
