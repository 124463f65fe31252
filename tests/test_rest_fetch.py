"""Node's fetch, which nobody here wrote, against the generated server of the users example."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests import projects, tools

LIMIT = 60.0  # seconds
SCRIPT = Path(__file__).parent / "node" / "users.mjs"


async def test_users_answer_plain_fetch() -> None:
    node = tools.tool("node", "nodejs")
    async with projects.serving("users", "http") as url:
        process = await asyncio.create_subprocess_exec(
            node,
            str(SCRIPT),
            url,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        output, _ = await asyncio.wait_for(process.communicate(), LIMIT)

    assert output.decode() == "all well\n"
    assert process.returncode == 0
