"""What one process does of a conversion."""

from __future__ import annotations

import gc
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from svcgen import registry
from svcgen.conversion import losses, reading, writing
from svcgen.conversion.losses import Finding
from svcgen.conversion.reading import Tree
from svcgen.conversion.unsaid import Unsaid
from svcgen.conversion.writing import Module
from svcgen.diagnostics import Report
from svcgen.formats import Sources
from svcgen.frozen import frozen


@frozen
class Task:
    """What is to be converted, into which form; drafts go into a folder."""

    tree: Tree
    form: str
    sources: Sources
    drafts: Path
    plain: bool = False


@frozen
class Done:
    """The files of modules, and what is said of each by its name."""

    written: writing.Written
    findings: Mapping[str, list[Finding]]


class Worker:
    """Reads parts of a tree, writes their drafts, and when those of all are there the files."""

    def __init__(self, task: Task) -> None:
        self._form = registry.formats()[task.form]
        self._task = task
        self._reader = reading.Reader(task.tree, self._form, task.sources)
        self._modules: list[Module] = []
        self._read: list[Module] = []

    def read(self, part: slice) -> tuple[Report, list[str]]:
        """Read a part of the tree: what is wrong with it, and the names of its modules."""
        report = Report()
        self._read = self._reader.read(report, part)
        return report, [module.name for module in self._read]

    def draft(self, names: set[str]) -> None:
        """Write the drafts of those modules of the part that are this worker's."""
        own = [module for module in self._read if module.name in names]
        writing.draft(own, self._form, self._task.drafts)
        self._modules += own

    def end(self) -> Done:
        """The files of all modules of this worker."""
        drafts, plain = Sources(include=(self._task.drafts,)), self._task.plain
        files, found = {}, {}
        for module in self._modules:
            final = writing.final(module, self._form, drafts, plain=plain)
            files[module.name] = final.files
            found[module.name] = self._said(module, final.unsaid)
        return Done(writing.gathered(files), found)

    def _said(self, module: Module, unsaid: Unsaid | None) -> list[Finding]:
        found = losses.findings(module.api, self._form, unsaid)
        return [losses.uncarried(each) for each in found] if self._task.plain else found


_worker: list[Worker] = []
"""That of this process."""


def start(task: Task, thresholds: tuple[int, int, int]) -> None:
    """Begin to be a process of a conversion, which collects garbage as the one that asks for it."""
    gc.set_threshold(*thresholds)
    _worker[:] = [Worker(task)]


def call(method: Callable[..., Any], *arguments: Any) -> Any:
    """What a method of this process's worker gives."""
    return method(_worker[0], *arguments)
