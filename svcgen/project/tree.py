"""A folder that cannot be left: files below a root, reached without following symbolic links."""

from __future__ import annotations

import errno
import os
import stat
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
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


class OutputError(Exception):
    """The outside world or the path forbids it; the text is for the user."""


def checked_parts(path: str) -> tuple[str, ...]:
    """The names in a relative path with ``/``; refuses one that could mean anything else."""
    parts = tuple(path.split("/"))
    for part in parts:
        if part in {"", ".", ".."} or part.casefold() in _NOT_TO_WRITE:
            raise OutputError(f"the path {path!r} leaves the project")
        if any(c in '\\:*?"<>|' or not c.isprintable() for c in part) or part != part.rstrip(" ."):
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
        if self._root is not None:
            os.close(self._root)

    def read(self, path: str) -> bytes | None:
        """The content of a regular file, ``None`` if there is none."""
        parts = checked_parts(path)
        with _explained(path):
            try:
                with _Folder(self._root, parts[:-1]) as folder:
                    return _read(folder, parts[-1], path)
            except FileNotFoundError:
                return None

    def stage(self, path: str, content: bytes) -> Staged:
        """Write ``content`` beside its target; its ``commit`` renames it over the target."""
        parts = checked_parts(path)
        name = f".svcgen-{os.getpid()}-{os.urandom(6).hex()}.tmp"
        staged = Staged(self, path, parts, name)
        with _explained(path), _Folder(self._root, parts[:-1], made=self._made) as folder:
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
        with _explained(path), _Folder(self._root, parts[:-1]) as folder:
            os.unlink(parts[-1], dir_fd=folder)

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
                with _Folder(self._root, parts[:-1]) as folder:
                    os.rmdir(parts[-1], dir_fd=folder)

    def open_folder(self, parts: tuple[str, ...]) -> _Folder:
        return _Folder(self._root, parts)


@frozen
class Staged:
    """A file that waits beside its target under a name of its own."""

    tree: Tree
    path: str
    parts: tuple[str, ...]
    name: str

    def commit(self) -> None:
        with _explained(self.path), self.tree.open_folder(self.parts[:-1]) as folder:
            os.replace(self.name, self.parts[-1], src_dir_fd=folder, dst_dir_fd=folder)

    def discard(self) -> None:
        with suppress(OSError), self.tree.open_folder(self.parts[:-1]) as folder:
            os.unlink(self.name, dir_fd=folder)


class _Folder:
    """An open folder below another, each step taken without following a link.

    With a list ``made`` what is missing is created, and added to the list.
    """

    def __init__(
        self, root: int | None, parts: tuple[str, ...], made: list[tuple[str, ...]] | None = None
    ) -> None:
        if root is None:
            raise FileNotFoundError(errno.ENOENT, "no such folder")
        self._fd = os.dup(root)
        try:
            for end, part in enumerate(parts, 1):
                if made is not None and self._make(part):
                    made.append(parts[:end])
                self._enter(part)
        except BaseException:
            os.close(self._fd)
            raise

    def _make(self, part: str) -> bool:
        with suppress(FileExistsError):
            os.mkdir(part, dir_fd=self._fd)
            return True
        return False

    def _enter(self, part: str) -> None:
        inner = os.open(part, _FOLDER, dir_fd=self._fd)
        os.close(self._fd)
        self._fd = inner

    def __enter__(self) -> int:
        return self._fd

    def __exit__(self, *_: object) -> None:
        os.close(self._fd)


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
