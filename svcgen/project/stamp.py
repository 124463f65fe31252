"""Remembers what the last generation read and wrote, so that one with nothing to do ends at once.

``.svcgen/stamp`` is local (``.svcgen/.gitignore`` keeps it out of git). It lists every file that the
result depends on or consists of, svcgen's own among them, with what changes whenever its content
does: size, time of the content, time of the inode, and the inode. It is believed only while all are
as they were; without it, everything is generated again.
"""

# ruff: noqa: PTH109, PTH116, PTH118, PTH123, PTH208
# A run with nothing to do would spend most of its time on the import of pathlib.

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator

from svcgen import __version__

_FOLDER = ".svcgen"
_STAMP = f"{_FOLDER}/stamp"
_CACHE = "__pycache__"


def is_fresh(config: str) -> bool:
    """Whether generating again what this ``svcgen.toml`` names would change and find nothing."""
    root, name = os.path.split(config)
    try:
        with open(f"{root or '.'}/{_STAMP}", encoding="utf-8") as file:
            tool, *lines = file.read().splitlines()
    except (OSError, ValueError):
        return False
    return tool == _tool(name) and all(line == look(line.split(" ", 4)[-1]) for line in lines)


def record(config: str, files: Iterable[str]) -> None:
    """Remember that its project is up to date, as long as ``files`` stay as they are."""
    from pathlib import Path

    from svcgen import output

    here, (root, name) = os.getcwd(), os.path.split(config)
    paths = sorted({os.path.join(here, file) for file in files})
    lines = [_tool(name), *map(look, (*paths, *_own()))]
    if any(len(line.splitlines()) != 1 for line in lines):
        return
    output.put(Path(root), f"{_FOLDER}/.gitignore", b"*\n")
    output.put(Path(root), _STAMP, ("\n".join(lines) + "\n").encode())


def _tool(config_name: str) -> str:
    return f"svcgen {__version__}, Python {sys.version}, {config_name}".replace("\n", " ")


def look(path: str) -> str:
    """A line that is another one whenever the file's content is; it ends with the path."""
    try:
        found = os.stat(path)
    except (OSError, ValueError):
        return f"- - - - {path}"
    return f"{found.st_size} {found.st_mtime_ns} {found.st_ctime_ns} {found.st_ino} {path}"


def _own() -> Iterator[str]:
    """The modules at work, the templates and their folders, whose times tell of a file that is new."""
    from svcgen import templates

    modules = [m.__file__ or "" for n, m in sys.modules.items() if n.startswith("svcgen.")]
    for folder in sorted(set(map(os.path.dirname, modules))):
        yield folder
        yield from (f"{folder}/{name}" for name in sorted(os.listdir(folder)) if name != _CACHE)
    files = [f"{templates.ROOT}/{path}" for path in templates.files()]
    yield from sorted(set(map(os.path.dirname, files)))
    yield from files
