"""Apache's own programs for Thrift: its compiler, the sources of its cross tests, its clients."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import importlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.tools import NODE, node_with, tool

FOLDER = Path(__file__).parent / "conformance" / "thrift"
SOURCES = Path(__file__).parent.parent / ".tools" / "thrift"
LIMIT = 120.0  # seconds of one program

_DEBIAN = """Types: deb-src
URIs: http://deb.debian.org/debian
Suites: bookworm
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
"""


def generate(definition: Path, *options: str) -> Path:
    """The folder of the package that svcgen makes of a definition, and its schemas beside it."""
    root = Path(tempfile.mkdtemp(prefix="svcgen-thrift-"))
    command = [sys.executable, "-m", "svcgen", "new", str(definition), "-o", str(root), *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=LIMIT)
    assert done.returncode == 0, done.stderr
    return root / "python" / "src"


@functools.cache
def thrift_test() -> ModuleType:
    """The package of Apache's cross-test services, with the handler in place."""
    source = generate(FOLDER / "thrift_test.yaml", "--protocol", "thrift")
    shutil.copy(FOLDER / "handler.py", source / "thrift_test" / "handler.py")
    sys.path.insert(0, str(source))
    return importlib.import_module("thrift_test")


@contextlib.asynccontextmanager
async def serving(
    scheme: str = "thrift", settings: Any = None, query: str = ""
) -> AsyncIterator[Any]:
    """A server of the cross-test services; its endpoint."""
    package = thrift_test()
    handler = importlib.import_module("thrift_test.handler")
    handlers = (handler.ThriftTestHandler(), handler.SecondServiceHandler())
    url = f"{scheme}://127.0.0.1:0{query}"
    async with package.serve(*handlers, urls=[url], settings=settings) as server:
        yield server.endpoints[0]


@functools.cache
def sources() -> Path:
    """The sources of Debian's thrift."""
    found = next(SOURCES.glob("thrift-0.*/test/ThriftTest.thrift"), None)
    return found.parent.parent if found is not None else _fetch()


@functools.cache
def apache() -> Path:
    """The sources of Debian's thrift, with the stubs of ThriftTest.thrift that its compiler made."""
    root = sources()
    for language, folder in (("py", "test/py"), ("js:node", "lib/nodejs/test")):
        run(
            tool("thrift"), "-r", "--gen", language, "-o", str(root / folder),
            str(root / "test" / "ThriftTest.thrift"),
        )  # fmt: skip
    return root


def _fetch() -> Path:
    """``apt-get source``, with a list of its own: the system's need not name sources."""
    apt = tool("apt-get")
    lists = SOURCES / "lists"
    (lists / "partial").mkdir(parents=True, exist_ok=True)
    (SOURCES / "debian.sources").write_text(_DEBIAN)
    options = [
        "-o", f"Dir::Etc::sourcelist={SOURCES / 'debian.sources'}", "-o", "Dir::Etc::sourceparts=/dev/null",
        "-o", f"Dir::State::lists={lists}", "-o", "APT::Sandbox::User=root",
    ]  # fmt: skip
    run(apt, *options, "update", cwd=SOURCES)
    run(apt, *options, "source", "--download-only", "thrift", cwd=SOURCES)
    archive = next(SOURCES.glob("thrift_*.orig.tar.*"))
    shutil.unpack_archive(archive, SOURCES, filter="data")
    return next(SOURCES.glob("thrift-0.*"))


def run(*command: str, cwd: Path | None = None) -> str:
    done = subprocess.run(
        command, cwd=cwd, capture_output=True, text=True, timeout=300, check=False
    )
    if done.returncode:
        pytest.fail(f"{command}: {done.stdout[-2000:]}{done.stderr[-4000:]}")
    return done.stdout


async def python_client(port: int, protocol: str, transport: str, *more: str) -> str:
    """Apache's TestClient.py against a server; what it said."""
    script = apache() / "test" / "py" / "TestClient.py"
    options = ["--genpydir", "gen-py", "--host", "127.0.0.1", "--port", str(port)]
    options += ["--protocol", protocol, "--transport", transport, *more]
    return await program(sys.executable, str(script), *options)


async def node_client(port: int, protocol: str, transport: str, *more: str) -> str:
    """Apache's client.js against a server; what it said."""
    root = apache()
    options = ["--protocol", protocol, "--transport", transport, "--port", str(port)]
    script = root / "lib" / "nodejs" / "test" / "client.js"
    return await program(
        tool("node"), str(script), "--host", "127.0.0.1", *options, *more, env=node_environment()
    )


async def program(*command: str, env: dict[str, str] | None = None) -> str:
    """Run a program beside the server of this process; its output."""
    process = await asyncio.create_subprocess_exec(
        *command, env=env, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    try:
        out, _ = await asyncio.wait_for(process.communicate(), LIMIT)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    text = out.decode(errors="replace")
    assert process.returncode == 0, text[-6000:]
    return text


@contextlib.asynccontextmanager
async def foreign_server(*command: str, env: dict[str, str] | None = None) -> AsyncIterator[int]:
    """A server program that takes ``--port``; the port, once it accepts."""
    port = _free_port()
    process = await asyncio.create_subprocess_exec(
        *command, "--port", str(port), env=env,
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        await asyncio.wait_for(_accepts(port, process), 30.0)
        yield port
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def _accepts(port: int, process: asyncio.subprocess.Process) -> None:
    while True:
        assert process.returncode is None, "the server has ended"
        with contextlib.suppress(OSError):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.close()
            return
        await asyncio.sleep(0.05)


def _free_port() -> int:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        port: int = bound.getsockname()[1]
        return port


def python_server(kind: str, protocol: str, transport: str) -> tuple[str, ...]:
    """The command of Apache's TestServer.py."""
    script = apache() / "test" / "py" / "TestServer.py"
    options = ("--protocol", protocol, "--transport", transport, "--genpydir", "gen-py")
    return sys.executable, str(script), *options, kind


def node_environment() -> dict[str, str]:
    """Where Node finds Apache's library and what it stands on."""
    node_with("thrift", "tape", "commander")
    paths = (apache() / "lib" / "nodejs" / "lib", NODE / "node_modules")
    return {**os.environ, "NODE_PATH": os.pathsep.join(map(str, paths))}


def node_server(protocol: str, transport: str, *more: str) -> tuple[str, ...]:
    """The command of Apache's server.js."""
    script = apache() / "lib" / "nodejs" / "test" / "server.js"
    return tool("node"), str(script), "--protocol", protocol, "--transport", transport, *more
