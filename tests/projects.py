"""Generates the examples as a user would, and imports what came out."""

from __future__ import annotations

import contextlib
import functools
import importlib
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from types import ModuleType
from typing import Any

EXAMPLES = Path(__file__).parent.parent / "examples"


@functools.cache
def generated(name: str) -> Path:
    """The root of the project generated from an example, with its handler; made once."""
    root = _generate(EXAMPLES / name / f"{name}.yaml")
    source = next((root / "python" / "src").iterdir())
    (source / "handler.py").write_bytes((EXAMPLES / name / "handler.py").read_bytes())
    return root


@functools.cache
def package(name: str) -> ModuleType:
    """The package generated from an example, imported."""
    source = next((generated(name) / "python" / "src").iterdir())
    sys.path.insert(0, str(source.parent))
    return importlib.import_module(source.name)


@functools.cache
def package_of(definition: Path, *options: str) -> ModuleType:
    """The package generated from any definition, imported, without a handler of its own."""
    source = next((_generate(definition, *options) / "python" / "src").iterdir())
    sys.path.insert(0, str(source.parent))
    return importlib.import_module(source.name)


def _generate(definition: Path, *options: str) -> Path:
    root = Path(tempfile.mkdtemp(prefix=f"svcgen-{definition.stem}-"))
    command = [sys.executable, "-m", "svcgen", "new", str(definition), "-o", str(root), *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    return root


def handlers(name: str) -> list[object]:
    """New handlers of every service of an example."""
    module = importlib.import_module(f"{package(name).__name__}.handler")
    classes = [c for n, c in vars(module).items() if n.endswith("Handler")]
    return [cls() for cls in classes]


@contextlib.asynccontextmanager
async def serving(name: str, *schemes: str, settings: Any = None) -> AsyncIterator[str]:
    """A server of an example at a free port of each scheme; the URLs, separated by commas."""
    urls = [f"{scheme}://127.0.0.1:0" for scheme in schemes]
    server = package(name).serve(*handlers(name), urls=urls, settings=settings)
    async with server:
        yield ",".join(map(str, server.urls))
