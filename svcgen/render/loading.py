"""Where templates come from, and where their compiled form is kept between runs.

Compiling a template costs far more than rendering it, so Jinja's bytecode goes into the user's cache
folder, as Python's own goes into ``__pycache__``. It is keyed by the template's text; a folder that
cannot be written costs time and nothing else.
"""

from __future__ import annotations

import os
from pathlib import Path

from jinja2 import BaseLoader, BytecodeCache, FileSystemBytecodeCache, FileSystemLoader

from svcgen import templates


def loader() -> BaseLoader:
    return FileSystemLoader(templates.ROOT)


def bytecode_cache() -> BytecodeCache | None:
    """The cache in the user's own folder, or ``None`` where there is none to be had."""
    home = os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser()
    folder = Path(home) / "svcgen" / "templates"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        owned = folder.stat().st_uid == os.getuid() and not folder.stat().st_mode & 0o022
    except OSError:
        return None
    return FileSystemBytecodeCache(str(folder), "%s") if owned else None
