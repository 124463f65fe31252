"""A tree of definitions into another form, on as many processors as there are.

Each process takes one part of the files after the other. What a form's reader makes of one file
depends on others, so the drafts of all are written before the first is read.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import ExitStack
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import Any

from svcgen.conversion import worker, writing
from svcgen.conversion.losses import Finding
from svcgen.conversion.reading import Tree
from svcgen.conversion.worker import Done, Task, Worker
from svcgen.diagnostics import Report
from svcgen.formats import Format, Sources
from svcgen.frozen import frozen
from svcgen.model.plan import GeneratedFile

_WORTH = 1_000_000
"""Bytes of definitions that take longer to convert than a process to start."""

_PARTS = 16
"""Parts for each process, so that all of them end at about the same time."""


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
    sizes = [path.stat().st_size for _, path in tree.files]
    count = processes or max(1, min(os.cpu_count() or 1, sum(sizes) // _WORTH))
    parts = list(_parts(sizes, count * _PARTS if count > 1 else 1))
    with TemporaryDirectory(prefix="svcgen-") as folder, ExitStack() as stack:
        task = Task(tree, form.name, sources, Path(folder), plain)
        calls = _processes(task, count, stack) if count > 1 else [_here(task)]
        threads = stack.enter_context(ThreadPoolExecutor(len(calls)))
        begin = _Beginning(parts)
        for read in threads.map(begin, calls):
            report.include(read)
        if report.has_errors:
            return Converted([], [])
        return _together(list(threads.map(lambda call: call(Worker.end), calls)))


_Call = Callable[..., Any]
"""Calls a method of the worker of a process."""


def _here(task: Task) -> _Call:
    here = Worker(task)
    return lambda method, *arguments: method(here, *arguments)


def _processes(task: Task, count: int, stack: ExitStack) -> list[_Call]:
    context, asked = get_context("spawn"), (task, gc.get_threshold())
    pools = [
        stack.enter_context(ProcessPoolExecutor(1, context, worker.start, asked))
        for _ in range(count)
    ]
    return [_calling(pool) for pool in pools]


def _calling(pool: ProcessPoolExecutor) -> _Call:
    return lambda method, *arguments: pool.submit(worker.call, method, *arguments).result()


class _Beginning:
    """Has workers read the parts and write their drafts; whoever is idle gets the next part."""

    def __init__(self, parts: Sequence[slice]) -> None:
        self._parts = iter(parts)
        self._seen: set[str] = set()
        self._lock = Lock()

    def __call__(self, call: _Call) -> Report:
        """What is wrong with the parts that a worker has read."""
        report = Report()
        while (part := self._next()) is not None:
            read, names = call(Worker.read, part)
            report.include(read)
            call(Worker.draft, self._new(names))
        return report

    def _next(self) -> slice | None:
        with self._lock:
            return next(self._parts, None)

    def _new(self, names: list[str]) -> set[str]:
        """Of the modules that a worker has read those that no other has: two may import one."""
        with self._lock:
            new = {*names} - self._seen
            self._seen |= new
            return new


def _together(done: Sequence[Done]) -> Converted:
    """What all workers have done, in the order of one; of several in that of the names."""
    own = {name: file for each in done for name, file in each.written.own.items()}
    common = {path: file for each in done for path, file in each.written.common.items()}
    found = {name: those for each in done for name, those in each.findings.items()}
    names = list(own) if len(done) == 1 else sorted(own)
    written = writing.Written({name: own[name] for name in names}, common)
    return Converted(writing.files(written), [each for name in names for each in found[name]])


def _parts(sizes: Sequence[int], count: int) -> Iterator[slice]:
    """Neighbouring files of about the same size together."""
    share, start, filled = max(sum(sizes) / count, 1), 0, 0
    for index, size in enumerate(sizes):
        if filled + size / 2 > share and index > start:
            yield slice(start, index)
            start, filled = index, 0
        filled += size
    yield slice(start, len(sizes))
