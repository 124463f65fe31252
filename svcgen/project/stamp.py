"""Remembers what the last generation read and wrote, so that one with nothing to do ends at once.

``.svcgen/stamp`` is local (``.svcgen/.gitignore`` keeps it out of git). It holds a digest of svcgen
itself and one of every file that the result depends on. It is believed only while all of them, and
every owned file by the manifest, are as they were; without it, everything is generated again.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from svcgen import __version__, output, templates
from svcgen.project.tree import OutputError

_FOLDER = ".svcgen"
_STAMP = f"{_FOLDER}/stamp"
_ABSENT = "-"


def is_fresh(root: Path) -> bool:
    """Whether generating again would change nothing and find nothing."""
    try:
        stamp = output.read(root, _STAMP)
        if stamp is None:
            return False
        tool, *lines = stamp.decode().split("\n")
        inputs = (line.partition("  ") for line in lines if line)
        return (
            tool == _tool()
            and all(_digest(root / path) == digest for digest, _, path in inputs)
            and output.is_intact(root)
        )
    except (OutputError, OSError, ValueError):
        return False


def record(root: Path, inputs: Iterable[Path]) -> None:
    """Remember that the project is up to date with ``inputs``, which include what the user owns."""
    paths = sorted({os.path.relpath(path, root) for path in inputs})
    if any("\n" in path for path in paths):
        return
    lines = [_tool(), *(f"{_digest(root / path)}  {path}" for path in paths)]
    output.put(root, f"{_FOLDER}/.gitignore", b"*\n")
    output.put(root, _STAMP, ("\n".join(lines) + "\n").encode())


def _digest(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return _ABSENT


def _tool() -> str:
    """What changes whenever svcgen does: its version, and size and time of each of its files."""
    digest = hashlib.sha256(f"{__version__} {sys.version}".encode())
    for folder in (str(Path(__file__).parent.parent), str(templates.ROOT)):
        for path, status in _files(folder):
            digest.update(f"{path} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _files(folder: str) -> Iterator[tuple[str, os.stat_result]]:
    for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
        if entry.is_dir(follow_symlinks=False):
            if entry.name != "__pycache__":
                yield from _files(entry.path)
        else:
            yield entry.path, entry.stat()
