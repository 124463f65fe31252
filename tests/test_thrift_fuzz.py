"""A short run of ``tests/fuzz/thrift.py``; ``make fuzz`` is the long one."""

from __future__ import annotations

import logging
from random import Random

import pytest

from tests.fuzz import thrift


@pytest.mark.parametrize("seed", [1, 2])
async def test_mutated_messages_leave_the_server_alive_and_clean(
    seed: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL)

    await thrift.attack(2_000, Random(seed))
