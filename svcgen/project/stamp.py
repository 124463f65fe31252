"""Remembers what the last generation read and wrote, so that one with nothing to do ends at once.

``.svcgen/stamp`` is local (``.svcgen/.gitignore`` keeps it out of git). It lists every file that the
result depends on or consists of, svcgen's own among them, with what changes whenever its content
does: size, time of the content, time of the inode, and the inode. It is believed only while all are
as they were; without it, everything is generated again.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from svcgen import __version__, templates

_FOLDER = ".svcgen"
_STAMP = f"{_FOLDER}/stamp"
_TOOL = f"svcgen {__version__}, Python {sys.version}".replace("\n", " ")


def is_fresh(root: Path) -> bool:
    """Whether generating again would change nothing and find nothing."""
    try:
        tool, *lines = (root / _STAMP).read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):
        return False
    return tool == _TOOL and all(line == _seen(line.split(" ", 4)[-1]) for line in lines)


def record(root: Path, files: Iterable[Path]) -> None:
    """Remember that the project is up to date, as long as ``files`` stay as they are."""
    from svcgen import output

    paths = sorted({str(path.absolute()) for path in files})
    lines = [_TOOL, *map(_seen, (*paths, *_own()))]
    if any(len(line.splitlines()) != 1 for line in lines):
        return
    output.put(root, f"{_FOLDER}/.gitignore", b"*\n")
    output.put(root, _STAMP, ("\n".join(lines) + "\n").encode())


def _seen(path: str) -> str:
    try:
        found = os.stat(path)  # noqa: PTH116  # hundreds of them make up a run with nothing to do
    except (OSError, ValueError):
        return f"- - - - {path}"
    return f"{found.st_size} {found.st_mtime_ns} {found.st_ctime_ns} {found.st_ino} {path}"


def _own() -> Iterator[str]:
    """The files of svcgen, and their folders, whose times tell of a file that is new."""
    for top in (Path(__file__).parent.parent, templates.ROOT):
        for folder, inner, files in os.walk(top):
            inner[:] = sorted(name for name in inner if name != "__pycache__")
            yield folder
            yield from (f"{folder}/{name}" for name in sorted(files))
