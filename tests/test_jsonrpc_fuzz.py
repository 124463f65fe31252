"""A short run of ``make fuzz`` for JSON-RPC."""

from __future__ import annotations

from random import Random

import pytest

from tests.fuzz.jsonrpc import attack


@pytest.mark.parametrize("seed", [1, 2])
async def test_mutated_messages_leave_the_server_alive_and_clean(seed: int) -> None:
    await attack(2_000, Random(seed))
