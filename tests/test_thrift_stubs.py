"""The calculator of two methods: stubs that Thrift's compiler makes of our .thrift, both ways."""

from __future__ import annotations

import functools
import importlib
import os
import sys
import tempfile
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests import thrift_suite as suite
from tests.tools import tool

pytestmark = pytest.mark.timeout(300)

COMBINATIONS = [(p, t) for p in ("binary", "compact") for t in ("framed", "buffered")]
JARS = [
    f"/usr/share/java/{name}.jar"
    for name in ("thrift", "slf4j-api", "geronimo-annotation-1.3-spec")
]


@functools.cache
def source() -> Path:
    """The package that svcgen makes of the definition."""
    return suite.generate(suite.FOLDER / "issue.yaml")


@functools.cache
def sums() -> ModuleType:
    sys.path.insert(0, str(source()))
    return importlib.import_module("sums")


@functools.cache
def stubs(language: str) -> Path:
    """What Debian's compiler makes of our .thrift."""
    folder = Path(tempfile.mkdtemp(prefix="svcgen-stubs-"))
    schema = source().parent.parent / "schemas" / "sums.thrift"
    suite.run(tool("thrift"), "--strict", "--gen", language, "-out", str(folder), str(schema))
    return folder


@functools.cache
def java() -> str:
    """The class path of the Java programs, compiled."""
    missing = [jar for jar in JARS if not Path(jar).exists()]
    if missing:
        tool("libthrift-java")
    folder = tempfile.mkdtemp(prefix="svcgen-java-")
    path = os.pathsep.join(JARS)
    sources = [*stubs("java").rglob("*.java"), *suite.FOLDER.glob("*.java")]
    suite.run(tool("javac"), "-nowarn", "-cp", path, "-d", folder, *map(str, sources))
    return os.pathsep.join([folder, path])


def handler() -> Any:
    class Handler(sums().Calculator):  # type: ignore[misc]
        async def add(self, num1: int, num2: int) -> int:
            return num1 + num2

        async def subtract(self, num1: int, num2: int) -> int:
            return num1 - num2

    return Handler()


def test_the_schema_is_what_one_would_write() -> None:
    text = (source().parent.parent / "schemas" / "sums.thrift").read_text()

    assert " ".join(text.split()) == (
        "namespace * sums service Calculator { i32 add(1: i32 num1, 2: i32 num2), "
        "i32 subtract(1: i32 num1, 2: i32 num2), }"
    )


@pytest.mark.parametrize(("protocol", "transport"), COMBINATIONS)
async def test_python_stubs_call_our_server(protocol: str, transport: str) -> None:
    script = str(suite.FOLDER / "stub_client.py")
    async with sums().serve(handler(), urls=["thrift://127.0.0.1:0"]) as server:
        arguments = (str(stubs("py")), str(server.endpoints[0].port), protocol, transport)
        assert await suite.program(sys.executable, script, *arguments) == "42 42\n"


@pytest.mark.parametrize(("protocol", "transport"), COMBINATIONS)
async def test_java_stubs_call_our_server(protocol: str, transport: str) -> None:
    async with sums().serve(handler(), urls=["thrift://127.0.0.1:0"]) as server:
        arguments = (str(server.endpoints[0].port), protocol, transport)
        said = await suite.program(tool("java"), "-cp", java(), "StubClient", *arguments)

        assert said.splitlines()[-1] == "42 42"


async def test_our_client_calls_python_stubs() -> None:
    script = str(suite.FOLDER / "stub_server.py")
    async with (
        suite.foreign_server(sys.executable, script, str(stubs("py"))) as port,
        sums().connect(f"thrift://127.0.0.1:{port}") as client,
    ):
        assert (await client.add(40, 2), await client.subtract(40, -2)) == (42, 42)


async def test_our_client_calls_java_stubs() -> None:
    async with (
        suite.foreign_server(tool("java"), "-cp", java(), "StubServer") as port,
        sums().connect(f"thrift://127.0.0.1:{port}?protocol=compact") as client,
    ):
        assert (await client.add(40, 2), await client.subtract(40, -2)) == (42, 42)
