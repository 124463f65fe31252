"""Brings the user's handlers up to date: the stubs that they lack, by their language's editor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from svcgen import output
from svcgen.diagnostics import Report, Span
from svcgen.evolution.lockfile import Entry
from svcgen.evolution.lockfile import read as read_lock
from svcgen.frozen import replace
from svcgen.languages import Language
from svcgen.languages.findings import BROKEN_HANDLER
from svcgen.model.plan import GeneratedFile, HandlerClass

LOCK = "svcgen.lock"


def extended(
    root: Path, files: Sequence[GeneratedFile], languages: Mapping[str, Language], report: Report
) -> list[GeneratedFile]:
    """``files``, where each seeded file with stubs that the user has already is the user's text
    with what it lacks. The first folder of a path is the name of its language.
    """
    retired = _retired(files)
    known = (replace(f, stubs=tuple(_with_retired(c, retired) for c in f.stubs)) for f in files)
    return [_extended(root, file, languages, report) if file.stubs else file for file in known]


def _retired(files: Sequence[GeneratedFile]) -> list[Entry]:
    """The methods that the new lock keeps numbers of, though they are gone."""
    text = next((file.content.decode() for file in files if file.path == LOCK), "")
    entries = read_lock(text, LOCK, Report())
    return [entry for entry in entries if entry.retired and entry.kind == "method"]


def _with_retired(handler: HandlerClass, retired: Sequence[Entry]) -> HandlerClass:
    return replace(handler, retired=tuple(e.name for e in retired if e.owner == handler.service))


def _extended(
    root: Path, file: GeneratedFile, languages: Mapping[str, Language], report: Report
) -> GeneratedFile:
    before = output.read(root, file.path)
    if before is None:
        return file
    shown = str(root / file.path)
    try:
        source = before.decode()
    except UnicodeDecodeError as problem:
        reason = f"it is not UTF-8 at byte {problem.start}"
        report.add(BROKEN_HANDLER, Span.at(shown), problem=reason)
        return file
    language = languages[file.path.split("/")[0]]
    after = language.append_stubs(source, shown, file.stubs, report).encode()
    return file if after == before else replace(file, content=after, extends=before)
