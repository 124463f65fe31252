"""JSON-RPC judged by programs that nobody here wrote: jayson both ways, OpenRPC's validator."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest

from tests import projects, schemas
from tests.jsonrpc_service import LIMIT, handler, package, serving
from tests.tools import NODE, node_tool, tool


@pytest.fixture(scope="module")
def node() -> str:
    """The path of Node, with the packages of ``tests/node`` installed."""
    node_tool("jayson")
    return tool("node")


async def test_jaysons_client_gets_what_the_specification_says(node: str) -> None:
    """Calls, errors, 100 at once, batches and notifications, over HTTP and over WebSocket."""
    given = handler()
    async with serving(given) as address:
        script = await asyncio.create_subprocess_exec(
            node, "jayson_client.mjs", address,
            cwd=NODE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        out, _ = await asyncio.wait_for(script.communicate(), LIMIT)

    assert out.decode() == "ok\n"
    assert given.told == [7, 11, 7]


@contextlib.asynccontextmanager
async def jayson(node: str) -> AsyncIterator[list[str]]:
    """The URLs of jayson's server, over HTTP and over WebSocket."""
    server = await asyncio.create_subprocess_exec(
        node, "jayson_server.mjs", cwd=NODE, stdout=asyncio.subprocess.PIPE
    )
    try:
        assert server.stdout is not None
        ports = (await asyncio.wait_for(server.stdout.readline(), LIMIT)).split()
        schemes = ("jsonrpc+http", "jsonrpc+ws")
        yield [f"{s}://127.0.0.1:{int(p)}" for s, p in zip(schemes, ports, strict=True)]
    finally:
        server.terminate()
        await server.wait()


async def test_jaysons_server_is_called_by_the_generated_client(node: str) -> None:
    module = package()
    async with jayson(node) as urls:
        for url in urls:
            async with module.connect(url) as client:
                await client.notify_hello(7)
                answers = await asyncio.gather(*(client.subtract(n, 1) for n in range(100)))
                with pytest.raises(module.Overflow) as declared:
                    await client.sum(2**31 - 1, 1, 1)
                with pytest.raises(module.runtime.ServiceError) as missing:
                    await client.echo("x")
                with pytest.raises(module.runtime.ServiceError) as other:
                    await client.sleep(1.0)

                assert answers == [n - 1 for n in range(100)]
                assert declared.value.limit == 2**31 - 1
                assert missing.value.code is module.runtime.Code.UNIMPLEMENTED
                assert other.value.code is module.runtime.Code.UNKNOWN
                assert other.value.message == "out of order"
        async with module.connect(urls[0]) as client:
            assert await client.get_data() == [7, 7]


def test_openrpc_documents_are_valid(node: str) -> None:
    """By the validator of the specification's own people."""
    import subprocess

    documents = [
        projects.generated("calculator") / "schemas" / "openrpc.json",
        schemas.file("openrpc", "kitchen-sink"),
    ]
    done = subprocess.run(
        [node, "openrpc.mjs", *map(str, documents)],
        cwd=NODE, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    assert [int(line) > 5 for line in done.stdout.split()] == [True, True]
