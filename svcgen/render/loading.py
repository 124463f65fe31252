"""Where the functions of the templates come from, and where they are kept between runs.

To compile the templates costs far more than to render them, so they are kept compiled in the user's
cache folder, as Python keeps modules in ``__pycache__``: for every template of this svcgen one file,
believed while the texts that it comes from are the same. A folder that cannot be written costs time
and nothing else.
"""

from __future__ import annotations

import hashlib
import marshal
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import CodeType
from typing import Any

from svcgen import __version__, templates

_COMPILER = Path(__file__).with_name("compiler.py")
_KEPT = f"templates-{__version__}.{sys.implementation.cache_tag}"


def load() -> Mapping[str, Callable[[object], str]]:
    """The function from a view to its text of every template, by the template's name."""
    names = [name for name in templates.files() if name.endswith(".j2")]
    texts = b"\0".join(
        file.read_bytes() for file in (_COMPILER, *map(templates.ROOT.joinpath, names))
    )
    digest = hashlib.sha256(texts).digest()
    folder = _folder()
    kept = _kept(folder / _KEPT, digest) if folder else None
    code = kept or _compiled(names)
    if folder and not kept:
        _keep(folder / _KEPT, digest, code)
    module: dict[str, Any] = {}
    exec(code, module)
    functions: Mapping[str, Callable[[object], str]] = module["TEMPLATES"]
    return functions


def _compiled(names: Sequence[str]) -> CodeType:
    from svcgen.render.compiler import to_python

    return compile(to_python(names), "<templates>", "exec")


def _kept(file: Path, digest: bytes) -> CodeType | None:
    with suppress(OSError, EOFError, ValueError, TypeError):
        content = file.read_bytes()
        code = marshal.loads(content[len(digest) :]) if content.startswith(digest) else None
        return code if isinstance(code, CodeType) else None
    return None


def _keep(file: Path, digest: bytes, code: CodeType) -> None:
    written = file.with_name(f"{file.name}.{os.getpid()}")
    with suppress(OSError):
        written.write_bytes(digest + marshal.dumps(code))
        written.replace(file)


def _folder() -> Path | None:
    """The user's own folder, or ``None`` where there is none that nobody else can write to."""
    home = os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser()
    folder = Path(home) / "svcgen"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = folder.stat()
    except OSError:
        return None
    return folder if found.st_uid == os.getuid() and not found.st_mode & 0o022 else None
