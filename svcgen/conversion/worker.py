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
from svcgen.conversion.writing import Module
from svcgen.diagnostics import Report
from svcgen.formats import Sources
from svcgen.frozen import frozen


@frozen
class Task:
    """What is to be converted, into which form; drafts go into a folder, if anything is carried."""

    tree: Tree
    form: str
    sources: Sources
    drafts: Path | None


@frozen
class Done:
    """The files of modules, and what is said of each by its name."""

    written: writing.Written
    findings: Mapping[str, list[Finding]]


class Worker:
    """Reads parts of a tree, writes their drafts, and when those of all are there the files."""

    def __init__(self, task: Task) -> None:
        self._form = registry.formats()[task.form]
        self._drafts = task.drafts
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
        if self._drafts is not None:
            writing.draft(own, self._form, self._drafts)
        self._modules += own

    def end(self) -> Done:
        """The files of all modules of this worker."""
        written = writing.final(self._modules, self._form, self._drafts)
        return Done(written, {module.name: self._said(module) for module in self._modules})

    def _said(self, module: Module) -> list[Finding]:
        found = losses.findings(module.api, self._form)
        return found if self._drafts else [losses.uncarried(each) for each in found]


_worker: list[Worker] = []
"""That of this process."""


def start(task: Task, thresholds: tuple[int, int, int]) -> None:
    """Begin to be a process of a conversion, which collects garbage as the one that asks for it."""
    gc.set_threshold(*thresholds)
    _worker[:] = [Worker(task)]


def call(method: Callable[..., Any], *arguments: Any) -> Any:
    """What a method of this process's worker gives."""
    return method(_worker[0], *arguments)
