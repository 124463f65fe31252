"""The only code that writes files: compares, then writes what differs, or nothing at all.

Every path is opened folder by folder below the project's root without following symbolic links, so
that nothing outside of it is read, written or removed, even while somebody changes the tree. New
contents are first all written beside their targets and then renamed over them: a full disk or a
forbidden folder leaves the project as it was.

``svcgen.manifest`` lists the owned files with their SHA-256 (``sha256sum -c`` reads it). By it a
stale file is told from one that the user has edited since: the first is removed, the second stays.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, suppress
from enum import StrEnum
from pathlib import Path

from svcgen.frozen import frozen
from svcgen.model.plan import GeneratedFile
from svcgen.project.tree import OutputError, Tree, checked_parts, folded

MANIFEST = "svcgen.manifest"
MARKER = b" by svcgen"
"""In the first kilobyte of an owned file that the manifest does not list, it shows whose it is."""

_HEADER = "# Files that svcgen owns: rewritten by `svcgen generate`, removed when stale.\n"
_MARKER_REACH = 1024
_MOST_NAMED = 10


class State(StrEnum):
    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REMOVED = "removed"
    KEPT = "kept"  # seeded before, now the user's
    RELEASED = "released"  # no longer generated, but edited by the user, who may keep it


@frozen
class Change:
    """What becomes of one file; ``None`` is a file that is not there."""

    path: str
    state: State
    before: bytes | None
    after: bytes | None
    edited: bool = False  # owned, and edited by hand since svcgen wrote it
    seeded: bool = False

    @property
    def is_pending(self) -> bool:
        """Whether the project differs from what it should be."""
        return self.state not in {State.UNCHANGED, State.KEPT}


@frozen
class Outcome:
    """All changes, sorted by path."""

    changes: tuple[Change, ...]

    def paths(self, state: State) -> list[str]:
        return [change.path for change in self.changes if change.state is state]

    @property
    def pending(self) -> list[Change]:
        return [change for change in self.changes if change.is_pending]


def compare(root: Path, files: Sequence[GeneratedFile]) -> Outcome:
    """What writing ``files`` would do. Raises :class:`OutputError` for what must not be written."""
    _check_distinct(files)
    with Tree(root) as tree:
        owned = _read_manifest(tree)
        changes = [_compared(tree, file, owned) for file in files]
        _check_ours(changes, owned)
        changes += _stale(tree, files, owned)
        manifest = _manifest(files)
        before = tree.read(MANIFEST)
    if files or owned:
        state = State.CREATED if before is None else State.UPDATED
        state = State.UNCHANGED if before == manifest else state
        changes.append(Change(MANIFEST, state, before, manifest))
    return Outcome(tuple(sorted(changes, key=lambda change: change.path)))


def write(root: Path, files: Sequence[GeneratedFile]) -> Outcome:
    """Bring the project at ``root`` up to date with ``files``; unchanged files keep their times."""
    outcome = compare(root, files)
    removed = outcome.paths(State.REMOVED)
    written = _to_write(outcome, {folded(path) for path in removed})
    if not written and not removed:
        return outcome
    with Tree(root, create=True) as tree, ExitStack() as undo:
        undo.callback(tree.unmake)
        staged = []
        for change in written:
            staged.append(tree.stage(change.path, change.after or b""))
            undo.callback(staged[-1].discard)
        for path in removed:
            tree.remove(path)
            tree.prune(path)
        for file in staged:
            file.commit()
        undo.pop_all()
    return outcome


def _to_write(outcome: Outcome, removed: set[str]) -> list[Change]:
    """The manifest last, for it tells of the others. A file whose name changes only in its case is
    written again: where case does not count, removing the old name removes it too.
    """
    written = [
        change
        for change in outcome.changes
        if change.state in {State.CREATED, State.UPDATED}
        or (change.state is State.UNCHANGED and folded(change.path) in removed)
    ]
    return sorted(written, key=lambda change: change.path == MANIFEST)


def put(root: Path, path: str, content: bytes) -> None:
    """Write one file that is neither owned nor seeded, such as a note of svcgen to itself."""
    with Tree(root, create=True) as tree:
        tree.stage(path, content).commit()


def read(root: Path, path: str) -> bytes | None:
    """The file's content, ``None`` if there is none; refuses what :func:`write` refuses."""
    with Tree(root) as tree:
        return tree.read(path)


def _compared(tree: Tree, file: GeneratedFile, owned: Mapping[str, set[str]]) -> Change:
    before = tree.read(file.path)
    if before is None:
        return Change(file.path, State.CREATED, None, file.content)
    if file.once and file.extends is None:
        return Change(file.path, State.KEPT, before, before)
    if before == file.content:
        return Change(file.path, State.UNCHANGED, before, before)
    if file.once:
        if file.extends != before:
            raise OutputError(f"{file.path} changed while svcgen worked on it; run svcgen again")
        return Change(file.path, State.UPDATED, before, file.content, seeded=True)
    edited = file.path in owned and _digest(before) not in owned[file.path]
    return Change(file.path, State.UPDATED, before, file.content, edited)


def _check_ours(changes: Iterable[Change], owned: Mapping[str, set[str]]) -> None:
    """What is overwritten is in the manifest, says that it is svcgen's, or is seeded."""
    others = [
        change.path
        for change in changes
        if change.state is State.UPDATED
        and change.path not in owned
        and not change.seeded
        and MARKER not in (change.before or b"")[:_MARKER_REACH]
    ]
    if others:
        named = ", ".join(others[:_MOST_NAMED]) + (" …" if len(others) > _MOST_NAMED else "")
        raise OutputError(f"not svcgen's files are in the way; move or remove them: {named}")


def _stale(
    tree: Tree, files: Iterable[GeneratedFile], owned: Mapping[str, set[str]]
) -> Iterator[Change]:
    planned = {file.path for file in files}
    for path, digests in owned.items():
        if path not in planned and (before := tree.read(path)) is not None:
            if _digest(before) in digests:
                yield Change(path, State.REMOVED, before, None)
            else:
                yield Change(path, State.RELEASED, before, before, edited=True)


def _check_distinct(files: Iterable[GeneratedFile]) -> None:
    """No path may leave the root, nor be another's on a file system that folds case or accents."""
    seen: dict[str, str] = {folded(MANIFEST): MANIFEST}
    for file in files:
        checked_parts(file.path)
        if other := seen.get(folded(file.path)):
            raise OutputError(f"{file.path} and {other} would be the same file on some systems")
        seen[folded(file.path)] = file.path


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _manifest(files: Iterable[GeneratedFile]) -> bytes:
    owned = sorted((file.path, _digest(file.content)) for file in files if not file.once)
    return (_HEADER + "".join(f"{digest}  {path}\n" for path, digest in owned)).encode()


def _read_manifest(tree: Tree) -> dict[str, set[str]]:
    """Owned paths with their digests; several where a merge left both lines of a conflict."""
    owned: dict[str, set[str]] = {}
    content = tree.read(MANIFEST) or b""
    for line in content.decode(errors="replace").split("\n"):
        digest, separator, path = line.rstrip("\r").partition("  ")
        if separator and len(digest) == hashlib.sha256().digest_size * 2:
            with suppress(OutputError):  # a path that svcgen never wrote is not svcgen's
                checked_parts(path)
                owned.setdefault(path, set()).add(digest)
    return owned
