"""A tree of definitions into another form, on as many processors as there are.

Each process has a part of the files. What a form's reader makes of one file depends on others, so
the drafts of all are written before the first is read.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from svcgen import registry
from svcgen.conversion import losses, reading, writing
from svcgen.conversion.losses import Finding
from svcgen.conversion.reading import Tree
from svcgen.diagnostics import Report
from svcgen.formats import Format, Sources
from svcgen.frozen import frozen
from svcgen.model.plan import GeneratedFile

_WORTH = 1_000_000
"""Bytes of definitions that take longer to convert than a process to start."""


@frozen
class Converted:
    files: list[GeneratedFile]
    findings: list[Finding]


def convert(
    tree: Tree,
    form: Format,
    sources: Sources,
    report: Report,
    *,
    plain: bool = False,
    processes: int | None = None,
) -> Converted:
    """The files of a tree in another form, and what is not the same there.

    Nothing is converted if the report has an error. ``plain`` files carry nothing beside what their
    form says. As many processes are used as are worth it if ``processes`` is absent.
    """
    parts = list(_parts(tree, processes or os.cpu_count() or 1, least=0 if processes else _WORTH))
    with TemporaryDirectory(prefix="svcgen-") as folder, ExitStack() as stack:
        run = _in_processes(len(parts), stack) if len(parts) > 1 else _here
        drafts = None if plain else Path(folder)
        asked = [(tree, form.name, sources, part, drafts) for part in parts]
        for read in run(_begin, asked):
            report.include(read)
        if report.has_errors:
            return Converted([], [])
        done = run(_end, [()] * len(parts))
    files = writing.together([written for written, _ in done])
    return Converted(files, [finding for _, found in done for finding in found])


_Run = Callable[[Callable[..., Any], Sequence[tuple[Any, ...]]], list[Any]]
"""Calls a function once a part, with these arguments."""


def _here(function: Callable[..., Any], arguments: Sequence[tuple[Any, ...]]) -> list[Any]:
    return [function(*each) for each in arguments]


def _in_processes(count: int, stack: ExitStack) -> _Run:
    """Calls by as many processes, each of which has its own part from the first call to the last."""
    context = get_context("spawn")
    pools = [stack.enter_context(ProcessPoolExecutor(1, context)) for _ in range(count)]

    def run(function: Callable[..., Any], arguments: Sequence[tuple[Any, ...]]) -> list[Any]:
        calls = [pool.submit(function, *a) for pool, a in zip(pools, arguments, strict=True)]
        return [call.result() for call in calls]

    return run


_work: list[tuple[list[writing.Module], Format, Path | None]] = []
"""What this process has read and will write."""


def _begin(
    tree: Tree, form_name: str, sources: Sources, part: slice, drafts: Path | None
) -> Report:
    """Read a part of the tree and write its drafts."""
    report, form = Report(), registry.formats()[form_name]
    modules = reading.read(tree, form, sources, report, part)
    if drafts is not None and not report.has_errors:
        writing.draft(modules, form, drafts)
    _work[:] = [(modules, form, drafts)]
    return report


def _end() -> tuple[writing.Written, list[Finding]]:
    """The files of the part that this process has read, and what is said of them."""
    modules, form, drafts = _work.pop()
    written = writing.final(modules, form, drafts)
    found = [each for m in modules for each in losses.findings(m.api, form)]
    return written, found if drafts else [losses.uncarried(each) for each in found]


def _parts(tree: Tree, processes: int, least: int) -> Iterator[slice]:
    """Neighbouring files of about the same size together, of no fewer than ``least`` bytes."""
    sizes = [path.stat().st_size for _, path in tree.files]
    share = max(sum(sizes) / processes, least, 1)
    start, filled = 0, 0
    for index, size in enumerate(sizes):
        if filled + size / 2 > share and index > start:
            yield slice(start, index)
            start, filled = index, 0
        filled += size
    yield slice(start, len(sizes))
