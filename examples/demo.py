"""``make demo``: the calculator from its definition to answers over every protocol.

Generates the project into a scratch folder, fills in the example's handler, serves it on every
protocol, calls every operation through both clients, and prints what came back and how long a call
took (the median of a few, in microseconds).
"""

from __future__ import annotations

import asyncio
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
ROUNDS = 50
ALSO = {"jsonrpc+ws": "jsonrpc+http"}  # other ways in to the same listener
WAIT = 30.0  # seconds for the server to come up


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="svcgen-demo-") as folder:
        project = Path(folder) / "calculator"
        definition = HERE / "calculator" / "calculator.yaml"
        _run("svcgen", "new", str(definition), "-o", str(project))
        source = project / "python" / "src"
        shutil.copy(
            HERE / "calculator" / "handler.py", source / "calculator" / "handler.py"
        )
        _run("svcgen", "generate", str(project), "--check")
        with served(source) as urls:
            sys.path.insert(0, str(source))
            rows = [
                row
                for url in urls
                for row in (*asyncio.run(calls(url)), *blocking(url))
            ]
    show(rows)
    failed = [row for row in rows if row[3].startswith("FAILED")]
    return 1 if failed or not rows else 0


def _run(*command: str) -> None:
    subprocess.run([sys.executable, "-m", *command], check=True)


@contextmanager
def served(source: Path) -> Iterator[list[str]]:
    """The URLs of a server process with every protocol, on ports that the system chooses."""
    sys.path.insert(0, str(source))
    from calculator._gen.protocols import DEFAULT_URLS

    sys.path.remove(str(source))
    wanted = [f"{url.rpartition(':')[0]}:0" for url in DEFAULT_URLS]
    options = [option for url in wanted for option in ("--url", url)]
    command = [sys.executable, "-m", "calculator", "serve", *options]
    with tempfile.TemporaryFile("w+") as log:
        server = subprocess.Popen(
            command, cwd=source, stdout=subprocess.PIPE, stderr=log, text=True
        )
        try:
            urls = _urls(server, len(wanted))
            if not all(urls):
                log.seek(0)
                raise SystemExit(f"the server did not start:\n{log.read()}")
            parts = [url.partition("://") for url in urls]
            yield urls + [f"{ALSO[p[0]]}://{p[2]}" for p in parts if p[0] in ALSO]
        finally:
            server.terminate()
            server.wait(WAIT)


def _urls(server: subprocess.Popen[str], count: int) -> list[str]:
    """The server prints one URL a line when it listens."""
    assert server.stdout is not None
    return [server.stdout.readline().strip() for _ in range(count)]


async def calls(url: str) -> list[tuple[str, str, str, str, float]]:
    """Every operation through the asynchronous client."""
    from calculator import AddRequest, DivisionByZero, connect

    async def numbers() -> AsyncIterator[int]:
        for number in (1, 2, 3):
            yield number

    async def listed(items: AsyncIterator[Any]) -> list[Any]:
        return [item async for item in items]

    async def refused() -> str:
        try:
            await client.divide(1.0, 0.0)
        except DivisionByZero as error:
            return f"DivisionByZero(dividend={error.dividend:g})"
        raise AssertionError("a division by zero gave a number")

    async def heard() -> Any:
        events = client.subscribe_calculated()
        first = asyncio.ensure_future(anext(events))
        while not first.done():  # until the subscription has reached the server
            await client.add(AddRequest(a=20, b=22))
            await asyncio.wait([first], timeout=0.02)
        await events.aclose()  # type: ignore[attr-defined]
        return first.result()

    async with connect(url) as client:
        operations: dict[str, Callable[[], Awaitable[Any]]] = {
            "add": lambda: client.add(AddRequest(a=1, b=2)),
            "subtract": lambda: client.subtract(5, 3),
            "divide": lambda: client.divide(1.0, 4.0),
            "divide by zero": refused,
            "sum": lambda: client.sum(numbers()),
            "countdown": lambda: listed(client.countdown(3)),
            "running_total": lambda: listed(client.running_total(numbers())),
            "log": lambda: client.log("hello"),
            "calculated (event)": heard,
        }
        return [
            (url.partition("://")[0], name, "async", *await timed(call))
            for name, call in operations.items()
        ]


async def timed(call: Callable[[], Awaitable[Any]]) -> tuple[str, float]:
    """The result and the median time in µs; an exception is a result that fails the demo."""
    times = []
    result: Any = None
    for _ in range(ROUNDS):
        start = time.perf_counter()
        try:
            result = await asyncio.wait_for(call(), WAIT)
        except Exception as error:
            return outcome(error), 0.0
        times.append((time.perf_counter() - start) * 1e6)
    return str(result), statistics.median(times)


def outcome(error: Exception) -> str:
    """What the table says of an exception; that a protocol cannot stream is no failure."""
    if getattr(error, "code", None) == "unimplemented":
        return "- (this protocol cannot carry it)"
    return f"FAILED {type(error).__name__}: {error}"


def blocking(url: str) -> list[tuple[str, str, str, str, float]]:
    """Operations of each kind through the client for scripts."""
    from calculator import AddRequest, connect_blocking

    rows = []
    with connect_blocking(url) as client:
        operations: dict[str, Callable[[], Any]] = {
            "add": lambda: client.add(AddRequest(a=1, b=2)),
            "sum": lambda: client.sum([1, 2, 3]),
            "countdown": lambda: list(client.countdown(3)),
            "running_total": lambda: list(client.running_total([1, 2, 3])),
        }
        for name, call in operations.items():
            scheme = url.partition("://")[0]
            rows.append((scheme, name, "blocking", *timed_blocking(call)))
    return rows


def timed_blocking(call: Callable[[], Any]) -> tuple[str, float]:
    times = []
    result: Any = None
    for _ in range(ROUNDS):
        start = time.perf_counter()
        try:
            result = call()
        except Exception as error:
            return outcome(error), 0.0
        times.append((time.perf_counter() - start) * 1e6)
    return str(result), statistics.median(times)


def show(rows: list[tuple[str, str, str, str, float]]) -> None:
    header = ("protocol", "operation", "client", "result", "µs")
    cells = [header, *((*row[:4], f"{row[4]:,.0f}") for row in rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(5)]
    for row in cells:
        texts = [
            text.ljust(width) for text, width in zip(row[:4], widths, strict=False)
        ]
        print("  ".join([*texts, row[4].rjust(widths[4])]))


if __name__ == "__main__":
    sys.exit(main())
