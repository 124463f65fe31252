"""A folder that cannot be left: files below a root, reached without following symbolic links."""

from __future__ import annotations

import errno
import os
import stat
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import Self

from svcgen.frozen import frozen

_LONGEST_NAME = 255  # bytes, on every usual file system
_FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0)
_READ = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
_CHUNK = 1 << 20
_NOT_TO_WRITE = {".git", ".hg", ".svn"}
_NOT_IN_NAMES = frozenset('\\:*?"<>|')
_MOST_OPEN = 32  # folders at a time


class OutputError(Exception):
    """The outside world or the path forbids it; the text is for the user."""


@lru_cache(maxsize=1024)
def checked_parts(path: str) -> tuple[str, ...]:
    """The names in a relative path with ``/``; refuses one that could mean anything else."""
    parts = tuple(path.split("/"))
    for part in parts:
        if part in {"", ".", ".."} or part.casefold() in _NOT_TO_WRITE:
            raise OutputError(f"the path {path!r} leaves the project")
        legal = part.isprintable() and _NOT_IN_NAMES.isdisjoint(part)
        if not legal or part != part.rstrip(" ."):
            raise OutputError(f"the path {path!r} has a character that file names cannot have")
        if len(part.encode(errors="surrogatepass")) > _LONGEST_NAME:
            raise OutputError(f"a name in the path {path[:80]!r}… has over {_LONGEST_NAME} bytes")
    return parts


def folded(path: str) -> str:
    """Equal for paths that name one file where case or Unicode form does not count."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFKC", path).casefold())


class Tree:
    """The files below ``root``. Use as a context; every method raises :class:`OutputError`."""

    def __init__(self, root: Path, *, create: bool = False) -> None:
        """The root itself may be a symbolic link: the user named it."""
        self._path = root
        self._create = create
        self._root: int | None = None
        self._open: dict[tuple[str, ...], int] = {}
        self._made: list[tuple[str, ...]] = []

    def __enter__(self) -> Self:
        if self._create:
            with _explained(str(self._path)):
                self._path.mkdir(parents=True, exist_ok=True)
        with suppress(FileNotFoundError), _explained(str(self._path), FileNotFoundError):
            self._root = os.open(self._path, _FOLDER & ~getattr(os, "O_NOFOLLOW", 0))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._close_folders()
        if self._root is not None:
            os.close(self._root)

    def read(self, path: str) -> bytes | None:
        """The content of a regular file, ``None`` if there is none."""
        parts = checked_parts(path)
        with _explained(path):
            try:
                return _read(self.folder(parts[:-1]), parts[-1], path)
            except FileNotFoundError:
                return None

    def stage(self, path: str, content: bytes) -> Staged:
        """Write ``content`` beside its target; its ``commit`` renames it over the target."""
        parts = checked_parts(path)
        name = f".svcgen-{os.getpid()}-{os.urandom(6).hex()}.tmp"
        staged = Staged(self, path, parts, name)
        with _explained(path):
            folder = self.folder(parts[:-1], create=True)
            file = os.open(name, _NEW, 0o666, dir_fd=folder)
            try:
                _fill(file, content, _mode(folder, parts[-1]))
            except BaseException:
                os.unlink(name, dir_fd=folder)
                raise
            finally:
                os.close(file)
        return staged

    def remove(self, path: str) -> None:
        parts = checked_parts(path)
        with _explained(path):
            os.unlink(parts[-1], dir_fd=self.folder(parts[:-1]))

    def prune(self, path: str) -> None:
        """Remove the folders of ``path`` that are empty, the innermost first."""
        parts = checked_parts(path)[:-1]
        self._remove_empty(parts[:end] for end in range(len(parts), 0, -1))

    def unmake(self) -> None:
        """Remove the folders that this tree has made, as far as they are empty."""
        self._remove_empty(reversed(self._made))

    def _remove_empty(self, folders: Iterable[tuple[str, ...]]) -> None:
        with suppress(OSError):
            for parts in folders:
                os.rmdir(parts[-1], dir_fd=self.folder(parts[:-1]))
                if parts in self._open:
                    os.close(self._open.pop(parts))

    def folder(self, parts: tuple[str, ...], *, create: bool = False) -> int:
        """The open folder at ``parts``, each step on the way taken without following a link.

        It is the tree's, which keeps it open for the files that follow.
        """
        if self._root is None:
            raise FileNotFoundError(errno.ENOENT, "no such folder")
        if not parts:
            return self._root
        if parts not in self._open:
            outer = self.folder(parts[:-1], create=create)
            if create and _make(outer, parts[-1]):
                self._made.append(parts)
            opened = os.open(parts[-1], _FOLDER, dir_fd=outer)
            if len(self._open) >= _MOST_OPEN:
                self._close_folders()
            self._open[parts] = opened
        return self._open[parts]

    def _close_folders(self) -> None:
        while self._open:
            os.close(self._open.popitem()[1])


@frozen
class Staged:
    """A file that waits beside its target under a name of its own."""

    tree: Tree
    path: str
    parts: tuple[str, ...]
    name: str

    def commit(self) -> None:
        with _explained(self.path):
            folder = self.tree.folder(self.parts[:-1])
            os.replace(self.name, self.parts[-1], src_dir_fd=folder, dst_dir_fd=folder)

    def discard(self) -> None:
        with suppress(OSError):
            os.unlink(self.name, dir_fd=self.tree.folder(self.parts[:-1]))


@contextmanager
def _explained(path: str, *spared: type[OSError]) -> Iterator[None]:
    """Turns the system's error into one that names the file, but for ``spared`` kinds."""
    try:
        yield
    except spared:
        raise
    except OSError as error:
        if error.errno in {errno.ELOOP, errno.ENOTDIR}:
            problem = "a folder on its way is a file or a symbolic link"
        else:
            problem = error.strerror or type(error).__name__
        raise OutputError(f"{path}: {problem}") from error


def _make(outer: int, name: str) -> bool:
    with suppress(FileExistsError):
        os.mkdir(name, dir_fd=outer)
        return True
    return False


def _read(folder: int, name: str, path: str) -> bytes:
    try:
        file = os.open(name, _READ, dir_fd=folder)
    except OSError as error:
        if error.errno in {errno.ELOOP, errno.EMLINK}:
            raise OutputError(f"{path} is a symbolic link; svcgen writes no further") from error
        raise
    if not stat.S_ISREG(os.fstat(file).st_mode):
        os.close(file)
        raise OutputError(f"{path} is there already and is not a file")
    with os.fdopen(file, "rb") as opened:
        return opened.read()


def _mode(folder: int, name: str) -> int | None:
    """The permissions that a file has already."""
    with suppress(FileNotFoundError):
        return stat.S_IMODE(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode)
    return None


def _fill(file: int, content: bytes, mode: int | None) -> None:
    view = memoryview(content)
    while view:
        view = view[os.write(file, view[:_CHUNK]) :]
    if mode is not None:
        os.fchmod(file, mode)
