"""A whole new project as files: the definition with its imports, skeleton, generated code."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path, PurePosixPath

from svcgen import output, pipeline, registry
from svcgen.config import Settings
from svcgen.diagnostics import Report
from svcgen.model.plan import GeneratedFile
from svcgen.project import CONFIG, skeleton, stubs
from svcgen.project.tree import OutputError

_SEEDED_MODULE = "__main__.py"


def plan(settings: Settings, protocols: tuple[str, ...], report: Report) -> list[GeneratedFile]:
    """Every file of the project at ``settings.root``; none if the report has an error.

    ``settings.definition`` is where the definition is now; ``protocols`` are the user's words.
    """
    generated = pipeline.generate(settings, report)
    if report.has_errors:
        return []
    generated = stubs.extended(settings.root, generated, registry.languages(), report)
    copies, definition, include = _copies(settings, report)
    seeded = skeleton.files(
        skeleton.Skeleton(
            title=settings.definition.stem,
            definition=definition,
            include=include,
            lenient=settings.lenient,
            languages=settings.languages,
            protocols=protocols,
            module=_module(generated),
            endpoints=_endpoints(settings.protocols),
        )
    )
    taken = {file.path for file in generated}
    return [*copies, *(file for file in seeded if file.path not in taken), *generated]


def check_free(root: Path, files: Sequence[GeneratedFile]) -> None:
    """Raises :class:`OutputError` if something else than this very project is at ``root``."""
    there = output.read(root, CONFIG)
    if there is not None:
        definition = files[0]
        if output.read(root, definition.path) != definition.content:
            raise OutputError(
                f"{root} is the project of another definition; name another folder with -o, or edit"
                " that definition and run `svcgen generate`"
            )
        return
    for file in files:
        present = output.read(root, file.path)
        if present is not None and present != file.content:
            raise OutputError(f"{root / file.path} exists already; name another folder with -o")


def _copies(settings: Settings, report: Report) -> tuple[list[GeneratedFile], str, tuple[str, ...]]:
    """The definition, first, and its imports, as they lie to each other.

    And the paths of the definition, and of the folders of imports that were of use.
    """
    sources = list(dict.fromkeys(map(_absolute, (settings.definition, *report.inputs))))
    folders = [*(source.parent for source in sources), *map(_absolute, report.roots)]
    shared = os.path.commonpath(folders)
    paths = [source.relative_to(shared).as_posix() for source in sources]
    files = [
        GeneratedFile(path, source.read_bytes(), once=True)
        for path, source in zip(paths, sources, strict=True)
    ]
    used = set(map(_absolute, report.roots))
    include = [folder for folder in map(_absolute, settings.include) if folder in used]
    return files, paths[0], tuple(folder.relative_to(shared).as_posix() for folder in include)


def _absolute(path: Path) -> Path:
    return Path(os.path.abspath(path))  # noqa: PTH100 - links stay


def _module(files: Iterable[GeneratedFile]) -> str:
    """The Python package that was generated; empty if none was."""
    for file in files:
        path = PurePosixPath(file.path)
        if path.name == _SEEDED_MODULE and path.parts[:2] == ("python", "src"):
            return ".".join(path.parts[2:-1])
    return ""


def _endpoints(protocols: Sequence[str]) -> tuple[skeleton.Endpoint, ...]:
    wires = (registry.protocols()[name] for name in protocols)
    return tuple(
        skeleton.Endpoint(
            f"{wire.schemes[0]}://0.0.0.0:{wire.default_port}",
            wire.default_port,
            f"http://127.0.0.1:{wire.default_port}/healthz" if "http" in wire.schemes else "",
        )
        for wire in wires
    )
