"""A headless Chromium, spoken to through its DevTools protocol."""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
from collections.abc import AsyncIterator
from typing import Any

import aiohttp

from tests import tools

LIMIT = 60.0  # seconds


class Page:
    """One page of the browser, and what its console said."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._count = 0
        self.complaints: list[str] = []

    async def send(self, method: str, **parameters: Any) -> Any:
        """A command and its result; events that come before it are noted."""
        self._count += 1
        await self._socket.send_json({"id": self._count, "method": method, "params": parameters})
        async for message in self._socket:
            found = message.json()
            if found.get("id") == self._count:
                return found.get("result", found)
            self._note(found)
        raise AssertionError("the browser went away")

    async def value(self, expression: str) -> Any:
        """What a JavaScript expression gives; a promise is awaited."""
        found = await self.send(
            "Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True
        )
        assert "exceptionDetails" not in found, found
        return found["result"].get("value")

    async def until(self, expression: str) -> Any:
        """The expression's value as soon as it is true."""
        async with asyncio.timeout(LIMIT):
            while not (found := await self.value(expression)):
                await asyncio.sleep(0.05)
        return found

    def _note(self, event: dict[str, Any]) -> None:
        parameters = event.get("params", {})
        logged = parameters.get("entry", {}).get("level") == "error"
        if logged or event.get("method") == "Runtime.exceptionThrown":
            self.complaints.append(str(parameters))


@contextlib.asynccontextmanager
async def page(url: str) -> AsyncIterator[Page]:
    """A page at ``url``."""
    chromium = tools.tool("chromium", "chromium-browser", "google-chrome")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        process = await asyncio.create_subprocess_exec(
            *(chromium, "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run"),
            *("--remote-debugging-port=0", f"--user-data-dir={home}", "about:blank"),
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            async with aiohttp.ClientSession() as session, asyncio.timeout(2 * LIMIT):
                port = await _port(process)
                async with session.get(f"http://127.0.0.1:{port}/json/list") as response:
                    target = next(t for t in await response.json() if t["type"] == "page")
                socket_url = target["webSocketDebuggerUrl"]
                async with session.ws_connect(socket_url, max_msg_size=0) as socket:
                    opened = Page(socket)
                    for domain in ("Runtime", "Log", "Page"):
                        await opened.send(f"{domain}.enable")
                    await opened.send("Page.navigate", url=url)
                    yield opened
        finally:
            process.terminate()
            await process.wait()


async def _port(process: asyncio.subprocess.Process) -> str:
    """Chromium says on standard error where it listens."""
    assert process.stderr is not None
    async for line in process.stderr:
        if b"DevTools listening on" in line:
            return line.decode().rsplit(":", 1)[1].partition("/")[0]
    raise AssertionError("the browser did not start")
