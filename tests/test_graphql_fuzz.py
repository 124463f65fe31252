"""A short run of ``make fuzz`` for GraphQL."""

from __future__ import annotations

import logging
from random import Random

import pytest

from tests.fuzz.graphql import attack


@pytest.mark.slow
async def test_mutated_messages_leave_the_server_alive(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL + 1)

    await attack(2_000, Random(7))
