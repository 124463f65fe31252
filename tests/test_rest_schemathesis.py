"""Schemathesis holds the servers of the examples against the OpenAPI that they show themselves."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import pytest

from tests import projects

LIMIT = 240.0  # seconds
HOOKS = Path(__file__).parent / "schemathesis_hooks.py"

LEFT_OUT = {
    "users": "",
    # subscribe-…: streams without an end; count: waits as long as its own parameter says;
    # fail: fails with data_loss, status 500, when it is told nothing better.
    "kitchen-sink": "/subscribe-|/count$|/fail$",
}


@pytest.mark.slow
@pytest.mark.parametrize("example", LEFT_OUT)
async def test_server_does_what_its_description_says(example: str) -> None:
    async with projects.serving(example, "http") as url:
        code, output = await _schemathesis(f"{url}/openapi.json", LEFT_OUT[example])

    assert code == 0, output[-8000:]


async def _schemathesis(url: str, left_out: str) -> tuple[int, str]:
    command = [sys.executable, "-m", "schemathesis.cli", "run", url, "--max-examples", "8"]
    command += ["--seed", "1", "--generation-database", "none", "--request-timeout", "10"]
    command += ["--exclude-path-regex", left_out] if left_out else []
    process = await asyncio.create_subprocess_exec(
        *command,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        cwd=HOOKS.parent,
        env={**os.environ, "SCHEMATHESIS_HOOKS": HOOKS.stem, "NO_COLOR": "1"},
    )
    try:
        async with asyncio.timeout(LIMIT):
            output, _ = await process.communicate()
    except TimeoutError:
        process.kill()
        raise
    return process.returncode or 0, output.decode()
