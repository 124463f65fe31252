"""Programs that others wrote and the tests need: a missing one skips, by name, and fails in CI."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
from pathlib import Path

import pytest

NODE = Path(__file__).parent / "node"
GO = Path(__file__).parent.parent / ".tools" / "go"
INSTALL_LIMIT = 600.0  # seconds


def tool(name: str, *others: str) -> str:
    """The path of a program under its first name that is installed."""
    for each in (name, *others):
        if found := shutil.which(each):
            return found
    return _missing(name)


def node_tool(name: str) -> str:
    """The path of a program of ``tests/node/package.json``; installed when first needed."""
    program = NODE / "node_modules" / ".bin" / name
    if not program.exists():
        _install()
    return str(program) if program.exists() else _missing(name)


def node_with(*packages: str) -> str:
    """The path of Node, with packages of ``tests/node/package.json`` there to import."""
    folders = [NODE / "node_modules" / package for package in packages]
    if not all(folder.is_dir() for folder in folders):
        _install()
    for package, folder in zip(packages, folders, strict=True):
        if not folder.is_dir():
            return _missing(package)
    return tool("node")


@functools.cache
def _install() -> None:
    npm = shutil.which("npm")
    if npm is not None:
        command = [npm, "install", "--no-audit", "--no-fund", "--no-package-lock"]
        subprocess.run(command, cwd=NODE, capture_output=True, check=False, timeout=INSTALL_LIMIT)


def go_tool(package: str, version: str) -> str:
    """The path of a Go program of a version; built from the module proxy when first needed."""
    folder = GO / version
    program = folder / package.rpartition("/")[2]
    go = shutil.which("go")
    if not program.exists() and go is not None:
        command = [go, "install", f"{package}@{version}"]
        environment = {**os.environ, "GOBIN": str(folder)}
        subprocess.run(
            command, env=environment, capture_output=True, check=False, timeout=INSTALL_LIMIT
        )
    return str(program) if program.exists() else _missing(program.name)


def _missing(name: str) -> str:
    if os.environ.get("CI") == "true":
        pytest.fail(f"{name} is not installed, and CI must have it")
    pytest.skip(f"{name} is not installed")
